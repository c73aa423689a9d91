public import Experiments
public import Groundwork
public import ReinforcementLearning

/// Who plays in `forage match`: a run's agent as a checkpoint left it, or an agent by its id.
extension Catalog {
  /// The two-player game of an environment; one with an opponent inside is played without it.
  ///
  /// - Throws: `UserError` for an environment of one player, or of continuous actions.
  public static func game(_ recipe: EnvironmentRecipe) throws(UserError) -> EnvironmentRecipe {
    let game = recipe.selfPlay ?? recipe
    guard game.specification.players == 2, case .discrete = game.specification.actions else {
      throw UserError(
        "'\(recipe.id)' is not a game of two players who take turns", fix: "Use for example board/ConnectFour")
    }
    return game
  }

  /// A player.
  ///
  /// - Parameters:
  ///   - text: `NAME` or `NAME(key=value,...)`: the directory of a run or the id of an agent, and changes to the
  ///     agent's settings, for example `runs/four(evaluationSimulations=256)` or `mcts(simulations=1000)`.
  ///   - game: What `game(_:)` returned.
  ///   - seed: Of an agent that comes from no run.
  ///   - choice: How it acts.
  /// - Throws: `UserError` for a name or a setting that does not exist, or an agent that cannot play this game.
  public static func player(
    _ text: String, in game: EnvironmentRecipe, seed: UInt64, choice: ActionChoice = .mode
  ) throws -> Match.Player {
    let argument = try NamedSettings(parsing: text, example: "'go-explore(selection=uniform)'")
    let changes = argument.changes(section: "agent")
    let (plan, agent) =
      if Files.isDirectory(argument.name) {
        try restoredAgent(RunDirectory(opening: argument.name), changes, game)
      } else {
        try newAgent(argument.name, changes, game, seed: seed)
      }
    return Match.Player(name: text, signals: plan.signals) { try agent.makePolicy(slots: 1, choice: choice) }
  }

  private static func restoredAgent(
    _ directory: RunDirectory, _ changes: JSON, _ game: EnvironmentRecipe
  ) throws -> (RunPlan, any Agent) {
    var description = try directory.description()
    guard description.environment.id == game.id else {
      throw UserError(
        "'\(directory.path)' learnt '\(description.environment.id)', not '\(game.id)'", fix: "Match it in its own game")
    }
    description.agent.configuration = try agent(description.agent.id).recipe(
      changes: description.agent.configuration.overlaid(with: changes)
    ).configuration
    let plan = try plan(description)
    let (own, wanted) = (plan.environment.specification, game.specification)
    guard own.fields == wanted.fields, own.actions == wanted.actions else {
      throw UserError(
        "'\(directory.path)' learnt '\(game.id)' with other observations or actions",
        fix: "Give the game the run's settings (--set)")
    }
    return (plan, try plan.makeAgent(restoredFrom: directory.checkpoint(step: nil)))
  }

  private static func newAgent(
    _ id: String, _ changes: JSON, _ game: EnvironmentRecipe, seed: UInt64
  ) throws -> (RunPlan, any Agent) {
    guard let listing = agents.first(where: { $0.id == id.lowercased() }) else {
      if id.contains("/") {
        throw UserError("there is no run '\(id)'", fix: "Check the path; `forage train` makes runs")
      }
      throw UserError.unknown(
        "run or agent", id, among: agents.map(\.id), hint: "`forage list agents` shows all agents")
    }
    var configuration = RunConfiguration()
    configuration.environment = game.id
    configuration.environmentChanges = game.configuration
    configuration.agent = listing.id
    configuration.agentChanges = changes
    configuration.setRun("seed", JSON(encoding: seed))
    let plan = try plan(configuration)
    return (plan, try plan.makeAgent())
  }
}
