import Experiments
import Groundwork
import Testing

/// Numbers of steps are read exactly, or refused with the form.
@Suite struct StepCountTests {
  @Test("every form that is whole is taken", arguments: [
    ("200000", 200_000), ("1_000_000", 1_000_000), ("1,000,000", 1_000_000), ("1e6", 1_000_000), ("1E+6", 1_000_000),
    ("200k", 200_000), ("0.5M", 500_000), ("1.5k", 1500), ("2.0", 2), (".5k", 500), ("1.234567M", 1_234_567),
    ("0.000001M", 1), ("2G", 2_000_000_000), ("1e15", 1_000_000_000_000_000), ("0.3M", 300_000), ("12e-1k", 1200),
  ])
  func taken(_ text: String, _ value: Int) throws {
    #expect(try StepCount(parsing: text).value == value)
  }

  @Test("what is not whole, or out of range, says the form", arguments: [
    "many", "", "k", "0", "-5", "0.5", "1.2345k", "1,5M", "1__0", "_1", "1e", "1e99", "1e16", "99999999999999999999",
    "1.2.3",
    "NaN", "inf", "0x10", "1 000", "１０",
  ])
  func refused(_ text: String) {
    let error = #expect(throws: UserError.self) { try StepCount(parsing: text) }
    #expect(
      error?.description == "'\(text)' is no number of steps. Write a whole number from 1 to 10^15, such as 200000, "
        + "1_000_000, 1e6, 200k or 0.5M")
  }
}
