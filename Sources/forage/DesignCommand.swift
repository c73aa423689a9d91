import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import Synchronization

/// `forage design`: has reward programs written, trains with each, and shows whoever writes what came of them.
///
/// The directory keeps every attempt, so the same command goes on after a kill; of a finished search it prints the
/// result again. `--json` prints the bytes of `result.json`.
struct DesignCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "design",
    abstract: "Have a designer write reward programs for a task, and train with each.",
    discussion: """
      Writes --candidates programs in each of --iterations, trains with each, and shows the designer the best so far \
      with what every component paid (--method eureka) or nothing (--method resample, the control). The best is \
      trained again with another seed. The designer is a script, or a language model. docs/reward-programs.md says \
      how programs are written.

      Example:
        forage design gridworld/DoorKey-8x8 --method eureka --steps 50k \\
          --out runs/designed
      """)

  /// A text that `--env` takes elsewhere.
  @Argument(
    help: ArgumentHelp("The environment, its settings in parentheses.", valueName: "environment"),
    completion: Completions.environments)
  var environment: String

  /// Whether the designer sees what came of its programs.
  @Option(help: "eureka, with reflection, or resample, without.", transform: DesignCommand.method)
  var method = DesignDescription.Method.eureka

  /// `scripted`, or a back end: `http`, `recorded`, `embedded`.
  @Option(
    help: ArgumentHelp(
      "Who writes: scripted, or a language model: 'http(name=M,url=U,chat=true)', 'recorded(recording=F)'.",
      valueName: "designer"))
  var model = "scripted"

  @Option(help: "The agent's id, its settings in parentheses.", completion: Completions.agents)
  /// The catalog's default.
  var agent = Catalog.defaultAgent

  @Option(help: "Programs of an iteration, 1 to 64.")
  /// K.
  var candidates = 4

  @Option(help: "Iterations, 1 to 100.")
  /// N.
  var iterations = 4

  /// Nil: 100,000.
  @Option(help: "Budget of a training in environment steps, for example 50k.", transform: StepCount.reading)
  var steps: StepCount?

  /// Below 2^53.
  @Option(help: "The seed of all trainings, and of the scripted designer.")
  var seed: UInt64 = 1

  /// At least 1.
  @Option(help: "Evaluations of a training; their mean is a program's score.")
  var evaluations = 8

  /// At least 1.
  @Option(help: "Episodes of an evaluation.")
  var episodes = 10

  /// What llama.cpp's servers follow.
  @Flag(help: "Hold the model to the grammar of programs, so that all it writes can be read.")
  var grammar = false

  @Option(help: ArgumentHelp("The directory; runs/designs/ENV-METHOD when left out.", valueName: "dir"))
  /// One that holds the same search, or nothing.
  var out: String?

  /// 0 to 256.
  @Option(help: "Trainings at a time; 0 for one a core.")
  var jobs = 0

  /// The document of `result.json`.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// - Throws: `ValidationError`, exit status 1, for jobs outside of 0 to 256.
  func validate() throws {
    guard (0...256).contains(jobs) else { throw ValidationError("--jobs must lie in 0...256, not \(jobs)") }
  }

  /// Makes the attempts that are missing and prints what the search came to.
  ///
  /// Exit status: 0 with a winning program, 1 without one, 129, 130 or 143 after a signal.
  ///
  /// - Throws: `UserError` for what cannot be planned, a designer that does not answer, or no program of use.
  func run() throws {
    Interruption.listen()
    var description = DesignDescription(method, environment: environment, agent: agent, model: model)
    description.candidates = candidates
    description.iterations = iterations
    if let steps { description.steps = steps.value }
    description.seed = seed
    description.evaluations = evaluations
    description.episodes = episodes
    description.grammar = grammar
    let name = environment.prefix { $0 != "(" }.split(separator: "/").joined(separator: "-")
    let path = out ?? "runs/designs/\(name)-\(method.rawValue)"
    let search = try RewardSearch(description, in: path)
    // The bill, of answers that could not be used, too; and when the designer fails.
    defer { if let line = search.modelUsage { LineOutput.note(line) } }
    let total = candidates * iterations
    let done = Mutex(0)
    let result = try search.carryOut(
      jobs: jobs == 0 ? Workers.cores : jobs, shouldStop: { Interruption.wasRequested }
    ) { event in
      switch event {
      case .asking(let iteration): LineOutput.note("iteration \(iteration) of \(search.description.iterations): asking")
      case .kept: done.withLock { $0 += 1 }
      case .done(let attempt):
        let count = done.withLock { count in
          count += 1
          return count
        }
        let score = attempt.score.map { "score \(Format.number($0, digits: 3))" }
        LineOutput.note("[\(count)/\(total)] \(attempt.name): \(score ?? "refused: \(attempt.refusal ?? "")")")
      case .training: break
      }
    }
    guard let result else {
      LineOutput.note("stopped, everything so far is saved; go on with `\(command(path))`")
      throw Interruption.exitStatus
    }
    guard let winner = result.winner.map({ result.attempts[$0] }) else {
      throw UserError(
        "none of \(total) programs could be trained with (the last: \(result.attempts.last?.refusal ?? "nothing"))",
        fix: "See \(path)/report.html; ask another designer (--model), or hold it to the grammar (--grammar)")
    }
    if json { return LineOutput.result(result.document, terminator: "") }
    LineOutput.result(DesignCommand.screen(result, winner, path))
  }

  private static let method: @Sendable (String) throws -> DesignDescription.Method = { text in
    guard let method = DesignDescription.Method(rawValue: text.lowercased()) else {
      throw UserError.unknown(
        "method", text, among: DesignDescription.Method.allCases.map(\.rawValue), hint: "Use eureka or resample")
    }
    return method
  }

  private static func screen(_ result: DesignResult, _ winner: DesignAttempt, _ path: String) -> String {
    let name = result.measure.name
    let trained = result.attempts.count { $0.score != nil }
    var lines = [
      "best of \(result.attempts.count) programs (\(result.attempts.count - trained) refused): \(winner.name), \(name) "
        + "\(Format.number(winner.score ?? .nan, digits: 3)) over its training"
    ]
    if let second = result.confirmation {
      lines.append(
        "with seed \(second.seed), which it was not chosen on: \(Format.number(second.score, digits: 3)), "
          + "\(Format.number(second.final, digits: 3)) at its end")
    }
    if let ties = result.tieText { lines.append(ties) }
    if let tokens = result.tokens {
      let cost = result.cost.map { ", \(Format.number($0, digits: 4)) by its prices" } ?? ""
      lines.append(
        "the designer read \(Format.count(tokens.prompts)) tokens and wrote \(Format.count(tokens.answers))\(cost)")
    }
    lines += (winner.program ?? "").split(separator: "\n").map { "  " + String($0).visibleLine }
    lines.append("program: \(path)/best.reward")
    lines.append("report: \(path)/report.html")
    return lines.joined(separator: "\n")
  }

  /// The command line that goes on with the search.
  private func command(_ path: String) -> String {
    var words = ["forage", "design", environment, "--method", method.rawValue]
    let standard = DesignDescription(method, environment: environment, agent: agent, model: model)
    func add(_ option: String, _ value: String, unless usual: String) {
      if value != usual { words += [option, value] }
    }
    add("--model", model, unless: "scripted")
    add("--agent", agent, unless: Catalog.defaultAgent)
    add("--candidates", String(candidates), unless: String(standard.candidates))
    add("--iterations", String(iterations), unless: String(standard.iterations))
    add("--steps", String(steps?.value ?? standard.steps), unless: String(standard.steps))
    add("--seed", String(seed), unless: String(standard.seed))
    add("--evaluations", String(evaluations), unless: String(standard.evaluations))
    add("--episodes", String(episodes), unless: String(standard.episodes))
    if grammar { words.append("--grammar") }
    return Shell.command(words + ["--out", path])
  }
}
