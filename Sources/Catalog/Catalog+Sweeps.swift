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
  /// - Throws: `UserError` for an id that does not exist, a text that is not key=value, a range that cannot be, or
  ///   several values of what makes another task or another measurement: arms would not be about the same.
  public static func sweeps(
    in assignments: [String], environment text: String, agent: String
  ) throws(UserError) -> (single: [String], sweeps: [SettingSweep]) {
    let environment = try listing(text)
    let agent = try Catalog.agent(try NamedSettings(parsing: agent, example: agentExample).name)
    var single: [String] = []
    var sweeps: [SettingSweep] = []
    for text in assignments {
      let sweep = try SettingSweep(parsing: text) { takes($0, environment, agent) }
      guard let sweep else {
        single.append(text)
        continue
      }
      try refuseOtherTasks(sweep, text, in: environment, agent)
      sweeps.append(sweep)
    }
    return (single, sweeps)
  }

  /// Settings of a run that say how it is measured.
  private static let measuring: Set = ["evaluationEpisodes", "finalEpisodes", "evaluationChoice"]

  /// What an environment shows may differ between arms; what it asks and pays may not.
  private static func refuseOtherTasks(
    _ sweep: SettingSweep, _ text: String, in environment: EnvironmentListing, _ agent: AgentListing
  ) throws(UserError) {
    var request = RunConfiguration()
    let path = try SettingAssignment(parsing: sweep.key + "=0").path
    try request.apply(
      [SettingAssignment(path: path, value: sweep.example)], environmentKeys: environment.keys, agentKeys: agent.keys)
    if let key = request.environmentChanges.object?.keys.first, key != "frameStack" {
      let inner = path.first == "environment" ? path.dropFirst() : path[...]
      let setting = inner.joined(separator: ".")
      let values = sweep.list.prefix(2).map { value in
        "--env " + Shell.quoted("\(environment.id)(\(setting)=\(value))")
      }
      throw UserError(
        "values of '\(sweep.key)' are other tasks, and arms are ranked on the same one",
        fix: "Name environments instead, each judged by itself: \(values.joined(separator: " "))")
    }
    if let key = request.runChanges.object?.keys.first, measuring.contains(key) {
      throw UserError(
        "values of '\(sweep.key)' are other measurements, and arms are measured alike",
        fix: "Name one of them, or make a comparison for each")
    }
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
