import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage train`: one run, new or resumed.
///
/// Everything that the run consists of goes into its directory: `run.json`, `metrics.jsonl`, TensorBoard
/// events, `checkpoints/` and `replays/`. A program that is killed loses what came after the last checkpoint.
struct TrainCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train an agent in an environment with a reward design; everything goes to one directory.",
    discussion: """
      Ctrl-C finishes the iteration, saves and stops; `forage train --resume DIR` goes on from there and ends \
      bit for bit where an uninterrupted run does. With --steps beside --resume a run, finished or not, is trained \
      longer: it ends on the bits of one that was begun so, unless a setting follows the budget (a learning rate that \
      falls over it), which is then said. --from DIR begins a new run, of any seed, reward and budget, with the \
      networks, the optimizer's moments and the statistics of observations of another one.

      Example:
        forage train gridworld/DoorKey-5x5 --reward environment+0.01*count \\
          --steps 200k --seed 1 --out runs/first
      """)

  @Argument(
    help: """
      The environment's id, its settings in parentheses: gridworld/DoorKey-5x5, 'gridworld/DoorKey-8x8(level.side=6)'.
      """,
    completion: Completions.environments)
  /// Nil: the configuration file's.
  var environment: String?

  @Option(help: "The agent's id, its settings in parentheses: 'ppo(epochs=8)'.", completion: Completions.agents)
  /// Nil: the configuration file's, else the catalog's default.
  var agent: String?

  @Option(
    help: ArgumentHelp("The reward design: a weighted sum such as environment+0.01*rnd.", valueName: "spec"),
    completion: Completions.rewards)
  /// Nil: the configuration file's, else the environment's own reward.
  var reward: String?

  /// Nil: the configuration file's, else the usual budget.
  @Option(help: "Budget in environment steps, for example 200k or 1.5M.", transform: StepCount.reading)
  var steps: StepCount?

  /// Below 2^63; nil for the configuration file's, else the usual one.
  @Option(help: "The run's seed, which determines all of it.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("The run's directory; runs/ENV-AGENT-SEED when left out.", valueName: "dir"))
  /// A directory that does not hold a run yet.
  var out: String?

  @Option(
    help: ArgumentHelp(
      "A run, or a checkpoint of one, whose policy the new run begins with; the same as --set run.from=.",
      valueName: "dir"))
  /// Nil: the configuration file's, else none.
  var from: String?

  @Option(help: ArgumentHelp("Goes on with the run in that directory.", valueName: "dir"))
  /// Nothing else may be set beside it but `steps` and `workers`: a run goes on as it was begun.
  var resume: String?

  /// One document at the end in place of the table.
  @Flag(help: "Print one JSON document when the run ends.")
  var json = false

  /// The configuration file and the changes to it.
  @OptionGroup var options: ConfigurationOptions
  /// Threads of the run; its results do not depend on them.
  @OptionGroup var threads: WorkerOption

  /// Trains to the end of the budget, or until a signal, and prints the last evaluation.
  ///
  /// Exit status: 0 when the run is finished, 129, 130 or 143 after a signal (everything is saved, `--resume` goes
  /// on), 1 for an error.
  ///
  /// - Throws: `UserError` for what cannot be planned, a directory that is taken or in use, or a run that is
  ///   damaged.
  func run() throws {
    Interruption.listen()
    let progress = RunProgress()
    let hooks = RunHooks(shouldStop: { Interruption.wasRequested }, report: { progress.show($0) })
    let workers = Workers(count: threads.workers)
    let run: TrainingRun
    let path: String
    let budget: Int
    if let resume {
      try refuseOtherOptions()
      let directory = try RunDirectory(opening: resume)
      path = directory.path
      let plan = try Catalog.plan(directory.description())
      run = try TrainingRun(
        plan, resuming: directory, extendedTo: steps?.value, workers: workers, hooks: hooks)
      budget = max(steps?.value ?? 0, plan.description.run.steps)
      if let steps = steps?.value, steps > plan.description.run.steps { noteExtension(plan, to: steps) }
    } else {
      let request = try request()
      let given = [
        "run.steps": ("--steps", steps != nil), "run.seed": ("--seed", seed != nil),
        "run.from": ("--from", from != nil),
      ]
      let assignments = try options.parsedAssignments(beside: given.filter(\.value.1).mapValues(\.0))
      try Catalog.refuseSweeps(in: options.assignments, of: request)
      let plan = try Catalog.plan(request, assignments: assignments)
      path = out ?? TrainCommand.defaultDirectory(plan.description)
      budget = plan.description.run.steps
      run = try TrainingRun(plan, creating: path, workers: workers, hooks: hooks)
      LineOutput.note(
        "\(plan.description.environment.id), \(plan.description.agent.id), reward \(plan.reward.text), seed "
          + "\(plan.description.run.seed), \(Format.count(plan.description.run.steps)) steps, in \(path)")
      for remark in plan.remarks { LineOutput.note(remark) }
      if let raised = request.raised {
        LineOutput.note(
          "the budget of the run that the configuration is of was raised at step "
            + "\(raised.map { Format.count($0.step) }.joined(separator: ", ")); this one has its budget from the "
            + "beginning, and ends on other bits where anything follows the budget")
      }
    }
    let ending: TrainingRun.Ending
    do {
      ending = try run.run()
    } catch {
      progress.end()
      for line in progress.shortfalls { LineOutput.note(line) }
      throw error
    }
    progress.end()
    switch ending {
    case .finished(let evaluation):
      if evaluation.step > budget {
        LineOutput.note(
          "\(Format.count(evaluation.step)) steps were taken for a budget of \(Format.count(budget)): a run ends with "
            + "a whole iteration")
      }
      if progress.faults > 0 {
        LineOutput.note(
          "\(Format.number(of: progress.faults, "episode")) of the training broke and were cut (episode/faults in "
            + "\(path)/metrics.jsonl)")
      }
      for line in progress.shortfalls { LineOutput.note(line) }
      if json {
        let run = try RunDirectory(opening: path)
        LineOutput.result(try TrainCommand.document(run, path, evaluation).text(pretty: true))
      } else {
        LineOutput.result(EvaluateCommand.summary(evaluation))
      }
    case .stopped(let step):
      LineOutput.note(
        "stopped at step \(Format.count(step)), everything so far is saved; go on with "
          + "`forage train --resume \(Shell.quoted(path))`")
      throw Interruption.exitStatus
    }
  }

  /// `{run, environment, agent, reward, seed, steps, granted, evaluation}`: what was trained, and what
  /// `evaluate --json` would say of it; `demonstrations`, as `run.json` has it, where the agent learns from any.
  private static func document(_ run: RunDirectory, _ path: String, _ evaluation: RunEvaluation) throws -> JSON {
    let description = try run.description()
    var document: JSON = [
      "run": .string(path), "environment": .string(description.environment.id), "agent": .string(description.agent.id),
      "reward": .string(description.reward.text), "seed": JSON(encoding: description.run.seed),
      "steps": .integer(evaluation.step), "granted": .array(description.granted.map { .string($0) }),
      "evaluation": JSON(encoding: evaluation),
    ]
    if let taken = description.demonstrations { document["demonstrations"] = JSON(encoding: taken) }
    return document
  }

  /// The configuration file with the options over it.
  ///
  /// - Throws: `UserError` when the file cannot be read or the seed does not fit.
  private func request() throws -> RunConfiguration {
    var configuration = try options.configuration()
    if let environment { configuration.setEnvironment(environment) }
    if let agent { configuration.setAgent(agent) }
    if let reward { configuration.reward = reward }
    if let steps { configuration.setRun("steps", .integer(steps.value)) }
    if let from { configuration.setRun("from", .string(from)) }
    if let seed {
      guard let value = Int(exactly: seed) else {
        throw UserError("--seed \(seed) is too large", fix: "Use a whole number below 2^63")
      }
      configuration.setRun("seed", .integer(value))
    }
    return configuration
  }

  /// - Throws: `UserError` that names the first option beside `--resume`: it would be ignored in silence.
  private func refuseOtherOptions() throws(UserError) {
    let given: [(String, Bool)] = [
      ("an environment", environment != nil), ("--agent", agent != nil), ("--reward", reward != nil),
      ("--from", from != nil), ("--seed", seed != nil), ("--out", out != nil), ("--config", options.config != nil),
      ("--set", !options.assignments.isEmpty),
    ]
    guard let first = given.first(where: \.1) else { return }
    throw UserError(
      "--resume goes on with a run as it was begun, so \(first.0) has no meaning beside it",
      fix: "Leave it out (a budget may be raised: --steps), or begin a new run, with what this one learnt (--from)")
  }

  /// What a raised budget means for the run's bits.
  private func noteExtension(_ plan: RunPlan, to steps: Int) {
    let (before, after) = (Format.count(plan.description.run.steps), Format.count(steps))
    let settings = plan.agent.budgetSettings
    LineOutput.note(
      settings.isEmpty
        ? "the budget is raised from \(before) to \(after) steps: the run ends on the bits of one that was begun so, "
          + "but for when it was evaluated"
        : "the budget is raised from \(before) to \(after) steps: from here on \(settings.joined(separator: " and ")) "
          + "is as in a run of \(after), and so far it was as in one of \(before), so the run ends on bits of its own")
  }

  /// `runs/gridworld-DoorKey-5x5-ppo-0`, numbered when it is taken.
  ///
  /// So a second training with the same words never writes into the first one's directory.
  private static func defaultDirectory(_ description: RunDescription) -> String {
    let environment = description.environment.id.split(separator: "/").joined(separator: "-")
    let path = "runs/\(environment)-\(description.agent.id)-\(description.run.seed)"
    guard Files.exists(path) else { return path }
    var number = 2
    while Files.exists("\(path)-\(number)") { number += 1 }
    return "\(path)-\(number)"
  }
}
