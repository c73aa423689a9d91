import Groundwork
import ReinforcementLearning
import Testing

@Suite("Directed collection") struct DirectorTests {
  private func collector(
    _ directors: [ScriptedDirector], slots: Int = 2, steps: Int,
    _ change: (inout CountingEnvironment.Configuration) -> Void = { _ in }
  ) throws -> Collector {
    try Collector(
      recipe: try CountingEnvironment.recipe(change), slots: slots, batches: directors.count, steps: steps,
      fields: [Field("tag", element: .float32)], directors: directors, seed: 9)
  }

  private func collect(_ collector: Collector, workers: Int = 1) throws -> [EpisodeRecord] {
    var policies = collector.batches.map { _ in UniformPolicy(collector.recipe.specification) }
    return try collector.collect(&policies, workers: Workers(count: workers))
  }

  /// The steps that the rows of one slot show, `[steps + 1]`.
  private func counts(_ rollout: Rollout, slot: Int) -> [Int] {
    (0...rollout.steps).map { rollout.count(rollout.observation(time: $0, slot: slot)) }
  }

  private func seed(_ rollout: Rollout, time: Int, slot: Int) -> UInt64 {
    let offset = rollout.layout.place("seed")!.offset
    return rollout.observation(time: time, slot: slot).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  private func tag(_ row: UnsafeMutableRawPointer, _ rollout: Rollout) -> Double {
    Rollout.read(row, rollout.layout.place("tag")!)
  }

  // MARK: Starts and ends

  @Test("a slot starts by the run's rule, by hand or from a snapshot, and only what its seed repeats is recorded")
  func starts() throws {
    let arena = try CountingEnvironment.recipe().makeArena(capacity: 2)
    let scratch = SnapshotArena.Scratch(arena.recipe.specification)
    arena.start(1, seed: 4321)
    for _ in 0..<3 { _ = arena.advance(1, to: 1, action: 0, scratch) }
    let director = ScriptedDirector()
    director.starts = { _, episode in
      switch episode {
      case 1: .seed(77)
      case 2: .snapshot(arena, 1)
      default: .run
      }
    }
    let collector = try collector([director], steps: 14)
    let records = try collect(collector)
    let rollout = collector.rollouts[0]
    for slot in 0..<2 {
      #expect(counts(rollout, slot: slot) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 3, 4, 0, 1, 2])
      #expect(rollout.outcomeRow(slot: slot) == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0])
      let rule = { RandomSource.episodeSeed(run: 9, slot: slot, episode: $0) }
      #expect([0, 5, 10, 12].map { seed(rollout, time: $0, slot: slot) } == [rule(0), 77, 4321, rule(3)])
    }
    #expect(records.map(\.episode) == [0, 0, 1, 1] && records.map(\.length) == [5, 5, 5, 5])
    #expect(records.suffix(2).map(\.seed) == [77, 77])
    // What the director is told of the practice episode is what was done since the snapshot.
    #expect(director.judged.filter { $0.number == 2 }.map(\.length) == [1, 1, 2, 2])
  }

  @Test("an episode from a snapshot draws what the run's rule gives for its number, not what the snapshot would have")
  func reseeding() throws {
    let recipe = try EnvironmentRecipe(id: "test/Drawing", DrawingEnvironment.self, configuration: .init())
    let arena = recipe.makeArena(capacity: 1)
    arena.start(0, seed: 1)
    let director = ScriptedDirector()
    director.starts = { _, _ in .snapshot(arena, 0) }
    let collector = try Collector(
      recipe: recipe, slots: 2, batches: 1, steps: 6, fields: [Field("tag", element: .float32)], directors: [director],
      seed: 9)
    #expect(try collect(collector).isEmpty)
    for slot in 0..<2 {
      for episode in 0..<2 {
        var random = RandomSource(seed: RandomSource.episodeSeed(run: 9, slot: slot, episode: episode))
        let drawn = (0..<3).map { _ in random.uniformFloat() }
        #expect((0..<3).map { collector.rollouts[0].rewards[(episode * 3 + $0) * 2 + slot] } == drawn)
      }
    }
  }

  @Test("an episode that is given up ends the value, its record is truncated, the next starts in the same step")
  func givingUp() throws {
    let director = ScriptedDirector()
    director.verdict = { $0.length == 3 ? .isGivenUp : .goesOn }
    let collector = try collector([director], steps: 7)
    let records = try collect(collector)
    let rollout = collector.rollouts[0]
    #expect(rollout.outcomeRow(slot: 1) == [0, 0, 1, 0, 0, 1, 0])
    #expect(counts(rollout, slot: 1) == [0, 1, 2, 0, 1, 2, 0, 1])
    #expect(rollout.finalCount == 0)
    #expect(records.map(\.time) == [2, 2, 5, 5] && records.map(\.episode) == [0, 0, 1, 1])
    for record in records {
      #expect(record.outcome == .truncated && record.length == 3 && record.actions.count == 3)
      #expect(record.seed == RandomSource.episodeSeed(run: 9, slot: record.slot, episode: record.episode))
      // Its seed and actions give the same episode again.
      let replay = try Replay(of: collector.recipe, seed: record.seed, actions: record.actions)
      #expect(abs(replay.environmentReturn - record.environmentReturn) < 1e-5)
    }
  }

  @Test("where the environment ends an episode that is given up its own outcome stands")
  func givingUpAtTheEnd() throws {
    let director = ScriptedDirector()
    director.verdict = { $0.length == 3 ? .isGivenUp : .goesOn }
    let collector = try collector([director], steps: 4) { $0.timeLimit = 3 }
    #expect(try collect(collector).map(\.outcome) == [.truncated, .truncated])
    #expect(collector.rollouts[0].outcomeRow() == [0, 0, 2, 0] && collector.rollouts[0].finalCount == 2)
  }

  @Test("a step that is an end for the value alone does not end its episode")
  func endForTheValue() throws {
    let director = ScriptedDirector()
    director.sampleRules = .ends
    director.verdict = { $0.length == 2 || $0.length == 5 ? .endsForTheValue : .goesOn }
    let collector = try collector([director], steps: 6) { $0.length = 0; $0.timeLimit = 5 }
    let records = try collect(collector)
    #expect(collector.rollouts[0].outcomeRow() == [0, 1, 0, 0, 1, 0])
    #expect(
      (0..<6).map { collector.rollouts[0].startsEpisode(time: $0, slot: 0) } == [
        true, false, false, false, false, true,
      ])
    #expect(counts(collector.rollouts[0], slot: 0) == [0, 1, 2, 3, 4, 0, 1])
    #expect(records.map(\.length) == [5, 5] && records[0].outcome == .truncated)
  }

  // MARK: Rows, actions, samples

  @Test("appended fields stand in every row: the first, those of the steps, and the final one where the episode ended")
  func appendedFields() throws {
    let director = ScriptedDirector()
    let collector = try collector([director], steps: 6)
    _ = try collect(collector)
    let rollout = collector.rollouts[0]
    for slot in 0..<2 {
      // 100 a slot, 10 an episode, 1 a step.
      let shown = (0...6).map { tag(rollout.observation(time: $0, slot: slot), rollout) }
      #expect(shown == [0, 1, 2, 3, 4, 10, 11].map { Double($0 + 100 * slot) })
      #expect(tag(rollout.finalObservation(time: 4, slot: slot), rollout) == Double(5 + 100 * slot))
      #expect(rollout.count(rollout.finalObservation(time: 4, slot: slot)) == 5)
    }
  }

  @Test("an action that replaces the policy's is what is stepped and recorded")
  func replacedActions() throws {
    let director = ScriptedDirector()
    director.replacement = { time, slot in slot == 1 ? Int32(time % 3) : nil }
    let collector = try collector([director], steps: 5)
    let records = try collect(collector)
    #expect(records[1].actions == [0, 1, 2, 0, 1])
    #expect(abs(records[1].environmentReturn - 5) < 1e-5)
    #expect(collector.rollouts[0].rewards[2 * 2 + 1] == 2.2)
    #expect(records[0].actions != records[1].actions)
  }

  @Test("a rollout has room for what its director tells of samples, and for nothing else")
  func sampleRules() throws {
    let director = ScriptedDirector()
    director.sampleRules = [.rewards, .temperatures]
    let rules = try #require(try collector([director], steps: 3).rollouts[0].sampleRules)
    #expect(rules.rewards.count == 6 && Array(rules.temperatures) == [1, 1, 1, 1, 1, 1] && rules.isLearnt.isEmpty)
    #expect(try collector([ScriptedDirector()], steps: 3).rollouts[0].sampleRules == nil)
  }

  @Test("what directors pay is what the session scores, and its reward design is not asked")
  func pay() throws {
    let recipe = try CountingEnvironment.recipe()
    let session = TrainingSession(
      recipe: recipe, rewardModel: try ConstantReward.design(in: recipe), totalSteps: 100, seed: 9,
      workers: Workers(count: 1))
    let director = ScriptedDirector()
    director.sampleRules = .rewards
    director.pay = { 10 * $0 }
    let collector = try session.makeCollector(
      slots: 2, batches: 1, steps: 6, fields: [Field("tag", element: .float32)], directors: [director])
    var policies = [UniformPolicy(recipe.specification)]
    try session.collect(&policies)
    let rewards = collector.rollouts[0].rewards
    #expect(session.step == 12 && session.scores[0].components == 1)
    #expect((0..<12).allSatisfy { session.scores[0][0][$0] == 10 * rewards[$0] })
    // Directors that do not pay leave it to the design.
    director.sampleRules = []
    _ = try session.makeCollector(
      slots: 2, batches: 1, steps: 6, fields: [Field("tag", element: .float32)], directors: [director])
    try session.collect(&policies)
    #expect(session.scores[0][0].allSatisfy { $0 == 3 })
  }

  @Test("steps in another environment than the run's count as its steps, and the reward design does not score them")
  func otherEnvironment() throws {
    let recipe = try CountingEnvironment.recipe()
    let session = TrainingSession(
      recipe: recipe, rewardModel: try ConstantReward.design(in: recipe), totalSteps: 100, seed: 9,
      workers: Workers(count: 1))
    let collector = try session.makeCollector(
      of: try CountingEnvironment.recipe { $0.length = 2 }, slots: 2, batches: 1, steps: 6)
    var policies = [UniformPolicy(recipe.specification)]
    try session.collect(&policies)
    #expect(collector.rollouts[0].outcomeRow() == [0, 1, 0, 1, 0, 1])
    #expect(session.step == 12 && session.scores[0].components == 0)
  }

  // MARK: Bits

  /// Three batches whose directors draw: lengths, starts from snapshots, replaced actions.
  private func drawing(_ arena: SnapshotArena) throws -> Collector {
    let directors = (0..<3).map { ScriptedDirector(drawing: RandomSource(seed: 5, purpose: .goalChoice, index: $0)) }
    for director in directors { director.starts = { _, episode in episode % 3 == 2 ? .snapshot(arena, 0) : .run } }
    return try collector(directors, slots: 6, steps: 7) { $0.length = 6; $0.masks = true }
  }

  private func arena() throws -> SnapshotArena {
    let arena = try CountingEnvironment.recipe { $0.length = 6; $0.masks = true }.makeArena(capacity: 1)
    arena.start(0, seed: 3)
    _ = arena.advance(0, to: 0, action: 2, SnapshotArena.Scratch(arena.recipe.specification))
    return arena
  }

  private func expectEqual(_ one: Collector, _ other: Collector) {
    for (a, b) in zip(one.rollouts, other.rollouts) {
      let count = a.observationBytes
      #expect(
        UnsafeRawBufferPointer(start: a.observations, count: count)
          .elementsEqual(UnsafeRawBufferPointer(start: b.observations, count: count)))
      let places = a.steps * a.slots
      #expect((0..<places).allSatisfy { a.rewards[$0] == b.rewards[$0] && a.outcomes[$0] == b.outcomes[$0] })
      #expect((0..<places).allSatisfy { a.actions.discrete[$0] == b.actions.discrete[$0] })
    }
  }

  @Test("any number of workers collects the same bits")
  func workers() throws {
    let (one, three) = (try drawing(try arena()), try drawing(try arena()))
    for _ in 0..<4 {
      let records = try collect(one)
      let again = try collect(three, workers: 3)
      #expect(records == again && !records.isEmpty)
      expectEqual(one, three)
    }
  }

  @Test("a restored collector goes on with its directors' streams, starts and rows, bit for bit", arguments: [1, 2, 3])
  func restoring(after rounds: Int) throws {
    let (original, other) = (try drawing(try arena()), try drawing(try arena()))
    for _ in 0..<rounds { _ = try collect(original) }
    var state = SavedState()
    original.save(to: &state)
    try other.restore(from: SavedState(safetensors: state.safetensors(), name: "test"))
    for _ in 0..<3 {
      let (first, second) = (try collect(original), try collect(other, workers: 2))
      #expect(first == second)
      expectEqual(original, other)
    }
    var (last, again) = (SavedState(), SavedState())
    original.save(to: &last)
    other.save(to: &again)
    #expect(last.safetensors() == again.safetensors())
  }

  // MARK: Memory

  @Test("a collection's rollouts tile one slab that outlives the collector; others, or only some of them, do not")
  func slab() throws {
    var collector: Collector? = try drawing(try arena())
    _ = try collect(collector!)
    let rollouts = collector!.rollouts
    let before = rollouts.map { Array(UnsafeRawBufferPointer(start: $0.observations, count: $0.observationBytes)) }
    collector = nil
    let after = rollouts.map { Array(UnsafeRawBufferPointer(start: $0.observations, count: $0.observationBytes)) }
    #expect(before == after)
    let slab = rollouts[0].slab
    #expect(slab.isTiled(by: rollouts) && slab.base == rollouts[0].observations)
    #expect(!slab.isTiled(by: rollouts.reversed()) && !slab.isTiled(by: Array(rollouts.prefix(2))))
    let alone = Rollout(specification: try CountingEnvironment.recipe().specification, slots: 2, steps: 7)
    #expect(!slab.isTiled(by: rollouts.dropLast() + [alone]) && alone.slab.isTiled(by: [alone]))
  }
}
