import ReinforcementLearning

extension ComparisonFigures {
  /// The comparison as plain text: the headline, then a table for each environment with its columns aligned.
  public func terminalTable() -> String {
    var blocks: [String] = []
    for environment in environments {
      var rows = [["arm", "runs", environment.measures[0].name, "IQM", "worst run"]]
      if environment.returnPlace != nil { rows[0].append("return") }
      let baseline = environment.arms.first?.name ?? ""
      rows[0] += ["P(> \(baseline))", "score over training", "steps to 0.9", "steps/s", "wall"]
      for arm in environment.arms { rows.append(ComparisonFigures.cells(arm, of: environment, columns: rows[0].count)) }
      blocks.append("\(environment.id), score: \(environment.scoreName)\n" + TextTable.aligned(rows))
      if let table = environment.firstSuccessTable { blocks.append(table) }
    }
    if environments.count > 1 {
      var rows = [["arm", "environments", "IQM", "mean", "optimality gap", "P(> \(arms.first ?? ""))"]]
      for arm in overall {
        rows.append([
          arm.name, String(arm.environments), NumberText.estimate(arm.interquartileMean, digits: 2),
          NumberText.estimate(arm.mean, digits: 2), NumberText.estimate(arm.optimalityGap, digits: 2),
          ComparisonFigures.cell(arm.overBaseline),
        ])
      }
      blocks.append("all environments, final scores\n" + TextTable.aligned(rows))
    }
    let percent = NumberText.fixed(confidence * 100, 0)
    blocks.append("[low, high] are \(percent) % bootstrap intervals over runs; * marks p < 0.05 against the first arm.")
    return (headline + [""] + blocks).joined(separator: "\n") + "\n"
  }

  private static func cells(_ arm: ArmFigures, of environment: EnvironmentFigures, columns: Int) -> [String] {
    let granted = arm.needs.isEmpty ? "" : " (\(arm.needs.joined(separator: ", ")))"
    guard arm.runs > 0 else {
      return [arm.name + granted, "0"] + Array(repeating: NumberText.missing, count: columns - 2)
    }
    let digits = environment.measures[0].isRate ? 2 : nil
    let worst = digits.map { NumberText.fixed(arm.judged.worst, $0) } ?? NumberText.short(arm.judged.worst)
    var cells = [
      arm.name + granted, arm.failures == 0 ? "\(arm.runs)" : "\(arm.runs) (\(arm.failures) failed)",
      NumberText.estimate(arm.judged.mean, digits: digits),
      NumberText.estimate(arm.judged.interquartileMean, digits: digits), worst,
    ]
    if let place = environment.returnPlace { cells.append(NumberText.estimate(arm.measures[place].mean)) }
    return cells + [
      cell(arm.overBaseline), NumberText.estimate(arm.speed, digits: 2),
      NumberText.steps(arm.medianStepsToThreshold), NumberText.fixed(arm.stepsPerSecond, 0),
      NumberText.seconds(arm.wallSeconds),
    ]
  }

  private static func cell(_ comparison: ArmComparison?) -> String {
    guard let comparison else { return NumberText.missing }
    return NumberText.estimate(comparison.probability, digits: 2) + (comparison.isDistinguishable ? " *" : "")
  }
}

extension EnvironmentFigures {
  /// The return's place among the measures, where the task is judged by something else.
  var returnPlace: Int? { measures.firstIndex { $0.name == "return" }.flatMap { $0 > 0 ? $0 : nil } }
}

/// Columns of text.
enum TextTable {
  /// The first column to the left, the others to the right, two spaces between, a rule below the head.
  static func aligned(_ rows: [[String]]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max()! }
    var lines = rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      return cells.joined(separator: "  ")
    }
    lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: min(1, lines.count))
    return lines.joined(separator: "\n") + "\n"
  }
}
