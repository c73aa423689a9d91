import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage compare` where every agent learns inside the episode and every environment is a bandit: nothing is trained,
/// `--seeds` counts repetitions, `--steps` the pulls of one, and all are stepped side by side.
struct RepetitionComparing {
  /// The most repetitions of an agent.
  static let most = 100_000
  /// How many there are where nobody says.
  static let usual = 1_000

  let environments: [EnvironmentRecipe]
  let agents: [AgentRecipe]
  let description: RepetitionDescription

  /// Whether these are repetitions: bandits, and agents that learn inside the episode.
  static func applies(environments: [String], agents: [String]) -> Bool {
    guard !environments.isEmpty, !agents.isEmpty else { return false }
    return environments.allSatisfy { (try? Catalog.listing($0))?.family == "bandit" }
      && agents.allSatisfy { text in
        guard let name = try? NamedSettings(parsing: text, example: "") else { return false }
        return (try? Catalog.agent(name.name))?.isPolicy ?? false
      }
  }

  /// - Parameters:
  ///   - pulls: Of an episode; nil for each environment's own.
  ///   - command: What repeats it.
  /// - Throws: `UserError` for what does not exist or cannot be, or is named twice.
  init(
    environments: [String], agents: [String], repetitions: Int, pulls: Int?, seed: UInt64, command: String
  ) throws {
    guard (2...RepetitionComparing.most).contains(repetitions) else {
      throw UserError(
        "\(repetitions) repetitions cannot be compared", fix: "Use 2 to \(RepetitionComparing.most) (--seeds)")
    }
    for (kind, names) in [("environment", environments), ("agent", agents)] {
      if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
        throw UserError("the \(kind) '\(names[twice])' is named twice", fix: "Leave one of them out")
      }
    }
    self.environments = try environments.map { text in
      let recipe = try Catalog.recipe(text)
      let named = try NamedSettings(parsing: text, example: "").changes(section: "environment")["horizon"]
      if let pulls, let named, named != .integer(pulls) {
        throw UserError(
          "'\(text)' says how many pulls there are, and --steps says \(pulls)", fix: "Leave one of them out")
      }
      return try pulls.map { try recipe.changing(["horizon": .integer($0)]) } ?? recipe
    }
    self.agents = try agents.map { text in
      let name = try NamedSettings(parsing: text, example: "--agent 'ucb1(exploration=0.5)'")
      return try Catalog.agent(name.name).recipe(changes: name.changes(section: "agent"))
    }
    try RepetitionComparing.checkAlike(environments, self.environments.map { ($0.id, $0.configuration) })
    try RepetitionComparing.checkAlike(agents, self.agents.map { ($0.id, $0.configuration) })
    description = RepetitionDescription(
      command: command,
      environments: try zip(environments, self.environments).map { text, recipe in
        try RepetitionDescription.Part(
          name: try Catalog.environmentName(text, id: recipe.id), id: recipe.id, configuration: recipe.configuration)
      },
      agents: try zip(agents, self.agents).map { text, recipe in
        try RepetitionDescription.Part(name: text, id: recipe.id, configuration: recipe.configuration)
      }, repetitions: repetitions, seed: seed)
  }

  /// Refuses two that are the same however they are written: their difference would be 0, and mean nothing.
  private static func checkAlike(_ texts: [String], _ parts: [(id: String, configuration: JSON)]) throws(UserError) {
    for place in parts.indices {
      let part = parts[place]
      if let same = parts[..<place].firstIndex(where: { $0.id == part.id && $0.configuration == part.configuration }) {
        throw UserError("'\(texts[same])' and '\(texts[place])' are the same", fix: "Leave one of them out")
      }
    }
  }

  /// The comparison that a directory holds.
  ///
  /// - Throws: `UserError` for an id or a setting that this program lacks.
  init(_ description: RepetitionDescription) throws {
    self.description = description
    for part in description.environments + description.agents { try part.checkFiles() }
    environments = try description.environments.map { try Catalog.environment($0.id).recipe(changes: $0.configuration) }
    agents = try description.agents.map { try Catalog.agent($0.id).recipe(changes: $0.configuration) }
  }

  /// Steps what is missing, then reports.
  ///
  /// - Throws: `UserError` when an agent cannot be made or a file cannot be written; `ExitStatus` after a signal.
  func run(in path: String, jobs: Int, json: Bool) throws {
    // Whatever is wrong with any agent shows before anything is written.
    let made = try environments.map { recipe in
      try agents.map {
        try $0.makeAgent(in: recipe, rewards: [RewardComponent("environment")], seed: description.seed)
      }
    }
    let study = try RepetitionStudy(description, in: path)
    let workers = Workers(count: jobs == 0 ? Workers.cores : jobs)
    for (environment, recipe) in environments.enumerated() {
      for agent in agents.indices {
        let start = Clock.seconds
        let isThere = try study.cell(environment: environment, agent: agent) != nil
        guard
          let cell = try study.measure(
            environment: environment, agent: agent, in: recipe, by: made[environment][agent],
            signals: try agents[agent].signals(in: recipe.specification), workers: workers,
            shouldStop: { Interruption.wasRequested })
        else {
          LineOutput.note("stopped, what is finished is saved; go on with `\(description.command)`")
          throw Interruption.exitStatus
        }
        guard !isThere else { continue }
        let seconds = max(1e-9, Clock.seconds - start)
        let length = cell.curves[0].last?.step ?? 1
        let figure = cell.estimate(0)
        LineOutput.note(
          "\(description.environments[environment].name)  \(description.agents[agent].name): "
            + "\(cell.measures[0].name) \(Format.number(figure.value, digits: 2)) "
            + "(\(Format.duration(seconds)), "
            + "\(Format.rate(Double(length * description.repetitions) / seconds)) pulls/s)")
      }
    }
    try RepetitionComparing.report(study, json: json)
  }

  /// Writes the page and prints the tables, or the document.
  static func report(_ study: RepetitionStudy, json: Bool) throws {
    let figures = try RepetitionFigures(study)
    let page = try RepetitionPage(figures).write(to: study.path)
    if json { return LineOutput.result(figures.json.text(pretty: true)) }
    LineOutput.result(figures.terminalText(width: LineOutput.outputColumns), terminator: "")
    LineOutput.result("report: \(page)")
  }
}
