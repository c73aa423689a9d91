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

      A setting that is given several values makes an arm of each, several such settings one of every combination: \
      --set agent.learningRate=1e-4,1e-3 (a list), 1e-4..1e-2*5 (five numbers, each the same factor above the one \
      before), 0.1..0.5+5 (the same difference). --trials N draws N settings at random instead, also from ranges \
      without a number: 1e-4..1e-2* by factor, 0.9..0.99 by difference.

      With --executor slurm every run is a task of an array job, and the program ends once that is submitted; --jobs \
      is how many may run at a time. The directory is the same, `forage report` shows what is finished, and --resume \
      DIR --executor slurm submits again what was killed, asked for as before where no --slurm-... says otherwise.

      Example:
        forage compare --env gridworld/DoorKey-5x5 --reward environment \\
          --reward environment+0.01*count --seeds 5 --steps 200k --out runs/doors
      """)

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp(
      "An environment's id, its settings in parentheses: 'gridworld/DoorKey-8x8(level.side=6)'; may be repeated.",
      valueName: "env"))
  /// The configuration file's environment where none is named.
  var environments: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      A declared benchmark: one of `forage list suites`, or a YAML file. --seeds, --first-seed, --steps, --reward, \
      --agent and --set change it, which the report says.
      """,
      valueName: "name|file"))
  /// Names tasks, designs, agents, seeds and budgets; not beside `environments` and a configuration file.
  var suite: String?

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
  @Option(help: "Budget of every run in environment steps, for example 200k or 1.5M.", transform: StepCount.reading)
  var steps: StepCount?

  /// Shared out evenly to all runs; not beside `steps`.
  @Option(help: "Budget of all runs together; every run gets its share.", transform: StepCount.reading)
  var totalSteps: StepCount?

  /// 1 to `SettingSweep.mostArms`; beside `resume` as many from the first on, those that are there among them.
  @Option(help: "Arms with settings drawn at random, from the values and ranges that --set gives.")
  var trials: Int?

  @Option(help: ArgumentHelp("The comparison's directory.", valueName: "dir"))
  /// Needed, unless `resume` names the directory.
  var out: String?

  @Option(help: ArgumentHelp("Goes on with the comparison in that directory, or adds to it.", valueName: "dir"))
  /// Budget and settings stay as they were begun; seeds, environments, agents and designs may be added, but nothing to
  /// repetitions of bandits.
  var resume: String?

  /// 0 to 256; results do not depend on it.
  @Option(help: "Runs at a time; 0 for one a core.")
  var jobs = 0

  /// The document of `report.json` in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Who carries out the runs.
  @OptionGroup var slurm: SlurmOptions

  /// The configuration file and the changes that apply to every run.
  @OptionGroup var options: ConfigurationOptions

  /// - Throws: `ValidationError`, exit status 1, for numbers of seeds or jobs outside their ranges.
  func validate() throws {
    let areRepetitions = isOfRepetitions || resume.map(RepetitionStudy.isOne) ?? false
    if let seeds, !areRepetitions, !(1...1000).contains(seeds) {
      throw ValidationError("--seeds must lie in 1...1000, not \(seeds)")
    }
    // As everywhere: documents hold whole numbers below 2^63.
    if let firstSeed, firstSeed > UInt64(Int.max - 1000) {
      throw ValidationError("--first-seed must lie in 0...\(Int.max - 1000), not \(firstSeed)")
    }
    if let trials, !(1...SettingSweep.mostArms).contains(trials) {
      throw ValidationError("--trials must lie in 1...\(SettingSweep.mostArms), not \(trials)")
    }
    if suite != nil && (!environments.isEmpty || options.config != nil || resume != nil) {
      throw ValidationError(
        "--suite names the environments itself, so --env, --config and --resume cannot be had beside it")
    }
    if steps != nil && totalSteps != nil { throw ValidationError("--steps and --total-steps cannot be had at a time") }
    guard (0...256).contains(jobs) else { throw ValidationError("--jobs must lie in 0...256, not \(jobs)") }
  }

  /// Trains what is missing, then reports.
  ///
  /// Exit status: 0 when every run is finished, 1 when one failed (the report is written all the same), 130 or
  /// 143 after a signal, when everything so far is saved and nothing is reported.
  func run() throws {
    Interruption.listen()
    if let run = slurm.run { return try carryOut(run: run) }
    if slurm.executor == .slurm { return try submitToSlurm() }
    if let resume, RepetitionStudy.isOne(resume) { return try resumeRepetitions(in: resume) }
    if isOfRepetitions { return try compareRepetitions() }
    if resume == nil, rewards.isEmpty, RepetitionComparing.applies(environments: environments, agents: agents) {
      LineOutput.note(
        "with --set, --config or --trials bandits are compared as trainings are: --steps counts all steps and not the "
          + "pulls of a repetition. For repetitions write settings in parentheses: --agent 'ucb1(exploration=1)'")
    }
    let comparison = try plannedComparison()
    let progress = ComparisonProgress(
      comparison.description, finished: comparison.description.runs.map(comparison.isFinished),
      jobs: jobs == 0 ? Workers.cores : jobs)
    let statuses = comparison.carryOut(
      jobs: jobs == 0 ? Workers.cores : jobs, shouldStop: { Interruption.wasRequested }
    ) {
      progress.show($0, $1)
    } everySecond: {
      progress.goOn()
    }
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
      LineOutput.note(text)
      throw Interruption.exitStatus
    }
    var areDamaged = false
    if failures.count < statuses.count {
      areDamaged = try ReportCommand.report(on: comparison, isWritten: true, json: json)
    }
    for path in failures.keys.sorted() { LineOutput.error("\(path): \(failures[path]!.description)") }
    if !failures.isEmpty {
      throw UserError(
        "\(failures.count) of \(statuses.count) runs failed",
        fix: "`forage compare --resume \(Shell.quoted(comparison.path))` tries them again")
    }
    // The report has said which and what to do.
    if areDamaged { throw ExitStatus(code: 1) }
  }
}
