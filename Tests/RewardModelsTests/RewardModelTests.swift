import Environments
import GridworldEnvironments
import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

@Suite("Reward models")
struct RewardModelTests {
  /// Random play on a small gridworld, scored by a design.
  func play(
    _ reward: String, level: String = "DoorKey-5x5", iterations: Int = 1, steps: Int = 64, slots: Int = 4,
    workers: Int = 1,
    check: (Int, [Rollout], [RewardScores], RewardDesign) throws -> Void
  ) throws {
    let entry = try #require(Gridworld.level(named: level))
    let recipe = try EnvironmentRecipe(id: "gridworld/" + entry.id, Gridworld.self, configuration: entry.configuration)
    var design = try RewardDesign(reward, among: RewardModels.all, in: recipe, seed: 1)
    let signals = Array(Set(design.signals + recipe.specification.cell)).sorted()
    let collector = try Collector(recipe: recipe, slots: slots, batches: 2, steps: steps, signals: signals, seed: 3)
    var policies = [UniformPolicy(recipe.specification), UniformPolicy(recipe.specification)]
    let pool = Workers(count: workers)
    let scores = collector.rollouts.map {
      RewardScores(components: design.components.count, count: $0.steps * $0.slots)
    }
    var random = RandomSource(seed: 5)
    for iteration in 0..<iterations {
      _ = try collector.collect(&policies, workers: pool)
      try design.watch(collector.rollouts, into: scores, workers: pool)
      try check(iteration, collector.rollouts, scores, design)
      _ = try design.learn(from: collector.rollouts, random: &random, workers: pool)
    }
  }

  @Test("the environment's component is its reward times the weight")
  func environment() throws {
    try play("0.5*environment", level: "Empty-5x5", iterations: 4) { _, rollouts, scores, design in
      for (rollout, score) in zip(rollouts, scores) {
        // Weights come last: what the model writes is before them.
        for index in 0..<score.count { #expect(score[0][index] == rollout.rewards[index]) }
        score.weigh(by: design.components, into: score)
        for index in 0..<score.count { #expect(score[0][index] == 0.5 * rollout.rewards[index]) }
      }
    }
  }

  @Test("with discount 1 the shaping of an episode that ends adds up to one, and of one that is cut to the way it came")
  func telescopes() throws {
    var ended = 0
    var cut = 0
    // Two collections, so that episodes run over the seam between rollouts.
    var sums = [Double](repeating: 0, count: 4)
    var starts = [Double](repeating: -1, count: 4)
    try play("potential(discount=1)", level: "Empty-5x5", iterations: 2, steps: 150) { _, rollouts, scores, _ in
      for (index, (rollout, score)) in zip(rollouts, scores).enumerated() {
        let place = try #require(rollout.layout.place("distance"))
        for slot in 0..<rollout.slots {
          let number = index * rollout.slots + slot
          if starts[number] < 0 { starts[number] = Rollout.read(rollout.observation(time: 0, slot: slot), place) }
          for time in 0..<rollout.steps {
            sums[number] += Double(score[0][time * rollout.slots + slot])
            let outcome = rollout.outcome(time: time, slot: slot)
            guard outcome != .running else { continue }
            let left =
              outcome == .terminated ? 0 : Rollout.read(rollout.finalObservation(time: time, slot: slot), place)
            #expect(abs(sums[number] - (1 - left / starts[number])) < 1e-5)
            if outcome == .terminated { ended += 1 } else { cut += 1 }
            sums[number] = 0
            starts[number] = Rollout.read(rollout.observation(time: time + 1, slot: slot), place)
          }
        }
      }
    }
    #expect(ended > 2)
    #expect(cut > 0 || ended > 5)
  }

  @Test("a count is one over the root of the visits so far")
  func counts() throws {
    var seen: [[UInt8]: Int] = [:]
    try play("count(of=observation)", level: "Empty-5x5", iterations: 2) { _, rollouts, scores, _ in
      for (rollout, score) in zip(rollouts, scores) {
        for time in 0..<rollout.steps {
          for slot in 0..<rollout.slots {
            let row = rollout.nextObservation(time: time, slot: slot)
            let key = Array(UnsafeRawBufferPointer(start: row, count: rollout.layout.policyBytes))
            seen[key, default: 0] += 1
            #expect(score[0][time * rollout.slots + slot] == 1 / Float(seen[key]!).squareRoot())
          }
        }
      }
    }
    #expect(seen.count > 10)
  }

  @Test("what random network distillation has seen becomes less novel")
  func distillation() throws {
    var means: [Float] = []
    try play("rnd(learningRate=0.005,epochs=4)", level: "Empty-5x5", iterations: 12) { _, _, scores, _ in
      means.append(scores.flatMap { Array($0[0]) }.reduce(0, +) / Float(scores.reduce(0) { $0 + $1.count }))
      #expect(scores.allSatisfy { $0[0].allSatisfy { $0.isFinite && $0 >= 0 } })
    }
    #expect(means.last! < 0.3 * means[0])
  }

  @Test("one worker and three score the same bits")
  func workers() throws {
    func scores(_ workers: Int) throws -> [Float] {
      var all: [Float] = []
      try play("rnd+count+potential", iterations: 3, workers: workers) { _, _, scores, _ in
        for score in scores { for component in 0..<3 { all += Array(score[component]) } }
      }
      return all
    }
    let same = try scores(1) == scores(3)
    #expect(same)
  }

  @Test(
    "a saved design goes on where it stood",
    arguments: ["count", "count(episodic=true)", "rnd", "potential", "environment+0.1*rnd+count", "messages(latency=2)"])
  func saving(reward: String) throws {
    var saved: SavedState?
    var expected: [Float] = []
    try play(reward, iterations: 3) { iteration, rollouts, scores, design in
      if iteration == 1 {
        var state = SavedState()
        design.save(to: &state)
        saved = try SavedState(safetensors: state.safetensors(), name: "test")
        var copy = design
        try copy.restore(from: try #require(saved))
        var again = design
        let first = scores.map { RewardScores(components: $0.components, count: $0.count) }
        let second = scores.map { RewardScores(components: $0.components, count: $0.count) }
        try again.watch(rollouts, into: first, workers: Workers(count: 1))
        try copy.watch(rollouts, into: second, workers: Workers(count: 1))
        for (a, b) in zip(first, second) {
          for component in 0..<a.components {
            let same = a[component].elementsEqual(b[component])
            #expect(same)
          }
        }
        expected = Array(first[0][0])
      }
    }
    #expect(!expected.isEmpty)
  }

  @Test(
    "a design that is asked twice gives the same and stays as it was",
    arguments: ["count", "rnd", "potential(scale=10)", "0.5*environment+count(of=observation)+rnd"])
  func purity(reward: String) throws {
    try play(reward, iterations: 2) { _, rollouts, _, design in
      func digest() -> [UInt8] {
        var state = SavedState()
        design.save(to: &state)
        return state.safetensors()
      }
      let before = digest()
      let transitions = Transitions(rollouts[1])
      let answers = try (0..<2).map { _ in
        let scores = RewardScores(components: design.components.count, count: transitions.count)
        try design.reward(of: transitions, into: scores, workers: Workers(count: 1))
        return (0..<scores.components).flatMap { Array(scores[$0]) }
      }
      let same = answers[0] == answers[1]
      #expect(same)
      #expect(answers[0].contains { $0 != 0 })
      let unchanged = digest() == before
      #expect(unchanged)
    }
  }

  @Test(
    "for episodes from their starts a fresh design gives what it gives while it watches",
    arguments: ["environment", "potential", "count(episodic=true)", "potential(scale=4,discount=0.5)"])
  func wholeEpisodes(reward: String) throws {
    var isFirst = true
    try play(reward, level: "Empty-5x5", steps: 200) { _, rollouts, scores, design in
      #expect(isFirst)
      isFirst = false
      for (rollout, score) in zip(rollouts, scores) {
        let asked = RewardScores(components: 1, count: score.count)
        try design.reward(of: Transitions(rollout, fromStarts: true), into: asked, workers: Workers(count: 1))
        let same = asked[0].elementsEqual(score[0])
        #expect(same)
        #expect(Set(asked[0]).count > 1)
      }
    }
  }

  @Test("a design that depends on the episode says so, and refuses single transitions in one line")
  func relabelling() throws {
    for (reward, relabels) in [
      ("environment+count+rnd", true), ("environment+count(episodic=true)", false), ("potential", false),
      ("potential(scale=9)", true),
    ] {
      try play(reward) { _, rollouts, _, design in
        #expect(design.recipe.relabels == relabels)
        let scores = RewardScores(components: design.components.count, count: rollouts[0].steps * rollouts[0].slots)
        let ask = { try design.reward(of: Transitions(rollouts[0]), into: scores, workers: Workers(count: 1)) }
        if relabels { return try ask() }
        let error = #expect(throws: UserError.self) { try ask() }
        #expect(error?.reason.contains("depends on the episode so far") == true)
        #expect(error?.description.contains("\n") == false)
      }
    }
  }

  @Test("transitions of a buffer and of the rollout that it took in are given the same rewards")
  func fromBuffer() throws {
    let entry = try #require(Gridworld.level(named: "DoorKey-5x5"))
    let recipe = try EnvironmentRecipe(id: "gridworld/Doors", Gridworld.self, configuration: entry.configuration)
    try play("count(of=observation)+potential(scale=3)+environment", steps: 200) { _, rollouts, _, design in
      let signals = rollouts[0].layout.places.map(\.field).filter { $0.role == .signal }.map(\.name)
      let buffer = TransitionBuffer(specification: recipe.specification, signals: signals, slots: 2, capacity: 200)
      buffer.append([rollouts[0]])
      let (a, b) = (Transitions(rollouts[0]), buffer.transitions)
      let answers = try [a, b].map { transitions in
        let scores = RewardScores(components: 3, count: transitions.count)
        try design.reward(of: transitions, into: scores, workers: Workers(count: 1))
        return (0..<3).flatMap { Array(scores[$0]) }
      }
      let same = answers[0] == answers[1]
      #expect(same)
    }
  }
}
