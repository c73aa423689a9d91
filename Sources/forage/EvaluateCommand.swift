import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage evaluate`: a run's latest policy, by the environment's own reward.
///
/// With `--json` one document: the evaluation's figures with `environment`, `agent` and `granted`, what the
/// agent was allowed to use (a simulator, signals) and a reader must know to judge it.
struct EvaluateCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate a run's latest policy by the environment's own reward and measures.",
    discussion: """
      The same run, episodes and seed give the same figures. Without --seed the episodes are those of the run's \
      own last evaluation.

      With --agent the argument is an environment, and an agent that needs no training is evaluated in it.

      Example:
        forage evaluate runs/first --episodes 200
        forage evaluate metaworld/push-v3 --agent expert \\
          --record-replays demonstrations
      """)

  /// How actions are taken: drawn from the policy, or the most likely one.
  enum Choice: String, ExpressibleByArgument, CaseIterable { case sample, mode }

  @Argument(help: ArgumentHelp("The run's directory; with --agent an environment.", valueName: "run"))
  /// A directory that `train` or `compare` made, or what `--agent` plays.
  var path: String

  /// Nil: the run's.
  @Option(help: "An agent as it begins, with settings or without: expert, 'random(slots=4)'.")
  var agent: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("With --agent: changes one setting, as in train; may be repeated.", valueName: "key=value"))
  /// As `train` takes them; a run is evaluated in the environment that it was trained in.
  var assignments: [String] = []

  /// Nil: none are written.
  @Option(help: ArgumentHelp("A new directory for a replay of each episode.", valueName: "dir"))
  var recordReplays: String?

  /// 1 to 1,000,000; nil for as many as the run's own last evaluation has.
  @Option(help: "Episodes, each slot's first; 100 when left out.")
  var episodes: Int?

  /// Nil: the run's evaluation seed, which gives the figures of the run's own last evaluation again.
  @Option(help: "Another seed for the evaluation's episodes.")
  var seed: UInt64?

  /// Nil: the latest checkpoint.
  @Option(help: "The checkpoint's step; the latest when left out.")
  var step: Int?

  /// Nil: as the run's own evaluations choose.
  @Option(help: "sample draws from the policy, mode takes its most likely action; as the run has it when left out.")
  var choice: Choice?

  /// One document in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Threads that step episodes.
  @OptionGroup var threads: WorkerOption

  /// - Throws: `ValidationError`, exit status 1, for fewer episodes than 1 or more than a million.
  func validate() throws {
    if let episodes, !(1...1_000_000).contains(episodes) {
      throw ValidationError("--episodes must lie in 1...1000000, not \(episodes)")
    }
  }

  /// Restores the agent, plays the episodes, prints the figures.
  ///
  /// - Throws: `UserError` when there is no such run or checkpoint; `ExitStatus` after an interruption, since
  ///   figures of the episodes that ended first would be those of short ones.
  func run() throws {
    Interruption.listen()
    let (plan, agent, trained) = try subject()
    let settings = plan.description.run
    let choice = choice.flatMap { ActionChoice(rawValue: $0.rawValue) } ?? settings.evaluationChoice
    let seed = seed ?? settings.evaluationSeed(1)
    let count = episodes ?? settings.finalEpisodes
    // Held to the end, so that nobody else records into it.
    let recordings = try recordReplays.map { path throws(UserError) in try RecordingDirectory(path) }
    let progress = EpisodeProgress(of: count, atStep: trained)
    // What was answered is on the bill, be it that the model fails after it or that the program is stopped.
    defer { if let line = plan.modelUsage { LineOutput.note(line) } }
    let evaluation = try Evaluation.run(
      plan.environment, episodes: count, seed: seed, workers: Workers(count: threads.workers),
      signals: plan.signals, isSparing: plan.asksModel, shouldStop: { Interruption.wasRequested },
      whenEnded: { progress.ended($0) }
    ) { try agent.makePolicy(slots: $0, choice: choice) }
    progress.end()
    if evaluation.episodes.count < count {
      LineOutput.error("stopped after \(evaluation.episodes.count) of \(count) episodes. Nothing is reported")
      throw Interruption.exitStatus
    }
    let result = RunEvaluation(evaluation, step: trained, seed: seed, choice: choice)
    if let recordings { try write(evaluation, of: plan, step: trained, to: recordings.path) }
    if json {
      var document = JSON(encoding: result)
      document["environment"] = .string(plan.description.environment.id)
      document["agent"] = .string(plan.description.agent.id)
      document["granted"] = .array(plan.description.granted.map { .string($0) })
      LineOutput.result(document.text(pretty: true))
    } else {
      LineOutput.result(EvaluateCommand.summary(result))
    }
  }

  /// What is evaluated, and how many steps it was trained.
  private func subject() throws -> (RunPlan, any Agent, Int) {
    if let agent {
      guard step == nil else {
        throw UserError("--step names a checkpoint, and an agent as it begins has none", fix: "Leave it out")
      }
      var configuration = RunConfiguration()
      configuration.environment = path
      configuration.agent = agent
      let plan = try Catalog.plan(
        configuration, assignments: assignments.map { try SettingAssignment(parsing: $0) })
      return (plan, try plan.makeAgent(), 0)
    }
    guard assignments.isEmpty else {
      throw UserError(
        "--set goes with --agent: a run is evaluated in the environment that it was trained in",
        fix: "Leave it out, or name an environment and an --agent")
    }
    let directory = try RunDirectory(opening: path)
    let plan = try Catalog.plan(directory.description())
    let checkpoint = try directory.checkpoint(step: step)
    return (plan, try plan.makeAgent(restoredFrom: checkpoint), checkpoint.step)
  }

  /// Writes a replay of every episode.
  private func write(_ evaluation: Evaluation, of plan: RunPlan, step: Int, to directory: String) throws {
    for (number, record) in evaluation.episodes.enumerated() {
      let replay = try Replay(
        of: plan.environment, seed: record.seed, actions: record.actions,
        origin: [
          "agent": plan.description.agent.id, "reward": plan.description.reward.text,
          "seed of the run": String(plan.description.run.seed), "step": String(step),
        ])
      try replay.write(to: "\(directory)/episode-\(number + 1).json")
    }
  }

  /// A line a measure with its 95 % interval, then how they were measured.
  ///
  /// Intervals are over episodes of one policy: they say nothing of how another seed would have trained.
  static func summary(_ evaluation: RunEvaluation, width: Int? = LineOutput.outputColumns) -> String {
    let rows = evaluation.measures.map { figure in
      let interval =
        if let low = figure.low, let high = figure.high {
          "[\(Format.number(low)), \(Format.number(high))]"
        } else {
          ""
        }
      return [figure.measure.name, Format.number(figure.mean), interval]
    }
    let table = Table(columns: [.init(), .init(isRight: true), .init(rank: 1)], rows: rows)
    let how =
      "\(Format.number(of: evaluation.episodes, "episode")) at step \(Format.count(evaluation.step)), "
      + "95 % intervals over episodes"
    return table.text(width: width) + "\n" + Format.wrapped(how, columns: width ?? .max, indent: 2)
  }
}
