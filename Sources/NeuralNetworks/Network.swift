public import Groundwork

/// A feed-forward network: fields of an observation row, each encoded (through layers of its own where it has
/// some), combined, then a stack of layers.
///
/// A network is shapes and offsets. The parameters are one flat buffer that several networks may share, and the
/// workspace and the gradient are the caller's: threads share the network and the parameters, and each has its own
/// workspace and gradient. Not a graph: what branches further is two networks, the second fed with the first's
/// output.
///
/// ```swift
/// var layout = ParameterLayout()
/// let actor = Network("actor", .floats(4), [.dense(64, activation: .tanh), .dense(2)], in: &layout)
/// var parameters = Parameters(layout)
/// actor.initialize(&parameters, random: &random)
/// let workspace = actor.workspace(rows: 256)
/// let logits = actor.forward(parameters, observations, workspace)
/// ```
public struct Network: Sendable {
  /// How the encodings of several fields become one row: added up, for which all must be of the same size, or side by
  /// side in the order of the fields.
  public enum Combination: Sendable, Hashable { case sum, concatenation }

  /// A field, and what it goes through before the fields are combined.
  struct Branch: Sendable {
    var encoder: Encoder
    let layers: [any Layer]
    var outputShape: [Int] { layers.last?.outputShape ?? encoder.field.shape }
    var outputCount: Int { outputShape.reduce(1, *) }
    var hasParameters: Bool { encoder.embedding != nil || !layers.isEmpty }
  }

  /// The prefix of its blocks' names.
  public let name: String
  /// Without effect where there is one field.
  public let combination: Combination
  private(set) var branches: [Branch]
  let layers: [any Layer]
  /// Elements a row in each buffer of a workspace: per branch its encoding and each layer's output; the
  /// combination when there are several branches; each layer's output.
  let bufferCounts: [Int]
  /// The network's blocks end here.
  private let parameterEnd: Int

  /// Claims the blocks of all fields and layers in the layout, fields first.
  ///
  /// - Parameters:
  ///   - name: The prefix of its blocks: `NAME.0.weight`, and `NAME.FIELD.embedding` or `NAME.FIELD.0.weight`.
  ///   - fields: What is read of each input row, at least one; their names differ.
  ///   - combination: How several fields become one row.
  ///   - layers: From first to last. The first reads the single field's shape, or a flat row where there are several;
  ///     with none the combined row is the output.
  public init(
    _ name: String, _ fields: [InputField], combination: Combination = .concatenation, _ layers: [LayerDescription],
    in layout: inout ParameterLayout
  ) {
    precondition(!fields.isEmpty, "the network '\(name)' has no input")
    self.name = name
    self.combination = combination
    func stack(_ prefix: String, _ descriptions: [LayerDescription], from shape: [Int]) -> [any Layer] {
      var shape = shape
      return descriptions.enumerated().map { index, description in
        let layer = description.layer("\(prefix).\(index)", from: shape, in: &layout)
        shape = layer.outputShape
        return layer
      }
    }
    branches = fields.map { field in
      let prefix = "\(name).\(field.name)"
      let encoder = Encoder(prefix, field, in: &layout)
      return Branch(encoder: encoder, layers: stack(prefix, field.layers, from: field.shape))
    }
    let widths = branches.map(\.outputCount)
    precondition(
      combination == .concatenation || Set(widths).count == 1,
      "fields of \(widths) numbers cannot be summed in '\(name)'")
    let joint = combination == .sum ? widths[0] : widths.reduce(0, +)
    self.layers = stack(name, layers, from: branches.count == 1 ? branches[0].outputShape : [joint])
    bufferCounts =
      branches.flatMap { [$0.encoder.outputCount] + $0.layers.map(\.outputCount) }
      + (branches.count > 1 ? [joint] : []) + self.layers.map(\.outputCount)
    parameterEnd = layout.count
  }

  /// As the other one, for a network that reads one field.
  public init(
    _ name: String, _ field: InputField, _ layers: [LayerDescription], in layout: inout ParameterLayout
  ) {
    self.init(name, [field], layers, in: &layout)
  }

  /// Numbers of one output row.
  public var outputCount: Int { bufferCounts[bufferCounts.count - 1] }

  /// Draws the first values of all its blocks, in their order.
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    for branch in branches {
      branch.encoder.initialize(&parameters, random: &random)
      for layer in branch.layers { layer.initialize(&parameters, random: &random) }
    }
    for layer in layers { layer.initialize(&parameters, random: &random) }
  }

  /// A workspace for batches of up to `rows` rows; it allocates all that forward and backward calls need.
  ///
  /// - Parameters:
  ///   - rows: The most rows of one call; feed larger batches in chunks.
  ///   - inputGradient: Whether backward calls also compute the gradient of the input.
  public func workspace(rows: Int, inputGradient: Bool = false) -> Workspace<Float> {
    Workspace(self, capacity: rows, inputGradient: inputGradient)
  }

  /// Leaves out of the embeddings of categorical images what input rows have in common with this one, in workspaces
  /// that are made from now on as in those that exist.
  public mutating func omit(background row: UnsafeRawPointer) {
    for index in branches.indices { branches[index].encoder.embedding?.omit(row) }
  }

  /// Adds up once a pass, in the embeddings of categorical images, what input rows have in common with this one, and
  /// for each row only where it differs: the same function up to rounding, for a fraction of the additions. The
  /// gradient of a backward pass then lacks the background's rows until `completeGradient`.
  public mutating func share(background row: UnsafeRawPointer) {
    for index in branches.indices { branches[index].encoder.embedding?.share(row) }
  }

  /// Gives the rows of a shared background their gradient; call it once, when all backward passes have been added up.
  public func completeGradient(_ gradient: inout [Float], _ workers: Workers) {
    gradient.withUnsafeMutableBufferPointer {
      nonisolated(unsafe) let gradient = $0.baseAddress!
      for case let embedding? in branches.map(\.encoder.embedding) where embedding.background.isShared {
        // Each lookup has rows of its own: the parts do not touch one another.
        let parts = min(workers.count, 16)
        workers.perform(parts) { part in
          let range = part * embedding.lookups / parts..<(part + 1) * embedding.lookups / parts
          embedding.completeGradient(of: range, gradient)
        }
      }
    }
  }

  /// Whether its fields become the same lists of table rows as another network's, which may then use them.
  public func reads(like other: Network) -> Bool {
    branches.count == other.branches.count
      && zip(branches, other.branches).allSatisfy { own, theirs in
        own.encoder.embedding?.listing == theirs.encoder.embedding?.listing
      }
  }

  /// Sets what a normalised field's numbers are scaled by: `(x - mean) * factor`.
  ///
  /// - Parameters:
  ///   - means: `[count]`
  ///   - factors: `[count]`, one over the deviations.
  public func setScaling(of field: String, means: [Float], factors: [Float], in parameters: inout Parameters) {
    guard let block = branches.first(where: { $0.encoder.field.name == field })?.encoder.scaling else {
      preconditionFailure("'\(name)' has no normalised field '\(field)'")
    }
    precondition(
      means.count * 2 == block.count && factors.count == means.count, "'\(field)' has \(block.count / 2) numbers")
    parameters[block] = (means + factors)[...]
  }

  /// The names of the normalised fields.
  public var normalizedFields: [String] {
    branches.filter { $0.encoder.scaling != nil }.map { $0.encoder.field.name }
  }

  func scratchCount(rows: Int) -> Int {
    let widths = branches.map { $0.encoder.embedding?.width ?? 0 }
    return ((branches.flatMap(\.layers) + layers).map { $0.scratchCount(rows: rows) } + widths).max() ?? 0
  }

  /// Computes `[rows, outputs]`, which stays in the workspace until its next forward call.
  ///
  /// A row's output does not depend, to the last bit, on the rows computed with it.
  ///
  /// - Parameter isListed: Whether the network whose lists the workspace uses (`Workspace.useLists`) has just run on
  ///   these rows.
  /// - Complexity: Allocates nothing.
  @discardableResult
  public func forward(
    _ parameters: Parameters, _ input: InputRows, rows: Int, _ workspace: Workspace<Float>, isListed: Bool = false
  ) -> UnsafeMutableBufferPointer<Float> {
    precondition(parameters.values.count >= parameterEnd, "the parameters are not those of '\(name)'")
    parameters.values.withUnsafeBufferPointer {
      forward($0.baseAddress!, input, rows: rows, workspace, isListed: isListed)
    }
    return workspace.output
  }

  /// The same for an array of float rows, `[rows, count]`, without gaps.
  @discardableResult
  public func forward(
    _ parameters: Parameters, _ input: [Float], _ workspace: Workspace<Float>
  ) -> UnsafeMutableBufferPointer<Float> {
    let width = branches.reduce(0) { $0 + $1.encoder.outputCount }
    precondition(input.count % width == 0, "\(input.count) numbers are not rows of \(width)")
    return input.withUnsafeBytes {
      forward(parameters, InputRows($0.baseAddress!, stride: width * 4), rows: input.count / width, workspace)
    }
  }

  /// Adds the gradient of the parameters to `gradient: [layout.count]`, from `workspace.outputGradient`, which the
  /// caller has written for the rows of the last forward call.
  ///
  /// The sum over chunks is taken in the order of the calls: keep the sizes and the order of chunks fixed where
  /// results must be the same bits.
  /// - Complexity: Allocates nothing.
  public func backward(_ parameters: Parameters, _ workspace: Workspace<Float>, into gradient: inout [Float]) {
    precondition(parameters.values.count >= parameterEnd, "the parameters are not those of '\(name)'")
    precondition(gradient.count == parameters.values.count, "the gradient has \(gradient.count) elements")
    parameters.values.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { gradient in
        backward(parameters.baseAddress!, workspace, into: gradient.baseAddress!)
      }
    }
  }

  /// Writes the gradient of the input alone, from `workspace.outputGradient`: how an output changes with what the
  /// network is fed, for who moves that and not the network (an actor by its critics). About half the work of
  /// `backward`.
  ///
  /// - Parameter workspace: Made with `inputGradient`, after a forward call.
  /// - Complexity: Allocates nothing.
  public func backwardInput(_ parameters: Parameters, _ workspace: Workspace<Float>) {
    precondition(parameters.values.count >= parameterEnd, "the parameters are not those of '\(name)'")
    precondition(workspace.wantsInputGradient, "the workspace was made without the gradient of the input")
    parameters.values.withUnsafeBufferPointer { backward($0.baseAddress!, workspace, into: nil) }
  }
}
