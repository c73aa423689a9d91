public import Groundwork

/// Where each named block of parameters lies in one flat buffer.
///
/// Networks claim their blocks when they are made, so several may share a layout: the optimizer, the clipping of
/// the gradient, its sum over workers and the checkpoint then are one loop each.
public struct ParameterLayout: Sendable, Equatable {
  /// A named array within the buffer, row-major.
  public struct Block: Sendable, Equatable {
    /// For example `actor.0.weight`.
    public let name: String
    /// For example `[inputs, outputs]`, which is Flax's order; PyTorch's `Linear` keeps the transpose.
    public let shape: [Int]
    /// The index of its first element in the buffer.
    public let offset: Int
    /// False for numbers that no optimizer moves, such as the scaling of an input.
    public let isTrained: Bool
    /// Elements of the block.
    public var count: Int { shape.reduce(1, *) }
    /// Its elements' indices in the flat buffer.
    public var range: Range<Int> { offset..<(offset + count) }
  }

  /// In the order in which they were claimed, which is their order in the buffer, without gaps.
  public private(set) var blocks: [Block] = []
  /// Elements of the whole buffer.
  public private(set) var count = 0
  /// What optimizers move, in order; neighbours are one range.
  private(set) var trainedRanges: [Range<Int>] = []

  /// Without blocks; networks add theirs.
  public init() {}

  /// Claims a block at the end of the buffer.
  ///
  /// - Parameter isTrained: Whether optimizers move it.
  /// - Returns: The block, which stays where it is whatever is added later.
  public mutating func add(_ name: String, _ shape: [Int], isTrained: Bool = true) -> Block {
    precondition(shape.allSatisfy { $0 > 0 }, "the block '\(name)' has the empty shape \(shape)")
    precondition(!blocks.contains { $0.name == name }, "there are two blocks with the name '\(name)'")
    let block = Block(name: name, shape: shape, offset: count, isTrained: isTrained)
    blocks.append(block)
    count += block.count
    if isTrained {
      if let last = trainedRanges.last, last.upperBound == block.offset {
        trainedRanges[trainedRanges.count - 1] = last.lowerBound..<block.range.upperBound
      } else {
        trainedRanges.append(block.range)
      }
    }
    return block
  }

  /// The block that was added under that name; nil where none was. - Complexity: O(blocks).
  public subscript(name: String) -> Block? { blocks.first { $0.name == name } }
}

/// The parameters of everything in one layout: a flat buffer, zero until the networks initialize it.
public struct Parameters: Sendable, Equatable {
  /// Where each block lies; fixed, so claim all blocks first.
  public let layout: ParameterLayout
  /// `[layout.count]`
  public var values: [Float]

  /// All zero, until `Network.initialize` draws the first values.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    values = [Float](repeating: 0, count: layout.count)
  }

  /// The values of one block.
  public subscript(block: ParameterLayout.Block) -> ArraySlice<Float> {
    get { values[block.range] }
    set {
      precondition(newValue.count == block.count, "'\(block.name)' has \(block.count) values, not \(newValue.count)")
      values.replaceSubrange(block.range, with: newValue)
    }
  }

  /// One array per block.
  public func savedState() -> SavedState { layout.savedState(values) }

  /// Takes the values of a saved state.
  ///
  /// - Throws: `UserError` when a block is missing or has another shape; nothing is changed then.
  public mutating func restore(_ state: SavedState) throws(UserError) {
    values = try layout.values(in: state)
  }

  /// Takes the values of networks that another configuration may have made: they must be the same in number and shape.
  ///
  /// - Throws: `UserError` that names the first array which is missing, has another shape, or has no place here;
  ///   nothing is changed then.
  public mutating func adopt(_ state: SavedState) throws(UserError) {
    let values = try layout.values(in: state)
    let names = Set(layout.blocks.map(\.name))
    if let other = state.names.first(where: { !names.contains($0) }) {
      throw UserError("'\(other)' in the checkpoint has no place in these networks", fix: "Use networks of one form")
    }
    self.values = values
  }
}

extension ParameterLayout {
  /// A flat buffer (parameters, or an optimizer's moments) as one array per block.
  ///
  /// - Parameter trainedOnly: Whether blocks that no optimizer moves are left out: a moment of theirs is zero for ever.
  func savedState(_ values: [Float], trainedOnly: Bool = false) -> SavedState {
    precondition(values.count == count, "a buffer of \(values.count) does not fill a layout of \(count)")
    var state = SavedState()
    for block in blocks where block.isTrained || !trainedOnly {
      state.set(block.name, Array(values[block.range]), shape: block.shape)
    }
    return state
  }

  /// The flat buffer of what `savedState` wrote.
  func values(in state: SavedState, trainedOnly: Bool = false) throws(UserError) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(count)
    for block in blocks {
      guard block.isTrained || !trainedOnly else {
        values += [Float](repeating: 0, count: block.count)
        continue
      }
      if let found = state.entries[block.name], found.shape != block.shape {
        throw UserError(
          "'\(block.name)' in the checkpoint has shape \(found.shape) where \(block.shape) is expected",
          fix: "Use the configuration that wrote it")
      }
      values += try state.get(block.name, as: Float.self, count: block.count)
    }
    return values
  }
}
