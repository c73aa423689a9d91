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

  @Test("a field is written in whole from a span, or through one that ends where it ends")
  func whole() throws {
    let rollout = Rollout(specification: specification, signals: ["message"], slots: 1, steps: 1)
    var row = rollout.row(time: 0, slot: 0)
    let bytes: [UInt8] = [1, 2, 3]
    row.write(bytes.span, to: 0)
    var count = 0
    row.withElements(of: 4, as: Int16.self) { halves in
      count = halves.count
      for index in halves.indices { halves[index] = Int16(-7 - index) }
    }
    row.withElements(of: 1, as: Float.self) { _ in Issue.record("an unwanted field is not written") }
    #expect(count == 2 && row.byteCount(of: 4) == 4 && row.byteCount(of: 1) == 4)
    let base = rollout.observation(time: 0, slot: 0)
    #expect((0..<3).map { base.load(fromByteOffset: $0, as: UInt8.self) } == [1, 2, 3])
    let half = try #require(rollout.layout.place("half"))
    #expect((0..<2).map { Rollout.read(base, half, at: $0) } == [-7, -8])
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
