public import Groundwork
public import ReinforcementLearning

/// Monte Carlo tree search: plans every action anew with the environment as its simulator, and learns nothing.
///
/// It works wherever an environment's slots can be copied: discrete actions, with masks or without, and continuous ones
/// (progressive widening); one player or two; deterministic dynamics, where the tree keeps states, and stochastic ones,
/// where it averages over fresh draws. A planner is told apart from a learner in every result by its need of a
/// simulator; it never sees what the real slot will draw.
///
/// An environment that moves for an opponent (a board game against `random`) is planned as the two-player game that it
/// is, with the best replies expected; `opponentModel: environment` plans against that very opponent instead.
public final class MCTS: Agent {
  /// What `agent.KEY` sets.
  public typealias Configuration = MCTSConfiguration

  /// A simulator and the environment's own reward; actions of any kind, one player or two.
  public static func requirements(_ configuration: MCTSConfiguration) -> Requirements {
    Requirements(needs: .simulator, players: .both, rewards: .environment)
  }

  private let configuration: MCTSConfiguration
  private let simulator: Simulator

  /// A planner; it has no state of its own.
  ///
  /// - Throws: `UserError` for values that no search can have, and for transpositions or priors where that environment
  ///   has none.
  public init(_ configuration: MCTSConfiguration, in setting: AgentSetting) throws {
    try configuration.check()
    self.configuration = configuration
    simulator = setting.simulator!
    let specification = setting.specification
    try configuration.checkSizes(
      rowBytes: ObservationLayout(specification).rowBytes, snapshotBytes: setting.recipe.snapshotBytes,
      actions: specification.actions.isDiscrete ? specification.actions.count : 16)
    // What cannot be searched, for example states without a digest with transpositions, is refused now.
    _ = try Planner(configuration, recipe: simulator.recipe)
  }

  /// Plays and logs until the budget is spent; nothing is learnt.
  public func train(in session: TrainingSession) throws {
    let collector = try session.makeCollector(
      slots: configuration.environments, batches: configuration.batches, steps: configuration.steps)
    let slots = configuration.environments / configuration.batches
    var policies = try collector.batches.map { _ in
      try MCTSPolicy(configuration, simulator, slots: slots, choice: configuration.choice)
    }
    while !session.isFinished {
      try session.collect(&policies)
      try session.endIteration(of: self, metrics: MCTS.metrics(policies))
    }
  }

  /// A fresh search for every slot.
  public func makePolicy(slots: Int, choice: ActionChoice) throws -> any Policy {
    try MCTSPolicy(configuration, simulator, slots: slots, choice: choice)
  }

  /// Nothing: every decision is planned anew.
  public func save(to state: inout SavedState) {}
  /// Nothing.
  public func restore(from state: SavedState) throws {}

  /// Averages over the decisions since the last call.
  private static func metrics(_ policies: [MCTSPolicy]) -> [Metric] {
    var sum = MCTSPolicy.Statistics()
    for policy in policies { sum.add(policy.takeStatistics()) }
    let decisions = Double(max(1, sum.decisions))
    return [
      Metric(.searchSimulations, Double(sum.simulations) / decisions),
      Metric(.searchDepth, Double(sum.depth) / Double(max(1, sum.simulations))),
      Metric(.searchDeepest, Double(sum.deepest)), Metric(.searchValue, sum.value / decisions),
      Metric(.searchSolved, Double(sum.solved) / decisions), Metric(.searchReused, Double(sum.reused) / decisions),
    ]
  }
}
