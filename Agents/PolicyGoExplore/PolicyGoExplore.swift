import Encoders
public import Groundwork
public import ReinforcementLearning

/// Policy-based Go-Explore: remember cells and how episodes reached them, return to them with a goal-conditioned
/// policy, explore from there.
///
/// Read `train` from top to bottom. An episode follows the cells of an archived trajectory and, once at its last one,
/// explores at random or by goals of its own (`GoalDirector`). PPO learns from the steps that follow, paid for cells
/// that are reached; beside them it imitates stored trajectories, so that what random actions found can be found again.
///
/// It copies and restores no state, so it works where steps are random and nobody grants a simulator. It reads the cell
/// of the present state, in training and when it is evaluated: often signals that other agents' policies do not see.
///
/// Source: Ecoffet et al. 2021, "First return, then explore", Nature 590 (the policy-based variant and its methods);
/// constants of the authors' code. Unlike theirs, the network has no memory, the value of a trajectory ends with its
/// last cell, and steps that explore are left out of the minibatches instead of weighing nothing.
public final class PolicyGoExplore: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = PolicyGoExploreConfiguration

  /// The cell may read signals: which, says `signals(_:in:)`.
  public static func requirements(_ configuration: PolicyGoExploreConfiguration) -> Requirements {
    Requirements(needs: .signals, actions: .discrete, rewards: .environment)
  }

  /// The signals among the parts of its cell.
  ///
  /// - Throws: `UserError` for a cell that the environment does not declare or that cannot be read.
  public static func signals(
    _ configuration: PolicyGoExploreConfiguration, in specification: Specification
  ) throws -> [String] {
    try GoalSpace(configuration, specification).signals
  }

  /// As it was given.
  public let configuration: PolicyGoExploreConfiguration
  private let space: GoalSpace
  private let learner: PPO
  private let trajectories: TrajectoryImitation
  private let imitation: SelfImitation
  private let knowledge: GoalKnowledge
  private var random: RandomSource
  /// Steps until the first success; nil before it.
  public private(set) var firstSuccess: Int?
  /// Whether the last trajectories that were followed were followed to their ends, at most 100.
  private var returns: [UInt8] = []

  /// An agent with new parameters and an empty archive.
  ///
  /// - Throws: `UserError` for values that cannot work together, or a cell that cannot be read.
  public init(_ configuration: PolicyGoExploreConfiguration, in setting: AgentSetting) throws {
    try configuration.validate()
    let (specification, seed) = (setting.specification, setting.seed)
    self.configuration = configuration
    space = try GoalSpace(configuration, specification)
    learner = try PPO(
      configuration.learner, in: setting, specification: space.specification, path: "agent.learner.")
    trajectories = TrajectoryImitation(
      space: space, rules: GoalRules(configuration), window: configuration.window,
      discount: Float(configuration.learner.discount))
    imitation = SelfImitation(
      coefficient: configuration.imitationCoefficient, valueCoefficient: configuration.imitationValueCoefficient,
      batch: configuration.imitationBatch, specification: space.specification, rowBytes: space.layout.rowBytes)
    knowledge = GoalKnowledge(
      GoalArchive(
        keyWidth: space.keyWidth, rowBytes: space.rowBytes, actionCount: specification.actions.count,
        actionWeight: configuration.actionWeight))
    random = RandomSource(seed: seed, purpose: .goalLearning, index: 0)
  }

  /// Follows, explores, merges and learns in turns until the budget is spent.
  ///
  /// - Throws: `UserError` when a loss or the gradient's norm is no number, and what the session throws.
  public func train(in session: TrainingSession) throws {
    let directors = makeDirectors(session)
    let collector = try session.makeCollector(
      slots: configuration.learner.slots, batches: configuration.learner.batches, steps: configuration.learner.steps,
      signals: space.signals, fields: space.fields, directors: directors)
    learner.prepare(for: collector, imitating: imitation)
    while !session.isFinished {
      // 1. Follow trajectories and explore from their ends.
      let (known, before) = (archive.count, session.step)
      try learner.collect(in: session)
      noteSuccess(directors, before: before)

      // 2. Take what was found into the archive, in a fixed order.
      merge(directors)

      // 3. Learn from the steps that followed, and from stored trajectories.
      if configuration.imitationCoefficient > 0 || configuration.imitationValueCoefficient > 0 {
        trajectories.fill(
          imitation, from: archive, trajectories: configuration.imitationTrajectories, random: &random)
      }
      var metrics = try learner.learn(in: session)

      // 4. Log; the session may evaluate, save a checkpoint, or stop.
      metrics += self.metrics(directors.map(\.collection), collector.rollouts, newCells: archive.count - known)
      try session.endIteration(of: self, metrics: metrics)
    }
  }

  /// Follows the way to the best cell: by success, score, then steps.
  public func makePolicy(slots: Int, choice: ActionChoice) -> any Policy {
    GoalFollowingPolicy(
      space, archive, to: archive.best, window: configuration.window,
      temperature: Float(configuration.evaluationTemperature),
      policy: learner.policy(slots: slots, choice: choice), slots: slots)
  }

  /// Cells found so far.
  public var cellCount: Int { archive.count }

  // MARK: The parts of an iteration

  private var archive: GoalArchive { knowledge.archive }

  private func makeDirectors(_ session: TrainingSession) -> [GoalDirector] {
    let settings = configuration.learner
    return (0..<settings.batches).map {
      GoalDirector(
        space, knowledge, settings: configuration, index: $0, slots: settings.slots / settings.batches,
        seed: session.seed)
    }
  }

  /// Ended episodes first, batch by batch in the order of time, then those that run.
  private func merge(_ directors: [GoalDirector]) {
    for director in directors {
      for var trace in director.collection.traces { knowledge.archive.merge(&trace) }
    }
    for director in directors { director.mergeRunning() }
    knowledge.archive.updateWeights()
  }

  private func noteSuccess(_ directors: [GoalDirector], before steps: Int) {
    guard firstSuccess == nil, let time = directors.compactMap(\.collection.firstSuccess).min() else { return }
    firstSuccess = steps + (time + 1) * configuration.learner.slots
  }

  private func metrics(_ collections: [GoalCollection], _ rollouts: [Rollout], newCells: Int) -> [Metric] {
    let results = collections.flatMap(\.results)
    returns += results.map { $0.isReached ? 1 : 0 }
    returns.removeFirst(max(0, returns.count - 100))
    let samples = rollouts.reduce(0) { $0 + $1.sampleRules!.isLearnt.count }
    let followed = rollouts.reduce(0) { $0 + $1.sampleRules!.isLearnt.count { $0 } }
    var metrics = [
      Metric(.archiveCells, Double(archive.count)), Metric(.archiveNewCells, Double(newCells)),
      Metric(.archiveTrajectories, Double(archive.trajectories.count)),
      Metric(.archiveSolved, firstSuccess == nil ? 0 : 1),
      Metric(.returnShare, Double(followed) / Double(samples)),
      Metric(.returnAbandoned, Double(collections.reduce(0) { $0 + $1.abandoned })),
    ]
    if let best = archive.best {
      metrics.append(Metric(.archiveBestScore, archive.cells[best].best.score))
      metrics.append(Metric(.archiveBestLength, Double(archive.cells[best].best.length)))
    }
    if !returns.isEmpty {
      metrics.append(Metric(.returnSuccess, Double(returns.reduce(0) { $0 + Int($1) }) / Double(returns.count)))
    }
    if !results.isEmpty {
      let passed = results.reduce(0) { $0 + Double($1.passed) / Double($1.count) }
      metrics.append(Metric(.returnProgress, passed / Double(results.count)))
    }
    if let firstSuccess { metrics.append(Metric(.archiveFirstSuccess, Double(firstSuccess))) }
    return metrics
  }

  // MARK: Saving

  /// Takes over what the networks of another run learnt.
  public func adopt(_ state: SavedState) throws { try learner.adopt(state) }
  /// The learner's.
  public static func budgetSettings(_ configuration: PolicyGoExploreConfiguration) -> [String] {
    configuration.learner.budgetSettings(path: "agent.learner.")
  }

  /// Saves the learner, the archive with its trajectories, the stream and the last returns; directors are the
  /// collector's.
  public func save(to state: inout SavedState) {
    var part = SavedState()
    learner.save(to: &part)
    state.set(prefix: "learner", part)
    part = SavedState()
    archive.save(to: &part)
    state.set(prefix: "cells", part)
    state.set("random", random.words)
    state.set("returns", returns)
    state.set("firstSuccess", scalar: Int64(firstSuccess ?? -1))
  }

  /// Puts all that where it was saved.
  ///
  /// - Throws: `UserError` when an entry is missing, of another shape, or the archive contradicts itself.
  public func restore(from state: SavedState) throws {
    try learner.restore(from: state.get(prefix: "learner"))
    try knowledge.archive.restore(from: state.get(prefix: "cells"))
    random = try RandomSource(words: try state.get("random", count: 5))
    returns = try state.get("returns")
    let first = try state.scalar("firstSuccess", as: Int64.self)
    firstSuccess = first >= 0 ? Int(first) : nil
  }
}
