import CAllocationCounter
import Catalog
import Groundwork
import ReinforcementLearning
import Testing

/// The contract of `Environment`: specification and one episode over everything that the catalog lists, the rest over
/// an id for each piece of code.
@Suite("Conformance") struct ConformanceTests {
  /// Environments whose every episode is the same: neither start nor step draws anything.
  static let deterministic: Set<String> = [
    "gridworld/Empty-5x5", "gridworld/Empty-6x6", "gridworld/Empty-8x8", "gridworld/Empty-16x16",
    "gridworld/DistShift1",
    "gridworld/DistShift2", "gridworld/DeceptiveCorridor", "bandit/BSuite",
  ]

  @Test("the specification is consistent with itself", arguments: everyEnvironment + stackedEnvironments)
  func specification(_ id: String) throws {
    let specification = try recipe(id).specification
    #expect(!specification.policyFields.isEmpty)
    #expect(Set(specification.fields.map(\.name)).count == specification.fields.count)
    #expect(specification.fields.allSatisfy { $0.count > 0 && !$0.summary.isEmpty })
    #expect(specification.actions.count > 0)
    if case .discrete(let names) = specification.actions { #expect(Set(names).count == names.count) }
    if case .continuous(let low, let high) = specification.actions {
      #expect(low.count == high.count && zip(low, high).allSatisfy { $0 < $1 } && low.count <= 16)
    }
    #expect(specification.timeLimit ?? 1 >= 1)
    for name in specification.cell { #expect(specification.field(name) != nil, "there is no field '\(name)'") }
    for field in specification.fields {
      if case .categorical(let counts) = field.kind { #expect((field.shape.last ?? 1) == counts.count) }
      if field.kind == .text { #expect(field.element == .uint8) }
    }
  }

  @Test("the same seed and actions give the same bytes", arguments: sampledEnvironments)
  func repetition(_ id: String) throws {
    let recipe = try recipe(id)
    var first = RandomPlay(recipe, slots: 2, steps: 80)
    var second = RandomPlay(recipe, slots: 2, steps: 80)
    first.finish()
    second.finish()
    for slot in 0..<2 { #expect(first.rollout.everything(slot: slot) == second.rollout.everything(slot: slot)) }
  }

  @Test("another seed gives another episode, unless nothing is random", arguments: sampledEnvironments)
  func otherSeed(_ id: String) throws {
    let recipe = try recipe(id)
    var first = RandomPlay(recipe, steps: 60)
    first.finish()
    let differs = (2...9).contains { seed in
      var other = RandomPlay(recipe, seed: UInt64(seed), steps: 60)
      for time in 0..<60 { other.step(like: first.rollout, at: time) }
      return other.rollout.everything() != first.rollout.everything()
    }
    #expect(differs == !Self.deterministic.contains(id))
  }

  @Test("every number lies in its declared range and every code below its count", arguments: sampledEnvironments)
  func ranges(_ id: String) throws {
    let recipe = try recipe(id)
    var play = RandomPlay(recipe, slots: 4, steps: 400)
    play.finish()
    let rollout = play.rollout
    var wrong: [String: Double] = [:]
    func check(_ row: UnsafeMutableRawPointer) {
      for place in rollout.layout.places {
        var ended = false
        for element in 0..<place.field.count {
          let value = Rollout.read(row, place, at: element)
          if case .categorical(let counts) = place.field.kind {
            if value < 0 || value >= Double(counts[element % counts.count]) { wrong[place.field.name] = value }
          } else if place.field.kind == .text {
            // Padded with zeros: nothing follows the first one.
            if element % place.field.single.count == 0 { ended = false }
            if ended && value != 0 { wrong[place.field.name] = value }
            ended = value == 0
          } else if !(place.field.range.contains(value)) {
            wrong[place.field.name] = value
          }
        }
      }
    }
    for time in 0..<rollout.steps {
      for slot in 0..<4 {
        let reward = Double(rollout.rewards[time * 4 + slot])
        let range = recipe.specification.rewards
        if reward < range.lowerBound - 1e-6 || reward > range.upperBound + 1e-6 { wrong["reward"] = reward }
        check(rollout.observation(time: time, slot: slot))
        check(rollout.nextObservation(time: time, slot: slot))
      }
    }
    #expect(wrong.isEmpty, "outside: \(wrong.sorted { $0.key < $1.key })")
  }

  @Test("a snapshot goes on as the original does and is not disturbed by it", arguments: sampledEnvironments)
  func snapshot(_ id: String) throws {
    let recipe = try recipe(id)
    for before in [0, 3, 17] {
      var original = RandomPlay(recipe, seed: 5, steps: 80, actions: UInt64(before))
      for _ in 0..<before { original.step() }
      if (0..<before).contains(where: { original.rollout.outcomes[$0] != 0 }) { continue }
      var early = RandomPlay(recipe, seed: 6, steps: 80)
      early.batch.copy(slot: 0, of: original.batch, to: 0)
      early.batch.observe(early.rollout)
      #expect(early.rollout.bytes(time: 0) == original.rollout.bytes(time: before))
      // The original plays on first; the snapshot must not notice.
      var last = before
      while last < 80 {
        original.step()
        last += 1
        if original.rollout.outcomes[last - 1] != 0 { break }
      }
      for time in before..<last {
        early.step(like: original.rollout, at: time)
        // Rows alone: after an ending the mask is the next episode's, which is each slot's own.
        #expect(
          early.rollout.bytes(early.rollout.nextObservation(time: time - before, slot: 0))
            == original.rollout.bytes(original.rollout.nextObservation(time: time, slot: 0)))
        #expect(early.rollout.rewards[time - before] == original.rollout.rewards[time])
        #expect(early.rollout.outcomes[time - before] == original.rollout.outcomes[time])
      }
    }
  }

  @Test("an episode is a function of its seed and actions, final observation included", arguments: everyEnvironment)
  func purity(_ id: String) throws {
    let recipe = try recipe(id)
    var play = RandomPlay(recipe, seed: 21, steps: stepsToEnd(recipe))
    guard play.playToEnd() else { return }
    let end = play.time - 1
    let history = RandomPlay(recipe, seed: 0, steps: 1)
    let seed = RandomSource.episodeSeed(run: 21, slot: 0, episode: 0)
    history.batch.start(slot: 0, seed: seed)
    let width = play.rollout.actions.width
    let actions = (0...end).flatMap { time in
      (0..<width).map { element in
        play.rollout.isDiscrete
          ? Float(play.rollout.actions.discrete[time]) : play.rollout.actions.continuous[time * width + element]
      }
    }
    let transitions = try history.batch.walk(slot: 0, actions: actions)
    #expect(transitions.count == end + 1)
    for (time, transition) in transitions.enumerated() {
      #expect(
        transition.reward == play.rollout.rewards[time] && transition.outcome.rawValue == play.rollout.outcomes[time])
      #expect(transition.success == play.rollout.successes[time])
    }
    history.batch.observe(history.rollout)
    let finalRow = play.rollout.bytes(play.rollout.finalObservation(time: end, slot: 0))
    #expect(history.rollout.bytes(time: 0) == finalRow)
  }

  @Test("after an ending the next row is a fresh reset of the next episode's seed", arguments: sampledEnvironments)
  func autoreset(_ id: String) throws {
    let recipe = try recipe(id)
    var play = RandomPlay(recipe, firstSlot: 3, seed: 21, steps: stepsToEnd(recipe))
    guard play.playToEnd() else { return }
    let fresh = RandomPlay(recipe, seed: 0, steps: 1)
    fresh.batch.start(slot: 0, seed: RandomSource.episodeSeed(run: 21, slot: 3, episode: 1))
    fresh.batch.observe(fresh.rollout)
    #expect(fresh.rollout.bytes(time: 0) == play.rollout.bytes(time: play.time))
  }

  @Test("no episode is longer than its time limit, and every episode ends", arguments: everyEnvironment)
  func ending(_ id: String) throws {
    let recipe = try recipe(id)
    guard let limit = recipe.specification.timeLimit, limit <= 10_000 else { return }
    var play = RandomPlay(recipe, seed: 33, steps: limit, signals: [])
    let ended = play.playToEnd()
    #expect(ended)
  }

  @Test("a legal action always exists", arguments: sampledEnvironments)
  func legalActions(_ id: String) throws {
    let recipe = try recipe(id)
    var play = RandomPlay(recipe, slots: 2, steps: 300)
    play.finish()
    guard recipe.specification.hasIllegalActions else { return #expect(!play.rollout.hasMasks) }
    for time in 0...300 {
      for slot in 0..<2 { #expect(play.rollout.mask(time: time, slot: slot)?.contains(true) == true) }
    }
  }

  @Test(
    "a step that ends no episode allocates nothing once warm, whichever numbers are observed",
    arguments: sampledEnvironments)
  func allocations(_ id: String) throws {
    let recipe = try recipe(id)
    let names = recipe.specification.signals.map(\.name)
    for signals in [[]] + names.map({ [$0] }) {
      var play = RandomPlay(recipe, steps: 200, signals: signals)
      play.finish()
      play.carry()
      var allocations: UInt64 = 0
      for time in 0..<200 {
        let before = forage_allocations()
        play.step()
        let after = forage_allocations()
        if play.rollout.outcomes[time] == 0 { allocations += after - before }
      }
      #expect(allocations == 0, "with \(signals.first ?? "no signal")")
    }
  }

  @Test("reseeding keeps the present and settles the future", arguments: sampledEnvironments)
  func reseeding(_ id: String) throws {
    let recipe = try recipe(id)
    var play = RandomPlay(recipe, seed: 8, steps: 60)
    for _ in 0..<4 { play.step() }
    guard (0..<4).allSatisfy({ play.rollout.outcomes[$0] == 0 }) else { return }
    var copies = (0..<2).map { _ in RandomPlay(recipe, seed: 9, steps: 60) }
    for index in copies.indices {
      copies[index].batch.copy(slot: 0, of: play.batch, to: 0)
      copies[index].batch.reseed(slot: 0, 77)
      copies[index].batch.observe(copies[index].rollout)
      #expect(copies[index].rollout.bytes(time: 0) == play.rollout.bytes(time: 4))
    }
    for time in 0..<50 {
      copies[0].step()
      copies[1].step(like: copies[0].rollout, at: time)
      #expect(copies[0].rollout.shown(time: time) == copies[1].rollout.shown(time: time))
      if copies[0].rollout.outcomes[time] != 0 { break }
    }
  }

  @Test("steps draw random numbers only where the specification says so", arguments: sampledEnvironments)
  func stochasticity(_ id: String) throws {
    let recipe = try recipe(id)
    guard !recipe.specification.isStochastic else { return }
    var play = RandomPlay(recipe, seed: 8, steps: 200)
    var reseeded = RandomPlay(recipe, seed: 8, steps: 200)
    reseeded.batch.reseed(slot: 0, 4711)
    for time in 0..<200 {
      play.step()
      reseeded.step(like: play.rollout, at: time)
      #expect(play.rollout.shown(time: time) == reseeded.rollout.shown(time: time))
      if play.rollout.outcomes[time] != 0 { break }
    }
  }

  @Test(
    "equal digests are of states that look alike, and a state that was reached again has its digest",
    arguments: sampledEnvironments)
  func digests(_ id: String) throws {
    let recipe = try recipe(id)
    let arena = recipe.makeArena(capacity: 3)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    arena.start(0, seed: 12)
    guard arena.digest(0) != nil, recipe.specification.actions.isDiscrete else { return }
    var random = RandomSource(seed: 3)
    var seen: [UInt64: [UInt8]] = [:]
    var row = [UInt8](repeating: 0, count: arena.layout.rowBytes)
    for time in 0..<150 {
      arena.legalActions(0, into: scratch.mask)
      let legal = scratch.mask.indices.filter { scratch.mask[$0] }
      let action = legal[random.integer(in: 0..<legal.count)]
      arena.copy(0, to: 1)
      let transition = arena.advance(0, to: 2, action: action, scratch)
      if transition.outcome != .running { break }
      arena.reseed(1, 99)
      if !recipe.specification.isStochastic { _ = arena.advance(1, to: 1, action: action, scratch) }
      let same = recipe.specification.isStochastic || arena.digest(1) == arena.digest(2)
      #expect(same, "step \(time): the same steps from a copy lead to another digest")
      arena.copy(2, to: 0)
      row.withUnsafeMutableBytes { arena.observe(0, into: $0.baseAddress!) }
      let shown = Array(row.prefix(arena.layout.policyBytes))
      let digest = try #require(arena.digest(0))
      // The first observation of some levels shows what the agent already carries.
      if time > 0 {
        let agrees = seen[digest] == nil || seen[digest]! == shown
        #expect(agrees, "step \(time): two states with one digest look different")
        seen[digest] = shown
      }
    }
  }

  @Test("a batch restored from what it saved continues bit for bit", arguments: sampledEnvironments)
  func restoring(_ id: String) throws {
    let recipe = try recipe(id)
    var play = RandomPlay(recipe, slots: 2, seed: 4, steps: 50)
    play.finish()
    _ = play.batch.absorb(play.rollout)
    var state = SavedState()
    play.batch.save(to: &state)
    let last = (0..<2).map { play.rollout.bytes(time: 50, slot: $0) }
    play.carry()
    let restored = RandomPlay(recipe, slots: 2, seed: 4, steps: 50)
    try restored.batch.restore(from: state, rollout: restored.rollout)
    for slot in 0..<2 { #expect(restored.rollout.bytes(time: 0, slot: slot) == last[slot]) }
    for time in 0..<50 {
      play.step()
      for slot in 0..<2 {
        let place = time * 2 + slot
        if play.rollout.isDiscrete {
          restored.rollout.actions.discrete[place] = play.rollout.actions.discrete[place]
        } else {
          let width = play.rollout.actions.width
          for element in place * width..<(place + 1) * width {
            restored.rollout.actions.continuous[element] = play.rollout.actions.continuous[element]
          }
        }
      }
      restored.batch.step(restored.rollout, at: time)
    }
    for slot in 0..<2 { #expect(play.rollout.everything(slot: slot) == restored.rollout.everything(slot: slot)) }
    #expect(play.batch.absorb(play.rollout) == restored.batch.absorb(restored.rollout))
  }

  @Test("signals that nobody wants do not change what the policy sees", arguments: sampledEnvironments)
  func signals(_ id: String) throws {
    let recipe = try recipe(id)
    var with = RandomPlay(recipe, steps: 60)
    var without = RandomPlay(recipe, steps: 60, signals: [])
    with.finish()
    without.finish()
    // What measures read is in every row, behind what the policy sees.
    let seen = without.rollout.layout.policyBytes
    func policy(_ rollout: Rollout, _ time: Int) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(start: rollout.observation(time: time, slot: 0), count: seen)
    }
    for time in 0...60 { #expect(policy(with.rollout, time).elementsEqual(policy(without.rollout, time))) }
    for time in 0..<60 { #expect(with.rollout.rewards[time] == without.rollout.rewards[time]) }
  }

  @Test("two batches of two slots do what one batch of four does", arguments: sampledEnvironments)
  func splitting(_ id: String) throws {
    let recipe = try recipe(id)
    var whole = RandomPlay(recipe, slots: 4, steps: 40)
    whole.finish()
    for half in 0..<2 {
      let part = RandomPlay(recipe, slots: 2, firstSlot: 2 * half, steps: 40)
      for time in 0..<40 {
        for slot in 0..<2 {
          let place = time * 2 + slot
          let wholePlace = time * 4 + 2 * half + slot
          if part.rollout.isDiscrete {
            part.rollout.actions.discrete[place] = whole.rollout.actions.discrete[wholePlace]
          } else {
            let width = part.rollout.actions.width
            for element in 0..<width {
              part.rollout.actions.continuous[place * width + element] =
                whole.rollout.actions.continuous[wholePlace * width + element]
            }
          }
        }
        part.batch.step(part.rollout, at: time)
      }
      for slot in 0..<2 {
        #expect(part.rollout.everything(slot: slot) == whole.rollout.everything(slot: 2 * half + slot))
      }
    }
  }

  @Test(
    "the sketch of a drawable environment has a board and shapes, at the start and later",
    arguments: sampledEnvironments)
  func sketch(_ id: String) throws {
    let recipe = try recipe(id)
    guard recipe.isDrawable else { return }
    var play = RandomPlay(recipe, steps: 20)
    for _ in 0..<2 {
      let sketch = play.batch.sketch(slot: 0)
      #expect(sketch.width > 0 && sketch.height > 0)
      #expect(!sketch.shapes.isEmpty)
      #expect(sketch.text.contains { $0 != " " && $0 != "\n" })
      play.finish()
    }
  }

  @Test("the allocation counter counts")
  func counter() {
    let before = forage_allocations()
    let array = [Int](repeating: Int(before), count: 100)
    let after = forage_allocations()
    #expect(after == before + 1 && array.count == 100)
  }
}
