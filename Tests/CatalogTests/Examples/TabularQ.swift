public import Groundwork
public import ReinforcementLearning

/// Q-learning with a table: a row of values for each observation that was seen, for tasks with few of them.
///
/// Source: Watkins 1989, "Learning from delayed rewards".
public final class TabularQ: Agent {
  /// The table's constants and how experience is collected.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Environments stepped side by side (N), at least 1.
    public var slots = 8
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 32
    /// alpha
    public var stepSize = 0.1
    /// gamma
    public var discount = 0.99
    /// epsilon: how often an action is drawn at random, 0 to 1.
    public var exploration = 0.1

    /// The defaults.
    public init() {}
  }

  private let configuration: Configuration
  private let actions: Int
  private var table: [UInt64: [Float]] = [:]

  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// An agent with an empty table.
  ///
  /// - Throws: `UserError` for a number that cannot work.
  public init(_ configuration: Configuration, in setting: AgentSetting) throws {
    try Check.all([
      Check("agent.slots", configuration.slots, in: SizeLimit.slots),
      Check("agent.steps", configuration.steps, in: SizeLimit.rolloutSteps),
      Check("agent.stepSize", configuration.stepSize, in: 0...1),
      Check("agent.discount", configuration.discount, in: 0...1),
      Check("agent.exploration", configuration.exploration, in: 0...1),
    ])
    self.configuration = configuration
    actions = setting.specification.actions.count
  }

  /// Collects and learns in turns until the budget is spent.
  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(slots: configuration.slots, batches: 1, steps: configuration.steps)
    var policies = [TablePolicy(exploration: configuration.exploration)]
    while !session.isFinished {
      policies[0].table = table
      try session.collect(&policies)
      // A table that is held twice would be copied by the first write.
      policies[0].table = [:]
      let loss = learn(from: Transitions(collector.rollouts[0]), session.scores[0])
      try session.endIteration(of: self, metrics: [Metric(.valueLoss, loss)])
    }
  }

  /// Q(s, a) <- Q(s, a) + alpha (r + gamma max Q(s', .) - Q(s, a)), step after step; nothing follows a terminated one.
  ///
  /// - Returns: The mean square of what is in parentheses.
  private func learn(from steps: Transitions, _ rewards: RewardScores) -> Double {
    var squares = 0.0
    for index in 0..<steps.count {
      var target = (0..<rewards.components).reduce(Float(0)) { $0 + rewards[$1][index] }
      if steps.outcome(index) != .terminated, let next = table[TablePolicy.key(steps.after(index), steps.layout)] {
        let legal = steps.nextMask(index)
        let best = next.indices.filter { legal?[$0] ?? true }.map { next[$0] }.max() ?? 0
        target += Float(configuration.discount) * best
      }
      let (state, action) = (TablePolicy.key(steps.before(index), steps.layout), Int(steps.discreteAction(index)))
      var values = table.removeValue(forKey: state) ?? [Float](repeating: 0, count: actions)
      let error = target - values[action]
      values[action] += Float(configuration.stepSize) * error
      table[state] = values
      squares += Double(error * error)
    }
    return squares / Double(steps.count)
  }

  /// The table as it stands; `mode` draws no action at random where it knows the observation.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    TablePolicy(exploration: choice == .sample ? configuration.exploration : 0, table: table)
  }

  /// `keys` U64 [states], `values` F32 [states, actions].
  public func save(to state: inout SavedState) {
    // Sorted: the order of a dictionary differs from run to run.
    let sorted = table.sorted { $0.key < $1.key }
    state.set("keys", sorted.map(\.key))
    state.set("values", sorted.flatMap(\.value), shape: [sorted.count, actions])
  }

  /// - Throws: `UserError` when an array is missing or of another shape.
  public func restore(from state: SavedState) throws {
    let keys: [UInt64] = try state.get("keys")
    let values: [Float] = try state.get("values", count: keys.count * actions)
    for (row, key) in keys.enumerated() { table[key] = Array(values[row * actions..<(row + 1) * actions]) }
  }
}

/// Takes the best known action, or draws a legal one.
struct TablePolicy: Policy {
  let exploration: Double
  var table: [UInt64: [Float]] = [:]

  /// A hash of what the policy sees.
  static func key(_ row: UnsafeRawPointer, _ layout: ObservationLayout) -> UInt64 {
    var digest = StateDigest()
    digest.add(bytes: UnsafeRawBufferPointer(start: row, count: layout.policyBytes))
    return digest.value
  }

  func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    for slot in 0..<rollout.slots {
      let mask = rollout.mask(time: time, slot: slot)
      let legal = (0..<rollout.actionCount).filter { mask?[$0] ?? true }
      let values = table[TablePolicy.key(rollout.observation(time: time, slot: slot), rollout.layout)]
      var action = legal[random.integer(in: 0..<legal.count)]
      if let values, !random.chance(exploration) { action = legal.max { values[$0] < values[$1] }! }
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(action)
    }
  }
}
