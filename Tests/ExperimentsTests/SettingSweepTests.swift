import Experiments
import Groundwork
import Testing

/// Which texts of `--set` mean several values, and which values they mean.
@Suite struct SettingSweepTests {
  /// A setting that takes numbers.
  private static func number(_ assignment: SettingAssignment) -> Bool { assignment.value.double != nil }
  /// A setting that takes whole numbers.
  private static func whole(_ assignment: SettingAssignment) -> Bool { assignment.value.integer != nil }

  private static func values(
    _ text: String, takes: (SettingAssignment) -> Bool = SettingSweepTests.number
  ) throws -> [String]? {
    guard let sweep = try SettingSweep(parsing: "a.b=" + text, takes: takes) else { return nil }
    guard case .list(let list) = sweep.values else { return [] }
    return list
  }

  @Test("lists and ranges give the values that they say", arguments: [
    ("1e-4,1e-3", ["1e-4", "1e-3"]), ("1e-4..1e-2*5", ["1e-4", "0.0003162", "0.001", "0.003162", "1e-2"]),
    ("0.1..0.5+5", ["0.1", "0.2", "0.3", "0.4", "0.5"]), ("-1..1+3", ["-1", "0", "1"]), ("0..1e+3+2", ["0", "1e+3"]),
    ("1e-7..1e-5*3", ["1e-7", "1e-06", "1e-5"]), ("0.99..0.999+3", ["0.99", "0.9945", "0.999"]),
  ])
  func grids(_ text: String, _ expected: [String]) throws {
    #expect(try Self.values(text) == expected)
  }

  @Test("whole numbers stay whole, and lists in brackets are values of their own")
  func wholeNumbers() throws {
    #expect(try Self.values("8..128*5", takes: Self.whole) == ["8", "16", "32", "64", "128"])
    let layers = try Self.values("[64,64],[128]", takes: { $0.value.array != nil })
    #expect(layers == ["[64,64]", "[128]"])
    #expect(throws: UserError.self) { try Self.values("1..3*9", takes: Self.whole) }
    #expect(throws: UserError.self) { try Self.values("0.5..3+2", takes: Self.whole) }
  }

  @Test("one value is none of several: a number, a list, and whatever a setting of text takes")
  func single() throws {
    #expect(try Self.values("3e-4") == nil)
    #expect(try Self.values("[64,64]", takes: { $0.value.array != nil }) == nil)
    #expect(try Self.values("position,carried", takes: { $0.value.string != nil }) == nil)
    #expect(try Self.values("fast") == nil, "what no setting takes is refused by whoever plans with it")
  }

  @Test("what cannot be is refused in one line", arguments: [
    "1e-2..1e-4*5", "0..1*3", "1..2*1", "1..2+x", "1..2*1000", "1,,2", "0.001,1e-3",
  ])
  func refused(_ text: String) {
    #expect(throws: UserError.self) { try Self.values(text) }
  }

  @Test("a grid has every combination, the last setting changing fastest, and a bound")
  func combinations() throws {
    let sweeps = try ["a=1,2", "b=3,4,5"].map { try #require(try SettingSweep(parsing: $0, takes: Self.number)) }
    #expect(
      try SettingSweep.grid(sweeps) == [
        ["a=1", "b=3"], ["a=1", "b=4"], ["a=1", "b=5"], ["a=2", "b=3"], ["a=2", "b=4"], ["a=2", "b=5"],
      ])
    let large = try ["a=1..2+50", "b=1..2+3"].map { try #require(try SettingSweep(parsing: $0, takes: Self.number)) }
    let error = #expect(throws: UserError.self) { try SettingSweep.grid(large) }
    #expect(error?.reason == "these would be 150 arms (50 x 3), and a comparison has at most 64")
    let open = try #require(try SettingSweep(parsing: "a=1..2", takes: Self.number))
    #expect(throws: UserError.self) { try SettingSweep.grid([open]) }
  }

  @Test("trials lie in their ranges, differ, and begin alike whatever their number")
  func trials() throws {
    let sweeps = try ["a=1e-4..1e-2*", "b=0.9..0.99", "c=1..4"].enumerated().map { index, text in
      try #require(try SettingSweep(parsing: text, takes: index == 2 ? Self.whole : Self.number))
    }
    let arms = try SettingSweep.trials(64, of: sweeps)
    #expect(Set(arms).count == 64)
    #expect(try SettingSweep.trials(7, of: sweeps) == Array(arms.prefix(7)))
    func value(_ arm: [String], _ place: Int) -> Double { Double(arm[place].dropFirst(2))! }
    #expect(arms.allSatisfy { (1e-4...1e-2).contains(value($0, 0)) && (0.9...0.99).contains(value($0, 1)) })
    #expect(Set(arms.map { $0[2] }) == ["c=1", "c=2", "c=3", "c=4"])
    // By its logarithm half of them lie below the middle factor; by difference a tenth would.
    #expect((20...44).contains(arms.count { value($0, 0) < 1e-3 }))
    #expect((20...44).contains(arms.count { value($0, 1) < 0.945 }))
    // All of a finite number, and no more than there are.
    let few = try #require(try SettingSweep(parsing: "a=1,2,3", takes: Self.number))
    #expect(Set(try SettingSweep.trials(3, of: [few])).count == 3)
    #expect(throws: UserError.self) { try SettingSweep.trials(4, of: [few]) }
  }

  @Test("labels are the ends of the keys that tell them apart")
  func labels() {
    let keys = ["agent.learningRate", "agent.learner.slots", "environment.slots"]
    #expect(SettingSweep.label(["agent.learningRate=1e-3"], among: keys) == "learningRate=1e-3")
    #expect(
      SettingSweep.label(["agent.learner.slots=4", "environment.slots=5"], among: keys)
        == "learner.slots=4, environment.slots=5")
  }
}
