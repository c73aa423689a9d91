/// One criterion at a glance: where the figure must lie, shaded, and its interval with a dot for each seed.
struct CriterionChart {
  let criterion: ClaimResult.Criterion
  let rule: ClaimCriterion.Rule
  let figure: ClaimResult.Figure

  private static let left = 12.0
  private static let right = 488.0
  private static let line = 46.0
  private static let bottom = 80.0

  /// The bounds of the figure that the rule names.
  private var bounds: [Double] {
    switch rule {
    case .above(let bound), .below(let bound): [bound]
    case .within(let margin): [-margin, margin]
    case .never(let most): [0, most]
    }
  }

  /// The picture; empty for a figure that is not defined.
  var svg: String {
    guard figure.value.isFinite else { return "" }
    let seen = [figure.value, figure.low, figure.high].compactMap(\.self) + figure.bySeed.filter(\.isFinite) + bounds
    let (low, high) = (seen.min()!, seen.max()!)
    let room = high > low ? (high - low) * 0.08 : 0.5
    let axis = Axis(low: low - room, high: high + room, start: Self.left, end: Self.right, count: 8, isExact: true)
    func x(_ value: Double) -> String { Markup.number(axis.position(value)) }
    var parts = [region(axis)]
    for (tick, label) in zip(axis.ticks, axis.labels) {
      parts.append("<path class=\"grid\" d=\"M\(x(tick)) 14V\(Markup.number(Self.bottom))\"/>")
      parts.append("<text class=\"tick mid\" x=\"\(x(tick))\" y=\"\(Markup.number(Self.bottom + 16))\">\(label)</text>")
    }
    for bound in bounds {
      parts.append("<path class=\"bound\" d=\"M\(x(bound)) 14V\(Markup.number(Self.bottom))\"/>")
      let anchor = axis.position(bound) < 40 ? "" : axis.position(bound) > 460 ? " end" : " mid"
      parts.append("<text class=\"tick\(anchor)\" x=\"\(x(bound))\" y=\"9\">\(ClaimCriterion.number(bound))</text>")
    }
    let y = Markup.number(Self.line)
    if let from = figure.low, let to = figure.high {
      let path = "M\(x(from)) \(y)H\(x(to))M\(x(from)) 38v16M\(x(to)) 38v16"
      parts.append("<path class=\"bracket v\(style)\" d=\"\(path)\"/>")
    }
    for value in figure.bySeed where value.isFinite {
      parts.append("<circle class=\"run\" cx=\"\(x(value))\" cy=\"66\" r=\"3.2\">")
      parts.append("<title>one seed: \(NumberText.fixed(value, figure.digits))</title></circle>")
    }
    parts.append("<circle class=\"middle v\(style)\" cx=\"\(x(figure.value))\" cy=\"\(y)\" r=\"5\"/>")
    let text = "\(figure.name): \(NumberText.estimate(figure.estimate, digits: figure.digits)), to be \(criterion.rule)"
    return """
      <svg class="chart" viewBox="0 -5 500 107" role="img" aria-label="\(Markup.escaped(text))">
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  /// Where the claim holds.
  private func region(_ axis: Axis) -> String {
    let (from, to) =
      switch rule {
      case .above(let bound): (axis.position(bound), Self.right)
      case .below(let bound): (Self.left, axis.position(bound))
      case .within(let margin): (axis.position(-margin), axis.position(margin))
      case .never(let most): (axis.position(0), axis.position(most))
      }
    let width = Markup.number(max(1, to - from))
    return "<rect class=\"region\" x=\"\(Markup.number(from))\" y=\"14\" width=\"\(width)\" height=\"66\"/>"
  }

  private var style: String { ClaimPage.style(criterion.verdict) }
}
