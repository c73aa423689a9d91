import Groundwork
import ReinforcementLearning
import Testing

@Suite("Observation rows and listings") struct LayoutTests {
  private let specification = Specification(
    fields: [
      Field("bytes", shape: [3], element: .uint8),
      .signal("far", element: .float32),
      Field("number", element: .float32),
      .textSignal("message", bytes: 6),
      Field("half", shape: [2], element: .int16),
    ], actions: .discrete(["only"]), timeLimit: nil, rewards: 0...0)

  @Test("the policy's fields start the row, each on a multiple of its element, then the wanted signals")
  func offsets() {
    let bare = ObservationLayout(specification)
    #expect(bare.offsets == [0, -1, 4, -1, 8])
    #expect(bare.policyBytes == 12 && bare.rowBytes == 16)
    let full = ObservationLayout(specification, signals: ["message", "far"])
    #expect(full.offsets == [0, 12, 4, 16, 8])
    #expect(full.policyBytes == 12 && full.rowBytes == 32)
    #expect(full.place("far")?.offset == 12 && bare.place("far") == nil)
  }

  @Test("a text is cut to its field and padded with zeros, and reads back")
  func text() throws {
    let rollout = Rollout(specification: specification, signals: ["message"], slots: 1, steps: 1)
    let place = try #require(rollout.layout.place("message"))
    for (text, expected) in [("hello there", "hello "), ("hi", "hi"), ("", "")] {
      var row = rollout.row(time: 0, slot: 0)
      row.write(text: text, to: 3)
      #expect(Rollout.readText(rollout.observation(time: 0, slot: 0), place) == expected)
    }
  }

  @Test("writing to a field that nobody wants changes nothing")
  func unwanted() {
    let rollout = Rollout(specification: specification, slots: 1, steps: 1)
    var row = rollout.row(time: 0, slot: 0)
    #expect(!row.wants(1) && row.wants(0) && row.unsafeStart(of: 1) == nil)
    row.write(Float(7), to: 1)
    row.write(text: "hello", to: 3)
    #expect((0..<16).allSatisfy { rollout.observation(time: 0, slot: 0).load(fromByteOffset: $0, as: UInt8.self) == 0 })
  }

  @Test("a listing replaces settings by key and refuses keys that do not exist, with the nearest")
  func listing() throws {
    let listing = EnvironmentListing(
      "test/Counting", CountingEnvironment.self, configuration: CountingEnvironment.Configuration(), summary: "counts")
    #expect(try listing.recipe().specification.timeLimit == 100)
    let changed = try listing.recipe(changes: ["timeLimit": 9])
    #expect(changed.specification.timeLimit == 9 && changed.configuration["length"] == 5)
    let error = #expect(throws: UserError.self) { try listing.recipe(changes: ["timelimit": 9]) }
    #expect(error?.reason.contains("timelimit") == true && error?.fix.contains("timeLimit'?") == true)
    #expect(throws: UserError.self) { try listing.recipe(changes: ["timeLimit": "long"]) }
  }
}
