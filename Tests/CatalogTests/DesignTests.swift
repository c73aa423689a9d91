import Experiments
import Groundwork
import LanguageModels
import ReinforcementLearning
import RewardPrograms
import Synchronization
import Testing

@testable import Catalog

@Suite("Designers of rewards") struct DesignTests {
  /// A search that takes a second or two.
  private func small(_ method: DesignDescription.Method = .eureka, model: String = "scripted") -> DesignDescription {
    var design = DesignDescription(
      method, environment: "gridworld/Empty-5x5", agent: "ppo(slots=4,batches=1,steps=32)", model: model)
    (design.candidates, design.iterations, design.steps, design.evaluations, design.episodes) = (3, 2, 512, 2, 2)
    return design
  }

  private func folder() -> String { "/tmp/forage-design-\(UInt64.random(in: 0...UInt64.max))" }

  private func text(_ path: String) throws -> String { try Files.readText(path) }

  @Test("every attempt is kept with prompt and answer; the winner is the best, and its program lies beside the report")
  func search() throws {
    let path = folder()
    defer { try? Files.remove(path) }
    let result = try #require(
      try RewardSearch(small(), in: path).carryOut(jobs: 2, shouldStop: { false }, report: { _ in }))
    #expect(result.attempts.map(\.name) == ["1-1", "1-2", "1-3", "2-1", "2-2", "2-3"])
    let winner = result.attempts[try #require(result.winner)]
    #expect(result.attempts.allSatisfy { ($0.score ?? -.infinity) <= winner.score! })
    #expect(try text(path + "/best.reward") == winner.program)
    for attempt in result.attempts {
      let folder = "\(path)/attempts/\(attempt.iteration)/\(attempt.candidate)"
      #expect(try text(folder + "/answer.txt").contains("reward."))
      #expect(attempt.refusal != nil || attempt.curve.count == 2)
      #expect((attempt.refusal != nil) != Files.exists(folder + "/run/evaluation.json") || attempt.sameAs != nil)
    }
    #expect(try text(path + "/attempts/1/prompt.txt").contains("- distance: a number, "))
    let reflection = try text(path + "/attempts/2/prompt.txt")
    #expect(reflection.contains(DesignPrompt.bestTitle) && reflection.contains("sum over an episode of training"))
    #expect(try text(path + "/report.html").contains(winner.name))
    #expect(result.confirmation?.seed == 2)
  }

  /// Answers from a list, whatever is asked; the stops are kept to as servers do. What it was asked is kept.
  private final class Answers: LanguageModel {
    let name = "answers"
    let texts: [String]
    private let asked = Mutex<[String]>([])
    var prompts: [String] { asked.withLock { $0 } }

    init(texts: [String]) { self.texts = texts }

    func complete(_ prompts: [String], _ sampling: Sampling) -> [Completion] {
      asked.withLock { $0 += prompts }
      return prompts.indices.map { index in
        let text = texts[index % texts.count]
        let end = sampling.stops.compactMap { text.firstRange(of: $0)?.lowerBound }.min() ?? text.endIndex
        return Completion(String(text[..<end]), promptTokens: 100, answerTokens: 7)
      }
    }

    func score(_ prompt: String, options: [String]) -> [Double] { options.map { _ in 0 } }
  }

  @Test("a program whose training diverges is refused and the search goes on; an answer may begin with a fence")
  func diverging() throws {
    let path = folder()
    defer { try? Files.remove(path) }
    let texts = [
      "reward.x weight 1e30 = distance\n```\nreward.y = 1", "```\nreward.d = -distance\n```\nand so on",
      "```text\nreward.e = -distance\n```",
    ]
    let designer = DesignModel(Answers(texts: texts), isChat: false)
    var design = small()
    (design.iterations, design.steps) = (1, 256)
    let result = try #require(
      try RewardSearch(design, in: path, asking: designer).carryOut(jobs: 1, shouldStop: { false }, report: { _ in }))
    #expect(result.attempts[0].refusal?.contains("in training: the loss is not a number") == true)
    #expect(result.attempts[0].refusal?.hasSuffix(". Write payments that stay small") == true)
    #expect(result.tokens == DesignTokens(prompts: 300, answers: 21) && result.cost == nil)
    #expect(result.attempts[0].score == nil)
    #expect(result.attempts.map(\.program) == [
      "reward.x weight 1e30 = distance\n", "reward.d = -distance\n", "reward.e = -distance\n",
    ])
    #expect(result.attempts[1].curve.count == 2 && result.winner == 1)
  }

  @Test("a designer is told why a program was refused, and no path: another directory asks it the same")
  func elsewhere() throws {
    let designs = try (0..<2).map { _ in
      let path = folder()
      defer { try? Files.remove(path) }
      let answers = Answers(texts: ["reward.x weight 1e30 = distance", "reward.d = 1 / (distance - distance)"])
      var design = small()
      (design.candidates, design.steps) = (2, 256)
      let result = try RewardSearch(design, in: path, asking: DesignModel(answers, isChat: true)).carryOut(
        jobs: 1, shouldStop: { false }, report: { _ in })
      #expect(try text(path + "/attempts/1/1/attempt.json").contains(path) == false)
      return (prompts: answers.prompts, document: result?.document)
    }
    #expect(designs[0].prompts.count == 4 && designs[0].prompts == designs[1].prompts)
    #expect(designs[0].document == designs[1].document)
    let told = try #require(designs[0].prompts.last)
    #expect(told.contains("# A program that was refused"))
    #expect(!told.contains("the state is in") && !told.contains("--set"))
  }

  @Test("a completion that writes a fence of its own, or a sentence before it, is asked for again without a stop")
  func cut() throws {
    let path = folder()
    defer { try? Files.remove(path) }
    let answers = Answers(texts: [
      "\n```\nreward.a = -distance\n```", "Sure! Here:\n```reward\nreward.b = -distance\n```",
    ])
    var design = small()
    (design.candidates, design.iterations, design.steps) = (2, 1, 256)
    let result = try RewardSearch(design, in: path, asking: DesignModel(answers, isChat: false)).carryOut(
      jobs: 1, shouldStop: { false }, report: { _ in })
    #expect(result?.attempts.map(\.program) == ["reward.a = -distance\n", "reward.b = -distance\n"])
    #expect(answers.prompts.count == 4 && result?.tokens == DesignTokens(prompts: 400, answers: 28))
  }

  @Test("what no episode has shown is not told as 0")
  func unknownSums() throws {
    let recipe = try Catalog.recipe("gridworld/DoorKey-8x8")
    var attempt = DesignAttempt(iteration: 1, candidate: 1)
    attempt.program = "reward.d = -distance\n"
    attempt.components = [.init(name: "d", lowest: -9, mean: -5, highest: 0, paid: 1)]
    attempt.curve = [.init(step: 10, mean: 0.1)]
    let prompt = DesignPrompt(recipe: recipe, measure: recipe.specification.measures[0]).text(
      after: [attempt], isChat: true)
    #expect(prompt.contains("sum over an episode of training unknown, none has ended\n"))
    #expect(DesignReading(prompt).best?.components[0].training == [])
    // 64 steps of an environment, whose episodes are longer.
    let path = folder()
    defer { try? Files.remove(path) }
    var design = DesignDescription(
      .eureka, environment: "gridworld/DoorKey-8x8", agent: "ppo(slots=4,batches=1,steps=32)", model: "scripted")
    (design.candidates, design.iterations, design.steps, design.evaluations, design.episodes) = (1, 1, 256, 2, 2)
    let designer = DesignModel(Answers(texts: ["reward.d = -distance"]), isChat: true)
    let result = try RewardSearch(design, in: path, asking: designer).carryOut(
      jobs: 1, shouldStop: { false }, report: { _ in })
    #expect(result?.attempts[0].components.map(\.training) == [[]])
  }

  @Test("an agent that cannot act there is refused before anybody is asked, and leaves no directory")
  func wrongAgent() throws {
    let path = folder()
    let description = DesignDescription(.eureka, environment: "control/Pendulum", agent: "dqn", model: "scripted")
    let error = #expect(throws: UserError.self) { _ = try RewardSearch(description, in: path) }
    #expect(error?.reason.contains("requires numbered actions") == true && !Files.exists(path))
  }

  @Test("equal programs of one iteration are trained once, and what came of the first counts for all")
  func equal() throws {
    let path = folder()
    defer { try? Files.remove(path) }
    let answers = Answers(texts: ["reward.d = -distance", "reward.e = distance", "```\nreward.d = -distance\n```"])
    let designer = DesignModel(answers, isChat: true)
    var design = small()
    design.steps = 256
    let result = try #require(
      try RewardSearch(design, in: path, asking: designer).carryOut(jobs: 2, shouldStop: { false }, report: { _ in }))
    #expect(result.attempts.map(\.name) == ["1-1", "1-2", "1-3", "2-1", "2-2", "2-3"])
    #expect(result.attempts.map(\.sameAs) == [nil, nil, "1-1", "1-1", "1-2", "1-1"])
    #expect(result.attempts[2].curve == result.attempts[0].curve && result.attempts[2].score != nil)
    #expect(Files.exists(path + "/attempts/1/2/run") && !Files.exists(path + "/attempts/1/3/run"))
    #expect(try text(path + "/report.html").contains("the program of 1-1"))
  }

  @Test("an agent that learns from no reward, or inside the episode alone, is refused", arguments: [
    ("control/CartPole", "random"), ("bandit/Bernoulli", "ucb1"),
  ])
  func idleAgent(_ environment: String, _ agent: String) throws {
    let path = folder()
    let description = DesignDescription(.eureka, environment: environment, agent: agent, model: "scripted")
    let error = #expect(throws: UserError.self) { _ = try RewardSearch(description, in: path) }
    #expect(error?.reason.hasPrefix("agent '\(agent)' does not learn from a reward design") == true)
    #expect(!Files.exists(path))
  }

  @Test("a stopped search goes on and ends on the same bits, whatever the jobs; without reflection all is asked alike")
  func resume() throws {
    let (path, other) = (folder(), folder())
    defer {
      try? Files.remove(path)
      try? Files.remove(other)
    }
    var whole = small(.resample)
    whole.iterations = 2
    let expected = try RewardSearch(whole, in: other).carryOut(jobs: 2, shouldStop: { false }, report: { _ in })
    // Each call gets a little farther.
    var result: DesignResult?
    var calls = 0
    while result == nil, calls < 50 {
      let left = Countdown(6 * (calls + 1))
      result = try RewardSearch(whole, in: path).carryOut(jobs: 1, shouldStop: { left.isOver }, report: { _ in })
      calls += 1
    }
    #expect(calls > 2)
    #expect(result?.document == expected?.document)
    #expect(try text(path + "/attempts/1/prompt.txt") == text(path + "/attempts/2/prompt.txt"))
    var different = whole
    different.steps = 1024
    let error = #expect(throws: UserError.self) { _ = try RewardSearch(different, in: path) }
    #expect(error?.description.contains("holds a design with steps 512") == true)
  }

  #if LanguageModelRecords
    /// The scripted designer over a line that breaks after some answers of a call.
    private struct Breaking: StreamingLanguageModel {
      let name = "scripted"
      let answered: Int

      func complete(
        _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
      ) throws -> [Completion] {
        let count = min(answered, prompts.count)
        let answers = try ScriptedDesigner(seed: 1).complete(
          Array(prompts[..<count]), sampling, repetitions: Array(repetitions[..<count]), whenAnswered: whenAnswered)
        guard count == prompts.count else { throw UserError("the line is broken") }
        return answers
      }

      func score(_ prompt: String, options: [String]) -> [Double] { options.map { _ in 0 } }
    }

    @Test("a design whose designer broke off within an iteration goes on with the same programs")
    func broken() throws {
      let (path, other, file) = (folder(), folder(), folder() + ".sqlite")
      defer { for path in [path, other, file, file + "-journal"] { try? Files.remove(path) } }
      let expected = try RewardSearch(small(), in: other).carryOut(
        jobs: 2, shouldStop: { false }, report: { _ in })
      func goOn(_ model: any LanguageModel) throws -> DesignResult? {
        let recorded = RecordedLanguageModel(path: file, asking: model)
        return try RewardSearch(small(), in: path, asking: DesignModel(recorded, isChat: true)).carryOut(
          jobs: 2, shouldStop: { false }, report: { _ in })
      }
      // An answer of the first iteration each, then the rest.
      #expect(throws: UserError.self) { try goOn(Breaking(answered: 1)) }
      #expect(throws: UserError.self) { try goOn(Breaking(answered: 1)) }
      let result = try #require(try goOn(ScriptedDesigner(seed: 1)))
      #expect(Set(result.attempts.map(\.program)).count > 2)
      #expect(result.document == expected?.document)
    }
  #endif

  /// Says that it is over after so many questions.
  private final class Countdown: @unchecked Sendable {
    private var left: Int
    init(_ count: Int) { left = count }
    var isOver: Bool {
      left -= 1
      return left < 0
    }
  }

  @Test("an attempt or answers of another search, or of another place, are not taken for the search's own")
  func exchanged() throws {
    let (path, other) = (folder(), folder())
    defer {
      try? Files.remove(path)
      try? Files.remove(other)
    }
    var longer = small()
    longer.steps += 1000
    for (design, folder) in [(small(), path), (longer, other)] {
      _ = try RewardSearch(design, in: folder).carryOut(jobs: 2, shouldStop: { false }, report: { _ in })
    }
    func refusal(_ from: String, _ to: String) throws -> String? {
      let own = try Files.read(path + "/attempts/" + to)
      defer { try? Files.writeAtomically(own, to: path + "/attempts/" + to) }
      try Files.writeAtomically(try Files.read(from), to: path + "/attempts/" + to)
      return #expect(throws: UserError.self) {
        try RewardSearch(small(), in: path).carryOut(jobs: 1, shouldStop: { false }, report: { _ in })
      }?.description
    }
    for (from, to) in [
      (other + "/attempts/1/1/attempt.json", "1/1/attempt.json"),
      (path + "/attempts/1/1/attempt.json", "1/2/attempt.json"),
      (other + "/attempts/1/answers.json", "1/answers.json"), (path + "/attempts/1/answers.json", "2/answers.json"),
    ] {
      let line = try #require(try refusal(from, to))
      #expect(line.contains(to) && line.contains("is of another search, or of another place in this one"), "\(line)")
    }
    // What people read of it, too.
    for file in ["1/prompt.txt", "1/1/answer.txt", "1/1/program.reward"] {
      let own = try Files.read(path + "/attempts/" + file)
      try Files.writeAtomically(own + [0x20], to: path + "/attempts/" + file)
      let error = #expect(throws: UserError.self) {
        try RewardSearch(small(), in: path).carryOut(jobs: 1, shouldStop: { false }, report: { _ in })
      }
      #expect(error?.description.contains(file + "' was altered") == true, "\(error?.description ?? "")")
      try Files.writeAtomically(own, to: path + "/attempts/" + file)
    }
    #expect(
      try RewardSearch(small(), in: path).carryOut(jobs: 1, shouldStop: { false }, report: { _ in }) != nil)
  }

  @Test("the metrics that an attempt was scored by may not be altered; what is made of the attempts is made again")
  func altered() throws {
    let path = folder()
    defer { try? Files.remove(path) }
    var design = small()
    (design.candidates, design.iterations, design.steps) = (1, 1, 256)
    func goOn() throws -> DesignResult? {
      let designer = DesignModel(Answers(texts: ["reward.d = -distance"]), isChat: true)
      return try RewardSearch(design, in: path, asking: designer).carryOut(
        jobs: 1, shouldStop: { false }, report: { _ in })
    }
    #expect(try goOn()?.attempts[0].curve.isEmpty == false)
    let written = try ["best.reward", "result.json"].map { try text("\(path)/\($0)") }
    for file in ["best.reward", "result.json"] { try Files.writeAtomically("x", to: "\(path)/\(file)") }
    _ = try goOn()
    #expect(try ["best.reward", "result.json"].map { try text("\(path)/\($0)") } == written)
    let metrics = path + "/attempts/1/1/run/metrics.jsonl"
    var bytes = try Files.read(metrics)
    let digit = try #require(bytes.lastIndex { (0x30...0x39).contains($0) })
    bytes[digit] = bytes[digit] == 0x39 ? 0x38 : bytes[digit] + 1
    try Files.writeAtomically(bytes, to: metrics)
    let error = #expect(throws: UserError.self) { try goOn() }
    #expect(error?.description.contains("run/metrics.jsonl") == true, "\(error?.description ?? "")")
  }

  @Test("the scripted designer writes programs that can be read anywhere, and other ones each time", arguments: [
    "gridworld/DoorKey-8x8", "control/Pendulum", "control/CartPole", "domain/Snake", "puzzle/GameOf24",
  ])
  func scripted(_ environment: String) throws {
    let recipe = try Catalog.recipe(environment)
    let prompt = DesignPrompt(recipe: recipe, measure: recipe.specification.measures[0]).text(after: [], isChat: true)
    let answers = try ScriptedDesigner(seed: 3).complete(Array(repeating: prompt, count: 200), Sampling())
    for answer in answers {
      let program = try RewardProgram(parsing: DesignPrompt.program(in: answer.text))
      _ = try CompiledProgram(program, for: recipe.specification)
    }
    #expect(Set(answers.map(\.text)).count > 100)
    // The task's name tells it nothing.
    let renamed = prompt.replacing(environment, with: "a/Task")
    #expect(DesignReading(renamed).quantities.count == DesignReading(prompt).quantities.count)
    #expect(DesignReading(prompt).quantities.count > 0)
  }

  @Test("with reflection the scripted designer changes the best program: flat components go, most of it stays")
  func reflects() throws {
    let recipe = try Catalog.recipe("gridworld/DoorKey-8x8")
    var attempt = DesignAttempt(iteration: 1, candidate: 1)
    attempt.program =
      "reward.lessDistance = (before(distance) - distance) / 1\nreward.highPosition0 = position[0] / 0.7 / 10\n"
    attempt.components = ["lessDistance", "highPosition0"].map {
      DesignAttempt.Component(name: $0, lowest: -1, mean: 0, highest: 1, paid: 0.5)
    }
    attempt.components[0].training = [0.01, 0.2]
    attempt.components[1].training = [0.3, 0.3]
    attempt.curve = [.init(step: 10, mean: 0.1), .init(step: 20, mean: 0.5)]
    var worse = attempt
    worse.candidate = 2
    worse.program = "reward.time = -0.01\n"
    worse.components = []
    worse.curve = [.init(step: 10, mean: 0)]
    let prompt = DesignPrompt(recipe: recipe, measure: recipe.specification.measures[0]).text(
      after: [attempt, worse], isChat: true)
    let reading = DesignReading(prompt)
    #expect(reading.best?.components.map(\.name) == ["lessDistance", "highPosition0"])
    #expect(reading.best?.components.map(\.isFlat) == [false, true])
    #expect(reading.second?.components.map(\.name) == ["time"])
    #expect(!reading.isHopeless)
    let answers = try ScriptedDesigner().complete(Array(repeating: prompt, count: 400), Sampling()).map(\.text)
    let kept = answers.count { $0.contains("reward.lessDistance") }
    let flat = answers.count { $0.contains("reward.highPosition0") }
    #expect(kept > 320 && flat < kept - 60)
    #expect(answers.allSatisfy { DesignPrompt.program(in: $0) + "\n" != attempt.program })
  }

  @Test("a program is found in an answer with or without fences and talk", arguments: [
    ("reward.a = 1", "reward.a = 1"), ("```\nreward.a = 1\n```", "reward.a = 1"),
    ("Here it is:\n```text\nreward.a = 1\nreward.b = 2\n```\nGood luck.", "reward.a = 1\nreward.b = 2"),
    ("reward.a = 1\n```", "reward.a = 1"), ("```reward", ""), ("", ""),
  ])
  func extracted(_ answer: String, _ program: String) { #expect(DesignPrompt.program(in: answer) == program) }

  @Test("an answer that goes on from a fence ends its program at the next one", arguments: [
    ("reward.a = 1\n```\nreward.b = 2", "reward.a = 1"), ("```\nreward.a = 1\n```\nand so on", "reward.a = 1"),
    ("Sure! Here:\n```reward\nreward.a = 1\n```", "reward.a = 1"),
    ("a = 1\nreward.a = a\n```\nIt says:\n```\nmore\n```", "a = 1\nreward.a = a"), ("no program", "no program"),
  ])
  func completed(_ answer: String, _ program: String) {
    #expect(DesignPrompt.program(in: answer, isChat: false) == program)
  }

  @Test("a winner among equals is said to be one, and by whose program the others are as good")
  func ties() throws {
    let recipe = try Catalog.recipe("gridworld/Empty-5x5")
    func result(_ scores: [Double], _ programs: [String]) -> DesignResult {
      var seen: [String: String] = [:]
      let attempts = scores.indices.map { place in
        var attempt = DesignAttempt(iteration: 1, candidate: place + 1)
        (attempt.program, attempt.sameAs) = (programs[place], seen[programs[place]])
        attempt.curve = [.init(step: 1, mean: scores[place])]
        seen[programs[place]] = seen[programs[place]] ?? attempt.name
        return attempt
      }
      return DesignResult(design: small(), measure: recipe.specification.measures[0], attempts: attempts)
    }
    #expect(result([0, 1, 0.5], ["a", "b", "c"]).tieText == nil)
    #expect(result([0, 0, 0], ["a", "b", "c"]).tieText == "2 later ones are as good: the first is taken")
    #expect(result([0.5, 0.5], ["a", "a"]).tieText == "1-2 is as good, by the same program")
  }

  @Test("what cannot be asked is refused in a line", arguments: [
    ("scripted(seed=3)", "the scripted designer has no settings"), ("oracle", "there is no designer 'oracle'"),
    ("http", "an HTTP server is to be asked and no model is named"), ("http(nme=x)", "nme"),
    ("recorded", "recorded answers are to be used and no file is named"),
  ])
  func refused(_ model: String, _ message: String) throws {
    let path = folder()
    let error = #expect(throws: UserError.self) { _ = try RewardSearch(small(model: model), in: path) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    #expect(!Files.exists(path))
  }
}
