import Groundwork

/// A pull of a log: which arm, and what it paid.
public struct LoggedPull: Sendable, Hashable {
  /// From 0.
  public var arm: Int
  /// In the environment's units.
  public var reward: Double

  /// What it was pulled in, in the order of the field `features`; empty where that is not known.
  public var features: [Float]

  /// A pull.
  public init(arm: Int, reward: Double, features: [Float] = []) {
    self.arm = arm
    self.reward = reward
    self.features = features
  }

  /// Reads the columns `arm`, `reward` and those of a context of a file of CSV (with a header) or JSON lines.
  ///
  /// - Parameters:
  ///   - file: None: no pulls.
  ///   - problem: The arms that there are, and what they can pay.
  ///   - features: The shape of the context that is needed; empty for none.
  /// - Throws: `UserError` with the row, for a file that cannot be read, is empty, lacks a column, names an arm that
  ///   there is not or a reward that arms cannot pay, or has a context of another shape or several episodes.
  static func read(
    _ file: SettingFile, for problem: BanditProblem, features: [Int] = []
  ) throws(UserError) -> [LoggedPull] {
    guard !file.isEmpty else { return [] }
    try file.check()
    let path = file.path
    let table = try LogTable(reading: path).keeping(.only, fix: "Keep the rows of one")
    let columns = LogTable.contextColumns(features)
    let shape = try table.contextShape(arms: problem.arms)
    guard features.isEmpty || shape == features else {
      throw UserError(
        "'\(path)' has a context of shape \(shape), and the environment's is \(features)",
        fix: "Give every row the columns \(columns.first ?? "") to \(columns.last ?? "")")
    }
    return try table.rows { row throws(UserError) in
      let reward = try row.number("reward")
      guard problem.rewards.contains(reward) else {
        throw UserError(
          "row \(row.number) of '\(path)' has the reward \(reward), which no arm of this environment pays",
          fix: "Use rewards from \(problem.rewards.lowerBound) to \(problem.rewards.upperBound)")
      }
      return LoggedPull(
        arm: try row.integer("arm", in: 0..<problem.arms, what: "arms"), reward: reward,
        features: try row.floats(columns))
    }
  }
}
