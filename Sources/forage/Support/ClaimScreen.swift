import Experiments

/// A claim's result as text: the verdict, what was claimed, and every figure with its interval.
struct ClaimScreen {
  private let claim: Claim
  private let result: ClaimResult

  init(_ claim: Claim, _ result: ClaimResult) {
    self.claim = claim
    self.result = result
  }

  /// As wide as the terminal, at least 40; elsewhere as wide as one that nobody has made wider.
  static var columns: Int { max(40, LineOutput.outputColumns ?? 80) }

  var text: String {
    var lines = ["\(claim.id): \(result.verdict.rawValue)"]
    let texts = [
      ("claim", result.statement), ("source", result.source),
      ("here", "\(result.summary) \(result.seeds.count) seeds."),
    ]
    lines += texts.map { Format.wrapped("\($0): \($1)", columns: ClaimScreen.columns, indent: 2) } + [""]
    var rows: [[String]] = []
    for criterion in result.criteria {
      let figure = result.figure(criterion.figure)!
      rows.append([figure.name] + numbers(figure) + [criterion.rule, criterion.verdict.rawValue])
    }
    for figure in result.figures where !result.criteria.contains(where: { $0.figure == figure.name }) {
      rows.append([figure.name] + numbers(figure) + ["", ""])
    }
    lines.append(
      Table(
        columns: [
          .init(wraps: true), .init(title: "figure", isRight: true), .init(title: "95 %", rank: 1),
          .init(title: "to be", rank: 2), .init(title: "verdict"),
        ], rows: rows
      ).text(width: LineOutput.outputColumns))
    lines += result.notes.map { Format.wrapped($0, columns: ClaimScreen.columns, indent: 2) }
    return lines.joined(separator: "\n")
  }

  private func numbers(_ figure: ClaimResult.Figure) -> [String] {
    func number(_ value: Double) -> String { Format.number(value, digits: figure.digits) }
    let interval = figure.low.flatMap { low in figure.high.map { "[\(number(low)), \(number($0))]" } } ?? ""
    return [number(figure.value), interval]
  }
}
