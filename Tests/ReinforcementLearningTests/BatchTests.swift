import Groundwork
import ReinforcementLearning
import Testing

@Suite("The batch's loop, by counting") struct BatchTests {
  @Test(
    """
    an environment that ends every 5 steps gives the outcomes 0 0 0 0 1 0 0 0 0 1, observation 5 is the reset \
    one and final 4 the last
    """
  )
  func ending() throws {
    let batch = try CountingEnvironment.recipe().makeBatch(slots: 3, seed: 1)
    let rollout = batch.makeRollout(steps: 10)
    batch.reset(rollout)
    rollout.fillActions()
    rollout.fill(by: batch)
    for slot in 0..<3 {
      #expect(rollout.outcomeRow(slot: slot) == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
      let counts = (0...10).map { rollout.count(rollout.observation(time: $0, slot: slot)) }
      #expect(counts == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0])
      #expect(rollout.count(rollout.finalObservation(time: 4, slot: slot)) == 5)
      #expect(rollout.count(rollout.nextObservation(time: 9, slot: slot)) == 5)
      #expect(rollout.count(rollout.nextObservation(time: 3, slot: slot)) == 4)
    }
    #expect(rollout.finalCount == 6)
  }

  @Test("the action at [time, slot] is the one that is taken there")
  func actions() throws {
    let batch = try CountingEnvironment.recipe().makeBatch(slots: 2, seed: 1)
    let rollout = batch.makeRollout(steps: 4)
    batch.reset(rollout)
    rollout.fillActions()
    rollout.fill(by: batch)
    for time in 0..<4 {
      for slot in 0..<2 { #expect(rollout.rewards[time * 2 + slot] == Float((time + slot) % 3) + Float(time) / 10) }
    }
  }

  @Test("the time limit truncates at exactly its step, and a true ending on that step stays terminated")
  func timeLimit() throws {
    let cut = try CountingEnvironment.recipe { $0.length = 0; $0.timeLimit = 4 }.makeBatch(slots: 1, seed: 1)
    let rollout = cut.makeRollout(steps: 8)
    cut.reset(rollout)
    rollout.fill(by: cut)
    #expect(rollout.outcomeRow() == [0, 0, 0, 2, 0, 0, 0, 2])
    #expect(rollout.count(rollout.finalObservation(time: 3, slot: 0)) == 4)
    let both = try CountingEnvironment.recipe { $0.length = 4; $0.timeLimit = 4 }.makeBatch(slots: 1, seed: 1)
    both.reset(rollout)
    rollout.fill(by: both)
    #expect(rollout.outcomeRow() == [0, 0, 0, 1, 0, 0, 0, 1])
  }

  @Test("an environment may set another time limit for one episode")
  func episodeLimit() throws {
    let batch = try CountingEnvironment.recipe {
      $0.length = 0
      $0.timeLimit = 7
      $0.oddTimeLimit = 3
    }.makeBatch(slots: 1, seed: 1)
    let rollout = batch.makeRollout(steps: 7)
    for (seed, expected) in [(4, [0, 0, 0, 0, 0, 0, 2]), (5, [0, 0, 2])] as [(UInt64, [UInt8])] {
      batch.start(slot: 0, seed: seed)
      batch.observe(rollout)
      rollout.fill(by: batch)
      #expect(rollout.outcomeRow().prefix(expected.count).elementsEqual(expected))
    }
  }

  @Test("records name seed, length, return, success and actions, over the boundaries of rollouts")
  func records() throws {
    let batch = try CountingEnvironment.recipe { $0.length = 5 }.makeBatch(slots: 2, firstSlot: 6, seed: 9)
    let rollout = batch.makeRollout(steps: 3)
    batch.reset(rollout)
    var records: [EpisodeRecord] = []
    var taken: [[Float]] = [[], []]
    for _ in 0..<4 {
      rollout.fillActions()
      for slot in 0..<2 { taken[slot] += (0..<3).map { Float(rollout.actions.discrete[$0 * 2 + slot]) } }
      rollout.fill(by: batch)
      records += batch.absorb(rollout)
      rollout.carry()
    }
    #expect(records.map(\.slot) == [6, 7, 6, 7])
    #expect(records.map(\.episode) == [0, 0, 1, 1])
    #expect(records.map(\.time) == [1, 1, 0, 0])
    for record in records {
      #expect(record.length == 5 && record.outcome == .terminated)
      #expect(record.seed == RandomSource.episodeSeed(run: 9, slot: record.slot, episode: record.episode))
      let actions = Array(taken[record.slot - 6][record.episode * 5..<record.episode * 5 + 5])
      #expect(record.actions == actions)
      let expected = actions.enumerated().reduce(0.0) { $0 + Double(Float($1.element) + Float($1.offset) / 10) }
      #expect(abs(record.environmentReturn - expected) < 1e-5)
      #expect(record.success == (actions[4] == 2))
    }
  }

  @Test("the record of an episode that was started with a seed of its own names that seed, and the next is episode 1")
  func seededStart() throws {
    let batch = try CountingEnvironment.recipe().makeBatch(slots: 1, seed: 9)
    let rollout = batch.makeRollout(steps: 10)
    batch.start(slot: 0, seed: 1234)
    batch.observe(rollout)
    rollout.fill(by: batch)
    let records = batch.absorb(rollout)
    #expect(records.map(\.seed) == [1234, RandomSource.episodeSeed(run: 9, slot: 0, episode: 1)])
    #expect(records.map(\.episode) == [0, 1])
    let place = try #require(rollout.layout.place("seed"))
    let seen = rollout.observation(time: 5, slot: 0).loadUnaligned(fromByteOffset: place.offset, as: UInt64.self)
    #expect(seen == records[1].seed)
  }

  @Test("carrying makes the last observations and masks the first and forgets the final rows")
  func carry() throws {
    let batch = try CountingEnvironment.recipe { $0.masks = true }.makeBatch(slots: 2, seed: 1)
    let rollout = batch.makeRollout(steps: 5)
    batch.reset(rollout)
    #expect(Array(rollout.mask(time: 0, slot: 1)!) == [true, false, true])
    rollout.actions.discrete.update(repeating: 0, count: 10)
    rollout.fill(by: batch)
    #expect(Array(rollout.mask(time: 4, slot: 1)!) == [true, true, true])
    #expect(Array(rollout.mask(time: 5, slot: 1)!) == [true, false, true])
    rollout.carry()
    #expect(rollout.finalCount == 0)
    #expect(rollout.count(rollout.observation(time: 0, slot: 0)) == 0)
    #expect(Array(rollout.mask(time: 0, slot: 0)!) == [true, false, true])
  }

  @Test("final rows are kept when more episodes end than there was room for")
  func manyEndings() throws {
    let batch = try CountingEnvironment.recipe { $0.length = 1 }.makeBatch(slots: 2, seed: 3)
    let rollout = batch.makeRollout(steps: 64)
    batch.reset(rollout)
    rollout.fill(by: batch)
    #expect(rollout.finalCount == 128)
    let place = try #require(rollout.layout.place("seed"))
    for time in 0..<64 {
      for slot in 0..<2 {
        let row = rollout.finalObservation(time: time, slot: slot)
        #expect(rollout.count(row) == 1)
        #expect(
          row.loadUnaligned(fromByteOffset: place.offset, as: UInt64.self)
            == RandomSource.episodeSeed(run: 3, slot: slot, episode: time))
      }
    }
  }

  @Test("a restored batch goes on with the episode's seed, record and time limit")
  func restore() throws {
    let recipe = try CountingEnvironment.recipe { $0.length = 0; $0.timeLimit = 6 }
    let batch = recipe.makeBatch(slots: 2, seed: 5)
    let rollout = batch.makeRollout(steps: 4)
    batch.reset(rollout)
    batch.start(slot: 1, seed: 4321)
    batch.observe(rollout)
    rollout.fillActions()
    rollout.fill(by: batch)
    #expect(batch.absorb(rollout).isEmpty)
    var state = SavedState()
    batch.save(to: &state)
    let other = recipe.makeBatch(slots: 2, seed: 5)
    let otherRollout = other.makeRollout(steps: 4)
    try other.restore(from: state, rollout: otherRollout)
    rollout.carry()
    for (batch, rollout) in [(batch, rollout), (other, otherRollout)] {
      rollout.fillActions()
      rollout.fill(by: batch)
    }
    let records = batch.absorb(rollout)
    #expect(records == other.absorb(otherRollout))
    #expect(records.map(\.length) == [6, 6])
    #expect(records[1].seed == 4321)
    #expect(memcmpEqual(rollout, otherRollout))
  }

  @Test("a state of another number of slots, or with actions that are none, is refused")
  func badState() throws {
    let recipe = try CountingEnvironment.recipe()
    let batch = recipe.makeBatch(slots: 2, seed: 5)
    let rollout = batch.makeRollout(steps: 3)
    batch.reset(rollout)
    rollout.fillActions()
    rollout.fill(by: batch)
    _ = batch.absorb(rollout)
    var state = SavedState()
    batch.save(to: &state)
    let three = recipe.makeBatch(slots: 3, seed: 5)
    #expect(throws: UserError.self) { try three.restore(from: state, rollout: three.makeRollout(steps: 3)) }
    for actions in [[0, 1, 7, 0, 1, 2], [0, 1, 0.5, 0, 1, 2], [0, 1, .nan, 0, 1, 2], [0, 1]] as [[Float]] {
      var broken = state
      broken.set("actions", actions)
      #expect(throws: UserError.self) { try batch.restore(from: broken, rollout: rollout) }
    }
  }

  private func memcmpEqual(_ a: Rollout, _ b: Rollout) -> Bool {
    let count = (a.steps + 1) * a.slots * a.layout.rowBytes
    return UnsafeRawBufferPointer(start: a.observations, count: count)
      .elementsEqual(UnsafeRawBufferPointer(start: b.observations, count: count))
  }

  @Test("a snapshot keeps its own elapsed steps")
  func snapshot() throws {
    let batch = try CountingEnvironment.recipe { $0.length = 0; $0.timeLimit = 6 }.makeBatch(slots: 2, seed: 5)
    let rollout = batch.makeRollout(steps: 4)
    batch.reset(rollout)
    rollout.fill(by: batch)
    batch.start(slot: 1, seed: 1)
    batch.copy(slot: 0, of: batch, to: 1)
    rollout.carry()
    rollout.fill(by: batch)
    #expect(rollout.outcomeRow(slot: 1) == [0, 2, 0, 0])
  }
}
