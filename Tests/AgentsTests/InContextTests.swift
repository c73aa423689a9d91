import Catalog
import Experiments
import Groundwork
import LanguageModels
import ReinforcementLearning
import Synchronization
import Testing

@testable import PlainAgents

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

@Suite("In-context policy iteration") struct InContextTests {
  static let domains = [
    "domain/Chain", "domain/DistractorChain", "domain/Maze", "domain/MiniCatch", "domain/MiniInvaders",
    "domain/PointMass",
  ]

  /// Trains as the program does; nothing is written.
  static func train(
    _ agent: String, in environment: String, steps: Int, seed: UInt64 = 1, observer: (any TrainingObserver)? = nil,
    resuming state: SavedState? = nil, services: Services? = nil
  ) throws -> SavedState {
    var request = RunConfiguration()
    request.environment = environment
    request.agent = agent
    request.setRun("steps", .integer(steps))
    request.setRun("seed", JSON(encoding: seed))
    let plan = try Catalog.plan(request)
    let design = try plan.makeRewardDesign()
    let made = try plan.agent.makeAgent(
      in: plan.environment, rewards: design.components, seed: seed, services: services ?? plan.services,
      restoring: state?.get(prefix: "agent"))
    let session = TrainingSession(
      recipe: plan.environment, rewardModel: design, totalSteps: steps, seed: seed, workers: Workers(count: 1),
      signals: plan.signals, observer: observer)
    if let state { try session.restore(from: state) }
    try made.train(in: session)
    return session.save(made)
  }

  /// A memory of random play.
  private func memory(
    _ recipe: EnvironmentRecipe, _ configuration: InContextConfiguration, steps: Int
  ) throws -> (memory: TextMemory, rules: TextRules) {
    let rules = try #require(recipe.textRules)
    var memory = TextMemory(slots: 1)
    let collector = try Collector(recipe: recipe, slots: 1, batches: 1, steps: steps, seed: 7)
    var policies = [UniformPolicy(recipe.specification)]
    _ = try collector.collect(&policies, workers: Workers(count: 1))
    let transitions = Transitions(collector.rollouts[0])
    for index in 0..<transitions.count {
      let outcome = transitions.outcome(index)
      let step = TextStep(
        rules.state(transitions.before(index), transitions.layout), action: Int(transitions.discreteAction(index)),
        reward: transitions.reward(index), isDone: outcome == .terminated,
        next: rules.state(transitions.after(index), transitions.layout), rules)
      memory.add(step, slot: 0, isOver: outcome != .running, configuration)
    }
    return (memory, rules)
  }

  /// FORAGE_RECORD=1 writes them anew: look at the difference.
  @Test("prompts are exactly these", arguments: domains)
  func prompts(_ id: String) throws {
    let recipe = try Catalog.recipe(id)
    var configuration = InContextConfiguration()
    configuration.contextTokens = 500
    var text = ""
    for (title, change) in [
      ("", { (_: inout InContextConfiguration) in }),
      (" without hints", { $0.hints = false; $0.policyHints = false }),
      (" as they happened, of all actions", { $0.balances = false; $0.constrains = false }),
    ] as [(String, (inout InContextConfiguration) -> Void)] {
      var changed = configuration
      change(&changed)
      let (memory, rules) = try self.memory(recipe, changed, steps: 40)
      let prompts = Prompts(configuration: changed, rules: rules, memory: memory)
      let state = memory.episodes[0][0].state
      for (question, asked) in [
        ("ends", { (random: inout RandomSource) in prompts.world(.end, state, action: 1, random: &random) }),
        ("reward", { prompts.world(.reward(isDone: false), state, action: 1, random: &$0) }),
        ("next state", { prompts.world(.next, state, action: 1, random: &$0) }),
        ("policy", { prompts.policy(state, random: &$0) }),
      ] as [(String, (inout RandomSource) -> String)] {
        var random = RandomSource(seed: 5)
        let prompt = asked(&random)
        #expect(prompt.utf8.count <= changed.promptBytes)
        text += "==== \(question)\(title)\n\(prompt)\n"
      }
    }
    let name = id.split(separator: "/")[1]
    let path = #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Prompts/\(name).txt"
    if getenv("FORAGE_RECORD") != nil {
      try Files.makeDirectory(String(path[..<path.lastIndex(of: "/")!]))
      try Files.writeAtomically(text, to: path)
    }
    #expect(String(decoding: try Files.read(path, as: .text), as: UTF8.self) == text)
  }

  @Test("an episode reads as the paper writes it")
  func episode() throws {
    let rules = try #require(try Catalog.recipe("domain/MiniInvaders").textRules)
    let step = TextStep(
      .init("ship == C(2, 0) and aliens == [C(3, 5), None]"), action: 1, reward: 1, isDone: false,
      next: .init("ship == C(2, 0) and aliens == [None, None]"), rules)
    #expect(rules.opening + step.stateLine(hints: true) + step.actionLines + step.rewardLines + step.endLine == """
      ship, aliens = reset()
      assert ship == C(2, 0) and aliens == [C(3, 5), None]
      reward = ship.shoot(aliens)
      assert reward == 1
      for a in aliens:
          a.descend()
      assert not done

      """)
    #expect(rules.state(ofLine: "assert ship == C(2, 0) and aliens == [None, None] and x")?.hint == "x")
    for wrong in ["assert done", "", "assert ship == C(2, 0)", "ship == C(1, 0) and aliens == [None, None]"] {
      #expect(rules.state(ofLine: wrong) == nil, "\(wrong)")
    }
    #expect(Imagination.reward(in: "assert reward == -2.5\nfor a") == -2.5)
    for wrong in ["", "assert reward", "assert reward == inf", "reward == nan", "reward == nan.", "reward == abc"] {
      #expect(Imagination.reward(in: wrong) == nil, "\(wrong)")
    }
    for (answer, end) in [
      ("assert done", true), ("assert not done", false), ("so assert done.", true), ("", nil), ("foo bar", nil),
      ("done", nil),
    ] as [(String, Bool?)] { #expect(Imagination.end(in: answer) == end, "\(answer)") }
  }

  @Test("a run that was killed ends on the bits of one that was not", arguments: ["domain/Chain", "domain/PointMass"])
  func resumed(_ id: String) throws {
    let recorder = Recorder(saving: 61)
    let whole = try Self.train("icpi", in: id, steps: 100, observer: recorder)
    #expect(recorder.state != nil)
    let again = try Self.train("icpi", in: id, steps: 100, resuming: recorder.state)
    #expect(whole.safetensors() == again.safetensors())
  }

  @Test("it learns to walk to the goal of the chain and of the maze in 300 steps", arguments: [
    "domain/Chain", "domain/Maze",
  ])
  func learns(_ id: String) throws {
    let recorder = Recorder()
    _ = try Self.train("icpi", in: id, steps: 300, observer: recorder)
    let last = recorder.reports.suffix(100).flatMap(\.episodes)
    #expect(last.count > 10)
    #expect(Double(last.count(where: \.success)) > 0.9 * Double(last.count))
  }

  @Test("every switch works", arguments: [
    "predictor=matching", "hints=false", "policyHints=false", "balances=false", "constrains=false", "argMax=false",
    "imitatesSuccesses=true", "imaginesTransitions=false", "recentEpisodes=16", "slots=3", "contextTokens=201",
    "temperature=0",
  ])
  func switches(_ setting: String) throws {
    for id in Self.domains {
      let recorder = Recorder()
      _ = try Self.train("icpi(\(setting))", in: id, steps: 60, observer: recorder)
      #expect(recorder.reports.last!.step >= 60)
    }
  }

  @Test("copies of the environment and the model agree where the model knows the domain")
  func simulator() throws {
    let recorder = Recorder()
    _ = try Self.train("icpi(imaginesTransitions=false)", in: "domain/Maze", steps: 300, observer: recorder)
    let last = recorder.reports.suffix(100).flatMap(\.episodes)
    #expect(Double(last.count(where: \.success)) > 0.9 * Double(last.count))
  }

  @Test("an answer that cannot be read is asked for again, then ends the rollout, and nothing fails")
  func unreadable() throws {
    let recorder = Recorder()
    let garbled = ScriptedLanguageModel(rules: [], otherwise: "I am a model")
    _ = try Self.train(
      "icpi", in: "domain/Chain", steps: 80, observer: recorder, services: Services(languageModel: garbled))
    let queries = recorder.metric("model/queries").reduce(0, +)
    // Every end was asked for as often as `attempts` says, and nothing was imagined after it.
    #expect(queries > 0 && Int(queries) % 3 == 0)
    #expect(recorder.metric("model/unreadable").reduce(0, +) == queries)
    #expect(recorder.metric("search/value").allSatisfy { $0 == 0 })
    var failing = garbled
    failing.failureRate = 1
    #expect(throws: UserError.self) {
      _ = try Self.train("icpi", in: "domain/Chain", steps: 80, services: Services(languageModel: failing))
    }
  }

  /// Counts what it is asked, as a server does, and costs something.
  private final class Counting: LanguageModel {
    let name = "counting"
    private let model = EmbeddedLanguageModel()
    private let counts = Mutex(LanguageModelUsage())
    var usage: LanguageModelUsage { counts.withLock { $0 } }

    func complete(_ prompts: [String], _ sampling: Sampling) throws -> [Completion] {
      counts.withLock {
        $0.requests += prompts.count
        $0.cost += Double(prompts.count)
      }
      return try model.complete(prompts, sampling)
    }

    func score(_ prompt: String, options: [String]) throws -> [Double] { try model.score(prompt, options: options) }
  }

  /// A policy that counts its decisions.
  private struct CountedPolicy: Policy {
    var inner: any Policy
    let decided: @Sendable (Int) -> Void

    mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) throws {
      decided(rollout.slots)
      try inner.act(on: rollout, at: time, in: batch, random: &random)
    }
  }

  @Test("a sparing evaluation decides the steps of its episodes and no other; a plan whose agent asks has such ones")
  func sparing() throws {
    let recipe = try Catalog.recipe("domain/Chain")
    func evaluate(_ isSparing: Bool, workers: Int) throws -> (evaluation: Evaluation, decisions: Int) {
      let decisions = Mutex(0)
      let evaluation = try Evaluation.run(
        recipe, episodes: 7, seed: 3, workers: Workers(count: workers), isSparing: isSparing
      ) { _ in
        CountedPolicy(inner: UniformPolicy(recipe.specification)) { count in decisions.withLock { $0 += count } }
      }
      return (evaluation, decisions.withLock { $0 })
    }
    let (sparing, decisions) = try evaluate(true, workers: 2)
    #expect(sparing.episodes.count == 7 && sparing.lengths.reduce(0, +) == decisions)
    #expect(try evaluate(true, workers: 1).evaluation == sparing)
    // The episodes are those of any other evaluation with that seed.
    let side = try evaluate(false, workers: 1)
    #expect(side.decisions % (7 * 32) == 0 && side.evaluation.episodes.map(\.seed) == sparing.episodes.map(\.seed))
    for (agent, asks) in [("icpi", true), ("icpi(predictor=matching)", false), ("optimistic-q", false)] {
      var request = RunConfiguration()
      (request.environment, request.agent) = ("domain/Chain", agent)
      #expect(try Catalog.plan(request).asksModel == asks)
    }
  }

  @Test("what a server answered so far is logged beside what decisions asked")
  func usage() throws {
    let recorder = Recorder()
    let model = Counting()
    _ = try Self.train(
      "icpi(rolloutSteps=1)", in: "domain/Chain", steps: 60, observer: recorder,
      services: Services(languageModel: model))
    #expect(model.usage.requests > 0)
    #expect(recorder.metric("speed/modelRequests").last == Double(model.usage.requests))
    #expect(recorder.metric("speed/modelCost").last == model.usage.cost)
    #expect(recorder.metric("model/queries").reduce(0, +) == Double(model.usage.requests))
    let plain = Recorder()
    _ = try Self.train("icpi(rolloutSteps=1)", in: "domain/Chain", steps: 60, observer: plain)
    #expect(plain.metric("speed/modelRequests").isEmpty)
  }

  /// Answers a few times, for which it is paid, and then never again.
  private final class Spent: LanguageModel {
    let name = "spent"
    private let counts = Mutex(LanguageModelUsage())
    var usage: LanguageModelUsage { counts.withLock { $0 } }

    func complete(_ prompts: [String], _ sampling: Sampling) throws -> [Completion] {
      let isSpent = counts.withLock { counts in
        if counts.requests < 5 { counts.requests += prompts.count }
        return counts.requests >= 5
      }
      if isSpent { throw UserError.languageModel(name, failed: "the money is spent") }
      return prompts.map { _ in Completion("") }
    }

    func score(_ prompt: String, options: [String]) -> [Double] { options.map { _ in 0 } }
  }

  @Test("a run that ends because its model fails says what the model's server answered before")
  func spent() throws {
    let path = "/tmp/forage-spent-\(getpid())"
    try Files.remove(path)
    defer { try? Files.remove(path) }
    var request = RunConfiguration()
    (request.environment, request.agent) = ("domain/Chain", "icpi")
    let settings = try ["run.steps=200", "evaluations=0"].map { try SettingAssignment(parsing: $0) }
    var plan = try Catalog.plan(request, assignments: settings)
    let model = Spent()
    plan.services = Services(languageModel: model)
    let told = Mutex<[String]>([])
    let hooks = RunHooks(shouldStop: { false }) { event in
      if case .shortfall(let line) = event { told.withLock { $0.append(line) } }
    }
    let run = try TrainingRun(plan, creating: path, workers: Workers(count: 1), hooks: hooks)
    let error = #expect(throws: UserError.self) { _ = try run.run() }
    #expect(error?.description.contains("the money is spent") == true)
    #expect(told.withLock { $0 } == [model.usage.line ?? "none"])
  }

  @Test("an environment without a text form, a stacked one and bad numbers are refused in a line", arguments: [
    ("gridworld/Empty-5x5", "icpi", "text form"), ("domain/Chain(frameStack=2)", "icpi", "text form"),
    ("domain/Chain", "icpi(contextTokens=150)", "no room"), ("domain/Chain", "icpi(discount=2)", "agent.discount"),
    ("domain/Chain", "icpi(attempts=0)", "agent.attempts"), ("control/Pendulum", "optimistic-q", "numbered actions"),
  ])
  func refused(_ id: String, _ agent: String, _ reason: String) throws {
    let error = #expect(throws: UserError.self) { _ = try Self.train(agent, in: id, steps: 10) }
    #expect(error?.description.contains(reason) == true && error?.description.contains("\n") == false)
    #expect(error?.fix.isEmpty == false)
  }

  @Test("an optimistic table tries everything and solves the chain")
  func table() throws {
    let recorder = Recorder(saving: 150)
    let whole = try Self.train("optimistic-q", in: "domain/Chain", steps: 300, observer: recorder)
    let last = recorder.reports.suffix(60).flatMap(\.episodes)
    #expect(!last.isEmpty && last.allSatisfy(\.success) && recorder.state != nil)
    let again = try Self.train("optimistic-q", in: "domain/Chain", steps: 300, resuming: recorder.state)
    #expect(whole.safetensors() == again.safetensors())
  }
}

#if LanguageModelRecords
  @Suite("Recorded in-context runs") struct RecordedRunTests {
    @Test("a model that cannot answer is refused before a run's directory is made, agent or reward", arguments: [
      ("icpi(model.recording=/nowhere/at/all.sqlite)", "environment"),
      ("icpi(model.backEnd=recorded,model.recording=/tmp)", "environment"),
      ("ppo", "environment+messages(labels=model,model.recording=/nowhere/at/all.sqlite)"),
    ])
    func prepared(_ agent: String, _ reward: String) throws {
      let path = "/tmp/forage-unprepared-\(getpid())"
      var request = RunConfiguration()
      (request.agent, request.reward) = (agent, reward)
      request.environment = agent == "ppo" ? "gridworld/DoorKey-5x5" : "domain/Chain"
      let plan = try Catalog.plan(request)
      let error = #expect(throws: UserError.self) {
        _ = try TrainingRun(plan, creating: path, workers: Workers(count: 1))
      }
      #expect(error?.description.contains("the recording '/") == true && !Files.exists(path))
    }

    @Test("a run whose answers were recorded is repeated without its model, whole or resumed, on the same bits")
    func repeated() throws {
      let path = "/tmp/forage-answers-\(getpid()).sqlite"
      try Files.remove(path)
      defer { try? Files.remove(path) }
      func agent(_ backEnd: String) -> String { "icpi(model.backEnd=\(backEnd),model.recording=\(path))" }
      let recorder = Recorder(saving: 50)
      let first = try InContextTests.train(agent("embedded"), in: "domain/Maze", steps: 80, observer: recorder)
      #expect(recorder.state != nil)
      let second = try InContextTests.train(agent("recorded"), in: "domain/Maze", steps: 80)
      let third = try InContextTests.train(
        agent("recorded"), in: "domain/Maze", steps: 80, resuming: recorder.state)
      #expect(first.safetensors() == second.safetensors())
      #expect(first.safetensors() == third.safetensors())
      let error = #expect(throws: UserError.self) {
        _ = try InContextTests.train(agent("recorded"), in: "domain/Maze", steps: 80, seed: 2)
      }
      #expect(error?.description.contains("is recorded") == true)
    }
  }
#endif
