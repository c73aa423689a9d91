import Groundwork
import Testing

@Suite("Settings held against their ranges") struct CheckTests {
  private func line(_ check: Check) -> String {
    do {
      try check.enforce()
      return ""
    } catch {
      return error.description
    }
  }

  @Test("what lies in the range passes, its ends too; what does not is named with the range and where it is set")
  func ranges() {
    for value in [1, 5, 9] { #expect(line(Check("agent.slots", value, in: 1...9)) == "") }
    for value in [0, 10, .min, .max] {
      #expect(
        line(Check("agent.slots", value, in: 1...9))
          == "agent.slots cannot be \(value). Use a whole number from 1 to 9 (--set agent.slots=)")
    }
    #expect(line(Check("a", -1, in: 0...Int.max)) == "a cannot be -1. Use a whole number from 0 (--set a=)")
    #expect(line(Check("a.b", 0.5, in: 0...1)) == "")
    #expect(line(Check("a.b", 1.5, in: 0...1)) == "a.b cannot be 1.5. Use a number from 0 to 1 (--set a.b=)")
    #expect(line(Check("a", .nan, in: -1...1e6)) == "a cannot be nan. Use a number from -1 to 1000000 (--set a=)")
    #expect(line(Check("a", .infinity, in: 0...1e-3)) == "a cannot be inf. Use a number from 0 to 0.001 (--set a=)")
    #expect(
      line(Check("rnd.hidden", 0, in: 1...2, fix: "rnd(hidden=)"))
        == "rnd.hidden cannot be 0. Use a whole number from 1 to 2 (rnd(hidden=))")
    #expect(line(Check("side", 4, false, "Use an odd number")) == "side cannot be 4. Use an odd number (--set side=)")
  }

  @Test("the first of several that does not hold is the one that is named")
  func several() {
    let error = #expect(throws: UserError.self) {
      try Check.all([Check("a", 1, in: 0...1), Check("b", 2, in: 0...1), Check("c", 3, in: 0...1)])
    }
    #expect(error?.reason == "b cannot be 2")
  }

  @Test("layers have a number and a width each, however many are named")
  func layers() {
    #expect(throws: Never.self) { try Check.all(Check.layers("h", [64, 65_536])) }
    for units in [[], [0], [64, 65_537], [Int](repeating: 8, count: 33), [Int](repeating: 8, count: 1_000_000)] {
      #expect(throws: UserError.self) { try Check.all(Check.layers("h", units)) }
    }
  }

  @Test("products of sizes that would not fit are the largest number, so they are above every limit")
  func products() {
    #expect(SizeLimit.product(3, 4, 5) == 60)
    #expect(SizeLimit.product(1 << 40, 1 << 40) == .max)
    #expect(SizeLimit.product(1 << 40, 1 << 40, 0) == 0)
    #expect(throws: UserError.self) { try SizeLimit.checkCollection(steps: 1_000_000, slots: 65_536, rowBytes: 8) }
    #expect(throws: UserError.self) { try SizeLimit.checkCollection(steps: 1000, slots: 1000, rowBytes: 1_000_000) }
    #expect(throws: Never.self) { try SizeLimit.checkCollection(steps: 128, slots: 64, rowBytes: 160) }
  }
}
