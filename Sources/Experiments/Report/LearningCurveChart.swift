/// Lines with confidence bands over steps, each labelled at its right end.
struct LearningCurveChart {
  struct Series {
    var name: String
    /// The name where there is little room.
    var label: String
    /// The arm's place in the report, which decides its colour and dashes.
    var arm: Int
    var points: [(x: Double, y: Double, interval: Interval?)]

    init(name: String, label: String? = nil, arm: Int, points: [(x: Double, y: Double, interval: Interval?)]) {
      self.name = name
      self.label = label ?? name
      self.arm = arm
      self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    }

    init(name: String, label: String? = nil, arm: Int, curve: [CurveFigure]) {
      self.init(
        name: name, label: label, arm: arm,
        points: curve.map { (Double($0.step), $0.estimate.value, $0.estimate.interval) })
    }
  }

  var title: String
  var xLabel: String
  /// What is drawn upwards.
  var yLabel: String
  var series: [Series]
  /// The vertical range; `nil` takes what is there.
  var range: Interval?
  /// A line across, with its meaning.
  var rule: (value: Double, text: String)?
  /// Whether x is steps, not a threshold.
  var isOverSteps = true

  static let width = 500.0
  /// Below the plot's own zero; the label of the vertical axis stands above it.
  static let height = 310.0
  static let labelHeight = 16.0
  /// The most characters of a series' label: those for which there is room beside the plot.
  static let labelLimit = 14

  /// The picture; empty without points.
  var svg: String {
    let shown = series.filter { !$0.points.isEmpty }
    guard !shown.isEmpty else { return "" }
    let xs = shown.flatMap { $0.points.map(\.x) }
    let ys = shown.flatMap { $0.points.flatMap { [$0.y, $0.interval?.low ?? $0.y, $0.interval?.high ?? $0.y] } }
    let bounds = range ?? Interval(low: ys.min()!, high: ys.max()!)
    // A single evaluation still gets an axis from zero.
    let firstX = xs.min()! < xs.max()! ? xs.min()! : min(0, xs.min()!)
    let xAxis = Axis(
      low: isOverSteps ? min(0, firstX) : firstX, high: xs.max()!, start: 48, end: 366, count: 4, isExact: true)
    let yAxis = Axis(low: bounds.low, high: bounds.high, start: 262, end: 12, isExact: range != nil)
    var parts = [frame(xAxis, yAxis)]
    parts += shown.map { band($0, xAxis, yAxis) }
    parts += shown.map { line($0, xAxis, yAxis) }
    parts += labels(shown, yAxis)
    let name = Markup.escaped(title + ": " + shown.map(summary).joined(separator: "; "))
    let box = [0, -Self.labelHeight, Self.width, Self.height + Self.labelHeight].map(Markup.number)
    return """
      <svg class="chart" viewBox="\(box.joined(separator: " "))" role="img" aria-label="\(name)">
      \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
      </svg>
      """
  }

  /// The points as a table: arm, x, value and the ends of its interval.
  var csv: String {
    var text = "arm,\(CSV.column(xLabel)),\(CSV.column(yLabel)),low,high\n"
    for series in series {
      for point in series.points {
        let cells = CSV.cells(Estimate(value: point.y, interval: point.interval, runs: 0))
        text += "\(CSV.field(series.name)),\(CSV.number(point.x)),\(cells.joined(separator: ","))\n"
      }
    }
    return text
  }

  private func summary(_ series: Series) -> String {
    "\(series.name) ends at \(NumberText.short(series.points.last!.y))"
  }

  private func frame(_ xAxis: Axis, _ yAxis: Axis) -> String {
    var lines: [String] = []
    for (tick, label) in zip(yAxis.ticks, yAxis.labels) {
      let y = Markup.number(yAxis.position(tick))
      lines.append(
        "<path class=\"grid\" d=\"M48 \(y)H366\"/>"
          + "<text class=\"tick end\" x=\"42\" y=\"\(y)\" dy=\".35em\">\(label)</text>")
    }
    for (tick, label) in zip(xAxis.ticks, isOverSteps ? xAxis.stepLabels : xAxis.labels) {
      let x = Markup.number(xAxis.position(tick))
      lines.append(
        "<path class=\"axis\" d=\"M\(x) 262v5\"/>"
          + "<text class=\"tick mid\" x=\"\(x)\" y=\"282\">\(label)</text>")
    }
    lines.append("<path class=\"axis\" d=\"M48 262H366\"/>")
    lines.append("<text class=\"tick mid\" x=\"207\" y=\"303\">\(Markup.escaped(xLabel))</text>")
    lines.append("<text class=\"tick\" x=\"8\" y=\"-4\">\(Markup.escaped(yLabel))</text>")
    if let rule, yAxis.low <= rule.value, rule.value <= yAxis.high {
      let y = yAxis.position(rule.value)
      lines.append("<path class=\"rule\" d=\"M48 \(Markup.number(y))H366\"/>")
      lines.append("<text class=\"tick\" x=\"52\" y=\"\(Markup.number(y - 5))\">\(Markup.escaped(rule.text))</text>")
    }
    return lines.joined(separator: "\n")
  }

  private func band(_ series: Series, _ xAxis: Axis, _ yAxis: Axis) -> String {
    let points = series.points.filter { $0.interval != nil }
    guard points.count > 1 else { return "" }
    func place(_ x: Double, _ y: Double) -> String {
      Markup.number(xAxis.position(x)) + " " + Markup.number(yAxis.position(y))
    }
    let upper = points.map { place($0.x, $0.interval!.high) }
    let lower = points.reversed().map { place($0.x, $0.interval!.low) }
    return "<path class=\"band \(Markup.color(series.arm))\" d=\"M\((upper + lower).joined(separator: "L"))Z\"/>"
  }

  private func line(_ series: Series, _ xAxis: Axis, _ yAxis: Axis) -> String {
    let places = series.points.map { Markup.number(xAxis.position($0.x)) + " " + Markup.number(yAxis.position($0.y)) }
    let isSparse = series.points.count <= 25
    let dots: [String] =
      !isSparse
      ? []
      : zip(series.points, places).map { point, place in
        let parts = place.split(separator: " ")
        let at = isOverSteps ? NumberText.steps(Int(point.x)) : NumberText.fixed(point.x, 2)
        let value = NumberText.estimate(Estimate(value: point.y, interval: point.interval, runs: 0))
        return "<circle class=\"dot \(Markup.color(series.arm))\" cx=\"\(parts[0])\" cy=\"\(parts[1])\" r=\"2.6\">"
          + "<title>\(Markup.escaped("\(series.name), \(at): \(value)"))</title></circle>"
      }
    return "<path class=\"curve \(Markup.line(series.arm))\" d=\"M\(places.joined(separator: "L"))\"/>"
      + dots.joined()
  }

  /// Names at the curves' right ends, pushed apart where they would overlap.
  private func labels(_ series: [Series], _ yAxis: Axis) -> [String] {
    let spacing = 15.0
    var places = series.map { (series: $0, y: yAxis.position($0.points.last!.y)) }
      .sorted { ($0.y, $0.series.arm) < ($1.y, $1.series.arm) }
    for index in places.indices.dropFirst() { places[index].y = max(places[index].y, places[index - 1].y + spacing) }
    let excess = max(0, (places.last?.y ?? 0) - 262)
    if excess > 0 {
      places[places.count - 1].y -= excess
      for index in places.indices.dropLast().reversed() {
        places[index].y = min(places[index].y, places[index + 1].y - spacing)
      }
    }
    return places.map { place in
      let name = Markup.escaped(place.series.label)
      return "<text class=\"label \(Markup.color(place.series.arm))\" x=\"373\" y=\"\(Markup.number(place.y))\""
        + " dy=\".35em\">\(name)</text>"
    }
  }
}
