import Groundwork

/// A pull of a log: which arm, and what it paid.
public struct LoggedPull: Sendable, Hashable {
  /// From 0.
  public var arm: Int
  /// In the environment's units.
  public var reward: Double

  /// A pull.
  public init(arm: Int, reward: Double) {
    self.arm = arm
    self.reward = reward
  }

  /// Reads the columns `arm` and `reward` of a file of CSV (with a header) or JSON lines.
  ///
  /// - Parameter path: Empty: no pulls.
  /// - Throws: `UserError` with the row, for a file that cannot be read, is empty, lacks a column, or names an arm
  ///   that there is not.
  static func read(_ path: String, arms: Int) throws(UserError) -> [LoggedPull] {
    guard !path.isEmpty else { return [] }
    let table = try LogTable(reading: path)
    return try table.rows { row throws(UserError) in
      LoggedPull(arm: try row.integer("arm", in: 0..<arms, what: "arms"), reward: try row.number("reward"))
    }
  }
}
