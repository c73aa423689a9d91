import Groundwork
public import ReinforcementLearning

/// A run that can be started: its description with everything that its ids stand for. No agent and no reward model is
/// made for it before one is asked for.
public struct RunPlan: Sendable {
  public var description: RunDescription
  public var environment: EnvironmentRecipe
  public var agent: AgentRecipe
  public var reward: RewardDesignRecipe
  /// Refuses files that are not those which the run was begun with; asked where a run begins anew without a checkpoint.
  public var checkFiles: @Sendable () throws -> Void

  /// - Parameter demonstrations: The digest of what the agent's configuration names.
  public init(
    environment: EnvironmentRecipe, agent: AgentRecipe, reward: RewardDesignRecipe, demonstrations: String? = nil,
    run: RunSettings, checkFiles: @escaping @Sendable () throws -> Void = {}
  ) {
    description = RunDescription(
      environment: environment, agent: agent, reward: reward, demonstrations: demonstrations, run: run)
    self.environment = environment
    self.agent = agent
    self.reward = reward
    self.checkFiles = checkFiles
  }

  /// The reward design as it is before training.
  public func makeRewardDesign() throws -> RewardDesign {
    try reward.makeDesign(for: environment, seed: description.run.seed)
  }

  /// A new agent, as it is before training.
  ///
  /// - Throws: `UserError` when it cannot learn from this reward or act in this environment.
  public func makeAgent() throws -> any Agent {
    let agent = try agent.makeAgent(
      specification: environment.specification, rewards: reward.components, seed: description.run.seed)
    try agent.check(environment)
    return agent
  }

  /// The agent as a checkpoint left it.
  ///
  /// - Throws: `UserError` when the checkpoint is of another configuration.
  public func makeAgent(restoredFrom checkpoint: Checkpoint) throws -> any Agent {
    let agent = try makeAgent()
    try checkpoint.naming { try agent.restore(from: checkpoint.state.get(prefix: "agent")) }
    return agent
  }
}
