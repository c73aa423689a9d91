import Groundwork
import Testing

@testable import ReinforcementLearning

@Suite struct EpisodeWalkerTests {
  @Test("a walker goes through an episode as a slot does: rewards, outcome, rows and masks")
  func asSlot() throws {
    let recipe = try CountingEnvironment.recipe {
      $0.masks = true
      $0.length = 4
    }
    let batch = recipe.makeBatch(slots: 1, seed: 0)
    let rollout = batch.makeRollout(steps: 4, signals: ["double"])
    batch.start(slot: 0, seed: 9)
    batch.observe(rollout)
    rollout.fillActions()
    rollout.fill(by: batch)
    let walker = EpisodeWalker(recipe, signals: ["double"])
    let walked = Rollout(specification: recipe.specification, signals: ["double"], slots: 1, steps: 4)
    walker.start(seed: 9)
    for time in 0..<4 {
      let action = [Float(rollout.actions.discrete[time])]
      let transition = try walker.step(action, into: walked, at: time)
      #expect(transition.reward == rollout.rewards[time] && transition.success == rollout.successes[time])
    }
    let bytes = rollout.layout.rowBytes
    func row(_ start: UnsafeRawPointer) -> [UInt8] { Array(UnsafeRawBufferPointer(start: start, count: bytes)) }
    #expect(walked.outcomeRow() == rollout.outcomeRow() && walked.outcomeRow() == [0, 0, 0, 1])
    for time in 0..<4 {
      #expect(row(walked.observation(time: time, slot: 0)) == row(rollout.observation(time: time, slot: 0)))
      #expect(row(walked.nextObservation(time: time, slot: 0)) == row(rollout.nextObservation(time: time, slot: 0)))
      #expect(Array(walked.mask(time: time, slot: 0)!) == Array(rollout.mask(time: time, slot: 0)!))
    }
    #expect(row(walker.row) == row(rollout.finalObservation(time: 3, slot: 0)))
    #expect(walker.steps == 4 && walker.outcome == .terminated)
  }

  @Test("a walk ends with its episode, by itself or by the episode's own time limit, and says how many steps it took")
  func ends() throws {
    for (seed, length) in [(2, 5), (3, 2)] as [(UInt64, Int)] {
      let walker = EpisodeWalker(try CountingEnvironment.recipe { $0.oddTimeLimit = 2 })
      walker.start(seed: seed)
      var rewards: [Float] = []
      #expect(try walker.walk([0, 1, 2, 0, 1, 2, 0, 1]) { rewards.append($0.reward) } == length)
      #expect(rewards.count == length && walker.outcome == (length == 2 ? .truncated : .terminated))
      #expect(throws: UserError.self) { try walker.step([0]) }
      walker.start(seed: seed)
      #expect(walker.steps == 0 && walker.outcome == .running)
    }
  }

  @Test("an action that is none of the environment's is refused with its step, and half an action too")
  func refuses() throws {
    let walker = EpisodeWalker(try CountingEnvironment.recipe())
    walker.start(seed: 0)
    for action: Float in [3, -1, 0.5, .nan, .infinity] {
      let error = #expect(throws: UserError.self) { try walker.walk([0, action]) }
      #expect(error?.reason == "action \(action) at step \(walker.steps + 1) is not one of 0..<3")
      walker.start(seed: 0)
    }
    #expect(throws: UserError.self) { try walker.step([Float]()) }
  }

  @Test(
    "a walker goes on from a snapshot, and its states go on in an arena and in a slot, with the steps that are left")
  func copies() throws {
    let recipe = try CountingEnvironment.recipe()
    let walker = EpisodeWalker(recipe)
    let arena = recipe.makeArena(capacity: 3)
    let batch = recipe.makeBatch(slots: 2, seed: 1)
    let rollout = batch.makeRollout(steps: 2)
    batch.reset(rollout)
    walker.start(seed: 4)
    try walker.walk([0, 0, 0])
    walker.copy(to: 2, of: arena)
    walker.store(to: 1, of: batch)
    #expect(arena.elapsed(2) == 3 && walker.sketch.captions == ["3"])
    rollout.fillActions()
    rollout.fill(by: batch)
    #expect(rollout.outcomeRow(slot: 0) == [0, 0] && rollout.outcomeRow(slot: 1) == [0, 1])
    let other = EpisodeWalker(recipe)
    other.start(from: 2, of: arena)
    #expect(try other.walk([0, 0, 0, 0]) == 2 && other.outcome == .terminated)
  }

  @Test("every step of a tree is taken once, from the state of the step before it")
  func tree() throws {
    // 0 - 1 - 2, 1 - 3, 0 - 4 - 5, and 6 from the start.
    let tree = EpisodeTree(previous: [-1, 0, 1, 1, 0, 4, -1], actions: [0, 1, 2, 0, 1, 2, 0])
    var depths: [Int: Int] = [:]
    EpisodeWalker.walk(tree, of: try CountingEnvironment.recipe(), seed: 5) { step, state, arena in
      #expect(depths.updateValue(arena.elapsed(state), forKey: step) == nil)
    }
    #expect(depths == [-1: 0, 0: 1, 1: 2, 2: 3, 3: 3, 4: 2, 5: 3, 6: 1])
  }
}
