public import Experiments
public import Groundwork
import ReinforcementLearning

/// Which texts of `--set` mean several values.
extension Catalog {
  /// The texts of `--set`, those that give a setting several values apart.
  ///
  /// - Parameters:
  ///   - environment: As `--env` takes it; its settings and the agent's say which values are one.
  ///   - agent: As `--agent` takes it.
  /// - Throws: `UserError` for an id that does not exist, a text that is not key=value, or a range that cannot be.
  public static func sweeps(
    in assignments: [String], environment: String, agent: String
  ) throws(UserError) -> (single: [String], sweeps: [SettingSweep]) {
    let environment = try listing(environment)
    let agent = try Catalog.agent(try NamedSettings(parsing: agent, example: agentExample).name)
    var single: [String] = []
    var sweeps: [SettingSweep] = []
    for text in assignments {
      let sweep = try SettingSweep(parsing: text) { takes($0, environment, agent) }
      guard let sweep else {
        single.append(text)
        continue
      }
      sweeps.append(sweep)
    }
    return (single, sweeps)
  }

  /// - Throws: `UserError` where one run is given several values of a setting: it points to the comparison.
  ///
  /// - Parameter configuration: The run's, for what the advice names.
  public static func refuseSweeps(
    in assignments: [String], of configuration: RunConfiguration
  ) throws(UserError) {
    guard let environment = configuration.environment else { return }
    let agent = configuration.agent ?? defaultAgent
    guard let sweep = try sweeps(in: assignments, environment: environment, agent: agent).sweeps.first else { return }
    throw UserError(
      "'\(sweep.key)' is given several values, and a run has one",
      fix: "Name one of them, or compare them: `forage compare --env ... --set \(sweep.key)=... --out runs/sweep`")
  }

  /// Whether a setting takes a value as it stands; an unknown one takes all, and is refused by whoever plans with it.
  private static func takes(
    _ assignment: SettingAssignment, _ environment: EnvironmentListing, _ agent: AgentListing
  ) -> Bool {
    var request = RunConfiguration()
    do {
      try request.apply([assignment], environmentKeys: environment.keys, agentKeys: agent.keys)
    } catch {
      return true
    }
    return environment.takes(request.environmentChanges) && agent.takes(request.agentChanges)
      && RunSettings.takes(request.runChanges)
  }
}
