import Groundwork

/// What can be set about the check of recordings of a Python package: how far what is stepped again may be from them.
public struct TraceTolerances: Codable, Sendable {
  /// How far numbers of observations and goals may differ.
  public var observationTolerance = 1e-12
  /// How far rewards, and the numbers that a package tells beside them, may differ.
  public var rewardTolerance = 1e-6

  /// The tolerances that other machines' last bits need.
  public init() {}

  /// - Throws: `UserError` for one out of its range.
  func check() throws(UserError) {
    try Check.all([
      Check("observationTolerance", observationTolerance, in: 0...1),
      Check("rewardTolerance", rewardTolerance, in: 0...1),
    ])
  }

  /// What tells a number of a step's worth from the recorded one; nil where it is near enough. One that is not a number
  /// never is.
  func difference(_ name: String, _ mine: some BinaryFloatingPoint, _ recorded: Double) -> String? {
    abs(Double(mine) - recorded) <= rewardTolerance ? nil : "\(name) \(mine) for \(recorded)"
  }
}
