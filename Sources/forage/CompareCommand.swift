import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage compare`: reward designs (and agents) against each other, over environments and seeds.
///
/// The directory holds `comparison.json`, a run's directory for each arm, environment and seed, and the report.
/// A comparison that is there already is gone on with; finished runs are not repeated.
struct CompareCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train every reward design in every environment with several seeds, and report who is better.",
    discussion: """
      The same command again, or --resume DIR, goes on with what is missing. Results do not depend on --jobs.

      Example:
        forage compare --env gridworld/DoorKey-5x5 --reward environment --reward environment+0.01*count \
      --seeds 5 --steps 200k --out runs/doors
      """)

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp(
      "An environment's id, its settings in parentheses: 'gridworld/DoorKey-8x8(level.side=6)'; may be repeated.",
      valueName: "env"))
  /// The configuration file's environment where none is named.
  var environments: [String] = []

  @Option(
    name: .customLong("reward"),
    help: ArgumentHelp(
      "A reward design; may be repeated. The first is what the others are compared with.", valueName: "spec"))
  /// The configuration file's design, else the environment's own reward, where none is named.
  var rewards: [String] = []

  @Option(
    name: .customLong("agent"),
    help: ArgumentHelp(
      "An agent's id, its own settings in parentheses: 'ppo(epochs=8)'; may be repeated.", valueName: "agent"))
  /// The configuration file's agent, else the catalog's default, where none is named. With more than one an arm
  /// is an agent with a design.
  var agents: [String] = []

  /// 1 to 1000; every arm has the same seeds, so that runs can be compared in pairs.
  @Option(help: "Runs of every arm in every environment, with the seeds 1, 2, ...")
  var seeds = 5

  /// Nil: the configuration file's or the agent's usual budget.
  @Option(help: "Budget of every run in environment steps, for example 200k.")
  var steps: StepCount?

  @Option(help: ArgumentHelp("The comparison's directory.", valueName: "dir"))
  /// Needed, unless `resume` names the directory.
  var out: String?

  @Option(help: ArgumentHelp("Goes on with the comparison in that directory.", valueName: "dir"))
  /// Nothing else may be set beside it but `jobs` and `json`: a comparison goes on as it was begun.
  var resume: String?

  /// 0 to 256; results do not depend on it.
  @Option(help: "Runs at a time; 0 for one a core.")
  var jobs = 0

  /// The document of `report.json` in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// The configuration file and the changes that apply to every run.
  @OptionGroup var options: ConfigurationOptions

  /// - Throws: `ValidationError`, exit status 1, for numbers of seeds or jobs outside their ranges.
  func validate() throws {
    guard (1...1000).contains(seeds) else { throw ValidationError("--seeds must lie in 1...1000, not \(seeds)") }
    guard (0...256).contains(jobs) else { throw ValidationError("--jobs must lie in 0...256, not \(jobs)") }
  }

  /// Trains what is missing, then reports.
  ///
  /// Exit status: 0 when every run is finished, 1 when one failed (the report is written all the same), 130 or
  /// 143 after a signal, when everything so far is saved and nothing is reported.
  func run() throws {
    Interruption.listen()
    let comparison = try comparison()
    let progress = ComparisonProgress(comparison.description)
    let statuses = comparison.carryOut(
      jobs: jobs == 0 ? Workers.cores : jobs, shouldStop: { Interruption.wasRequested }
    ) { progress.show($0, $1) }
    progress.end()
    try conclude(comparison, statuses)
  }

  /// Reports what there is, then says what is missing.
  ///
  /// - Throws: `ExitStatus` after a signal, before anything is reported; `UserError` when a run failed, after
  ///   the report.
  private func conclude(_ comparison: Comparison, _ statuses: [Comparison.Status]) throws {
    var failures: [String: UserError] = [:]
    for (run, status) in zip(comparison.description.runs, statuses) {
      if case .failed(let error) = status { failures[run.path] = error }
    }
    let isStopped = statuses.contains { if case .stopped = $0 { true } else { false } }
    if isStopped && Interruption.wasRequested {
      LineOutput.note(
        "stopped, everything so far is saved; go on with `forage compare --resume \(comparison.path)`, or look at "
          + "what is finished with `forage report \(comparison.path)`")
      throw Interruption.exitStatus
    }
    if failures.count < statuses.count {
      try ReportCommand.report(
        on: comparison, failures: failures, isWritten: true, json: json) }
    for path in failures.keys.sorted() { LineOutput.error("\(path): \(failures[path]!.description)") }
    if !failures.isEmpty {
      throw UserError(
        "\(failures.count) of \(statuses.count) runs failed",
        fix: "`forage compare --resume \(comparison.path)` tries them again")
    }
  }

  /// The comparison that `--resume` names, or the one that the options describe.
  ///
  /// - Throws: `UserError` when `--resume` has other options beside it, `--out` is missing, or the directory
  ///   holds another comparison.
  private func comparison() throws -> Comparison {
    let makePlan: @Sendable (RunDescription) throws -> RunPlan = { try Catalog.plan($0) }
    if let resume {
      guard environments.isEmpty, rewards.isEmpty, agents.isEmpty, steps == nil, out == nil, options.config == nil,
        options.assignments.isEmpty
      else {
        throw UserError(
          "--resume goes on with a comparison as it was begun",
          fix: "Leave the other options out, or name --out for a new one")
      }
      return try Comparison(opening: resume, isWritten: true, makePlan: makePlan)
    }
    guard let out else {
      throw UserError("no directory is named for the comparison", fix: "Add for example --out runs/doors")
    }
    return try Comparison(try description(), in: out, makePlan: makePlan)
  }

  /// Every arm in every environment, with the first seed.
  ///
  /// Each cell is planned here, so that an unknown id or setting is refused before the first run begins.
  ///
  /// - Throws: `UserError` for what cannot be planned, or an arm or environment that is named twice.
  private func description() throws -> ComparisonDescription {
    var base = try options.configuration()
    if let steps { base.setRun("steps", .integer(steps.value)) }
    base.setRun("seed", 1)
    let assignments = try options.parsedAssignments()
    let environments = environments.isEmpty ? [base.environment].compactMap(\.self) : environments
    guard !environments.isEmpty else {
      throw UserError("no environment is named", fix: "Add for example --env gridworld/DoorKey-5x5")
    }
    let rewards = rewards.isEmpty ? [base.reward ?? "environment"] : rewards
    let agents = agents.isEmpty ? [base.agent ?? Catalog.defaultAgent] : agents
    var cells: [RunDescription] = []
    var names: [String] = []
    var remarks: [String] = []
    var arms: [String] = []
    for (place, environment) in environments.enumerated() {
      for agent in agents {
        for reward in rewards {
          var request = base
          request.environment = environment
          request.agent = agent
          request.reward = reward
          let plan = try Catalog.plan(request, assignments: assignments)
          cells.append(plan.description)
          let arm = agents.count == 1 ? plan.reward.text : "\(agent): \(plan.reward.text)"
          for remark in plan.reward.remarks where !remarks.contains(remark) { remarks.append(remark) }
          if place == 0 { arms.append(arm) }
        }
      }
    }
    for (index, environment) in environments.enumerated() {
      names.append(try Catalog.environmentName(environment, id: cells[index * arms.count].environment.id))
    }
    for remark in remarks { LineOutput.note(remark) }
    for (kind, names) in [("arm", arms), ("environment", names)] {
      if let twice = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) })?.element {
        throw UserError("the \(kind) '\(twice)' is named twice", fix: "Leave one of them out")
      }
    }
    return ComparisonDescription(
      command: command(environments, rewards, agents, steps: cells[0].run.steps), arms: arms, environments: names,
      seeds: (1...UInt64(seeds)).map { $0 }, cells: cells)
  }

  /// The command line that repeats the comparison.
  ///
  /// Settings in parentheses are quoted for the shell; the report shows it, so that a comparison can be
  /// repeated from its page alone.
  private func command(_ environments: [String], _ rewards: [String], _ agents: [String], steps: Int) -> String {
    var words = ["forage", "compare"]
    for environment in environments { words += ["--env", environment.contains("(") ? "'\(environment)'" : environment] }
    for reward in rewards { words += ["--reward", reward.contains("(") ? "'\(reward)'" : reward] }
    for agent in agents { words += ["--agent", agent.contains("(") ? "'\(agent)'" : agent] }
    words += ["--seeds", String(seeds), "--steps", String(steps)]
    if let config = options.config { words += ["--config", config] }
    for assignment in options.assignments { words += ["--set", assignment] }
    return (words + ["--out", out ?? ""]).joined(separator: " ")
  }
}
