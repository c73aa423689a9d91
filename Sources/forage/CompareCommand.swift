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
      The same command again, or --resume DIR, goes on with what is missing. Beside --resume, --seeds, --env, --agent \
      and --reward add runs to the comparison; what is there stays. Results do not depend on --jobs. Bandits and \
      agents that learn inside the episode are not trained: --seeds counts repetitions, --steps the pulls of one.

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

  /// 1 to 1000, 5 where none is said; every arm has the same seeds, so that runs can be compared in pairs. Beside
  /// `resume`: as many from the first on, those that are there among them.
  @Option(help: "Runs of every arm in every environment. (default: 5)")
  var seeds: Int?

  /// 1 where none is said; beside `resume` the comparison's own first seed.
  @Option(help: "The first of the seeds, which follow one another. (default: 1)")
  var firstSeed: UInt64?

  /// Nil: the configuration file's or the agent's usual budget.
  @Option(help: "Budget of every run in environment steps, for example 200k.")
  var steps: StepCount?

  @Option(help: ArgumentHelp("The comparison's directory.", valueName: "dir"))
  /// Needed, unless `resume` names the directory.
  var out: String?

  @Option(help: ArgumentHelp("Goes on with the comparison in that directory, or adds to it.", valueName: "dir"))
  /// Budget and settings stay as they were begun; seeds, environments, agents and designs may be added.
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
    if let seeds, !isOfRepetitions, !(1...1000).contains(seeds) { throw ValidationError("--seeds must lie in 1...1000, not \(seeds)") }
    if let firstSeed, firstSeed > UInt64.max - 1000 {
      throw ValidationError("--first-seed must lie in 0...\(UInt64.max - 1000), not \(firstSeed)")
    }
    guard (0...256).contains(jobs) else { throw ValidationError("--jobs must lie in 0...256, not \(jobs)") }
  }

  /// Trains what is missing, then reports.
  ///
  /// Exit status: 0 when every run is finished, 1 when one failed (the report is written all the same), 130 or
  /// 143 after a signal, when everything so far is saved and nothing is reported.
  func run() throws {
    Interruption.listen()
    if isOfRepetitions { return try compareRepetitions() }
    let comparison = try comparison()
    let progress = ComparisonProgress(
      comparison.description, finished: comparison.description.runs.map(comparison.isFinished),
      jobs: jobs == 0 ? Workers.cores : jobs)
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
      let path = Shell.quoted(comparison.path)
      let hasResults = comparison.description.runs.contains(where: comparison.isFinished)
      let text =
        "stopped, everything so far is saved; go on with `forage compare --resume \(path)`"
        + (hasResults ? ", or look at what is finished with `forage report \(path)`" : "")
      LineOutput.note(ComparisonFigures.wrapped(text, width: LineOutput.isTerminal ? LineOutput.columns : nil))
      throw Interruption.exitStatus
    }
    if failures.count < statuses.count { try ReportCommand.report(on: comparison, isWritten: true, json: json) }
    for path in failures.keys.sorted() { LineOutput.error("\(path): \(failures[path]!.description)") }
    if !failures.isEmpty {
      throw UserError(
        "\(failures.count) of \(statuses.count) runs failed",
        fix: "`forage compare --resume \(Shell.quoted(comparison.path))` tries them again")
    }
  }

  // MARK: Bandits

  /// Whether these are bandits and agents that learn inside the episode, with nothing that would need a training.
  private var isOfRepetitions: Bool {
    resume == nil && rewards.isEmpty && options.config == nil && options.assignments.isEmpty
      && RepetitionComparing.applies(environments: environments, agents: agents)
  }

  /// Steps repetitions instead of training runs.
  ///
  /// - Throws: What `RepetitionComparing` throws, and `UserError` without a directory.
  private func compareRepetitions() throws {
    guard let out else {
      throw UserError("no directory is named for the comparison", fix: "Add for example --out runs/arms")
    }
    let repetitions = seeds ?? RepetitionComparing.usual
    var words = ["forage", "compare"] + named(environments, rewards, agents) + ["--seeds", String(repetitions)]
    if let firstSeed { words += ["--first-seed", String(firstSeed)] }
    if let steps { words += ["--steps", String(steps.value)] }
    let command = (words + ["--out", out]).map(Shell.quoted).joined(separator: " ")
    let comparing = try RepetitionComparing(
      environments: environments, agents: agents, repetitions: repetitions, pulls: steps?.value, seed: firstSeed ?? 1,
      command: command)
    try comparing.run(in: out, jobs: jobs, json: json)
  }

  // MARK: What is compared

  /// The comparison that `--resume` names, with what is added to it, or the one that the options describe.
  ///
  /// - Throws: `UserError` when something beside `--resume` cannot be changed, `--out` is missing, or the directory
  ///   holds another comparison.
  private func comparison() throws -> Comparison {
    let makePlan: @Sendable (RunDescription) throws -> RunPlan = { try Catalog.plan($0) }
    if let resume {
      guard steps == nil, out == nil, options.config == nil, options.assignments.isEmpty else {
        throw UserError(
          "--resume goes on with a comparison as it was begun: its budget and its settings stay",
          fix: "Leave --steps, --out, --config and --set out, or name --out without --resume for a new one")
      }
      let comparison = try Comparison(opening: resume, isWritten: true, makePlan: makePlan)
      return try added(to: comparison)
    }
    guard let out else {
      throw UserError("no directory is named for the comparison", fix: "Add for example --out runs/doors")
    }
    return try Comparison(try description(), in: out, makePlan: makePlan)
  }

  /// Every arm in every environment, of the options.
  private func description() throws -> ComparisonDescription {
    var base = try options.configuration()
    if let steps { base.setRun("steps", .integer(steps.value)) }
    base.setRun("seed", 1)
    _ = try options.parsedAssignments()
    let environments = environments.isEmpty ? [base.environment].compactMap(\.self) : environments
    guard !environments.isEmpty else {
      throw UserError("no environment is named", fix: "Add for example --env gridworld/DoorKey-5x5")
    }
    let rewards = rewards.isEmpty ? [base.reward ?? "environment"] : rewards
    let agents = agents.isEmpty ? [base.agent ?? Catalog.defaultAgent] : agents
    let arms = agents.flatMap { agent in rewards.map { ComparisonRequest.Arm(agent: agent, reward: $0) } }
    let request = ComparisonRequest(
      environments: environments, arms: arms, base: base, assignments: options.assignments)
    let first = firstSeed ?? 1
    var planning = ComparisonPlanning()
    var description = try planning.description(
      of: request, seeds: Array(first..<first + UInt64(seeds ?? 5)), command: "")
    description.command = command(environments, rewards, agents, steps: description.cells[0].run.steps)
    for remark in planning.remarks { LineOutput.note(remark) }
    return description
  }

  /// The comparison with the seeds, arms and environments that the options add.
  ///
  /// Agents that are named meet the designs that are named, or all that are there where none is, and the other way
  /// round; every new arm is run in every environment, and every old one in the new environments.
  private func added(to comparison: Comparison) throws -> Comparison {
    let old = comparison.description
    guard seeds != nil || firstSeed != nil || !environments.isEmpty || !agents.isEmpty || !rewards.isEmpty else {
      return comparison
    }
    let first = firstSeed ?? old.seeds.min()!
    // Arms and environments alone get the seeds that are there.
    let wanted = seeds == nil && firstSeed == nil ? old.seeds : Array(first..<first + UInt64(seeds ?? old.seeds.count))
    let all = old.seeds + wanted.filter { !old.seeds.contains($0) }
    guard all.count <= 1000 else {
      throw UserError(
        "a comparison has at most 1000 seeds, and these would be \(all.count)", fix: "Add fewer (--seeds)")
    }
    var planning = ComparisonPlanning()
    var description = old
    if environments.isEmpty && agents.isEmpty && rewards.isEmpty {
      description.seeds = all
    } else {
      guard var request = old.request else {
        throw UserError(
          "'\(comparison.path)' does not say how its arms were named, so that none can be added",
          fix: "Begin a new comparison with all of them (--out); seeds can be added (--seeds)")
      }
      if !agents.isEmpty || !rewards.isEmpty {
        let agents = agents.isEmpty ? unique(request.arms.map(\.agent)) : agents
        let rewards = rewards.isEmpty ? unique(request.arms.map(\.reward)) : rewards
        let arms = agents.flatMap { agent in rewards.map { ComparisonRequest.Arm(agent: agent, reward: $0) } }
        let new = arms.filter { !request.arms.contains($0) }
        if new.isEmpty { throw UserError("these arms are there already", fix: "Leave --agent and --reward out") }
        request.arms += new
      }
      request.environments += environments
      description = try planning.description(of: request, seeds: all, command: old.command, addingTo: old)
    }
    for remark in planning.remarks { LineOutput.note(remark) }
    let more = description.runs.count - old.runs.count
    guard more > 0 else {
      LineOutput.note("nothing is added: the comparison has the \(wanted.count) seeds from \(first) on already")
      return comparison
    }
    description.command += " && " + additionCommand
    LineOutput.note("\(more) runs are added to the \(old.runs.count) that are there")
    return try comparison.extended(to: description)
  }

  private func unique(_ texts: [String]) -> [String] {
    texts.enumerated().filter { !texts[..<$0.offset].contains($0.element) }.map(\.element)
  }

  // MARK: The commands that repeat it

  /// The command line that repeats a new comparison; the report shows it, so that it can be repeated from its page
  /// alone.
  private func command(_ environments: [String], _ rewards: [String], _ agents: [String], steps: Int) -> String {
    var words = ["forage", "compare"] + named(environments, rewards, agents)
    words += ["--seeds", String(seeds ?? 5)]
    if let firstSeed { words += ["--first-seed", String(firstSeed)] }
    words += ["--steps", String(steps)]
    if let config = options.config { words += ["--config", config] }
    for assignment in options.assignments { words += ["--set", assignment] }
    return (words + ["--out", out ?? ""]).map(Shell.quoted).joined(separator: " ")
  }

  /// The command line that added to it.
  private var additionCommand: String {
    var words = ["forage", "compare", "--resume", resume ?? ""] + named(environments, rewards, agents)
    if let seeds { words += ["--seeds", String(seeds)] }
    if let firstSeed { words += ["--first-seed", String(firstSeed)] }
    return words.map(Shell.quoted).joined(separator: " ")
  }

  private func named(_ environments: [String], _ rewards: [String], _ agents: [String]) -> [String] {
    environments.flatMap { ["--env", $0] } + rewards.flatMap { ["--reward", $0] } + agents.flatMap { ["--agent", $0] }
  }
}
