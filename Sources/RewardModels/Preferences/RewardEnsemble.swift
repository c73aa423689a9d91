import Encoders
import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// Networks that say what a step is worth, each learnt from the same answers about clips: comparisons by the model of
/// Bradley and Terry, P(first is better) = sigmoid(sum of rewards in the first - sum in the second), ratings by
/// `RatingScale`, whose bounds are a network's own and learnt with it.
///
/// A network has a head for each aspect; what is below the last layer they share. A network's reward is the tanh of its
/// output, so that no step outweighs a clip, unless it is to have no bounds. Pieces of the gradient are answers and
/// depend on the configuration alone, so one worker and many give the same bits.
struct RewardEnsemble: Sendable {
  /// Rows of one pass where no gradient is wanted.
  static let chunk = 256
  /// Threads that a pass can use; each has activations of its own.
  static let lanes = 8

  /// A network's parameters and what moves them.
  struct Member: Sendable {
    var parameters: Parameters
    var optimizer: Adam
  }

  let configuration: PreferenceReward.Configuration
  /// Aspects.
  let heads: Int
  let network: Network
  /// Of the rows that are read.
  private let row: ObservationLayout
  /// The bounds of ratings, `[heads, levels - 1]`; nil where nothing is rated.
  let bounds: ParameterLayout.Block?
  var members: [Member]
  /// Answers of a piece of the gradient.
  let pieceAnswers: Int
  /// Scratch of `learn`; made when something is learnt.
  var gradient: ParallelGradient<Scratch, Loss>?

  /// - Parameter seed: The design's; each network is drawn from a stream of its own.
  /// - Throws: `UserError` when a field is of a kind that no network reads.
  init(
    _ configuration: PreferenceReward.Configuration, heads: Int = 1, row: ObservationLayout, seed: UInt64
  ) throws {
    self.configuration = configuration
    self.heads = heads
    self.row = row
    var layout = ParameterLayout()
    let network = try RewardEnsemble.network(configuration, heads: heads, row: row, in: &layout)
    let bounds =
      configuration.hasRatings ? layout.add("preferences.bounds", [heads, configuration.levels - 1]) : nil
    (self.network, self.bounds) = (network, bounds)
    members = (0..<configuration.ensemble).map { number in
      var random = RandomSource(seed: seed, purpose: .preferenceNetworks, index: number)
      var parameters = Parameters(layout)
      network.initialize(&parameters, random: &random)
      if let bounds {
        let start = RatingScale.start(levels: configuration.levels)
        parameters[bounds] = (0..<heads).flatMap { _ in start }[...]
      }
      return Member(parameters: parameters, optimizer: Adam(layout, epsilon: 1e-8))
    }
    pieceAnswers = max(1, RewardEnsemble.chunk / (2 * configuration.segment))
  }

  /// Parameters of all networks; none is made.
  ///
  /// - Throws: `UserError` when a field is of a kind that no network reads.
  static func parameterCount(
    _ configuration: PreferenceReward.Configuration, heads: Int, row: ObservationLayout
  ) throws -> Int {
    var layout = ParameterLayout()
    _ = try network(configuration, heads: heads, row: row, in: &layout)
    let bounds = configuration.hasRatings ? heads * (configuration.levels - 1) : 0
    return SizeLimit.product(layout.count + bounds, configuration.ensemble)
  }

  private static func network(
    _ configuration: PreferenceReward.Configuration, heads: Int, row: ObservationLayout,
    in layout: inout ParameterLayout
  ) throws -> Network {
    let hidden = Array(repeating: configuration.hidden, count: configuration.layers)
    let places = row.places.filter { $0.field.role == .policy }
    let areNumbers = places.allSatisfy { $0.field.element == .float32 && $0.field.kind == .numeric }
    if areNumbers && !configuration.normalizesObservations {
      // Numbers that lie side by side are one vector and need one product.
      let count = places.reduce(0) { $0 + $1.field.count }
      return Network(
        "reward", [.floats(count, name: "step")],
        hidden.map { .dense($0, activation: .relu) } + [.dense(heads, initialization: .orthogonal(gain: 0.1))],
        in: &layout)
    }
    return try ObservationNetwork.make(
      "reward", layout: row, hidden: hidden, activation: .relu, imageEncoder: .dense,
      normalizedLimit: configuration.normalizesObservations ? 5 : nil, outputs: heads, outputGain: 0.1, in: &layout)
  }

  /// Sets what the networks scale their input by: of all steps that were answered about, each as often as it was.
  mutating func setScaling(_ answers: AnsweredClips) {
    guard configuration.normalizesObservations else { return }
    var statistics = ObservationStatistics(row)
    answers.rows.withUnsafeBytes {
      guard let base = $0.baseAddress else { return }
      statistics.update(base, count: $0.count / answers.stride, rowBytes: answers.stride)
    }
    for number in members.indices { statistics.setScaling(of: [network], in: &members[number].parameters) }
  }

  /// How many networks.
  var count: Int { members.count }

  // MARK: What steps are worth

  /// What each network says of some rows, `[heads, networks, rows]`.
  func rewards(_ rows: UnsafeRawPointer, count: Int, stride: Int, _ workers: Workers) -> [Float] {
    var result = [Float](repeating: 0, count: heads * members.count * count)
    let chunks = (count + Self.chunk - 1) / Self.chunk
    guard chunks > 0 else { return result }
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let (result, rows) = (result, rows)
      workers.perform(min(chunks, Self.lanes)) { lane in
        let workspace = network.workspace(rows: Self.chunk)
        for chunk in Swift.stride(from: lane, to: chunks, by: Self.lanes) {
          let first = chunk * Self.chunk
          let size = min(Self.chunk, count - first)
          let input = InputRows(rows + first * stride, stride: stride)
          for (number, member) in members.enumerated() {
            let output = network.forward(member.parameters, input, rows: size, workspace)
            for head in 0..<heads {
              let place = (head * members.count + number) * count + first
              for row in 0..<size { result[place + row] = bound(output[row * heads + head]) }
            }
          }
        }
      }
    }
    return result
  }

  func bound(_ output: Float) -> Float { configuration.bounded ? Float.tanh(output) : output }

  /// What the networks' rewards of a head come to, `[rows]`.
  func combined(_ rewards: [Float], count: Int, head: Int = 0) -> [Float] {
    let networks = members.count
    return (0..<count).map { row in
      func value(_ number: Int) -> Float { rewards[(head * networks + number) * count + row] }
      var (sum, least) = (Float(0), Float.infinity)
      for number in 0..<networks {
        sum += value(number)
        least = min(least, value(number))
      }
      let mean = sum / Float(networks)
      switch configuration.combination {
      case .mean: return mean
      case .worst: return least
      case .uncertainty:
        let squares = (0..<networks).reduce(Float(0)) { $0 + (value($1) - mean) * (value($1) - mean) }
        return mean - Float(configuration.uncertaintyWeight) * squares / Float(networks)
      }
    }
  }

  /// The sum of each clip's rewards by each network, `[clips][heads][networks]`.
  func returns(of clips: [ClipRecord], stride: Int, _ workers: Workers) -> [[[Double]]] {
    let none = [Double](repeating: 0, count: members.count)
    var sums = [[[Double]]](repeating: Array(repeating: none, count: heads), count: clips.count)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      workers.perform(min(clips.count, Self.lanes)) { lane in
        let alone = Workers(count: 1)
        for clip in Swift.stride(from: lane, to: clips.count, by: Self.lanes) {
          let count = clips[clip].count
          let values = clips[clip].rows.withUnsafeBytes {
            rewards($0.baseAddress!, count: count, stride: stride, alone)
          }
          for head in 0..<heads {
            for number in members.indices {
              let place = (head * members.count + number) * count
              sums[clip][head][number] = values[place..<place + count].reduce(0) { $0 + Double($1) }
            }
          }
        }
      }
    }
    return sums
  }

  /// What clips are paid in all for a head, the networks combined, `[clips][heads]`.
  func paid(_ clips: [ClipRecord], stride: Int, _ workers: Workers) -> [[Double]] {
    if configuration.combination == .mean {
      // The mean of the sums.
      return returns(of: clips, stride: stride, workers).map { heads in
        heads.map { $0.reduce(0, +) / Double(members.count) }
      }
    }
    return clips.map { clip in
      let each = clip.rows.withUnsafeBytes { rewards($0.baseAddress!, count: clip.count, stride: stride, workers) }
      return (0..<heads).map { head in
        combined(each, count: clip.count, head: head).reduce(0) { $0 + Double($1) }
      }
    }
  }

  /// Each network's bounds of a head's levels.
  func scales(head: Int) -> [RatingScale] {
    guard let bounds else { return [] }
    let count = configuration.levels - 1
    return members.map { RatingScale($0.parameters[bounds].dropFirst(head * count).prefix(count)) }
  }

  // MARK: Saving

  /// The first network's gradient of the last step, and its parameters, for tests of them.
  var gradientForTests: [Float]? { gradient?.gradient }
  var parametersForTests: [Float] {
    get { members[0].parameters.values }
    set { members[0].parameters.values = newValue }
  }

  /// The networks and their optimizers.
  func save(to state: inout SavedState) {
    for (number, member) in members.enumerated() {
      state.set(prefix: "network\(number)", member.parameters.savedState())
      state.set(prefix: "adam\(number)", member.optimizer.savedState())
    }
  }

  /// - Throws: `UserError` when parameters are missing or of another shape.
  mutating func restore(from state: SavedState) throws {
    for number in members.indices {
      try members[number].parameters.restore(state.get(prefix: "network\(number)"))
      try members[number].optimizer.restore(state.get(prefix: "adam\(number)"))
    }
  }
}
