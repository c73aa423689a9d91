import Groundwork
import ReinforcementLearning
import Testing

@Suite("What an environment can do, and what it is spared") struct CapabilityTests {
  private func line(_ change: (inout LineTask.Configuration) -> Void = { _ in }) throws -> EnvironmentRecipe {
    var configuration = LineTask.Configuration()
    change(&configuration)
    return try EnvironmentRecipe(id: "test/Line", LineTask.self, configuration: configuration)
  }

  @Test("an environment of six members is stepped, masked and copied, and can nothing else")
  func minimal() throws {
    let recipe = try EnvironmentRecipe(id: "test/Plain", PlainTask.self, configuration: .init())
    #expect(!recipe.isDrawable && !recipe.isMapped && !recipe.isSearchable && !recipe.hasExpert && recipe.goal == nil)
    #expect(recipe.selfPlay == nil)
    let batch = recipe.makeBatch(slots: 2, seed: 1)
    let rollout = batch.makeRollout(steps: 3)
    batch.reset(rollout)
    for time in 0..<3 { batch.step(rollout, at: time) }
    #expect(rollout.outcomeRow() == [0, 0, 2])
    let (arena, other) = (recipe.makeArena(capacity: 1), recipe.makeArena(capacity: 1))
    arena.start(0, seed: 1)
    other.copy(0, of: arena, to: 0)
    #expect(arena.digest(0) == nil && arena.place(0) == nil && !other.adopt(0))
    var mask = [Bool](repeating: false, count: 2)
    mask.withUnsafeMutableBufferPointer { arena.legalActions(0, into: $0) }
    #expect(mask == [true, true])
  }

  @Test("what has no picture is shown by its step count")
  func placeholder() throws {
    let recipe = try EnvironmentRecipe(id: "test/Plain", PlainTask.self, configuration: .init())
    let batch = recipe.makeBatch(slots: 1, seed: 1)
    let rollout = batch.makeRollout(steps: 2)
    batch.reset(rollout)
    #expect(batch.sketch(slot: 0).captions == ["step 0"])
    batch.step(rollout, at: 0)
    #expect(batch.sketch(slot: 0).captions == ["step 1"] && batch.sketch(slot: 0).width > 0)
    let arena = recipe.makeArena(capacity: 1)
    arena.load(slot: 0, of: batch, to: 0)
    #expect(arena.sketch(0) == batch.sketch(slot: 0))
    #expect(try recipe.places(seed: 1, actions: [0, 1]).isEmpty)
  }

  @Test("the plan is made once a recipe, and every slot and snapshot of all its batches shares it")
  func plan() throws {
    let recipe = try line { $0.label = "shared" }
    let (first, second) = (recipe.makeBatch(slots: 3, seed: 1), recipe.makeBatch(slots: 2, seed: 2))
    let plans = [first, second].flatMap { batch in
      batch.withStorage { ($0 as! SlotStorage<LineTask>).slots.map { ObjectIdentifier($0.environment.plan) } }
    }
    #expect(plans.count == 5 && Set(plans).count == 1)
    let arena = recipe.makeArena(capacity: 2)
    arena.reserve(50)
    for index in [0, 1, 49] { arena.store(index, to: 0, of: first) }
    first.withStorage {
      #expect(ObjectIdentifier(($0 as! SlotStorage<LineTask>).slots[0].environment.plan) == plans[0])
    }
    #expect(
      try line().makeBatch(slots: 1, seed: 1).withStorage {
        ObjectIdentifier(($0 as! SlotStorage<LineTask>).slots[0].environment.plan)
      } != plans[0])
  }

  @Test("a configuration of which no plan can be made is refused by the recipe, with reason and fix")
  func refused() {
    let error = #expect(throws: UserError.self) { try line { $0.length = 0 } }
    #expect(error?.reason == "length = 0" && error?.fix == "Use 1 or more")
  }

  @Test("a snapshot goes on under another plan, where the environment allows it")
  func adoption() throws {
    let (short, long) = (try line(), try line { $0.length = 9 })
    let (source, target) = (short.makeArena(capacity: 1), long.makeArena(capacity: 1))
    source.start(0, seed: 4)
    target.copy(0, of: source, to: 0)
    #expect(target.digest(0) == source.digest(0) && target.adopt(0))
    #expect(target.digest(0) != source.digest(0))
    let plain = try line { $0.length = 3 }.makeArena(capacity: 1)
    plain.copy(0, of: source, to: 0)
    #expect(!plain.adopt(0) && plain.digest(0) == source.digest(0), "a shorter line is refused and changes nothing")
  }

  @Test("an expert's actions, asked of slots or of snapshots, reach every goal")
  func expert() throws {
    let recipe = try line()
    #expect(recipe.hasExpert)
    let batch = recipe.makeBatch(slots: 4, seed: 3)
    let rollout = batch.makeRollout(steps: 5)
    batch.reset(rollout)
    let arena = recipe.makeArena(capacity: 1)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    for time in 0..<5 {
      for slot in 0..<4 {
        batch.expertAction(slot: slot, into: rollout.actions, at: time * 4 + slot)
        arena.load(slot: slot, of: batch, to: 0)
        arena.expertAction(0, into: scratch)
        #expect(scratch.actions.continuous[0] == rollout.actions.continuous[time * 4 + slot])
      }
      batch.step(rollout, at: time)
    }
    for slot in 0..<4 { #expect((0..<5).contains { rollout.successes[$0 * 4 + slot] }) }
  }

  @Test("every kind of action is written as it is read")
  func actions() {
    let specification = Specification(
      fields: [], actions: .continuous(low: [0, 0, 0], high: [1, 1, 1]), timeLimit: nil, rewards: 0...0)
    // Buffers live as long as their owners.
    let rollout = Rollout(specification: specification, slots: 2, steps: 1)
    defer { withExtendedLifetime(rollout) {} }
    let buffer = rollout.actions
    VectorAction([1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).write(to: buffer, at: 1)
    #expect((0..<6).map { buffer.continuous[$0] } == [0, 0, 0, 1, 2, 3], "no further than the vector is wide")
    let scratch = SnapshotArena.Scratch(PlainTask.specification(of: .init()))
    defer { withExtendedLifetime(scratch) {} }
    let discrete = scratch.actions
    PlainTask.Action.right.write(to: discrete, at: 0)
    #expect(discrete.discrete[0] == 1 && PlainTask.Action(from: discrete, at: 0) == .right)
    IndexAction(7).write(to: discrete, at: 0)
    #expect(IndexAction(from: discrete, at: 0) == IndexAction(7))
  }

  @Test("the rule of goals pays for the rows of a rollout what the steps paid, and for other goals what they are worth")
  func goals() throws {
    let recipe = try line()
    let rule = try #require(recipe.goal)
    #expect(
      rule.fields == GoalFields(observation: "observation", achieved: "achieved", desired: "desired") && rule.width == 1
    )
    let batch = recipe.makeBatch(slots: 3, seed: 5)
    let rollout = batch.makeRollout(steps: 8)
    batch.reset(rollout)
    for time in 0..<8 {
      for slot in 0..<3 { rollout.actions.continuous[time * 3 + slot] = Float(slot - 1) }
      batch.step(rollout, at: time)
    }
    let achieved = try column("achieved", of: rollout)
    let desired = try column("desired", of: rollout)
    let (rewards, successes) = score(rule, achieved, desired)
    for place in 0..<24 {
      #expect(rewards[place] == rollout.rewards[place] && successes[place] == rollout.successes[place])
    }
    // Hindsight: what was reached was what was wanted.
    let (hindsight, reached) = score(rule, achieved, achieved)
    #expect(hindsight == [Float](repeating: 0, count: 24) && reached == [Bool](repeating: true, count: 24))
    #expect(rewards.contains { $0 < 0 })
  }

  /// The one number of a field of the rows that each step led to, `[24]`.
  private func column(_ name: String, of rollout: Rollout) throws -> [Float] {
    let place = try #require(rollout.layout.place(name))
    return (0..<24).map { Float(Rollout.read(rollout.nextObservation(time: $0 / 3, slot: $0 % 3), place)) }
  }

  private func score(_ rule: GoalRule, _ achieved: [Float], _ desired: [Float]) -> ([Float], [Bool]) {
    var rewards = [Float](repeating: .nan, count: achieved.count)
    var successes = [Bool](repeating: false, count: achieved.count)
    var paid = rewards.mutableSpan
    var done = successes.mutableSpan
    rule.score(achieved: achieved.span, desired: desired.span, rewards: &paid, successes: &done)
    return (rewards, successes)
  }
}
