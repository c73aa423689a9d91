public import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Proximal policy optimisation with the clipped surrogate.
///
/// Read `train` from top to bottom, then `PPOPolicy` (how it acts), `PPOLearner` (values, advantages, epochs of
/// minibatches) and `PPOLearner+Loss` (all that a minibatch does). Agents that direct the collection
/// (`Director`) make the collector, then use `prepare`, `collect` and `learn` as `train` does.
///
/// Both the collection and the gradient are cut into pieces that depend on the configuration alone and are summed
/// in a fixed order, so one worker and many give the same bits.
///
/// Source: Schulman et al. 2017; Huang et al. 2022, "The 37 implementation details of PPO"; defaults of CleanRL.
public final class PPO: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = PPOConfiguration

  /// As it was given.
  public var configuration: PPOConfiguration { learner.configuration }
  let learner: PPOLearner
  /// Those that collect, one a batch.
  private var policies: [PPOPolicy] = []

  /// An agent with new parameters.
  ///
  /// - Throws: `UserError` for values that cannot work together, rollouts that cannot be cut into that many
  ///   minibatches, or a field that no encoder reads.
  public convenience init(_ configuration: PPOConfiguration, in setting: AgentSetting) throws {
    try self.init(configuration, in: setting, specification: setting.specification)
  }

  /// - Parameters:
  ///   - specification: The environment's, or one with more fields for the policy.
  ///   - path: What precedes the configuration's keys where a person sets them.
  init(
    _ configuration: PPOConfiguration, in setting: AgentSetting, specification: Specification, path: String = "agent."
  ) throws {
    learner = try PPOLearner(configuration, in: setting, specification: specification, path: path)
  }

  /// Collects and learns in turns until the budget is spent.
  ///
  /// - Throws: `UserError` when a loss or the gradient's norm is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(
      slots: configuration.slots, batches: configuration.batches, steps: configuration.steps)
    prepare(for: collector)
    while !session.isFinished {
      // 1. Collect a rollout with the present policy; the session scores it with the reward design.
      try collect(in: session)

      // 2. Learn from it.
      let metrics = try learn(in: session)

      // 3. Log; the session may evaluate, save a checkpoint, or stop.
      try session.endIteration(of: self, metrics: metrics)
    }
  }

  /// Settings of a memory that there is not change nothing: said, since nothing else would show it.
  public static func remarks(_ configuration: PPOConfiguration, steps: Int) -> [String] {
    let usual = PPOConfiguration()
    guard configuration.memory == .none else { return [] }
    return [
      ("memoryUnits", configuration.memoryUnits, usual.memoryUnits),
      ("sequenceSteps", configuration.sequenceSteps, usual.sequenceSteps),
    ].filter { $0.1 != $0.2 }.map { name, value, _ in
      "agent.\(name)=\(value) changes nothing: the policy has no memory. Set --set agent.memory=gru or lstm, too"
    }
  }

  // MARK: The parts of an iteration

  /// Makes what a run needs beside its collector, from whose rollouts it learns.
  ///
  /// - Parameter imitation: Recorded steps to imitate beside what is collected; who gave them says before each `learn`
  ///   which of them.
  func prepare(for collector: Collector, imitating imitation: SelfImitation? = nil) {
    learner.prepare(for: collector.rollouts, imitating: imitation)
    policies = collector.rollouts.map { policy(slots: $0.slots, choice: .sample) }
  }

  /// Collects one rollout a batch with what has been learnt so far.
  func collect(in session: TrainingSession) throws {
    for policy in policies { policy.parameters = learner.parameters }
    try session.collect(&policies)
  }

  /// Learns from what `collect` collected and the session's scores of it; returns what should be logged.
  func learn(in session: TrainingSession) throws -> [Metric] {
    try learner.learn(
      from: session.scores,
      learningRate: annealed(configuration.learningRate, configuration.annealsLearningRate, session),
      clipRange: annealed(configuration.clipRange, configuration.annealsClipRange, session),
      step: session.step, workers: session.workers)
  }

  /// A setting's value in this iteration: where it is annealed, value * (1 - steps before it / budget).
  private func annealed(_ value: Double, _ isAnnealed: Bool, _ session: TrainingSession) -> Float {
    guard isAnnealed else { return Float(value) }
    let before = Double(session.step - configuration.slots * configuration.steps)
    return LearningRateSchedule.linear.rate(initial: Float(value), progress: before / Double(session.totalSteps))
  }

  // MARK: What has been learnt

  /// A policy of what has been learnt so far; `mode` takes the most likely action, or a vector's mean.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { policy(slots: slots, choice: choice) }

  /// A policy of what has been learnt so far.
  func policy(slots: Int, choice: ActionChoice) -> PPOPolicy { learner.policy(slots: slots, choice: choice) }

  /// Takes over networks, the optimizer's moments and the statistics of observations.
  public func adopt(_ state: SavedState) throws { try learner.adopt(state) }
  /// The rates that fall over the budget.
  public static func budgetSettings(_ configuration: PPOConfiguration) -> [String] {
    configuration.budgetSettings(path: "agent.")
  }

  /// Saves parameters, optimizer, streams and normalisers.
  public func save(to state: inout SavedState) { learner.save(to: &state) }
  /// Puts all that where it was saved.
  ///
  /// - Throws: `UserError` when an entry is missing or of another shape.
  public func restore(from state: SavedState) throws { try learner.restore(from: state) }
}
