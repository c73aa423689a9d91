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
  ///   - out: The comparison's directory, for the command that repeats it.
  /// - Throws: `UserError` for what does not exist or cannot be, or is named twice.
  init(
    environments: [String], agents: [String], repetitions: Int, pulls: Int?, seed: UInt64, out: String
  ) throws {
    try self.init(
      environments: try RepetitionComparing.environments(environments, pulls: pulls),
      agents: try RepetitionComparing.agents(agents), repetitions: repetitions, pulls: pulls, seed: seed, out: out)
  }

  /// What a comparison becomes when agents, environments or repetitions are added to it.
  ///
  /// - Parameter repetitions: Nil for as many as it has.
  /// - Throws: `UserError` for what does not exist or cannot be, or is there already.
  init(
    adding environments: [String], agents: [String], repetitions: Int?, to old: RepetitionDescription, out: String
  ) throws {
    if let repetitions, repetitions < old.repetitions {
      throw UserError(
        "'\(out)' has \(old.repetitions) repetitions, which cannot become \(repetitions)",
        fix: "Use a greater --seeds, or begin a new comparison (--out)")
    }
    let there = try RepetitionComparing(old)
    try self.init(
      environments: zip(old.environments.map(\.name), there.environments)
        + (try RepetitionComparing.environments(environments, pulls: old.pulls)),
      agents: zip(old.agents.map(\.name), there.agents) + (try RepetitionComparing.agents(agents)),
      repetitions: repetitions ?? old.repetitions, pulls: old.pulls, seed: old.seed, out: out)
  }

  /// A name with what it stands for.
  private typealias Named<Recipe> = (text: String, recipe: Recipe)

  private init(
    environments: [Named<EnvironmentRecipe>], agents: [Named<AgentRecipe>], repetitions: Int, pulls: Int?,
    seed: UInt64, out: String
  ) throws {
    guard (2...RepetitionComparing.most).contains(repetitions) else {
      throw UserError(
        "\(repetitions) repetitions cannot be compared", fix: "Use 2 to \(RepetitionComparing.most) (--seeds)")
    }
    for (kind, names) in [("environment", environments.map(\.text)), ("agent", agents.map(\.text))] {
      if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
        throw UserError("the \(kind) '\(names[twice])' is named twice", fix: "Leave one of them out")
      }
    }
    try RepetitionComparing.checkAlike(environments.map { ($0.text, $0.recipe.id, $0.recipe.configuration) })
    try RepetitionComparing.checkAlike(agents.map { ($0.text, $0.recipe.id, $0.recipe.configuration) })
    self.environments = environments.map(\.recipe)
    self.agents = agents.map(\.recipe)
    let parts = try environments.map { text, recipe in
      RepetitionDescription.Part(
        name: try Catalog.environmentName(text, id: recipe.id), id: recipe.id, configuration: recipe.configuration)
    }
    var words = ["forage", "compare"]
    words += parts.flatMap { ["--env", $0.name] } + agents.flatMap { ["--agent", $0.text] }
    words += ["--seeds", String(repetitions)]
    if seed != 1 { words += ["--first-seed", String(seed)] }
    if let pulls { words += ["--steps", String(pulls)] }
    description = RepetitionDescription(
      command: (words + ["--out", out]).map(Shell.quoted).joined(separator: " "), environments: parts,
      agents: agents.map { text, recipe in
        RepetitionDescription.Part(name: text, id: recipe.id, configuration: recipe.configuration)
      }, repetitions: repetitions, seed: seed, pulls: pulls)
  }

  private static func environments(_ texts: [String], pulls: Int?) throws -> [Named<EnvironmentRecipe>] {
    try texts.map { text in
      let recipe = try Catalog.recipe(text)
      let named = try NamedSettings(parsing: text, example: "").changes(section: "environment")["horizon"]
      if let pulls, let named, named != .integer(pulls) {
        throw UserError(
          "'\(text)' says how many pulls there are, and --steps says \(pulls)", fix: "Leave one of them out")
      }
      return (text, try pulls.map { try recipe.changing(["horizon": .integer($0)]) } ?? recipe)
    }
  }

  private static func agents(_ texts: [String]) throws -> [Named<AgentRecipe>] {
    try texts.map { text in
      let name = try NamedSettings(parsing: text, example: "--agent 'ucb1(exploration=0.5)'")
      return (text, try Catalog.agent(name.name).recipe(changes: name.changes(section: "agent")))
    }
  }

  /// Refuses two that are the same however they are written: their difference would be 0, and mean nothing.
  private static func checkAlike(_ parts: [(text: String, id: String, configuration: JSON)]) throws(UserError) {
    for (place, part) in parts.enumerated() {
      if let same = parts[..<place].first(where: { $0.id == part.id && $0.configuration == part.configuration }) {
        throw UserError("'\(same.text)' and '\(part.text)' are the same", fix: "Leave one of them out")
      }
    }
  }

  /// The comparison that a directory holds.
  ///
  /// - Throws: `UserError` for an id or a setting that this program lacks.
  init(_ description: RepetitionDescription) throws {
    self.description = description
    environments = try description.environments.map { try Catalog.environment($0.id).recipe(changes: $0.configuration) }
    agents = try description.agents.map { try Catalog.agent($0.id).recipe(changes: $0.configuration) }
  }

  /// Steps what is missing, then reports.
  ///
  /// - Throws: `UserError` when an agent cannot be made or a file cannot be written; `ExitStatus` after a signal.
  ///
  /// - Parameter isExtension: Whether something was added to the comparison that the directory holds.
  func run(in path: String, isExtension: Bool = false, jobs: Int, json: Bool) throws {
    // Whatever is wrong with any agent shows before anything is written.
    let made = try environments.map { recipe in
      try agents.map {
        try $0.makeAgent(in: recipe, rewards: [RewardComponent("environment")], seed: description.seed)
      }
    }
    let study =
      isExtension
      ? try RepetitionStudy(extending: path, to: description) : try RepetitionStudy(description, in: path)
    let workers = Workers(count: jobs == 0 ? Workers.cores : jobs)
    tellSize()
    for (environment, recipe) in environments.enumerated() {
      for agent in agents.indices {
        let start = Clock.seconds
        let isThere = try study.cell(environment: environment, agent: agent) != nil
        let progress = isThere ? nil : EpisodeProgress(of: description.repetitions, as: "repetition")
        defer { progress?.end() }
        guard
          let cell = try study.measure(
            environment: environment, agent: agent, in: recipe, by: made[environment][agent],
            signals: try agents[agent].signals(in: recipe.specification), workers: workers,
            shouldStop: { Interruption.wasRequested }, whenEnded: { progress?.ended($0) })
        else {
          progress?.end()
          let wayOn = isExtension ? "the same command" : "`\(description.command)`"
          LineOutput.note("stopped, what is finished is saved; go on with \(wayOn)")
          throw Interruption.exitStatus
        }
        guard !isThere else { continue }
        progress?.end()
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
    try study.conclude()
    try RepetitionComparing.report(study, isWritten: true, json: json)
  }

  /// Says how much there is to do, where that is more than a moment's work.
  private func tellSize() {
    let pulls = environments.map { Double($0.specification.timeLimit ?? 0) }.reduce(0, +)
    let all = pulls * Double(agents.count) * Double(description.repetitions)
    guard all >= 1e9 else { return }
    let time = Format.duration(all / 1e7)
    LineOutput.note("\(Format.count(Int(min(all, 1e18)))) pulls in all, at ten million a second about \(time)")
  }

  /// Writes the page and prints the tables, or the document.
  ///
  /// - Parameter isWritten: Whether the caller writes into the directory; who only reads needs no right to, and the
  ///   page is then left out.
  static func report(_ study: RepetitionStudy, isWritten: Bool, json: Bool) throws {
    let figures = try RepetitionFigures(study)
    let page: Result<String, UserError>
    do throws(UserError) {
      page = .success(try RepetitionPage(figures).write(to: study.path))
    } catch {
      page = .failure(error)
    }
    if json {
      LineOutput.result(figures.json.text(pretty: true))
    } else {
      LineOutput.result(figures.terminalText(width: LineOutput.outputColumns), terminator: "")
      if case .success(let path) = page { LineOutput.result("report: \(path)") }
    }
    try ReportCommand.tell(page, of: study.path, isWritten: isWritten)
  }
}
