public import Groundwork

/// A policy that a log is asked about: its probability of every arm, the same for all decisions or others for each.
public struct OffPolicyTarget: Sendable, Hashable {
  /// Number of arms (K).
  public let arms: Int
  /// `[K]`, or `[decisions, K]`.
  private let probabilities: [Float]
  /// `[K]` in double precision where all decisions have the same.
  private let constant: [Double]

  /// Whether all decisions have the same.
  public var isConstant: Bool { !constant.isEmpty }

  /// The same probabilities in every decision, `[K]`.
  public init(_ probabilities: [Double]) {
    arms = probabilities.count
    constant = probabilities
    self.probabilities = []
  }

  /// Others in each, `[decisions, K]`.
  ///
  /// - Precondition: As many as decisions times `arms`, and there are some.
  public init(_ probabilities: [Float], arms: Int) {
    precondition(arms > 0 && !probabilities.isEmpty && probabilities.count % arms == 0, "a row a decision")
    self.arms = arms
    self.probabilities = probabilities
    constant = []
  }

  /// Reads the columns `p0`, `p1`, ... of a file of CSV or JSON lines, a row a decision, each scaled to the sum 1.
  ///
  /// - Parameter keeping: Which of the episodes that its own column `episode` tells apart, if it has one.
  /// - Throws: `UserError` with the row, for a file that is empty or of another number of rows, lacks a column, or has
  ///   probabilities below 0 or all 0.
  public init(reading path: String, decisions: Int, keeping episodes: LogTable.Episodes = .only) throws(UserError) {
    var table = try LogTable(reading: path)
    if table.columns.contains("episode") { table = try table.keeping(episodes) }
    var arms = 0
    while table.columns.contains("p\(arms)") { arms += 1 }
    guard arms >= 2 else {
      throw UserError(
        "'\(path)' has no columns 'p0' and 'p1'", fix: "Write the policy's probability of every arm, a row a decision")
    }
    guard table.count == decisions else {
      throw UserError(
        "'\(path)' has \(table.count) rows and the log \(decisions) decisions", fix: "Write a row a decision")
    }
    guard decisions * arms <= OffPolicyLog.most else {
      throw UserError(
        "'\(path)' has \(decisions) rows of \(arms) arms, and \(OffPolicyLog.most) numbers are the most",
        fix: "Use fewer rows")
    }
    let columns = (0..<arms).map { "p\($0)" }
    let rows = try table.rows { row throws(UserError) in
      let values = try row.floats(columns)
      let total = values.reduce(0, +)
      guard values.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
        throw UserError(
          "row \(row.number) of '\(path)' are no probabilities", fix: "Use numbers from 0, one of them above")
      }
      return values.map { $0 / total }
    }
    self.init(rows.flatMap(\.self), arms: arms)
  }

  /// Whether there are as many rows as decisions, or the same for all.
  func covers(_ decisions: Int) -> Bool { isConstant || probabilities.count == decisions * arms }

  /// A decision's probabilities, `[K]`.
  public subscript(decision: Int) -> [Double] {
    isConstant ? constant : probabilities[decision * arms..<(decision + 1) * arms].map { Double($0) }
  }

  /// Of one arm.
  subscript(decision: Int, arm: Int) -> Double {
    isConstant ? constant[arm] : Double(probabilities[decision * arms + arm])
  }

  /// Whether an arm is chosen at all.
  func chooses(_ arm: Int) -> Bool {
    if isConstant { return constant[arm] > 0 }
    return stride(from: arm, to: probabilities.count, by: arms).contains { probabilities[$0] > 0 }
  }
}
