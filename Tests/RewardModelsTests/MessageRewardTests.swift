import Catalog
import Groundwork
import LanguageModels
import ReinforcementLearning
import RewardModels
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

@Suite("Rewards from messages") struct MessageRewardTests {
  /// Random play under a design: after each collection the rollout's messages, what was paid, metrics.
  private func play(
    _ reward: String, collections: Int, level: String = "gridworld/DoorKey-5x5", steps: Int = 100, slots: Int = 4,
    model: (any LanguageModel)? = nil,
    check: (_ collection: Int, _ messages: [[String]], _ paid: [[Float]], _ ends: [[Bool]], _ metrics: [Metric]) throws
      -> Void
  ) throws {
    let recipe = try Catalog.recipe(level)
    let designed = try RewardDesignRecipe(
      RewardSpecification(parsing: reward), among: RewardModels.all, for: recipe.specification)
    var design = try designed.makeDesign(for: recipe, seed: 7, services: Services(languageModel: model))
    let collector = try Collector(
      recipe: recipe, slots: slots, batches: 1, steps: steps, signals: ["event"], seed: 3)
    var policies = [UniformPolicy(recipe.specification)]
    let workers = Workers(count: 1)
    var random = RandomSource(seed: 5)
    let scores = [RewardScores(components: design.components.count, count: steps * slots)]
    for collection in 0..<collections {
      _ = try collector.collect(&policies, workers: workers)
      try design.watch(collector.rollouts, into: scores, workers: workers)
      let metrics = try design.learn(from: collector.rollouts, random: &random, workers: workers)
      let rollout = collector.rollouts[0]
      let place = try #require(rollout.layout.place("event"))
      let messages = (0..<steps).map { time in
        (0..<slots).map { Rollout.readText(rollout.nextObservation(time: time, slot: $0), place) }
      }
      let paid = (0..<steps).map { time in (0..<slots).map { scores[0][0][time * slots + $0] } }
      let ends = (0..<steps).map { time in (0..<slots).map { rollout.outcome(time: time, slot: $0) != .running } }
      try check(collection, messages, paid, ends, metrics)
    }
  }

  private func value(_ name: MetricName, _ metrics: [Metric]) -> Double? {
    metrics.first { $0.name == name.text }?.value
  }

  @Test("a good message pays 1, 1/8, 1/27 in an episode, from the collection on in which its answer counts")
  func counted() throws {
    var counts = [[String: Int]](repeating: [:], count: 4)
    // When each message first came.
    var firstSeen: [String: Int] = [:]
    var paidSteps = 0
    let reward = "messages(goal=open the door with the key,latency=2)"
    try play(reward, collections: 8) { collection, messages, paid, ends, _ in
      for time in messages.indices {
        for slot in 0..<4 {
          let message = messages[time][slot]
          if !message.isEmpty {
            counts[slot][message, default: 0] += 1
            firstSeen[message] = firstSeen[message] ?? collection
          }
          let isGood =
            message.hasPrefix("picked up the") && message.hasSuffix("key") || message.hasPrefix("unlocked the")
            || message.hasPrefix("opened the")
          // Asked after the collection in which it came; taken in two collections later; paid in the one after.
          let isKnown = firstSeen[message].map { collection > $0 + 2 } ?? false
          let times = Double(counts[slot][message] ?? 0)
          #expect(paid[time][slot] == (isGood && isKnown ? Float(1 / (times * times * times)) : 0))
          if paid[time][slot] > 0 { paidSteps += 1 }
          if ends[time][slot] { counts[slot] = [:] }
        }
      }
    }
    #expect(paidSteps > 20)
  }

  @Test("a model's answers are taken in 50 collections later, or when it is said, others at once")
  func delays() throws {
    let model = ScriptedLanguageModel(rules: [], otherwise: " good")
    for (reward, wanted) in [
      ("messages(labels=model)", 51), ("messages(labels=model,latency=3)", 4), ("messages(labels=count)", 2),
    ] {
      var first = 0
      try play(reward, collections: wanted + 2, steps: 20, model: model) { collection, _, _, _, metrics in
        if first == 0, value(.messagesGood, metrics) ?? 0 > 0 { first = collection }
      }
      #expect(first >= wanted - 1 && first <= wanted + 1, "\(reward): \(first)")
    }
  }

  @Test("counts alone pay every message, a coin some of them, always the same ones")
  func controls() throws {
    func goodMessages(_ reward: String) throws -> (good: Set<String>, all: Set<String>) {
      var (good, all) = (Set<String>(), Set<String>())
      try play(reward, collections: 8) { collection, messages, paid, _, _ in
        guard collection > 4 else { return }
        for time in messages.indices {
          for slot in 0..<4 where !messages[time][slot].isEmpty {
            all.insert(messages[time][slot])
            if paid[time][slot] > 0 { good.insert(messages[time][slot]) }
          }
        }
      }
      return (good, all)
    }
    let counted = try goodMessages("messages(labels=count)")
    #expect(counted.good.count > 2)
    let coins = try goodMessages("messages(labels=random)")
    #expect(coins.good.isStrictSubset(of: counted.good))
    #expect(try goodMessages("messages(labels=random)").good == coins.good)
  }

  @Test("each message is asked about once; a full queue turns away; what cannot be read is counted and pays nothing")
  func queue() throws {
    var asked = 0.0
    try play("messages(labels=count)", collections: 6) { _, _, _, _, metrics in
      asked += (value(.messagesAskedShare, metrics) ?? .nan) * 400
      #expect(value(.messagesTurnedAway, metrics) == 0)
      // Those of the present collection are asked about at its end.
      #expect(abs(asked - (value(.messagesKnown, metrics) ?? .nan)) < 1e-6)
    }
    let narrow = "messages(labels=count,queue=2,questions=1)"
    try play(narrow, collections: 3, level: "gridworld/KeyCorridorS3R3", steps: 400) { collection, _, _, _, metrics in
      let (turnedAway, known) = (value(.messagesTurnedAway, metrics), value(.messagesKnown, metrics))
      #expect(turnedAway ?? 0 > 0)
      #expect(known ?? .infinity <= Double(collection + 2))
    }
    try play("messages(unreadableRate=1)", collections: 5) { collection, _, paid, _, metrics in
      #expect(paid.allSatisfy { $0.allSatisfy { $0 == 0 } })
      #expect(value(.messagesGood, metrics) == 0)
      let unreadable = value(.messagesUnreadable, metrics) ?? 0
      #expect(collection <= 1 || unreadable > 2)
    }
  }

  @Test("recorded labels are the file's, a model's its scores: both pay what they call good and nothing else")
  func recordedAndModel() throws {
    let text = "# what was said\npicked up the yellow key\tgood\ndropped the yellow key\tbad\n"
    let recorded = "messages(labels=recorded,file=\"\(text)\")"
    let model = ScriptedLanguageModel(rules: [.init("\"dropped the", " good")], otherwise: " bad")
    for (reward, prefix) in [(recorded, "picked up the yellow key"), ("messages(labels=model,latency=1)", "dropped the")] {
      var paidSteps = 0
      try play(reward, collections: 6, model: model) { collection, messages, paid, _, _ in
        for time in messages.indices {
          for slot in 0..<4 where paid[time][slot] > 0 {
            #expect(messages[time][slot].hasPrefix(prefix))
            paidSteps += 1
          }
        }
      }
      #expect(paidSteps > 3, "\(reward)")
    }
  }

  /// What a design paid in six collections, bit by bit, and the last metrics.
  private func paid(_ reward: String, model: (any LanguageModel)? = nil) throws -> (bits: [UInt32], metrics: [Metric]) {
    var (bits, last): ([UInt32], [Metric]) = ([], [])
    try play(reward, collections: 6, model: model) { _, _, paid, _, metrics in
      bits += paid.joined().map(\.bitPattern)
      last = metrics
    }
    return (bits, last)
  }

  #if LanguageModelRecords
    @Test("labels of a model that were recorded repeat without it, and agreement with scripted labels is logged")
    func recordedModel() throws {
      let file = "/tmp/forage-messages-\(UInt64.random(in: 0...UInt64.max)).sqlite"
      defer { try? Files.remove(file) }
      let script = ScriptedLanguageModel(rules: [.init("\"picked up the", " good")], otherwise: " bad")
      let goal = "goal=get the key,labels=model,latency=1"
      let first = try paid("messages(\(goal))", model: RecordedLanguageModel(path: file, asking: script))
      let again = try paid("messages(\(goal),model.backEnd=recorded,model.recording=\(file))")
      #expect(first.bits.contains { $0 != 0 } && first.bits == again.bits)
      #expect(value(.messagesAgreement, first.metrics) == value(.messagesAgreement, again.metrics))
      #expect((0...1).contains(value(.messagesAgreement, first.metrics) ?? -1))
      #expect(value(.messagesJudgedShare, first.metrics) ?? 0 > 0.5)
      #expect(value(.speedLabelsPerSecond, again.metrics) ?? 0 > 0)
    }
  #endif

  @Test("a model that judges as scripted labels do agrees wholly and pays the same; one that cannot tell is unread")
  func agreement() throws {
    let goal = "goal=get the key"
    let model = ScriptedLanguageModel(rules: [.init("\"picked up the", " good")], otherwise: " bad")
    let judged = try paid("messages(labels=model,latency=1,\(goal))", model: model)
    #expect(judged.bits.contains { $0 != 0 })
    #expect(judged.bits == (try paid("messages(\(goal))").bits))
    #expect(value(.messagesAgreement, judged.metrics) == 1)
    let other = ScriptedLanguageModel(rules: [.init("\"dropped the", " good")], otherwise: " bad")
    let differing = try paid("messages(labels=model,latency=1,\(goal))", model: other)
    #expect(value(.messagesAgreement, differing.metrics) ?? 1 < 1)
    var tied = model
    tied.tieRate = 1
    let open = try paid("messages(labels=model,latency=1,\(goal))", model: tied)
    #expect(open.bits.allSatisfy { $0 == 0 })
    #expect(value(.messagesUnreadable, open.metrics) ?? 0 > 2)
    #expect(value(.messagesAgreement, open.metrics) == nil)
  }

  /// A server that counts what it is asked.
  private final class Asked: LanguageModel {
    let name = "asked"
    private let count = Mutex(0)
    var usage: LanguageModelUsage {
      var usage = LanguageModelUsage()
      usage.requests = count.withLock { $0 }
      (usage.promptTokens, usage.cost) = (10 * usage.requests, 0.5 * Double(usage.requests))
      usage.uncounted = usage.requests
      return usage
    }

    func complete(_ prompts: [String], _ sampling: Sampling) -> [Completion] { prompts.map { _ in Completion("") } }

    func score(_ prompt: String, options: [String]) -> [Double] {
      count.withLock { $0 += 1 }
      return options.indices.map { -Double($0) }
    }
  }

  @Test("two terms of one model log every name once, numbered as their components are; one server is counted once")
  func twice() throws {
    let model = Asked()
    var last: [Metric] = []
    let reward = "messages(goal=get the key,latency=1)+messages(labels=model,latency=1,goal=open the door)"
      + "+messages(labels=model,latency=1,goal=get the key)+rnd+rnd"
    try play(reward, collections: 6, model: model) { _, _, _, _, metrics in
      #expect(Set(metrics.map(\.name)).count == metrics.count, "\(metrics.map(\.name))")
      last = metrics
    }
    for name in [
      "messages/known", "messages/known#2", "messages/known#3", "messages/agreement#2", "messages/agreement#3",
      "rnd/loss", "rnd/loss#2", "speed/modelRequests",
    ] { #expect(last.contains { $0.name == name }, "\(name)") }
    #expect(!last.contains { $0.name == "messages/agreement" || $0.name.hasPrefix("speed/modelRequests#") })
    // Others may have been asked since.
    let (requests, cost) = (value(.speedModelRequests, last) ?? .nan, value(.speedModelCost, last))
    #expect(requests > 0 && requests <= Double(model.usage.requests) && cost == requests / 2)
    #expect(value(.speedModelUncounted, last) == requests)
    #expect(Metric.of(LanguageModelUsage()).isEmpty)
    #expect(LanguageModelUsage() + model.usage == model.usage)
    #expect((model.usage + model.usage).promptTokens == 2 * model.usage.promptTokens)
  }

  /// Takes a while for an answer, as a server does; may refuse every question.
  private final class Slow: LanguageModel {
    let name = "slow"
    let concurrency: Int
    private let refuses: Bool
    private let counts = Mutex((asked: 0, open: 0, most: 0))
    var asked: Int { counts.withLock { $0.asked } }
    var most: Int { counts.withLock { $0.most } }

    init(concurrency: Int, refuses: Bool = false) { (self.concurrency, self.refuses) = (concurrency, refuses) }

    func complete(_ prompts: [String], _ sampling: Sampling) -> [Completion] { prompts.map { _ in Completion("") } }

    func score(_ prompt: String, options: [String]) throws -> [Double] {
      let number = counts.withLock { counts in
        counts = (counts.asked + 1, counts.open + 1, max(counts.most, counts.open + 1))
        return counts.asked
      }
      defer { counts.withLock { $0.open -= 1 } }
      // The later it is asked, the sooner it answers.
      usleep(UInt32(max(20_000, 200_000 - 20_000 * number)))
      if refuses { throw UserError.languageModel(name, failed: "status 401") }
      let isGood = prompt.contains("\"picked up the")
      return options.indices.map { ($0 == 0) == isGood ? -0.1 : -2 }
    }
  }

  @Test("a model is asked as many messages at once as it takes, whose answers count as if it was asked one by one")
  func sideBySide() throws {
    let reward = "messages(labels=model,latency=1,goal=get the key)"
    let (alone, many) = (Slow(concurrency: 1), Slow(concurrency: 8))
    let one = try paid(reward, model: alone)
    let several = try paid(reward, model: many)
    #expect(one.bits == several.bits && one.bits.contains { $0 != 0 })
    #expect(alone.most == 1 && many.most > 1 && many.most <= 8)
  }

  @Test("after a question that failed no other is asked")
  func refused() throws {
    for concurrency in [1, 2] {
      let model = Slow(concurrency: concurrency, refuses: true)
      let error = #expect(throws: UserError.self) {
        _ = try paid("messages(labels=model,latency=3,goal=get the key)", model: model)
      }
      #expect(error?.description.contains("status 401") == true)
      #expect((1...concurrency).contains(model.asked), "\(model.asked)")
    }
  }

  @Test("errors turn the share of labels that is asked for")
  func errors() throws {
    var good = 0.0
    try play("messages(errorRate=1,goal=reach the goal)", collections: 4) { _, _, _, _, metrics in
      good = value(.messagesGood, metrics) ?? .nan
    }
    #expect(good > 3)
  }

  @Test(
    "what cannot work is refused in a line",
    arguments: [
      ("messages(goal=monkey business)", "scripted labels know no word of the goal 'monkey business'"),
      ("messages(goal=stay indoors)", "know no word"), ("messages(goal=skilled play)", "know no word"),
      ("messages(labels=count,errorRate=0.5)", "messages(errorRate=) is of labels=scripted, and labels are count"),
      ("messages(labels=random,unreadableRate=0.5)", "messages(unreadableRate=) is of labels=scripted"),
      ("messages(labels=count,file=nope)", "messages(file=) is of labels=recorded"),
      ("messages(model.backEnd=http)", "messages(model=) is of labels=model, and labels are scripted"),
      ("messages(goal=be happy)", "scripted labels know no word of the goal 'be happy'. Use some of door, key"),
      ("messages(field=words)", "there is no field of text 'words'. There are mission, event: messages(field=...)"),
      ("messages(power=11)", "messages.power cannot be 11. Use a number from 0 to 10 (messages(power=))"),
      ("messages(queue=0)", "messages.queue cannot be 0"),
      ("messages(labels=recorded)", "no labels are named. Name their file: messages(labels=recorded,file=my.labels)"),
      (
        "messages(labels=model,model.concurrency=0)",
        "messages.model.concurrency cannot be 0. Use a whole number from 1 to 256 (model.concurrency=)"
      ),
      ("messages(labels=model,model.backEnd=recorded)", "recorded answers are to be used and no file is named"),
      ("messages(labels=recorded,file=\"\tgood\n\")", "the labels, line 1: the message is empty. Write it"),
      ("messages(labels=recorded,file=\"# none\n\")", "the labels: there is no label in it. Write the message, a tab"),
      ("messages(labels=recorded,file=\"a b\n\")", "the labels, line 1: this is no label. Write the message, a tab"),
    ])
  func refused(reward: String, message: String) throws {
    do {
      try play(reward, collections: 1) { _, _, _, _, _ in }
      Issue.record("accepted")
    } catch let error as UserError {
      #expect(error.description.contains(message), "\(error)")
    }
  }
}
