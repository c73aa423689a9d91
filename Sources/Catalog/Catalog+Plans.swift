public import Experiments
import Groundwork
public import ReinforcementLearning
import RewardModels

/// Makes runs that can be started of what a person asked for, or of what a run's directory says.
extension Catalog {
  /// The run that a configuration asks for: defaults, then presets, then the configuration, then assignments.
  ///
  /// - Throws: `UserError` for an id, a key or a value that does not exist or cannot be used.
  public static func plan(
    _ configuration: RunConfiguration, assignments: [SettingAssignment] = []
  ) throws -> RunPlan {
    guard let environmentId = configuration.environment else {
      throw UserError("no environment is named", fix: "Write for example `forage train gridworld/DoorKey-5x5`")
    }
    let environment = try environment(environmentId)
    let agent = try agent(configuration.agent ?? defaultAgent)
    var configuration = configuration
    try configuration.apply(assignments, environmentKeys: environment.keys, agentKeys: agent.keys)
    let preset = Presets.changes(agent: agent.id, environment: environment.id)
    let run = try Settings.apply(
      Presets.runChanges(environment: environment.id).overlaid(with: configuration.runChanges), to: RunSettings(),
      of: "the run", path: "")
    return try plan(
      environment: try environment.recipe(changes: configuration.environmentChanges),
      agent: try agent.recipe(changes: preset.overlaid(with: configuration.agentChanges)),
      reward: configuration.reward ?? "environment", run: run)
  }

  /// The run that a `run.json` describes.
  ///
  /// - Throws: `UserError` when this program lacks one of its ids or settings.
  public static func plan(_ description: RunDescription) throws -> RunPlan {
    try plan(
      environment: try environment(description.environment.id).recipe(changes: description.environment.configuration),
      agent: try agent(description.agent.id).recipe(changes: description.agent.configuration),
      reward: description.reward, run: description.run)
  }

  private static func plan(
    environment: EnvironmentRecipe, agent: AgentRecipe, reward: String, run: RunSettings
  ) throws -> RunPlan {
    try run.validate()
    let specification = try RewardSpecification(parsing: reward)
    let seed = run.seed
    let makeRewardModel: @Sendable () throws -> any RewardModel = {
      try RewardDesign(
        specification, available: rewards, specification: environment.specification, seed: seed)
    }
    _ = try makeRewardModel()
    return try RunPlan(
      environment: environment, agent: agent, reward: specification.description, run: run,
      makeRewardModel: makeRewardModel)
  }

  /// The agent of a run that names none.
  public static let defaultAgent = agents.contains { $0.id == "ppo" } ? "ppo" : "random"

  /// The environment that a replay was recorded in.
  public static func recipe(of replay: Replay) throws -> EnvironmentRecipe {
    try environment(replay.environment).recipe(changes: replay.configuration)
  }
}
