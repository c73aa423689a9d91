/// A comparison as a table of text, for terminals and logs.
extension ComparisonSummary {
  /// The rows of the table, the header first: one row an environment and arm, then one an arm over all.
  ///
  /// - Parameter number: Writes a number.
  public func tableRows(number: (Double) -> String) -> [[String]] {
    func text(_ estimate: Estimate) -> String {
      guard let interval = estimate.interval else { return number(estimate.value) }
      return "\(number(estimate.value)) [\(number(interval.low)), \(number(interval.high))]"
    }
    var table = [["environment", "arm", "runs", "return (IQM)", "success (IQM)", "P(better than first)"]]
    for row in rows {
      let label = row.granted.isEmpty ? row.arm : "\(row.arm) (with \(row.granted.joined(separator: ", ")))"
      table.append([
        row.environment, label, String(row.runs), text(row.return), text(row.success),
        row.improvement.map(text) ?? "",
      ])
    }
    if Set(rows.map(\.environment)).count > 1 {
      for entry in overall {
        table.append([
          "all", entry.arm, String(entry.success.runs), "", text(entry.success), entry.improvement.map(text) ?? "",
        ])
      }
    }
    return table
  }
}
