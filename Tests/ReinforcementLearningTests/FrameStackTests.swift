import Groundwork
import ReinforcementLearning
import Testing

@Suite("The last observations at once") struct FrameStackTests {
  private func recipe(
    _ count: Int, _ change: (inout CountingEnvironment.Configuration) -> Void = { _ in }
  ) throws -> EnvironmentRecipe {
    var configuration = CountingEnvironment.Configuration()
    change(&configuration)
    return try EnvironmentListing("test/Counting", CountingEnvironment.self, configuration: configuration, summary: "")
      .recipe(changes: ["frameStack": .integer(count)])
  }

  /// The stacked counts of a row, oldest first.
  private func counts(_ row: UnsafeRawPointer, _ layout: ObservationLayout) -> [Int] {
    let place = layout.places[0]
    return (0..<place.field.count).map { Int(Rollout.read(row, place, at: $0)) }
  }

  @Test("fields of the policy have the observations as their first axis, signals do not")
  func specification() throws {
    let specification = try recipe(3).specification
    #expect(specification.fields.map(\.shape) == [[3, 1], [], [3, 8]])
    #expect(specification.fields.map(\.frames) == [3, 1, 3])
    #expect(specification.field("observation")?.shape == [1])
    let layout = ObservationLayout(specification, signals: ["double"])
    #expect(layout.places.map(\.offset) == [0, 12, 36] && layout.policyBytes == 36)
    #expect(layout.place("observation")?.offset == 8 && layout.place("seed")?.offset == 28)
    #expect(layout.places[1].singles.map(\.offset) == [12, 20, 28])
  }

  @Test("rows hold the last three observations, an episode's first one standing for those before it")
  func rows() throws {
    let batch = try recipe(3).makeBatch(slots: 2, seed: 1)
    let rollout = batch.makeRollout(steps: 7, signals: ["double"])
    batch.reset(rollout)
    rollout.fill(by: batch)
    let expected = [
      [0, 0, 0], [0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 4], [0, 0, 0], [0, 0, 1], [0, 1, 2],
    ]
    for slot in 0..<2 {
      let rows = (0...7).map { counts(rollout.observation(time: $0, slot: slot), rollout.layout) }
      #expect(rows == expected)
      #expect(counts(rollout.finalObservation(time: 4, slot: slot), rollout.layout) == [3, 4, 5])
      let signal = rollout.layout.place("double")!
      #expect((0..<5).map { Rollout.read(rollout.observation(time: $0, slot: slot), signal) } == [0, 2, 4, 6, 8])
      // The seed is the episode's own in every observation: nothing of the episode before is left.
      let seeds = rollout.layout.places[1]
      let first = (0..<24).map { Rollout.read(rollout.observation(time: 3, slot: slot), seeds, at: $0) }
      let second = (0..<24).map { Rollout.read(rollout.observation(time: 5, slot: slot), seeds, at: $0) }
      #expect(Array(first[0..<8]) == Array(first[16..<24]) && Array(second[0..<8]) == Array(second[16..<24]))
      #expect(first != second)
    }
  }

  @Test("a copy keeps what it was taken with, and neither of the two sees what the other observes")
  func copies() throws {
    let arena = try recipe(3) { $0.length = 0 }.makeArena(capacity: 3)
    let scratch = SnapshotArena.Scratch(arena.recipe.specification)
    var row = [UInt8](repeating: 0, count: arena.layout.rowBytes)
    func shown(_ index: Int) -> [Int] {
      row.withUnsafeMutableBytes {
        arena.observe(index, into: $0.baseAddress!)
        return counts($0.baseAddress!, arena.layout)
      }
    }
    arena.start(0, seed: 1)
    _ = arena.advance(0, to: 1, action: 0, scratch)
    arena.copy(1, to: 2)
    for _ in 0..<2 { _ = arena.advance(1, to: 1, action: 0, scratch) }
    #expect(shown(0) == [0, 0, 0] && shown(1) == [1, 2, 3] && shown(2) == [0, 0, 1])
    arena.reseed(2, 7)
    #expect(shown(2) == [0, 0, 1])
    _ = arena.advance(2, to: 2, action: 0, scratch)
    #expect(shown(2) == [0, 1, 2] && shown(1) == [1, 2, 3])
  }

  @Test("the measures of an episode are those of the environment alone")
  func measures() throws {
    let measured: (inout CountingEnvironment.Configuration) -> Void = {
      $0.measures = [Measure("count", of: .field("observation", element: 0), .last, summary: "")]
    }
    let records = try [1, 4].map { count in
      let batch = try recipe(count, measured).makeBatch(slots: 1, seed: 1)
      let rollout = batch.makeRollout(steps: 10)
      batch.reset(rollout)
      rollout.fill(by: batch)
      return batch.absorb(rollout)
    }
    #expect(records[0] == records[1] && records[0].map(\.measures) == [[5], [5]])
  }

  @Test("a recipe changes the number, back to the plain environment too, and records it where it is not 1")
  func changing() throws {
    let plain = try CountingEnvironment.recipe()
    #expect(plain.configuration["frameStack"] == nil && plain.specification.fields[0].shape == [1])
    let stacked = try plain.changing(["frameStack": 2, "length": 9])
    #expect(stacked.configuration["frameStack"] == 2 && stacked.configuration["length"] == 9)
    #expect(stacked.specification.fields[0].shape == [2, 1])
    let deeper = try stacked.changing(["frameStack": 4])
    #expect(deeper.specification.fields[0].shape == [4, 1] && deeper.configuration["length"] == 9)
    let back = try stacked.changing(["frameStack": 1])
    #expect(back.specification == plain.specification && back.configuration["length"] == 9)
    let listing = EnvironmentListing("test/Counting", CountingEnvironment.self, configuration: .init(), summary: "")
    #expect(listing.keys.last == "frameStack" && listing.configuration["frameStack"] == 1)
  }

  @Test("a replay is stepped again with the stack that it was recorded with")
  func replay() throws {
    let recipe = try recipe(3)
    let replay = try Replay(of: recipe, seed: 3, actions: [0, 1, 2, 1, 0])
    #expect(replay.configuration["frameStack"] == 3)
    #expect(try replay.firstDifference(in: recipe) == nil)
    #expect(try replay.firstDifference(in: recipe.changing(["frameStack": 2]))?.step == 0)
  }

  @Test(
    "numbers out of range and of another type are refused, and rows without end",
    arguments: [
      (0, "environment.frameStack cannot be 0. Use a whole number from 1 to 64 (--set environment.frameStack=)"),
      (65, "environment.frameStack cannot be 65. Use a whole number from 1 to 64 (--set environment.frameStack=)"),
      (-4, "environment.frameStack cannot be -4. Use a whole number from 1 to 64 (--set environment.frameStack=)"),
      (
        1_000_000_000_000,
        """
        environment.frameStack cannot be 1000000000000. Use a whole number from 1 to 64 (--set \
        environment.frameStack=)
        """
      ),
    ])
  func refusals(count: Int, message: String) throws {
    let error = #expect(throws: UserError.self) { try recipe(count) }
    #expect(error?.description == message)
    #expect(throws: UserError.self) { try CountingEnvironment.recipe().changing(["frameStack": 1.5]) }
    #expect(throws: UserError.self) { try CountingEnvironment.recipe().changing(["frameStak": 2]) }
  }

  @Test("rows of more than a megabyte are refused with the most that fit")
  func largeRows() throws {
    let wide = try EnvironmentRecipe(id: "test/Wide", WideTask.self, configuration: .init())
    #expect(try wide.changing(["frameStack": 10]).specification.fields[0].count == 1_000_000)
    let error = #expect(throws: UserError.self) { try wide.changing(["frameStack": 11]) }
    #expect(
      error?.description
        == """
        frameStack=11 makes rows of 1100000 bytes; the most are 1048576. Use at most 10 (--set \
        environment.frameStack=)
        """)
  }
}

/// Shows a hundred thousand bytes.
struct WideTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {}
  enum Action: UInt8, DiscreteAction { case zero, one }

  init(plan: Configuration) {}

  static func specification(of plan: Configuration) -> Specification {
    Specification(
      fields: [Field("wide", shape: [100_000], element: .uint8)], actions: .discrete(Action.names), timeLimit: 5,
      rewards: 0...1)
  }

  mutating func reset(seed: UInt64) {}
  mutating func reseed(_ seed: UInt64) {}
  mutating func step(_ action: Action) -> Transition { Transition(reward: 0) }
  func observe(into row: inout ObservationRow) {
    row.withElements(of: 0, as: UInt8.self) { bytes in for index in bytes.indices { bytes[index] = 1 } }
  }
}
