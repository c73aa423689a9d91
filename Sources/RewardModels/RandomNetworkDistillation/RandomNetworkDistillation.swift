public import Groundwork
import Encoders
import NeuralNetworks
public import ReinforcementLearning

/// Random network distillation: the error with which a network predicts a fixed random network's features of the
/// next observation, divided by the running deviation of its discounted return.
///
/// What was seen often is predicted well, so the error is a novelty that needs no counts. Its return does not end
/// with the episode and has a discount of its own (use `--set separatesComponents=true` for a second value head).
///
/// Source: Burda et al. 2019; the training of the predictor on a random part of the samples as in CleanRL.
///
/// **Configuration.** `rnd(hidden=128, features=64, learningRate=0.001, fraction=0.25, epochs=1,
/// discount=0.99)`.
///
/// **Component.** `rnd`: 0 or more, scaled so that its discounted return has a deviation of 1 over the run, and
/// falling as states grow familiar.
public struct RandomNetworkDistillation: RewardModel {
  /// The networks, the predictor's training and the intrinsic return; `rnd(hidden=256)` in a reward's text.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Units of the two networks' hidden layer, 1...4096; the predictor has a second one.
    public var hidden = 128
    /// Features that are predicted, 1...4096.
    public var features = 64
    /// The predictor's step size, 0...1.
    public var learningRate = 1e-3
    /// Part of the samples that each epoch trains on, 0...1.
    public var fraction = 0.25
    /// Passes of the predictor over a collection, 0...100.
    public var epochs = 1
    /// Discount (gamma) of the intrinsic return, 0...1.
    public var discount = 0.99

    /// 128 hidden units, 64 features, a quarter of the samples once a collection.
    public init() {}
  }

  private let configuration: Configuration
  private var distillation: Distillation
  private var statistics: ObservationStatistics
  private var returnStatistic = RunningNormalizer(columns: 1)
  /// The discounted intrinsic return so far, by slot over all rollouts.
  private var returns: [Float] = []

  /// Draws both networks from the run's seed.
  ///
  /// - Throws: `UserError` when the policy has a field that no network reads.
  public init(_ configuration: Configuration, in setting: RewardSetting) throws {
    self.configuration = configuration
    let row = ObservationLayout(setting.specification)
    distillation = try Distillation(configuration, row: row, seed: setting.seed)
    statistics = ObservationStatistics(row)
  }

  /// One component, `rnd`, whose return does not end with the episode and has its own discount; reads no
  /// signals.
  ///
  /// - Throws: `UserError` when a number is out of range or a field cannot be read.
  public static func outline(_ c: Configuration, for specification: Specification) throws -> RewardOutline {
    try Check.all([
      Check("rnd.hidden", c.hidden, in: SizeLimit.rewardUnits, fix: "rnd(hidden=)"),
      Check("rnd.features", c.features, in: SizeLimit.rewardUnits, fix: "rnd(features=)"),
      Check("rnd.learningRate", c.learningRate, in: 0...1, fix: "rnd(learningRate=)"),
      Check("rnd.fraction", c.fraction, in: 0...1, fix: "rnd(fraction=)"),
      Check("rnd.epochs", c.epochs, in: 0...100, fix: "rnd(epochs=)"),
      Check("rnd.discount", c.discount, in: 0...1, fix: "rnd(discount=)"),
    ])
    // Refuses fields that no network reads.
    return RewardOutline(
      [RewardComponent("rnd", isEpisodic: false, discount: c.discount)],
      parameters: try Distillation.parameterCount(c, row: ObservationLayout(specification)))
  }

  /// Takes the rows into the input's statistics, then pays each step the error of the row that it led to.
  ///
  /// Errors are divided by the deviation of the discounted intrinsic return over everything seen so far, this
  /// collection included.
  ///
  /// - Parameter scores: A view [steps, slots] for each rollout; component 0 is written.
  /// - Complexity: two network passes a row, in chunks of 256 rows spread over the workers.
  public mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    if statistics.isNeeded {
      statistics.update(rollouts)
      distillation.setScaling(statistics)
    }
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    if returns.count != slots { returns = Array(repeating: 0, count: slots) }
    var firstSlot = 0
    for (rollout, score) in zip(rollouts, scores) {
      let values = score[0]
      let rowBytes = rollout.layout.rowBytes
      let count = rollout.steps * rollout.slots
      // Row 1 on: what each step led to, except where an episode ended.
      let next = distillation.errors(rollout.observations + rollout.slots * rowBytes, count: count, rowBytes, workers)
      let final = distillation.errors(rollout.finalObservations, count: rollout.finalCount, rowBytes, workers)
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          let index = time * rollout.slots + slot
          values[index] = rollout.outcomes[index] == 0 ? next[index] : final[rollout.finalIndex(time: time, slot: slot)]
        }
      }
      var seen = [Float](repeating: 0, count: count)
      for index in 0..<count {
        let slot = firstSlot + index % rollout.slots
        returns[slot] = returns[slot] * Float(configuration.discount) + values[index]
        seen[index] = returns[slot]
      }
      returnStatistic.update(seen)
      firstSlot += rollout.slots
    }
    for score in scores { divide(score[0]) }
  }

  /// The errors of any transitions, divided as they stand now; nothing is learnt and no statistic changes.
  ///
  /// - Parameter scores: [transitions]; component 0 is written.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let rowBytes = transitions.layout.rowBytes
    let rows = UnsafeMutableRawPointer.allocate(byteCount: max(1, transitions.count * rowBytes), alignment: 64)
    defer { rows.deallocate() }
    for index in 0..<transitions.count {
      (rows + index * rowBytes).copyMemory(from: transitions.after(index), byteCount: rowBytes)
    }
    let found = distillation.errors(rows, count: transitions.count, rowBytes, workers)
    for (index, error) in found.enumerated() { scores[0][index] = error }
    divide(scores[0])
  }

  /// Divides errors by the deviation of their return.
  private func divide(_ values: UnsafeMutableBufferPointer<Float>) {
    let scale = Float(1 / (returnStatistic.variance[0] + 1e-8).squareRoot())
    for index in 0..<values.count { values[index] *= scale }
  }

  /// Trains the predictor on a random part of the rows, drawn anew in each epoch, in batches of 2048.
  ///
  /// - Returns: `rnd/loss`, the mean squared error a feature, and `rnd/deviation`, by which errors are divided.
  /// - Throws: `UserError` when the loss is no longer a number.
  public mutating func learn(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] {
    var losses: [Double] = []
    for _ in 0..<configuration.epochs {
      for rollout in rollouts {
        let count = rollout.steps * rollout.slots
        let rowBytes = rollout.layout.rowBytes
        var chosen: [Int32] = []
        for index in 0..<count where random.uniform() < configuration.fraction {
          chosen.append(Int32(index + rollout.slots))
        }
        random.shuffle(&chosen)
        let base = UnsafeRawPointer(rollout.observations)
        let size = Distillation.chunk * Distillation.lanes
        for start in stride(from: 0, to: chosen.count, by: size) {
          let batch = Array(chosen[start..<min(start + size, chosen.count)])
          losses.append(try distillation.train(on: batch, base, rowBytes, workers))
        }
      }
    }
    let loss = losses.reduce(0, +) / Double(max(1, losses.count))
    return [Metric(.rndLoss, loss), Metric(.rndDeviation, returnStatistic.variance[0].squareRoot())]
  }

  /// Predictor, optimizer, the statistics of return and input, and `returns` [slots].
  public func save(to state: inout SavedState) {
    distillation.save(to: &state)
    state.set(prefix: "return", returnStatistic.savedState())
    state.set("returns", returns)
    var part = SavedState()
    statistics.save(to: &part)
    state.set(prefix: "observations", part)
  }

  /// - Throws: `UserError` when something is missing or of another shape.
  public mutating func restore(from state: SavedState) throws {
    try distillation.restore(from: state)
    try returnStatistic.restore(state.get(prefix: "return"))
    returns = try state.get("returns")
    try statistics.restore(from: state.get(prefix: "observations"))
    distillation.setScaling(statistics)
  }
}
