import Groundwork
import ReinforcementLearning
import Synchronization
import Testing

@Suite("Collection, evaluation and replays") struct CollectionTests {
  @Test("every piece of work is done exactly once, round after round", arguments: [1, 2, 5])
  func workers(_ count: Int) {
    let workers = Workers(count: count)
    for round in 0..<200 {
      let pieces = round % 7
      let done = Mutex([Int](repeating: 0, count: 7))
      workers.perform(pieces) { piece in done.withLock { $0[piece] += 1 } }
      #expect(done.withLock { $0 } == (0..<7).map { $0 < pieces ? 1 : 0 })
    }
  }

  private func collected(workers count: Int, rounds: Int) throws -> ([EpisodeRecord], Collector) {
    let recipe = try CountingEnvironment.recipe { $0.length = 7 }
    let collector = try Collector(recipe: recipe, slots: 6, batches: 3, steps: 5, signals: ["double"], seed: 2)
    let workers = Workers(count: count)
    var policies = (0..<3).map { _ in UniformPolicy(recipe.specification) }
    let records = try (0..<rounds).flatMap { _ in try collector.collect(&policies, workers: workers) }
    return (records, collector)
  }

  @Test("the number of worker threads does not change what is collected")
  func threads() throws {
    let one = try collected(workers: 1, rounds: 4)
    let three = try collected(workers: 3, rounds: 4)
    #expect(one.0 == three.0 && one.0.count == 12)
    for index in 0..<3 {
      let bytes = 6 * 2 * one.1.rollouts[index].layout.rowBytes
      let a = UnsafeRawBufferPointer(start: one.1.rollouts[index].observations, count: bytes)
      let b = UnsafeRawBufferPointer(start: three.1.rollouts[index].observations, count: bytes)
      #expect(a.elementsEqual(b))
    }
  }

  @Test("a restored collector collects what the original does")
  func restoring() throws {
    let (_, original) = try collected(workers: 1, rounds: 2)
    var state = SavedState()
    original.save(to: &state)
    let (_, other) = try collected(workers: 1, rounds: 0)
    try other.restore(from: state)
    let workers = Workers(count: 1)
    var policies = (0..<3).map { _ in UniformPolicy(original.batches[0].specification) }
    #expect(try original.collect(&policies, workers: workers) == other.collect(&policies, workers: workers))
    #expect(try original.collect(&policies, workers: workers) == other.collect(&policies, workers: workers))
  }

  @Test("slots that cannot be shared out to the batches are refused")
  func sharing() throws {
    let recipe = try CountingEnvironment.recipe()
    #expect(throws: UserError.self) {
      try Collector(recipe: recipe, slots: 7, batches: 2, steps: 5, signals: [], seed: 2)
    }
  }

  @Test("an evaluation runs exactly the first episode of each slot")
  func evaluation() throws {
    let recipe = try CountingEnvironment.recipe { $0.length = 0; $0.timeLimit = 40; $0.oddTimeLimit = 3 }
    let specification = recipe.specification
    let evaluation = try Evaluation.run(recipe, episodes: 60, seed: 4, workers: Workers(count: 2)) { _ in
      UniformPolicy(specification)
    }
    #expect(evaluation.episodes.map(\.slot) == Array(0..<60))
    #expect(evaluation.episodes.allSatisfy { $0.episode == 0 && $0.length == ($0.seed % 2 == 1 ? 3 : 40) })
    #expect(Set(evaluation.lengths) == [3, 40])
  }

  @Test("a replay's digest finds the first step that differs, and its file reads back equal")
  func replay() throws {
    let recipe = try CountingEnvironment.recipe()
    let replay = try Replay(of: recipe, seed: 8, actions: [0, 1, 2, 0, 2, 1, 1], origin: ["agent": "none"])
    #expect(replay.length == 5 && replay.success)
    #expect(try replay.firstDifference(in: recipe) == nil)
    #expect(try Replay(json: replay.json, name: "replay") == replay)
    var changed = replay
    changed.actions[2] = 1
    #expect(try changed.firstDifference(in: recipe)?.step == 3)
    changed = replay
    changed.seed = 9
    #expect(try changed.firstDifference(in: recipe)?.step == 0)
    let longer = try CountingEnvironment.recipe { $0.length = 3 }
    #expect(try replay.firstDifference(in: longer)?.step == 3)
    #expect(throws: UserError.self) { try Replay(of: recipe, seed: 8, actions: [3]) }
    #expect(throws: UserError.self) { try Replay(json: ["version": 1], name: "replay") }
  }

  @Test("a uniform policy takes each legal action about equally often and no illegal one")
  func uniform() throws {
    let recipe = try CountingEnvironment.recipe { $0.length = 2; $0.masks = true }
    let batch = recipe.makeBatch(slots: 100, seed: 1)
    let rollout = batch.makeRollout(steps: 40)
    var policy = UniformPolicy(recipe.specification)
    var random = RandomSource(seed: 1)
    batch.reset(rollout)
    var counts = [[Int]](repeating: [0, 0, 0], count: 2)
    for time in 0..<40 {
      policy.act(on: rollout, at: time, in: batch.view, random: &random)
      for slot in 0..<100 { counts[time % 2][Int(rollout.actions.discrete[time * 100 + slot])] += 1 }
      batch.step(rollout, at: time)
    }
    #expect(counts[0][1] == 0 && abs(counts[0][0] - 1000) < 100)
    #expect(counts[1].allSatisfy { abs($0 - 667) < 90 })
  }
}
