import ReinforcementLearning

/// The page of a claim: the verdict first, then what was published, what came out, and how it was measured.
struct ClaimPage {
  let claim: Claim
  let result: ClaimResult
  let curves: [ClaimCurve]
  let movies: [ReplayMovie]

  /// The whole document. The same result, curves and movies give the same text.
  var html: String {
    PageShell.document(
      title: "\(claim.id): \(result.verdict.rawValue)", style: ClaimPage.css,
      body: [header, "<main>", verdicts, measured, training, replays, "</main>", methods], hasMovies: !movies.isEmpty)
  }

  /// The rules of a verdict's colour, by class.
  static func style(_ verdict: ClaimVerdict) -> String {
    switch verdict {
    case .held: "held"
    case .notHeld: "not"
    case .undecided: "open"
    }
  }

  private static let css = """

    :root { --held: #00704f; --not: #b3400a; --open: #6a5a00; }
    @media (prefers-color-scheme: dark) { :root { --held: #3fd0a4; --not: #ff9a5c; --open: #e6c95a; } }
    .vheld { --v: var(--held); } .vnot { --v: var(--not); } .vopen { --v: var(--open); }
    .verdict { display: inline-block; color: var(--v); border: 2px solid var(--v); border-radius: 8px; font-weight: 700;
      padding: .1rem .7rem; font-size: 1.25rem; }
    .verdict.small { font-size: .85rem; border-width: 1.5px; padding: 0 .45rem; border-radius: 6px;
      white-space: nowrap; }
    .statement { font-size: 1.2rem; line-height: 1.45; max-width: 70ch; margin: 1.1rem 0 .3rem; }
    .lead.vheld, .lead.vnot, .lead.vopen { border-color: var(--v); }
    .region { fill: var(--held); opacity: .13; }
    .bound { stroke: var(--held); stroke-width: 1.5; stroke-dasharray: 5 3; }
    .bracket { stroke: var(--v); stroke-width: 2.6; fill: none; } .middle { fill: var(--v); }
    .grid2 { grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); }
    .card .need { margin: .1rem 0 .5rem; } .card .figure { font-size: 1.15rem; font-weight: 600; }
    """

  private func badge(_ verdict: ClaimVerdict, small: Bool = false) -> String {
    "<span class=\"verdict\(small ? " small" : "") v\(ClaimPage.style(verdict))\">\(verdict.rawValue)</span>"
  }

  private var header: String {
    let sentences = result.sentences.map { "<p>\(Markup.escaped($0))</p>" }.joined(separator: "\n")
    let notes = result.notes.map { "<p class=\"soft\">\(Markup.escaped($0))</p>" }.joined(separator: "\n")
    var facts = ""
    for (name, value) in [
      ("Source", result.source), ("Seeds", ClaimDescription.text(result.seeds)),
      ("Size", result.size == .full ? "published (--full)" : "scaled down"), ("Program", "forage \(result.forage)"),
    ] { facts += "<div><dt>\(name)</dt><dd>\(Markup.escaped(value))</dd></div>\n" }
    facts += "<div class=\"command\"><dt>Command</dt><dd>\(Markup.command(result.command))</dd></div>\n"
    return """
      <header>
      <h1>\(Markup.escaped(claim.id)) \(badge(result.verdict))</h1>
      <p class="statement">\(Markup.escaped(result.statement))</p>
      <div class="lead v\(ClaimPage.style(result.verdict))">
      \(sentences)
      </div>
      \(notes)
      <dl>
      \(facts)</dl>
      </header>
      """
  }

  private var verdicts: String {
    let cards = zip(result.criteria, claim.criteria).map { criterion, declared in
      let figure = result.figure(criterion.figure)!
      return """
        <section class="card">
        <h3>\(Markup.escaped(criterion.figure)) \(badge(criterion.verdict, small: true))</h3>
        <p class="figure">\(NumberText.estimate(figure.estimate, digits: figure.digits))</p>
        <p class="soft need">The claim needs it \(Markup.escaped(criterion.rule));
        \(Markup.escaped(figure.statistic)).</p>
        \(CriterionChart(criterion: criterion, rule: declared.rule, figure: figure).svg)
        </section>
        """
    }
    return """
      <section id="verdict">
      <h2>What must come out</h2>
      <p class="soft">Shaded: where the claim puts the figure. The bracket is the 95 % interval, each dot a seed.</p>
      <div class="grid2">
      \(cards.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private var measured: String {
    var units: [String] = []
    for quantity in claim.quantities where !units.contains(quantity.unit) { units.append(quantity.unit) }
    let cards = units.map { unit in
      let quantities = claim.quantities.enumerated().filter { $0.element.unit == unit }
      let bars = quantities.map { place, quantity in
        let values = result.measured[quantity.name] ?? []
        let mean = ClaimFigure(quantity.name, .mean(of: quantity.name))
        let trials = quantity.trials.flatMap { result.values[$0] }
        let estimate = mean.estimate(values.map { [quantity.name: $0] }) { _ in trials }
        return BarChart.Bar(name: quantity.name, arm: place, estimate: estimate, runs: values)
      }
      let isRate = quantities.allSatisfy { $0.element.trials != nil }
      // Rates are seen between 0 and 1, unless they are too small to be seen there.
      let isRare = bars.allSatisfy { ($0.estimate.interval?.high ?? $0.estimate.value) < 0.05 }
      let chart = BarChart(
        title: unit, bars: bars, range: isRate && !isRare ? unitRange(bars.map(\.estimate)) : nil,
        digits: isRate ? (isRare ? 5 : 3) : nil)
      return card(unit.capitalizedFirst, chart.svg, csv: chart.csv)
    }
    var rows = ""
    for (index, seed) in result.seeds.enumerated() {
      rows += "<tr><td>seed \(seed)</td>"
      for quantity in claim.quantities { rows += "<td>\(cell(result.measured[quantity.name]![index], quantity))</td>" }
      rows += "</tr>\n"
    }
    let names = claim.quantities.map { "<th>\(Markup.escaped($0.name))</th>" }.joined()
    return """
      <section id="measured">
      <h2>What was measured</h2>
      <p>\(Markup.escaped(result.summary))</p>
      <div class="grid2">
      \(cards.joined(separator: "\n"))
      </div>
      <details><summary>Every seed</summary>
      <div class="scroll"><table>
      <thead><tr><th>Seed</th>\(names)</tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      </details>
      \(others)
      </section>
      """
  }

  private func cell(_ value: Double, _ quantity: ClaimQuantity) -> String {
    quantity.trials != nil ? NumberText.fixed(value, 4) : NumberText.short(value)
  }

  /// Figures that no criterion is about.
  private var others: String {
    let others = result.figures.filter { figure in !result.criteria.contains { $0.figure == figure.name } }
    guard !others.isEmpty else { return "" }
    let rows = others.map { figure in
      "<tr><td>\(Markup.escaped(figure.name))</td>"
        + "<td>\(NumberText.estimate(figure.estimate, digits: figure.digits))</td>"
        + "<td>\(Markup.escaped(figure.statistic))</td></tr>\n"
    }
    return """
      <div class="scroll"><table>
      <thead><tr><th>Beside the claim</th><th>Figure</th><th>Made of</th></tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>
      """
  }

  private var training: String {
    var measures: [Measure] = []
    for curve in curves where !measures.contains(curve.measure) { measures.append(curve.measure) }
    let charts = measures.map { measure in
      let series = curves.enumerated().filter { $0.element.measure == measure }.map { place, curve in
        LearningCurveChart.Series(name: curve.training, arm: place, points: curve.points)
      }
      let ends = series.flatMap { $0.points.flatMap { [$0.y, $0.interval?.low, $0.interval?.high].compactMap(\.self) } }
      let chart = LearningCurveChart(
        title: "\(measure.name) during training", xLabel: "environment steps", yLabel: measure.name, series: series,
        range: axisRange(measure, ends))
      return card("\(measure.name.capitalizedFirst) during training", chart.svg, csv: chart.csv)
    }
    guard charts.contains(where: { !$0.isEmpty }) else { return "" }
    return """
      <section id="training">
      <h2>On the way</h2>
      <p class="soft">Means over the seeds with their 95 % intervals.</p>
      <div class="grid2">
      \(charts.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private var replays: String {
    guard !movies.isEmpty else { return "" }
    return """
      <section id="replays">
      <h2>Episodes to watch</h2>
      <div class="grid2">
      \(movies.map(ReplayPlayer.html).joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private var methods: String {
    """
    <footer><main>
    <h2>How the verdict is made</h2>
    <p>The rule is declared with the claim and does not depend on what is measured. <b>Held</b>: the 95 % interval lies
    wholly where the claim puts the figure. <b>Not held</b>: it lies wholly on the other side, which is a finding.
    <b>Undecided</b>: neither; more seeds may tell (<code>--seeds</code>). A claim that something changes nothing is
    held only by an interval inside its margin: not being told from 0 is not enough. One case is enough against a claim
    that something never happens; it is held when there is none and the interval ends below the number in parentheses.
    A claim of several parts is held when all of them are, and not held when one is not.</p>
    <p>Intervals are Student's over seeds, of a ratio over the logarithms: seeds are independent, and what one seed
    measures is compared within that seed. The interval of a rate also covers the chance of its trials (Wilson's
    interval, of a difference Newcombe's). They are not corrected for the number of parts.</p>
    </main></footer>
    """
  }
}
