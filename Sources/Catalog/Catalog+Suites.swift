public import Experiments
import Groundwork
import ReinforcementLearning

extension Catalog {
  /// Holds a suite against what exists, before anything is planned: every id and every setting by itself, so that the
  /// line which is wrong can be named.
  ///
  /// - Throws: `UserError` with file, line and key.
  public static func check(_ suite: Suite) throws {
    for (number, text) in suite.agents.enumerated() {
      try suite.locating("agents.\(number)") { _ = try agentRecipe(text) }
    }
    for (number, task) in suite.tasks.enumerated() {
      let environment = try suite.locating("tasks.\(number)") { try recipe(task.environment) }
      let judged = environment.specification.measures[0]
      if let scale = task.scale, (scale[0] < scale[1]) != (judged.direction == .higher) {
        throw suite.refusal(
          at: "tasks.\(number).scale",
          "of \(judged.name), which it is judged by, \(judged.direction == .higher ? "more" : "less") is better, so "
            + "\(scale[0]) cannot score 0 and \(scale[1]) 1", fix: "Write [\(scale[1]), \(scale[0])]")
      }
      for (number, text) in suite.rewards.enumerated() {
        try suite.locating("rewards.\(number)") {
          let agent = try agentRecipe(suite.agents.first ?? defaultAgent)
          _ = try RewardDesignRecipe(
            RewardSpecification(parsing: text), among: rewards, for: environment.specification,
            agentDiscount: agent.discount)
        }
      }
      for (key, settings) in [("set", suite.settings), ("tasks.\(number).set", task.settings)] {
        for setting in settings {
          guard !setting.hasPrefix("run.seed="), !setting.hasPrefix("seed=") else {
            throw suite.refusal(
              at: "\(key).run.seed", "a suite's runs have seeds that follow one another",
              fix: "Write firstSeed and seeds beside the tasks")
          }
          try suite.locating("\(key).\(setting.prefix { $0 != "=" })") {
            for agent in suite.agents.isEmpty ? [defaultAgent] : suite.agents {
              var request = RunConfiguration()
              request.environment = task.environment
              request.agent = agent
              _ = try plan(request, assignments: [try SettingAssignment(parsing: setting)])
            }
          }
        }
      }
    }
  }

  /// An agent with its own settings alone.
  private static func agentRecipe(_ text: String) throws -> AgentRecipe {
    let name = try NamedSettings(parsing: text, example: agentExample)
    return try agent(name.name).recipe(changes: name.changes(section: "agent"))
  }
}
