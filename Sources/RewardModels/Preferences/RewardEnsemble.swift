import Encoders
import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// Networks that say what a step is worth, each learnt from the same answers about pairs of clips by the model of
/// Bradley and Terry: P(first is better) = sigmoid(sum of rewards in the first - sum in the second).
///
/// A network's reward is the tanh of its output, so that no step outweighs a clip, unless it is to have no bounds.
/// Pieces of the gradient are pairs and depend on the configuration alone, so one worker and many give the same bits.
struct RewardEnsemble: Sendable {
  /// Rows of one pass where no gradient is wanted.
  private static let chunk = 256
  /// Threads that a pass can use; each has activations of its own.
  private static let lanes = 8

  /// A network's parameters and what moves them.
  private struct Member: Sendable {
    var parameters: Parameters
    var optimizer: Adam
  }

  private let configuration: PreferenceReward.Configuration
  private let network: Network
  private var members: [Member]
  /// Pairs of a piece of the gradient.
  private let piecePairs: Int
  /// Scratch of `learn`; made when something is learnt.
  private var gradient: ParallelGradient<Scratch, Loss>?

  /// - Parameter seed: The design's; each network is drawn from a stream of its own.
  /// - Throws: `UserError` when a field is of a kind that no network reads.
  init(_ configuration: PreferenceReward.Configuration, row: ObservationLayout, seed: UInt64) throws {
    self.configuration = configuration
    var layout = ParameterLayout()
    let network = try RewardEnsemble.network(configuration, row: row, in: &layout)
    self.network = network
    members = (0..<configuration.ensemble).map { number in
      var random = RandomSource(seed: seed, purpose: .preferenceNetworks, index: number)
      var parameters = Parameters(layout)
      network.initialize(&parameters, random: &random)
      return Member(parameters: parameters, optimizer: Adam(layout, epsilon: 1e-8))
    }
    piecePairs = max(1, RewardEnsemble.chunk / (2 * configuration.segment))
  }

  /// Parameters of all networks; none is made.
  ///
  /// - Throws: `UserError` when a field is of a kind that no network reads.
  static func parameterCount(
    _ configuration: PreferenceReward.Configuration, row: ObservationLayout
  ) throws -> Int {
    var layout = ParameterLayout()
    _ = try network(configuration, row: row, in: &layout)
    return SizeLimit.product(layout.count, configuration.ensemble)
  }

  private static func network(
    _ configuration: PreferenceReward.Configuration, row: ObservationLayout, in layout: inout ParameterLayout
  ) throws -> Network {
    let hidden = Array(repeating: configuration.hidden, count: configuration.layers)
    let places = row.places.filter { $0.field.role == .policy }
    if places.allSatisfy({ $0.field.element == .float32 && $0.field.kind == .numeric }) {
      // Numbers that lie side by side are one vector and need one product.
      let count = places.reduce(0) { $0 + $1.field.count }
      return Network(
        "reward", [.floats(count, name: "step")],
        hidden.map { .dense($0, activation: .relu) } + [.dense(1, initialization: .orthogonal(gain: 0.1))], in: &layout)
    }
    return try ObservationNetwork.make(
      "reward", layout: row, hidden: hidden, activation: .relu, imageEncoder: .dense, outputs: 1, outputGain: 0.1,
      in: &layout)
  }

  /// How many networks.
  var count: Int { members.count }

  // MARK: What steps are worth

  /// What each network says of some rows, `[networks, rows]`.
  func rewards(_ rows: UnsafeRawPointer, count: Int, stride: Int, _ workers: Workers) -> [Float] {
    var result = [Float](repeating: 0, count: members.count * count)
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
            for row in 0..<size { result[number * count + first + row] = bound(output[row]) }
          }
        }
      }
    }
    return result
  }

  private func bound(_ output: Float) -> Float { configuration.bounded ? Float.tanh(output) : output }

  /// What the networks' rewards come to, `[rows]`.
  func combined(_ rewards: [Float], count: Int) -> [Float] {
    let networks = members.count
    return (0..<count).map { row in
      func value(_ number: Int) -> Float { rewards[number * count + row] }
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

  /// The sum of each clip's rewards by each network, `[clips][networks]`.
  func returns(of clips: [ClipRecord], stride: Int, _ workers: Workers) -> [[Double]] {
    var sums = [[Double]](repeating: Array(repeating: 0, count: members.count), count: clips.count)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      workers.perform(min(clips.count, Self.lanes)) { lane in
        let alone = Workers(count: 1)
        for clip in Swift.stride(from: lane, to: clips.count, by: Self.lanes) {
          let count = clips[clip].count
          let values = clips[clip].rows.withUnsafeBytes {
            rewards($0.baseAddress!, count: count, stride: stride, alone)
          }
          for number in members.indices {
            sums[clip][number] = values[number * count..<(number + 1) * count].reduce(0) { $0 + Double($1) }
          }
        }
      }
    }
    return sums
  }

  // MARK: Learning

  /// What a session's learning came to.
  struct Result {
    /// Cross-entropy of an answer and the share of decided answers that are explained: means over networks, of the last
    /// pass of each, before its steps.
    var loss = 0.0
    var accuracy = 0.0
    /// Passes, the mean over networks.
    var epochs = 0.0
    /// Pairs that gradients were taken of, over all networks.
    var pairs = 0
  }

  /// Passes over all pairs with each network, until enough is explained.
  ///
  /// - Throws: `UserError` when the loss is no longer a number.
  mutating func learn(
    from pairs: AnsweredPairs, step: Int, random: inout RandomSource, workers: Workers
  ) throws -> Result {
    let network = network
    let rows = piecePairs * 2 * configuration.segment
    let gradient =
      gradient
      ?? ParallelGradient(
        parameters: members[0].parameters.values.count, lanes: Self.lanes, pieceRows: piecePairs
      ) { Scratch(network, rows: rows) }
    self.gradient = gradient
    var result = Result()
    for number in members.indices {
      var order = Array(0..<pairs.count)
      var (loss, epochs) = (Loss(), 0)
      repeat {
        random.shuffle(&order)
        loss = Loss()
        for first in stride(from: 0, to: order.count, by: configuration.minibatch) {
          let batch = Array(order[first..<min(first + configuration.minibatch, order.count)])
          loss += try learn(batch, of: pairs, number, gradient, step: step, workers)
        }
        epochs += 1
        result.pairs += order.count
      } while epochs < configuration.epochs && loss.accuracy < configuration.accuracy
      result.loss += loss.sum / Double(max(1, pairs.count)) / Double(members.count)
      result.accuracy += loss.accuracy / Double(members.count)
      result.epochs += Double(epochs) / Double(members.count)
    }
    return result
  }

  /// One step of a network's optimizer on some pairs.
  private mutating func learn(
    _ batch: [Int], of pairs: AnsweredPairs, _ number: Int, _ gradient: ParallelGradient<Scratch, Loss>, step: Int,
    _ workers: Workers
  ) throws -> Loss {
    let (network, parameters, isBounded) = (network, members[number].parameters, configuration.bounded)
    let penalty = 2 * Float(configuration.penalty) / Float(batch.count)
    let loss = pairs.rows.withUnsafeBytes { bytes in
      nonisolated(unsafe) let base = bytes.baseAddress!
      return gradient.accumulate(rows: batch.count, workers: workers) { piece, scratch, gradient, loss in
        guard case .rows(let range) = piece else { return }
        scratch.take(batch[range], of: pairs)
        let input = InputRows(base, stride: pairs.stride, indices: UnsafePointer(scratch.indices))
        let output = network.forward(parameters, input, rows: scratch.count, scratch.workspace)
        let slopes = scratch.workspace.outputGradient
        var row = 0
        for pair in batch[range] {
          let lengths = (pairs.steps(ofClip: 2 * pair).count, pairs.steps(ofClip: 2 * pair + 1).count)
          var margin: Float = 0
          for index in row..<row + lengths.0 + lengths.1 {
            // Kept where its slope will stand.
            slopes[index] = isBounded ? Float.tanh(output[index]) : output[index]
            margin += index < row + lengths.0 ? slopes[index] : -slopes[index]
          }
          let slope = loss.add(margin, target: pairs.targets[pair]) / Float(batch.count)
          for index in row..<row + lengths.0 + lengths.1 {
            let bend = isBounded ? 1 - slopes[index] * slopes[index] : 1
            slopes[index] = ((index < row + lengths.0 ? slope : -slope) + penalty * slopes[index]) * bend
          }
          row += lengths.0 + lengths.1
        }
        network.backward(parameters, scratch.workspace, into: &gradient)
      }
    }
    let rate = Float(configuration.learningRate)
    func descend(_ member: inout Member) throws(UserError) {
      _ = try gradient.step(
        &member.optimizer, &member.parameters, learningRate: rate, maximumNorm: 0, at: step,
        losses: [("preferences", loss.sum)], workers: workers)
    }
    do {
      try descend(&members[number])
    } catch {
      throw UserError(error.reason, fix: "Lower the learning rate (preferences(learningRate=))")
    }
    return loss
  }

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

  /// Sums over pairs.
  private struct Loss: LossSumming {
    /// Cross-entropies.
    var sum = 0.0
    /// Answers that name a better clip, and those of them that are explained.
    var decided = 0
    var explained = 0

    /// Share of the decided answers that are explained; 1 where there are none.
    var accuracy: Double { decided > 0 ? Double(explained) / Double(decided) : 1 }

    static func += (a: inout Loss, b: Loss) {
      a.sum += b.sum
      a.decided += b.decided
      a.explained += b.explained
    }

    /// Adds a pair.
    ///
    /// - Returns: How the loss changes with the margin: sigmoid(margin) - target.
    mutating func add(_ margin: Float, target: Float) -> Float {
      // -log sigmoid(x) = log(1 + exp(-x)), without overflow.
      let soft = Float.log(onePlus: Float.exp(-abs(margin)))
      sum += Double(target * (max(0, -margin) + soft) + (1 - target) * (max(0, margin) + soft))
      if target != 0.5 {
        decided += 1
        explained += (margin > 0) == (target > 0.5) && margin != 0 ? 1 : 0
      }
      return 1 / (1 + Float.exp(-margin)) - target
    }
  }

  /// A thread's activations and the numbers of its rows.
  private final class Scratch: @unchecked Sendable {
    let workspace: Workspace<Float>
    let indices: UnsafeMutablePointer<Int32>
    /// Rows that are taken.
    private(set) var count = 0

    init(_ network: Network, rows: Int) {
      workspace = network.workspace(rows: rows)
      indices = .allocate(capacity: rows)
      indices.initialize(repeating: 0, count: rows)
    }

    deinit { indices.deallocate() }

    /// Notes the rows of some pairs: each one's first clip, then its second.
    func take(_ batch: ArraySlice<Int>, of pairs: AnsweredPairs) {
      count = 0
      for pair in batch {
        for step in pairs.starts[2 * pair]..<pairs.starts[2 * pair + 2] {
          indices[count] = Int32(step)
          count += 1
        }
      }
    }
  }
}
