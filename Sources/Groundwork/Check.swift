/// A setting held against what it may be: the one way in which values of configurations are refused.
///
///     try Check.all([
///       Check("agent.slots", slots, in: SizeLimit.slots), Check("agent.discount", discount, in: 0...1),
///     ])
///
/// What is refused because of several settings together has a sentence of its own (`UserError`, `SizeLimit`).
public struct Check: Sendable {
  /// The setting as `--set` takes it, for example `agent.slots`.
  public var name: String
  /// What it is.
  public var value: String
  /// What it may be, as a sentence without a stop: "Use a number from 0 to 1".
  public var range: String
  /// Where it is set; by default `--set NAME=`.
  public var fix: String
  /// Whether it is what it may be. NaN is in no range.
  public var holds: Bool

  /// A whole number in a range.
  public init(_ name: String, _ value: Int, in range: ClosedRange<Int>, fix: String? = nil) {
    let upper = range.upperBound == .max ? "" : " to \(range.upperBound)"
    self.init(name, value, range.contains(value), "Use a whole number from \(range.lowerBound)\(upper)", fix: fix)
  }

  /// A number in a range.
  public init(_ name: String, _ value: Double, in range: ClosedRange<Double>, fix: String? = nil) {
    let upper = range.upperBound.isFinite ? " to \(Check.text(range.upperBound))" : ""
    self.init(
      name, Check.text(value), range.contains(value), "Use a number from \(Check.text(range.lowerBound))\(upper)",
      fix: fix)
  }

  /// Any value, with what it may be in words.
  ///
  /// - Parameter range: A sentence without a stop: "Use an odd number from 3 to 15".
  public init(
    _ name: String, _ value: some CustomStringConvertible, _ holds: Bool, _ range: String, fix: String? = nil
  ) {
    self.name = name
    self.value = value.description
    self.range = range
    self.fix = fix ?? "--set \(name)="
    self.holds = holds
  }

  /// The units of hidden layers: how many layers there may be, and each of them.
  public static func layers(_ name: String, _ units: [Int]) -> [Check] {
    [Check(
      name, "\(units.count) layers", SizeLimit.layers.contains(units.count),
      "Use \(SizeLimit.layers.lowerBound) to \(SizeLimit.layers.upperBound) of them")]
      + units.prefix(SizeLimit.layers.upperBound).map {
        Check("an element of \(name)", $0, in: SizeLimit.units, fix: "--set \(name)=[64,64]")
      }
  }

  /// - Throws: `UserError` that names the setting, what it is, what it may be and where it is set.
  public func enforce() throws(UserError) {
    Check.recorder?.add(self)
    guard !holds else { return }
    throw UserError("\(name) cannot be \(value)", fix: "\(range) (\(fix))")
  }

  /// - Throws: `UserError` for the first that does not hold.
  public static func all(_ checks: [Check]) throws(UserError) {
    for check in checks { Check.recorder?.add(check) }
    for check in checks { try check.enforce() }
  }

  /// The checks that some work makes, in order, the first of each name: what its settings may be.
  ///
  /// What the work throws ends it; what was checked before still counts.
  public static func recording(_ work: () throws -> Void) -> [Check] {
    let recorder = Recorder()
    $recorder.withValue(recorder) { try? work() }
    return recorder.checks
  }

  @TaskLocal private static var recorder: Recorder?

  /// Of one thread: settings are checked where they are read.
  private final class Recorder: @unchecked Sendable {
    private(set) var checks: [Check] = []

    func add(_ check: Check) {
      if !checks.contains(where: { $0.name == check.name }) { checks.append(check) }
    }
  }

  /// A number as a person writes it.
  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }
}
