public import Groundwork
public import ReinforcementLearning

/// Q-learning with a table that begins with what could be had at best, so that everything is tried once: the baseline
/// beside in-context policy iteration.
///
/// One step size of 1 overwrites a value by what was last seen, as the paper has it. Its program bootstrapped through
/// the ends of episodes; this one does not.
///
/// Source: Brooks et al., ICPI, 2023, the baseline "Tabular Q".
public final class OptimisticQ: Agent {
  /// The table's constants.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Environments stepped side by side, which share one table.
    public var slots = 1
    /// alpha: how far a value moves to what was last seen; 1 overwrites it.
    public var stepSize = 1.0
    /// gamma: what a reward is worth a step later.
    public var discount = 0.8
    /// What every value begins with.
    public var optimism = 1.0

    /// The paper's constants.
    public init() {}

    func check() throws(UserError) {
      try Check.all([
        Check("agent.slots", slots, in: SizeLimit.slots), Check("agent.stepSize", stepSize, in: 0...1),
        Check("agent.discount", discount, in: 0...1), Check("agent.optimism", optimism, in: -1e9...1e9),
      ])
    }
  }

  private let configuration: Configuration
  private let actions: Int
  private var table: [UInt64: [Float]] = [:]

  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// - Throws: `UserError` for a number out of range.
  public static func check(_ configuration: Configuration) throws { try configuration.check() }

  /// An agent with an empty table.
  public init(_ configuration: Configuration, in setting: AgentSetting) throws {
    try configuration.check()
    self.configuration = configuration
    actions = setting.specification.actions.count
  }

  /// Takes a step of every slot, learns from it, and so on until the budget is spent.
  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(slots: configuration.slots, batches: 1, steps: 1)
    var policies = [OptimisticPolicy(table: table, actions: actions)]
    while !session.isFinished {
      policies[0].table = table
      try session.collect(&policies)
      // A table that is held twice would be copied by the first write.
      policies[0].table = [:]
      let loss = learn(from: Transitions(collector.rollouts[0]), session.scores[0])
      try session.endIteration(of: self, metrics: [Metric(.valueLoss, loss)])
    }
  }

  /// - Returns: The mean square of the changes before the step size.
  private func learn(from steps: Transitions, _ rewards: RewardScores) -> Double {
    var squares = 0.0
    for index in 0..<steps.count {
      var target = (0..<rewards.components).reduce(Float(0)) { $0 + rewards[$1][index] }
      if steps.outcome(index) != .terminated {
        let legal = steps.nextMask(index)
        let next = table[OptimisticPolicy.key(steps.after(index), steps.layout)] ?? unknown
        let best = next.indices.filter { legal?[$0] ?? true }.map { next[$0] }.max() ?? 0
        target += Float(configuration.discount) * best
      }
      let (state, action) = (OptimisticPolicy.key(steps.before(index), steps.layout), Int(steps.discreteAction(index)))
      var values = table.removeValue(forKey: state) ?? unknown
      let error = target - values[action]
      values[action] += Float(configuration.stepSize) * error
      table[state] = values
      squares += Double(error * error)
    }
    return squares / Double(steps.count)
  }

  private var unknown: [Float] { Array(repeating: Float(configuration.optimism), count: actions) }

  /// The table as it stands; both choices are greedy, ties drawn.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    OptimisticPolicy(table: table, actions: actions)
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

/// Takes the action with the highest value, an unknown state's any.
struct OptimisticPolicy: Policy {
  var table: [UInt64: [Float]]
  let actions: Int

  /// A hash of what the policy sees.
  static func key(_ row: UnsafeRawPointer, _ layout: ObservationLayout) -> UInt64 {
    var digest = StateDigest()
    digest.add(bytes: UnsafeRawBufferPointer(start: row, count: layout.policyBytes))
    return digest.value
  }

  func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    for slot in 0..<rollout.slots {
      let mask = rollout.mask(time: time, slot: slot)
      let legal = (0..<actions).filter { mask?[$0] ?? true }
      let key = OptimisticPolicy.key(rollout.observation(time: time, slot: slot), rollout.layout)
      var best = legal
      if let values = table[key], let highest = legal.map({ values[$0] }).max() {
        best = legal.filter { values[$0] == highest }
      }
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(best[random.integer(in: 0..<best.count)])
    }
  }
}
