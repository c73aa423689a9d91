public import Experiments
import Groundwork
import LanguageModels
import ReinforcementLearning
import RewardPrograms
import Synchronization

/// Has a designer write reward programs for a task, trains with each, and shows the designer what came of them: K
/// programs in each of N iterations.
///
/// The program takes the place of the environment's reward; what programs are judged by is the task's own measure, the
/// mean over the evaluations of a training. All trainings have one seed, so that programs differ and nothing else; the
/// winner is trained once more with another. Everything is kept (`DesignDirectory`), so a search that was stopped goes
/// on, with a designer that answers the same (the scripted one, recorded answers) to the same bits.
///
/// Source: Ma et al. 2023 (Eureka), without its environments' source code in the prompt.
public struct RewardSearch: Sendable {
  /// What happens.
  public enum Event: Sendable {
    /// A program is written for each candidate of an iteration.
    case asking(iteration: Int)
    /// A program is trained with.
    case training(name: String, step: Int, total: Int)
    /// An attempt was done when the search was begun again.
    case kept(DesignAttempt)
    /// An attempt is done.
    case done(DesignAttempt)
  }

  /// What was asked for.
  public let description: DesignDescription
  private let directory: DesignDirectory
  private let designer: DesignModel
  private let base: RunPlan
  private let measure: Measure

  /// A search in its directory.
  ///
  /// - Throws: `UserError` for what cannot be planned, and a directory that holds something else or is in use.
  public init(_ description: DesignDescription, in path: String) throws {
    try self.init(description, in: path, asking: DesignModel(description.model, seed: description.seed))
  }

  /// The same with another designer than the description's.
  init(_ description: DesignDescription, in path: String, asking designer: DesignModel) throws {
    try description.check()
    self.designer = designer
    var request = RunConfiguration()
    request.setEnvironment(description.environment)
    request.setAgent(description.agent)
    request.setRun("steps", .integer(description.steps))
    request.setRun("evaluations", .integer(description.evaluations))
    request.setRun("evaluationEpisodes", .integer(description.episodes))
    request.setRun("finalEpisodes", .integer(description.episodes))
    request.setRun("seed", JSON(encoding: description.seed))
    base = try Catalog.plan(request)
    measure = base.environment.specification.measures[0]
    self.description = description
    // Policies learn inside the episode by what the environment pays, if at all: all programs would score alike.
    guard !(try Catalog.agent(base.agent.id)).isPolicy else {
      throw UserError(
        "agent '\(base.agent.id)' does not learn from a reward design, so no program can be better than another",
        fix: "Use one that learns from any design, such as ppo (--agent)")
    }
    guard base.agent.requirements.rewards == .any else {
      throw UserError(
        "agent '\(base.agent.id)' learns from the environment's own reward only",
        fix: "Use one that learns from any design, such as ppo (--agent)")
    }
    // One that cannot act there is refused before a designer is asked, and paid.
    _ = try base.makeAgent()
    try designer.model.prepare()
    directory = try DesignDirectory(description, in: path)
  }

  /// What the designer's server answered so far, for a person; nil where none was asked.
  public var modelUsage: String? { designer.model.usage.line }

  /// Makes all attempts that are missing, confirms the winner and writes the result.
  ///
  /// - Parameters:
  ///   - jobs: Trainings at a time, at least 1; what comes of them does not depend on it.
  ///   - report: Told what happens; called from several threads, one at a time.
  /// - Returns: Nil when it was asked to stop; everything so far is kept.
  public func carryOut(
    jobs: Int, shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Event) -> Void
  ) throws -> DesignResult? {
    let told = Mutex(report)
    let tell: @Sendable (Event) -> Void = { event in told.withLock { $0(event) } }
    let workers = Workers(count: min(jobs, description.candidates))
    var attempts: [DesignAttempt] = []
    var tokens = DesignTokens()
    for iteration in 1...description.iterations {
      guard !shouldStop() else { return nil }
      let answers: [String]
      do {
        let given = try self.answers(iteration, after: attempts, tell)
        answers = given.texts
        tokens = tokens + given.tokens
      } catch is StopRequested {
        return nil
      }
      // Equal programs are trained once: copies wait for the first of them.
      let copies = answers.map(program).repetitions
      do {
        let firsts = try attempt(
          iteration, answers, copies.indices.filter { copies[$0] == 0 }, after: attempts, workers, shouldStop, tell)
        let others = try attempt(
          iteration, answers, copies.indices.filter { copies[$0] > 0 }, after: attempts + firsts, workers, shouldStop,
          tell)
        attempts += (firsts + others).sorted { $0.candidate < $1.candidate }
      } catch is StopRequested {
        return nil
      }
    }
    var result = DesignResult(design: description, measure: measure, attempts: attempts)
    if tokens != DesignTokens() { (result.tokens, result.cost) = (tokens, designer.cost(tokens)) }
    if let winner = result.winner {
      let name = "winner"
      guard
        let run = try train(
          attempts[winner].program ?? "", in: "\(directory.path)/\(name)", seed: description.seed + 1, name, shouldStop,
          tell)
      else { return nil }
      result.confirmation = .init(
        seed: description.seed + 1, score: DesignAttempt.mean(of: try RewardSearch.curve(of: run, measure)),
        final: try run.finalEvaluation()?.judged.mean ?? .nan)
    }
    try directory.conclude(result)
    return result
  }

  private func answers(
    _ iteration: Int, after attempts: [DesignAttempt], _ tell: (Event) -> Void
  ) throws -> (texts: [String], tokens: DesignTokens) {
    if let kept = try directory.answers(iteration) { return kept }
    tell(.asking(iteration: iteration))
    let prompt = DesignPrompt(recipe: base.environment, measure: measure).text(
      after: description.method == .eureka ? attempts : [], isChat: designer.isChat)
    var sampling = Sampling()
    sampling.seed = designer.samplingSeed(iteration)
    sampling.maximumTokens = 512
    // The fence that ends a program.
    if !designer.isChat { sampling.stops = ["\n" + DesignPrompt.fence] }
    if description.grammar { sampling.grammar = ProgramGrammar.gbnf(for: base.environment.specification) }
    func ask(_ candidates: [Int]) throws -> [Completion] {
      let answers = try designer.model.complete(
        candidates.map { _ in prompt }, sampling, repetitions: candidates, whenAnswered: { _, _ in })
      guard answers.count == candidates.count else {
        throw UserError.languageModel(
          designer.model.name, failed: "it answered \(answers.count) of \(candidates.count) prompts")
      }
      return answers
    }
    var answers = try ask(Array(0..<description.candidates))
    var tokens = answers.reduce(DesignTokens()) { $0 + $1.designTokens }
    // The prompt has the fence that begins a program. Who writes another, after a line's end or a sentence, is cut
    // there and asked again without a stop, each as the candidate that it is: with another's seed a server may say
    // what that one said.
    let cut = answers.indices.filter { !DesignPrompt.hasProgram(answers[$0].text[...]) }
    if !sampling.stops.isEmpty, sampling.grammar == nil, !cut.isEmpty {
      sampling.stops = []
      for (place, answer) in zip(cut, try ask(cut)) {
        answers[place] = answer
        tokens = tokens + answer.designTokens
      }
    }
    let texts = answers.map(\.text)
    try directory.keep(texts, tokens, to: prompt, iteration)
    return (texts, tokens)
  }

  /// The program of an answer.
  private func program(_ answer: String) -> String {
    DesignPrompt.program(in: answer, isChat: designer.isChat) + "\n"
  }

  /// Makes the attempts at some of an iteration's answers, several at a time.
  ///
  /// - Throws: `StopRequested` when it was asked to stop.
  private func attempt(
    _ iteration: Int, _ answers: [String], _ places: [Int], after attempts: [DesignAttempt], _ workers: Workers,
    _ shouldStop: @escaping @Sendable () -> Bool, _ tell: @escaping @Sendable (Event) -> Void
  ) throws -> [DesignAttempt] {
    let made = Mutex([Result<DesignAttempt, any Error>?](repeating: nil, count: places.count))
    workers.perform(places.count) { number in
      let place = places[number]
      let result = Result {
        try self.attempt(iteration, place + 1, answers[place], after: attempts, shouldStop, tell)
      }
      made.withLock { $0[number] = result }
    }
    return try made.withLock { $0 }.map { try $0!.get() }
  }

  /// - Throws: `StopRequested` when it was asked to stop.
  private func attempt(
    _ iteration: Int, _ candidate: Int, _ answer: String, after attempts: [DesignAttempt],
    _ shouldStop: @escaping @Sendable () -> Bool, _ tell: @escaping @Sendable (Event) -> Void
  ) throws -> DesignAttempt {
    if let kept = try directory.attempt(iteration, candidate) {
      try checkRun(of: kept)
      tell(.kept(kept))
      return kept
    }
    if shouldStop() { throw StopRequested() }
    var attempt = DesignAttempt(iteration: iteration, candidate: candidate)
    let text = program(answer)
    attempt.program = text
    if let same = attempts.first(where: { $0.program == text }) {
      (attempt.components, attempt.curve, attempt.refusal) = (same.components, same.curve, same.refusal)
      attempt.sameAs = same.name
    } else {
      do throws(UserError) {
        attempt.components = try check(text)
      } catch {
        attempt.refusal = error.description
      }
    }
    if attempt.refusal == nil, attempt.sameAs == nil {
      let folder = directory.directory(iteration, candidate)
      do {
        guard
          let run = try train(text, in: folder + "/run", seed: description.seed, attempt.name, shouldStop, tell)
        else { throw StopRequested() }
        attempt.curve = try RewardSearch.curve(of: run, measure)
        let steps = Set(attempt.curve.map(\.step))
        for line in try run.finalMetrics() where steps.contains(line.step) {
          for index in attempt.components.indices {
            // Before the first episode ended nothing is known.
            guard let sum = line[.reward(attempt.components[index].name)] else { continue }
            attempt.components[index].training.append(sum)
          }
        }
      } catch let error as UserError where error.cause != .other {
        // Steps whose payment is no finite number, or too large to learn from: the program's doing, not the machine's.
        // A designer reads this: no path, which differs by directory, and no advice on settings that it does not have.
        let advice = error.cause == .divergence ? "Write payments that stay small" : error.fix
        attempt.refusal = UserError("in training: \(error.reason)", fix: advice).description
      }
    }
    attempt = try directory.keep(attempt)
    tell(.done(attempt))
    return attempt
  }

  /// Refuses an attempt whose run no longer says what its score was taken from.
  ///
  /// - Throws: `UserError` that names the file; a run that was removed as a whole is none.
  private func checkRun(of attempt: DesignAttempt) throws(UserError) {
    let path = directory.directory(attempt.iteration, attempt.candidate) + "/run"
    // What was refused has an unfinished run or none, and a copy has none of its own.
    guard !attempt.curve.isEmpty, attempt.sameAs == nil, Files.exists(path) else { return }
    let run = try RunDirectory(opening: path)
    _ = try run.finalMetrics()
    _ = try run.finalEvaluation()
  }

  /// What random play is paid.
  ///
  /// - Throws: `UserError` for a text that is no program of this environment, or that pays the same in every step.
  private func check(_ text: String) throws(UserError) -> [DesignAttempt.Component] {
    do {
      let check = try ProgramCheck(text: text, name: "the program", in: base.environment)
      guard !check.isConstant else {
        throw UserError(
          "the program pays the same in all \(check.steps) steps of random play",
          fix: check.pays ? "Pay for something that random play comes across" : ProgramCheck.weightAdvice)
      }
      return check.components.map {
        .init(name: $0.name, lowest: $0.lowest, mean: $0.mean, highest: $0.highest, paid: $0.paid)
      }
    } catch let error as UserError {
      throw error
    } catch {
      throw UserError("\(error)")
    }
  }

  /// Trains with a program, or goes on where that was begun.
  ///
  /// - Returns: Nil when it was asked to stop.
  private func train(
    _ program: String, in path: String, seed: UInt64, _ name: String, _ shouldStop: @escaping @Sendable () -> Bool,
    _ tell: @escaping @Sendable (Event) -> Void
  ) throws -> RunDirectory? {
    let hooks = RunHooks(shouldStop: shouldStop) { event in
      switch event {
      case .started(let step, let total), .iteration(let step, let total, _, _):
        tell(.training(name: name, step: step, total: total))
      default: break
      }
    }
    let plan = try plan(program, seed: seed)
    let workers = Workers(count: 1)
    let run: TrainingRun
    if Files.exists(path + "/run.json") {
      run = try TrainingRun(plan, resuming: RunDirectory(opening: path), workers: workers, hooks: hooks)
    } else {
      run = try TrainingRun(plan, creating: path, workers: workers, hooks: hooks)
    }
    guard case .finished = try run.run() else { return nil }
    return try RunDirectory(opening: path)
  }

  private func plan(_ program: String, seed: UInt64) throws -> RunPlan {
    let listing = try RewardDesignRecipe.listing("program", among: Catalog.rewards)
    let recipe = try listing.recipe(
      changes: ["file": .string(program)], for: base.environment.specification, agentDiscount: base.agent.discount)
    var run = base.description.run
    run.seed = seed
    return try RunPlan(
      environment: base.environment, agent: base.agent,
      reward: RewardDesignRecipe(text: "program", terms: [.init(weight: 1, recipe: recipe)]), run: run,
      services: base.services)
  }

  /// The evaluations during a training, the one before it left out.
  private static func curve(of run: RunDirectory, _ measure: Measure) throws(UserError) -> [DesignAttempt.Point] {
    try run.finalMetrics().compactMap { line in
      guard line.step > 0, let mean = line[.evaluation(measure.name)] else { return nil }
      return DesignAttempt.Point(step: line.step, mean: mean)
    }
  }
}

extension Completion {
  /// What it took.
  fileprivate var designTokens: DesignTokens { DesignTokens(prompts: promptTokens, answers: answerTokens) }
}
