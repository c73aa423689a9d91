import Catalog
import Foundation
import Groundwork
import Labels
import ReinforcementLearning
import Testing

@testable import RewardModels

@Suite("Rewards from preferences") struct PreferenceRewardTests {
  /// Random play under a design.
  final class Play {
    let recipe: EnvironmentRecipe
    var design: RewardDesign
    let collector: Collector
    private var policies: [UniformPolicy]
    private let workers: Workers
    private var random = RandomSource(seed: 5)
    let scores: RewardScores

    init(
      _ reward: String, in level: String = "control/Pendulum", steps: Int = 100, slots: Int = 4, workers: Int = 1,
      labels: (any LabelStore)? = nil, collector resumed: SavedState? = nil, design saved: SavedState? = nil
    ) throws {
      recipe = try Catalog.recipe(level)
      let designed = try RewardDesignRecipe(
        RewardSpecification(parsing: reward), among: RewardModels.all, for: recipe.specification)
      design = try designed.makeDesign(for: recipe, seed: 7, services: Services(labels: labels))
      collector = try Collector(
        recipe: recipe, slots: slots, batches: 1, steps: steps, signals: design.signals, seed: 7)
      policies = [UniformPolicy(recipe.specification)]
      self.workers = Workers(count: workers)
      scores = RewardScores(components: design.components.count, count: steps * slots)
      if let resumed, let saved {
        try collector.restore(from: resumed)
        try design.restore(from: saved.get(prefix: "design"))
        random = try RandomSource(words: try saved.get("random", count: 5))
      }
    }

    /// One collection.
    ///
    /// - Returns: What was logged.
    @discardableResult
    func collect() throws -> [Metric] {
      _ = try collector.collect(&policies, workers: workers)
      try design.watch(collector.rollouts, into: [scores], workers: workers)
      return try design.learn(from: collector.rollouts, random: &random, workers: workers)
    }

    var paid: [Float] { Array(scores[0]) }

    var saved: (collector: SavedState, design: SavedState) {
      var (collected, state) = (SavedState(), SavedState())
      collector.save(to: &collected)
      var part = SavedState()
      design.save(to: &part)
      state.set(prefix: "design", part)
      state.set("random", random.words)
      return (collected, state)
    }
  }

  func value(_ name: MetricName, _ metrics: [Metric]) -> Double? {
    metrics.first { $0.name == name.text }?.value
  }

  private static let small = "preferences(labels=120,questions=40,interval=800,segment=10,pool=200,epochs=40)"

  // MARK: Teachers

  private typealias Worth = SyntheticTeacher.Worth

  @Test("a perfect teacher prefers the larger return and calls equal what is equal")
  func perfect() {
    var teacher = SyntheticTeacher(.init(), seed: 1)
    #expect(teacher.answer(Worth(2), Worth(1), scale: (5, 0)) == .first)
    #expect(teacher.answer(Worth(-3), Worth(-2.5), scale: (5, 0)) == .second)
    #expect(teacher.answer(Worth(4), Worth(4), scale: (5, 0)) == .equal)
  }

  @Test("thresholds are shares of an average clip's return, from the least clip's where that is below zero")
  func thresholds() {
    var configuration = PreferenceReward.Configuration()
    (configuration.equal, configuration.skip) = (0.5, 0.25)
    var teacher = SyntheticTeacher(configuration, seed: 1)
    func answer(_ first: Double, _ second: Double, _ scale: (Double, Double)) -> Answer {
      teacher.answer(Worth(first), Worth(second), scale: scale)
    }
    // An average clip is worth 20: equal within 10, skipped below 5.
    #expect(answer(16, 7, (20, 0)) == .equal)
    #expect(answer(18, 7, (20, 0)) == .first)
    #expect(answer(4, 3, (20, 0)) == .skipped)
    // The same clips where every return is 30 less.
    #expect(answer(16 - 30, 7 - 30, (-10, -30)) == .equal)
    #expect(answer(18 - 30, 7 - 30, (-10, -30)) == .first)
    #expect(answer(4 - 30, 3 - 30, (-10, -30)) == .skipped)
  }

  @Test("a short memory moves what is preferred, and neither what is called equal nor what is skipped")
  func thresholdsOfShortMemory() {
    var configuration = PreferenceReward.Configuration()
    (configuration.myopia, configuration.equal, configuration.skip) = (0.9, 0.2, 0.5)
    var teacher = SyntheticTeacher(configuration, seed: 1)
    // 50 steps of 1 and 30 of 1: a memory of 0.9 a step remembers 9.95 and 9.58, an average clip is worth 40.
    let (long, short) = (Worth(remembered: 9.95, whole: 50), Worth(remembered: 9.58, whole: 30))
    #expect(teacher.answer(long, short, scale: (40, 0)) == .first)
    #expect(teacher.answer(short, Worth(remembered: 9.9, whole: 37), scale: (40, 0)) == .equal)
    let (poor, poorer) = (Worth(remembered: 9, whole: 19), Worth(remembered: 9, whole: 12))
    #expect(teacher.answer(poor, poorer, scale: (40, 0)) == .skipped)
    #expect(teacher.rating(long, in: 0...10, scale: (40, 0)) != .skipped)
    #expect(teacher.rating(Worth(remembered: 9, whole: 19), in: 0...10, scale: (40, 0)) == .skipped)
  }

  @Test("with a short memory most of what is asked is answered, where clips end with their episodes")
  func shortMemory() throws {
    for settings in ["skip=0.5", "equal=0.2"] {
      let play = try Play(
        "preferences(labels=200,questions=40,interval=400,myopia=0.9,\(settings))", in: "control/CartPole")
      var metrics: [Metric] = []
      for _ in 0..<5 { metrics = try play.collect() }
      let (asked, answers) = (value(.preferencesAsked, metrics) ?? 0, value(.preferencesAnswers, metrics) ?? 0)
      let equal = value(.preferencesEqual, metrics) ?? 0
      #expect(asked >= 100 && answers - equal > 0.4 * asked, "\(settings): \(answers), \(equal) equal, of \(asked)")
    }
  }

  @Test("mistakes and bounded rationality have the frequencies that were asked for")
  func errors() {
    func share(_ change: (inout PreferenceReward.Configuration) -> Void) -> Double {
      var configuration = PreferenceReward.Configuration()
      change(&configuration)
      var teacher = SyntheticTeacher(configuration, seed: 3)
      let answers = (0..<20_000).map { _ in teacher.answer(Worth(1), Worth(0), scale: (5, 0)) }
      #expect(answers.allSatisfy { $0 == .first || $0 == .second })
      return Double(answers.count { $0 == .first }) / 20_000
    }
    #expect(share { $0.mistakes = 0 } == 1)
    // Four deviations of a share of 20,000 are below 0.015.
    #expect(abs(share { $0.mistakes = 0.1 } - 0.9) < 0.015)
    #expect(abs(share { $0.rationality = 2 } - 0.8808) < 0.015)
    #expect(abs(share { ($0.rationality, $0.mistakes) = (2, 0.25) } - (0.75 * 0.8808 + 0.25 * 0.1192)) < 0.015)
  }

  @Test("a short memory weighs the last steps of a clip most")
  func myopia() throws {
    var configuration = PreferenceReward.Configuration()
    (configuration.segment, configuration.myopia) = (3, 0.5)
    let recipe = try Catalog.recipe("control/Pendulum")
    var pool = ClipPool(ClipRow(recipe.specification), configuration, runSeed: 1, keepsActions: false)
    let collector = try Collector(recipe: recipe, slots: 2, batches: 1, steps: 7, seed: 1)
    var policies = [UniformPolicy(recipe.specification)]
    _ = try collector.collect(&policies, workers: Workers(count: 1))
    try pool.add(collector.rollouts)
    let rewards = collector.rollouts[0].rewards
    // Two clips a slot, in the order in which they ended; the seventh step waits for two more.
    #expect(pool.clips.count == 4)
    for (number, (slot, first)) in [(0, 0), (1, 0), (0, 3), (1, 3)].enumerated() {
      let steps = (first..<first + 3).map { Double(rewards[$0 * 2 + slot]) }
      #expect(abs(pool.clips[number].values[0] - (steps[0] / 4 + steps[1] / 2 + steps[2])) < 1e-9)
      #expect(abs(pool.clips[number].environmentReturn - steps.reduce(0, +)) < 1e-9)
      #expect(pool.clips[number].first == first && pool.clips[number].count == 3)
    }
  }

  // MARK: Questions

  @Test("scores of pairs are those of their formulas")
  func selection() {
    // Probabilities 1/2 and 3/4.
    let (first, second) = ([0.0, Foundation.log(3.0)], [0.0, 0.0])
    let entropy = { (p: Double) in -p * Foundation.log(p) - (1 - p) * Foundation.log(1 - p) }
    #expect(abs(PairSelection.disagreement.score(first, second) - 0.125) < 1e-12)
    #expect(abs(PairSelection.entropy.score(first, second) - entropy(0.625)) < 1e-12)
    #expect(
      abs(PairSelection.active.score(first, second) - (entropy(0.625) - (entropy(0.5) + entropy(0.75)) / 2)) < 1e-12)
    #expect(abs(PairSelection.optimistic.score(first, second) - Foundation.log(3.0)) < 1e-12)
  }

  @Test("the pairs with the best scores are asked about, none twice and none of a clip with itself")
  func chosen() {
    var random = RandomSource(seed: 2)
    let returns = (0..<30).map { [Double($0), Double($0) / 2] }
    let pairs = PairSelection.optimistic.pairs(5, ofClips: 30, candidates: 40, random: &random) { returns }
    #expect(pairs.count == 5)
    #expect(Set(pairs.map { Set([$0.0, $0.1]) }).count == 5 && pairs.allSatisfy { $0.0 != $0.1 })
    #expect(pairs.allSatisfy { $0.0 + $0.1 > 40 })
    var asked = false
    let few = PairSelection.uniform.pairs(5, ofClips: 2, candidates: 1, random: &random) {
      asked = true
      return []
    }
    #expect(few.count == 1 && !asked)
  }

  @Test("clips end with their episodes, and what a question holds steps them again to the same returns")
  func steppedAgain() throws {
    let store = MemoryLabelStore()
    let reward = "preferences(labels=30,questions=30,interval=400,segment=10)"
    let play = try Play(reward, in: "control/CartPole", labels: store)
    for _ in 0..<2 { try play.collect() }
    let labels = store.labels()
    #expect(labels.count == 30)
    var (decided, shorter) = (0, 0)
    for label in labels {
      #expect(label.question.environment?.id == "control/CartPole")
      let returns = try label.question.clips().map { clip in
        if clip.count < 10 { shorter += 1 }
        let whole = try Replay(of: play.recipe, seed: clip.seed, actions: clip.actions).environmentReturn
        let before = try Replay(
          of: play.recipe, seed: clip.seed, actions: Array(clip.actions.prefix(clip.first))
        ).environmentReturn
        return clip.first == 0 ? whole : whole - before
      }
      #expect(label.answer == (returns[0] > returns[1] ? .first : returns[0] < returns[1] ? .second : .equal))
      if label.answer != .equal { decided += 1 }
    }
    #expect(decided > 5 && shorter > 5)
  }

  @Test("people are asked while it runs: what came is learnt from in the next session, and no more is asked than waits")
  func people() throws {
    let store = MemoryLabelStore()
    let reward = "preferences(teacher=person,labels=20,questions=4,interval=400,segment=10)"
    let play = try Play(reward, labels: store)
    let person = Teacher(.person, "Ada")
    for _ in 0..<6 { try play.collect() }
    // Nobody has answered: two sessions' worth waits, and nothing is paid.
    #expect(store.labels().count == 8)
    #expect(play.paid.allSatisfy { $0 == 0 })
    try store.answer([(0, .first), (1, .skipped), (5, .equal)], by: person)
    let metrics = try play.collect()
    #expect(value(.preferencesAnswers, metrics) == 2)
    #expect(value(.preferencesSkipped, metrics) == 1 && value(.preferencesEqual, metrics) == 1)
    #expect(store.labels()[0].takenInAt == 7 * 400)
    try play.collect()
    #expect(play.paid.contains { $0 != 0 })
    for _ in 0..<12 {
      try store.answer(store.open().map { ($0.number, .second) }, by: person)
      try play.collect()
    }
    // A question that was skipped does not count as a label.
    #expect(store.labels().count == 21)
    #expect(throws: UserError.self) { try Play("preferences(teacher=person)") }
  }

  @Test("a session that waits takes in all that it asked, once people have answered, and ends on the same bits again")
  func waiting() throws {
    let reward = "preferences(teacher=person,waits=true,labels=12,questions=4,interval=400,segment=10)"
    let store = MemoryLabelStore()
    Thread.detachNewThread {
      // Slower than the training: nothing is there when it asks.
      while store.labels().count(where: { $0.answer != nil }) < 12 {
        Clock.sleep(seconds: 0.02)
        for label in store.labels() where label.answer == nil {
          try? store.answer(label.number, label.number % 3 == 0 ? .second : .first, by: Teacher(.person, "Ada"))
        }
      }
    }
    let play = try Play(reward, labels: store)
    for session in 1...3 {
      let metrics = try play.collect()
      #expect(value(.preferencesAnswers, metrics) == Double(4 * session))
    }
    #expect(store.labels().allSatisfy { $0.takenInAt == $0.askedAt })
    // With what was answered nobody is waited for.
    let again = try Play(reward, labels: store)
    for _ in 0..<3 { try again.collect() }
    #expect(again.saved.design == play.saved.design)
    #expect {
      _ = try Play("preferences(waits=true)")
    } throws: { error in
      (error as? UserError)?.description.hasSuffix(
        "preferences.waits cannot be true with teacher=synthetic, which answers at once. Use true where people answer "
          + "(teacher=person)") ?? false
    }
  }

  @Test("a training that learnt nothing, or from fewer answers than it wants, says so, and names what is open")
  func shortfalls() throws {
    let store = MemoryLabelStore()
    let play = try Play("preferences(teacher=person,labels=20,questions=4,interval=400,segment=10)", labels: store)
    // Before the first session its counts are in the log.
    let early = try Play("preferences(labels=20,interval=4000)")
    #expect(try value(.preferencesAnswers, early.collect()) == 0)
    for _ in 0..<2 { try play.collect() }
    #expect(play.design.shortfalls.count == 2 && play.design.shortfalls[0].contains("every step was paid 0: 8 asked"))
    #expect(play.design.shortfalls[1].contains("8 questions wait for answers"))
    let taught = try Play("preferences(labels=40,questions=40,interval=800,segment=10,pool=200,epochs=40)")
    for _ in 0..<3 { try taught.collect() }
    #expect(taught.design.shortfalls.isEmpty)
    // Of 60 that are wanted two sessions ask about 10 each, a session a collection of 400 steps.
    let few = try Play("preferences(labels=60,questions=10,interval=100,segment=10,epochs=3)")
    for _ in 0..<2 { try few.collect() }
    let line = "preferences: learnt from 20 of 60 wanted answers, 20 asked, 0 skipped: a session asks 10 at most, "
      + "every 100 steps or more, at the end of a collection (400 steps here)"
    #expect(few.design.shortfalls.count == 1 && few.design.shortfalls[0].hasPrefix(line), "\(few.design.shortfalls)")
  }

  @Test("one network is refused where two are held against each other, and taken elsewhere")
  func oneNetwork() {
    func refusal(_ selection: PairSelection, _ combination: RewardCombination, networks: Int) -> String? {
      var configuration = PreferenceReward.Configuration()
      (configuration.selection, configuration.combination) = (selection, combination)
      configuration.ensemble = networks
      do {
        try Check.all(configuration.checks)
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(
      refusal(.disagreement, .mean, networks: 1)
        == "preferences.selection cannot be disagreement. Use two networks or more for disagreement and active "
        + "(preferences(ensemble=3))")
    #expect(
      refusal(.uniform, .worst, networks: 1)
        == "preferences.combination cannot be worst. Use two networks or more for worst and uncertainty "
        + "(preferences(ensemble=3))")
    #expect(refusal(.active, .mean, networks: 1) != nil && refusal(.entropy, .uncertainty, networks: 1) != nil)
    for selection in [PairSelection.uniform, .entropy, .optimistic] {
      #expect(refusal(selection, .mean, networks: 1) == nil)
    }
    for selection in PairSelection.allCases {
      for combination in RewardCombination.allCases { #expect(refusal(selection, combination, networks: 2) == nil) }
    }
  }

  @Test("a design asks through one term, and says why a second is refused")
  func twoTerms() {
    #expect {
      try Play("preferences(labels=40)+0.1*preferences(labels=40)")
    } throws: { "\($0)".contains("2 terms that ask, 'preferences' and 'preferences', and a run has one file") }
  }

  // MARK: Learning

  @Test("the gradient is that of the cross-entropy: the loss of one pair falls as it says")
  func gradient() throws {
    var configuration = PreferenceReward.Configuration()
    (configuration.ensemble, configuration.segment, configuration.epochs, configuration.accuracy) = (1, 4, 1, 1)
    (configuration.learningRate, configuration.penalty) = (1e-3, 0)
    let recipe = try Catalog.recipe("control/Pendulum")
    let row = ClipRow(recipe.specification)
    var random = RandomSource(seed: 4)
    let workers = Workers(count: 1)
    var pairs = AnsweredClips(stride: row.stride)
    let (first, second) = (Self.clip(4, row, &random), Self.clip(3, row, &random))
    pairs.append(first, second, target: 0.5)
    var ensemble = try RewardEnsemble(configuration, row: row.layout, seed: 1)
    func loss() -> Double {
      let returns = ensemble.returns(of: [first, second], stride: row.stride, workers)
      let probability = 1 / (1 + exp(returns[1][0][0] - returns[0][0][0]))
      return -0.5 * log(probability) - 0.5 * log(1 - probability)
    }
    // What it says of the loss before its step is the formula's.
    for _ in 0..<300 {
      let before = loss()
      let said = try ensemble.learn(from: pairs, step: 0, random: &random, workers: workers).loss
      #expect(abs(said - before) < 1e-5)
    }
    // Equal clips of different lengths: log 2 is the least that can be.
    #expect(loss() < log(2.0) + 1e-3)
  }

  @Test("the gradient of the cross-entropy with its penalty is that of central differences", arguments: [true, false])
  func slopes(isBounded: Bool) throws {
    var configuration = PreferenceReward.Configuration()
    (configuration.ensemble, configuration.segment, configuration.epochs, configuration.hidden) = (1, 5, 1, 6)
    // A step of Adam's first update is the rate times the gradient's sign, so a rate of 0 leaves the loss as it is.
    (configuration.learningRate, configuration.penalty, configuration.bounded) = (0, 0.05, isBounded)
    let recipe = try Catalog.recipe("control/Pendulum")
    let row = ClipRow(recipe.specification)
    var random = RandomSource(seed: 4)
    let workers = Workers(count: 1)
    var pairs = AnsweredClips(stride: row.stride)
    for (first, second, target) in [(5, 3, Float(1)), (2, 5, 0), (4, 4, 0.5)] {
      pairs.append(
        Self.clip(first, row, &random), Self.clip(second, row, &random), target: target)
    }
    var ensemble = try RewardEnsemble(configuration, row: row.layout, seed: 1)
    func loss() -> Double {
      var sum = 0.0
      for pair in 0..<pairs.count {
        var returns = [0.0, 0.0]
        for clip in 0..<2 {
          let steps = pairs.steps(ofClip: 2 * pair + clip)
          let values = pairs.rows.withUnsafeBytes {
            ensemble.rewards(
              $0.baseAddress! + steps.lowerBound * row.stride, count: steps.count, stride: row.stride, workers)
          }
          for value in values {
            returns[clip] += Double(value)
            sum += 0.05 * Double(value * value)
          }
        }
        let (margin, target) = (returns[0] - returns[1], Double([1, 0, 0.5][pair]))
        sum += target * log(1 + exp(-margin)) + (1 - target) * log(1 + exp(margin))
      }
      return sum / Double(pairs.count)
    }
    _ = try ensemble.learn(from: pairs, step: 0, random: &random, workers: workers)
    let gradient = try #require(ensemble.gradientForTests)
    let parameters = ensemble.parametersForTests
    Self.checkSlopes(gradient, at: parameters, &random) {
      ensemble.parametersForTests = $0
      return loss()
    }
  }

  @Test(
    "where observations are normalised their units do not matter, and where they are not they do",
    arguments: [true, false])
  func units(isNormalized: Bool) throws {
    var configuration = PreferenceReward.Configuration()
    (configuration.segment, configuration.epochs) = (5, 3)
    configuration.normalizesObservations = isNormalized
    let row = ClipRow(try Catalog.recipe("control/Pendulum").specification)
    let workers = Workers(count: 1)
    func paid(_ scale: Float, _ shift: Float) throws -> [Double] {
      var random = RandomSource(seed: 4)
      let clips = (0..<16).map { _ in
        var clip = Self.clip(5, row, &random)
        clip.rows.withUnsafeMutableBytes { bytes in
          for step in 0..<clip.count {
            for number in 0..<4 {
              let place = step * row.stride + 4 * number
              let value = bytes.load(fromByteOffset: place, as: Float.self)
              bytes.storeBytes(of: value * scale + shift, toByteOffset: place, as: Float.self)
            }
          }
        }
        return clip
      }
      var pairs = AnsweredClips(stride: row.stride)
      for pair in stride(from: 0, to: clips.count, by: 2) { pairs.append(clips[pair], clips[pair + 1], target: 1) }
      var ensemble = try RewardEnsemble(configuration, row: row.layout, seed: 1)
      _ = try ensemble.learn(from: pairs, step: 0, random: &random, workers: workers)
      return ensemble.paid(clips, stride: row.stride, workers).map { $0[0] }
    }
    let (metres, others) = (try paid(1, 0), try paid(250, -40))
    let difference = zip(metres, others).map { abs($0 - $1) }.max()!
    #expect(isNormalized ? difference < 1e-3 : difference > 0.1, "\(difference)")
  }

  /// A gradient in random directions against central differences of its loss.
  static func checkSlopes(
    _ gradient: [Float], at parameters: [Float], _ random: inout RandomSource, loss: ([Float]) -> Double
  ) {
    for _ in 0..<6 {
      let direction = gradient.map { _ in Float(random.normal()) }
      func value(_ step: Float) -> Double { loss(zip(parameters, direction).map { $0 + step * $1 }) }
      let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0 * $1.1) }
      let length = gradient.reduce(0) { $0 + Double($1 * $1) }.squareRoot()
      #expect(length > 0.01 && abs((value(1e-3) - value(-1e-3)) / 2e-3 - slope) < 0.05 * length)
    }
  }

  /// A clip of steps drawn evenly.
  static func clip(_ steps: Int, _ row: ClipRow, _ random: inout RandomSource) -> ClipRecord {
    var clip = ClipRecord(count: steps, rows: Array(repeating: 0, count: steps * row.stride))
    clip.rows.withUnsafeMutableBytes { bytes in
      for step in 0..<steps {
        for number in 0..<4 {
          let value = Float(random.uniform(-1, 1))
          bytes.storeBytes(of: value, toByteOffset: step * row.stride + 4 * number, as: Float.self)
        }
      }
    }
    return clip
  }

  @Test("1,000 steps of random play and 120 answers: the reward of a step goes with the environment's")
  func learns() throws {
    let play = try Play(Self.small, slots: 8)
    var asked = 0.0
    for collection in 0..<4 {
      let metrics = try play.collect()
      if collection == 0 { #expect(play.paid.allSatisfy { $0 == 0 }) }
      asked = value(.preferencesAsked, metrics) ?? asked
    }
    #expect(asked == 120)
    let environmentRewards = (0..<play.paid.count).map { Double(play.collector.rollouts[0].rewards[$0]) }
    #expect(correlation(play.paid.map(Double.init), environmentRewards) > 0.7)
  }

  func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (x, y) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    let product = zip(a, b).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    let squares = (a.reduce(0) { $0 + ($1 - x) * ($1 - x) }, b.reduce(0) { $0 + ($1 - y) * ($1 - y) })
    return product / (squares.0 * squares.1).squareRoot()
  }

  @Test("the worst of the networks pays least, their mean less their variance less than their mean")
  func combinations() throws {
    func paid(_ combination: String) throws -> [Float] {
      let play = try Play(Self.small.dropLast() + ",combination=\(combination))", slots: 8)
      for _ in 0..<3 { try play.collect() }
      return play.paid
    }
    let (mean, worst, uncertain) = (try paid("mean"), try paid("worst"), try paid("uncertainty"))
    #expect(zip(worst, mean).allSatisfy { $0 <= $1 + 1e-6 } && worst != mean)
    #expect(zip(uncertain, mean).allSatisfy { $0 <= $1 + 1e-6 } && uncertain != mean && uncertain != worst)
  }

  @Test("the correlation that is logged is that of what clips are paid", arguments: ["mean", "worst", "uncertainty"])
  func paidCorrelation(_ combination: String) throws {
    // Clips of a step, so that the pool is what was collected last.
    let play = try Play(
      "preferences(labels=60,questions=60,interval=400,segment=1,pool=400,ensemble=5,combination=\(combination))")
    let logged = try #require(value(.preferencesCorrelation, play.collect()))
    let transitions = Transitions(play.collector.rollouts[0])
    let paid = RewardScores(components: 1, count: transitions.count)
    try play.design.reward(of: transitions, into: paid, workers: Workers(count: 1))
    let real = (0..<transitions.count).map { Double(transitions.reward($0)) }
    #expect(abs(correlation(paid[0].map(Double.init), real) - logged) < 1e-5)
  }

  @Test("a file of labels that was lost or rolled back is refused where a training goes on, and not where one looks on")
  func lostLabels() throws {
    guard LabelDatabase.isAvailable else { return }
    let folder = FileManager.default.temporaryDirectory.appending(path: "preferences-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let reward = "preferences(labels=60,questions=20,interval=400,segment=10)"
    let file = folder + "/" + LabelDatabase.fileName
    do {
      let play = try Play(reward, labels: LabelDatabase(ofRun: folder))
      try play.collect()
    }
    let old = try Data(contentsOf: URL(filePath: file))
    let saved: (collector: SavedState, design: SavedState)
    do {
      let again = try Play(reward, labels: LabelDatabase(ofRun: folder))
      for _ in 0..<2 { try again.collect() }
      saved = again.saved
    }
    func resumed() throws -> Play {
      try Play(reward, labels: LabelDatabase(ofRun: folder), collector: saved.collector, design: saved.design)
    }
    try resumed().design.checkRecords()
    try old.write(to: URL(filePath: file))
    let rolledBack = try resumed()
    #expect { try rolledBack.design.checkRecords() } throws: { "\($0)".contains("has 20 questions and 20 answers") }
    try FileManager.default.removeItem(atPath: file)
    let lost = try resumed()
    #expect { try lost.design.checkRecords() } throws: { "\($0)".contains("has 0 questions and 0 answers") }
  }

  @Test("one worker and three pay the same bits")
  func workers() throws {
    func paid(_ workers: Int) throws -> [Float] {
      let play = try Play(Self.small.dropLast() + ",selection=active)", slots: 8, workers: workers)
      for _ in 0..<4 { try play.collect() }
      return play.paid
    }
    #expect(try paid(1) == paid(3))
  }

  @Test(
    "a run that is resumed goes on to the same bits, in the middle of clips and between sessions",
    arguments: ["control/Pendulum", "control/CartPole", "gridworld/DoorKey-5x5"])
  func resumed(_ level: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "preferences-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let reward =
      "preferences(labels=60,questions=20,interval=500,segment=30,epochs=3,selection=disagreement,mistakes=0.2)"
    let store: (any LabelStore)? = LabelDatabase.isAvailable ? LabelDatabase(ofRun: folder) : nil
    let play = try Play(reward, in: level, labels: store)
    for _ in 0..<3 { try play.collect() }
    let saved = play.saved
    for _ in 0..<4 { try play.collect() }
    let again = try Play(reward, in: level, labels: store, collector: saved.collector, design: saved.design)
    for _ in 0..<4 { try again.collect() }
    #expect(again.paid == play.paid)
    #expect(again.saved.design == play.saved.design)
  }
}
