/// Horizontal bars with interval whiskers and a dot for each run.
struct BarChart {
  struct Bar {
    var name: String
    var arm: Int
    var estimate: Estimate
    /// The single runs' values.
    var runs: [Double]
  }

  var title: String
  var bars: [Bar]
  /// The horizontal range; `nil` takes what is there, with zero.
  var range: Interval?
  var digits: Int?
  /// What is drawn to the right.
  var xLabel = ""
  /// Where bars begin.
  var origin = 0.0

  private static let rowHeight = 44.0
  private static let left = 8.0
  private static let right = 492.0

  /// The picture; empty without bars.
  var svg: String {
    let shown = bars.filter { $0.estimate.value.isFinite }
    guard !shown.isEmpty else { return "" }
    let seen = shown.flatMap { bar in
      [bar.estimate.value, bar.estimate.interval?.low, bar.estimate.interval?.high].compactMap(\.self)
        + bar.runs.filter(\.isFinite)
    }
    let low = range?.low ?? min(origin, seen.min()!)
    let high = range?.high ?? max(origin, seen.max()!)
    let axis = Axis(low: low, high: high, start: Self.left, end: Self.right, isExact: range != nil)
    let bottom = Self.rowHeight * Double(shown.count) + 6
    var parts: [String] = []
    for (tick, label) in zip(axis.ticks, axis.labels) {
      let x = Markup.number(axis.position(tick))
      let anchor = tick == axis.ticks.first ? "" : tick == axis.ticks.last ? " end" : " mid"
      parts.append("<path class=\"grid\" d=\"M\(x) 4V\(Markup.number(bottom))\"/>")
      parts.append("<text class=\"tick\(anchor)\" x=\"\(x)\" y=\"\(Markup.number(bottom + 17))\">\(label)</text>")
    }
    let zero = Markup.number(axis.position(origin))
    parts.append("<path class=\"axis\" d=\"M\(zero) 4V\(Markup.number(bottom))\"/>")
    for (index, bar) in shown.enumerated() {
      // Of long names the middle is left out, which may be all that tells two arms apart.
      let name = Markup.shortened(bar.name, to: 40)
      let isAlone = !shown.contains { $0.name != bar.name && Markup.shortened($0.name, to: 40) == name }
      let label = isAlone ? name : Markup.shortened("(\(bar.arm + 1)) \(bar.name)", to: 40)
      parts.append(row(bar, label: label, top: Self.rowHeight * Double(index) + 4, axis))
    }
    if !xLabel.isEmpty {
      let y = Markup.number(bottom + 35)
      parts.append("<text class=\"tick mid\" x=\"250\" y=\"\(y)\">\(Markup.escaped(xLabel))</text>")
    }
    let name = shown.map { "\($0.name) \(NumberText.estimate($0.estimate, digits: digits))" }.joined(separator: "; ")
    return """
      <svg class="chart" viewBox="0 0 500 \(Markup.number(bottom + (xLabel.isEmpty ? 24 : 42)))" role="img" \
      aria-label="\(Markup.escaped(title + ": " + name))">
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  /// The bars as a table: arm, value and the ends of its interval.
  var csv: String {
    var text = "arm,\(CSV.column(xLabel)),low,high\n"
    for bar in bars { text += "\(CSV.field(bar.name)),\(CSV.cells(bar.estimate).joined(separator: ","))\n" }
    return text
  }

  private func row(_ bar: Bar, label: String, top: Double, _ axis: Axis) -> String {
    let zero = axis.position(origin)
    let x = axis.position(bar.estimate.value)
    let middle = top + 30
    var text = "<text class=\"label \(Markup.color(bar.arm))\" x=\"8\" y=\"\(Markup.number(top + 13))\">"
    text += "\(Markup.escaped(label))</text>"
    text += "<text class=\"value end\" x=\"492\" y=\"\(Markup.number(top + 13))\">"
    text += "\(NumberText.estimate(bar.estimate, digits: digits))</text>"
    text += "<rect class=\"bar \(Markup.color(bar.arm))\" x=\"\(Markup.number(min(zero, x)))\""
    text += " y=\"\(Markup.number(middle - 8))\""
    text += " width=\"\(Markup.number(max(1, abs(x - zero))))\" height=\"16\" rx=\"2\"/>"
    for value in bar.runs where value.isFinite {
      text += "<circle class=\"run\" cx=\"\(Markup.number(axis.position(value)))\""
      text += " cy=\"\(Markup.number(middle))\" r=\"3\">"
      text += "<title>one run: \(NumberText.short(value))</title></circle>"
    }
    if let interval = bar.estimate.interval {
      let from = Markup.number(axis.position(interval.low))
      let to = Markup.number(axis.position(interval.high))
      let y = Markup.number(middle)
      let top = Markup.number(middle - 6)
      text += "<path class=\"whisker\" d=\"M\(from) \(y)H\(to)M\(from) \(top)v12M\(to) \(top)v12\"/>"
    }
    return text
  }
}
