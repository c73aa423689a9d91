public import Groundwork
import ReinforcementLearning
internal import RealModule

/// The page of a comparison of repetitions: regret over log-spaced pulls with the bound, tables, who is better.
public struct RepetitionPage {
  private let figures: RepetitionFigures

  /// A page of those figures.
  public init(_ figures: RepetitionFigures) { self.figures = figures }

  /// The whole document. The same figures give the same text.
  public var html: String {
    let description = figures.description
    let title = Headline.title(of: description.environments.map(\.name))
    var body = [
      """
      <header>
      <h1>\(Markup.escaped(title))</h1>
      <p class="soft">\(description.repetitions) repetitions of every agent, paired by their seeds; intervals are of \
      95 % over repetitions.</p>
      \(figures.notes.map { "<p class=\"soft\">\(Markup.escaped($0))</p>" }.joined(separator: "\n"))
      <dl><div class="command"><dt>Command</dt><dd>\(Markup.command(description.command))</dd></div></dl>
      </header>
      <main id="main">
      """
    ]
    body += figures.sections.map(section)
    if figures.sections.count > 1 { body.append(winRates) }
    body.append(
      """
      <section><h2>Methods</h2>
      <p>Regret: what the best arm's mean would have paid more, summed over the pulls. Slope: of the logarithm of the \
      mean regret over that of the pulls, in the last two decades, over ten groups of repetitions; below 0.9 it is \
      called sub-linear. Fit: l1 ln(T)^a + b T + l2 by least squares (EVOLvE). The bound is Lai and Robbins's \
      coefficient times ln T, where means stand still and pay by chance; it holds in the long run, and an algorithm \
      may be below it for now. The power a is sought from 0.25 to 4.</p></section>
      </main>
      """)
    return PageShell.document(title: title, body: body, hasMovies: false)
  }

  /// Writes `report.html`, `report.json` and `agents.csv`.
  ///
  /// - Returns: The path of the page.
  /// - Throws: `UserError` when the directory cannot be written to.
  @discardableResult
  public func write(to directory: String) throws(UserError) -> String {
    try Files.writeAtomically(figures.json.text(pretty: true) + "\n", to: directory + "/report.json")
    try Files.writeAtomically(table, to: directory + "/agents.csv")
    let page = directory + "/report.html"
    try Files.writeAtomically(html, to: page)
    return page
  }

  /// Over all environments.
  private var winRates: String {
    let rows = figures.description.agents.enumerated().map { place, agent in
      "<tr><td class=\"\(Markup.color(place))\">\(Markup.name(agent.name))</td>"
        + "<td>\(NumberText.fixed(figures.winRate(of: place), 2))</td></tr>\n"
    }
    return """
      <section id="won">
      <h2>All environments</h2>
      <div class="scroll"><table>
      <thead><tr><th>Agent</th><th>Pairs of agent and environment won by a test at 5 %</th></tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>
      </section>
      """
  }

  private var table: String {
    var text = "environment,agent,measure,value,low,high\n"
    for section in figures.sections {
      for arm in section.arms {
        for (measure, estimate) in zip(section.measures, arm.estimates) {
          text += "\(CSV.field(section.name)),\(CSV.field(arm.name)),\(CSV.field(measure.name)),"
          text += CSV.cells(estimate).joined(separator: ",") + "\n"
        }
      }
    }
    return text
  }

  private func section(_ section: RepetitionFigures.Section) -> String {
    let names = section.arms.map(\.name)
    let labels = ArmLabels(names)
    let boundName = "Lai and Robbins's bound, in the long run"
    func place(_ name: String) -> Int { section.arms.first { $0.name == name }?.place ?? -1 }
    var cards: [String] = []
    for (index, measure) in section.measures.enumerated() where measure.hasCurve {
      // On a logarithmic axis a logarithm is a line.
      var series = section.arms.map { arm in
        LearningCurveChart.Series(
          name: arm.name, label: labels.label(arm.name, limit: LearningCurveChart.labelLimit), arm: arm.place,
          points: arm.curves[index].map {
            (Double.log10(Double($0.step)), $0.mean, Interval(low: $0.low, high: $0.high))
          })
      }
      if index == 0, let coefficient = section.laiRobbins, let steps = section.arms.first?.curves[0].map(\.step) {
        series.append(
          LearningCurveChart.Series(
            name: boundName, label: "bound", arm: -1,
            points: steps.map { (Double.log10(Double($0)), coefficient * Double.log(Double($0)), nil) }))
      }
      let chart = LearningCurveChart(
        title: measure.name, xLabel: "log10 of the pulls", yLabel: measure.name, series: series,
        range: measure.range == 0...1 ? Interval(low: 0, high: 1) : nil, isOverSteps: false)
      cards.append(card(measure.name.capitalizedFirst, chart.svg, csv: chart.csv))
    }
    let heads =
      ["Agent"] + section.measures.map(\.name.capitalizedFirst) + ["Slope", "a", "b"]
      + (section.bound == nil ? [] : ["Over the bound"])
    let rows = section.arms.map { arm in
      var cells = zip(section.measures, arm.estimates).map { measure, estimate in
        Markup.cell(estimate, digits: measure.range == 0...1 ? 3 : nil)
      }
      cells.append(arm.slope.value.isNaN ? NumberText.missing : Markup.cell(arm.slope, digits: 2))
      cells.append(Markup.escaped(arm.fit?.powerText ?? NumberText.missing))
      cells.append(arm.fit.map { NumberText.fixed($0.linear, 5) } ?? NumberText.missing)
      if let bound = section.bound { cells.append(NumberText.fixed(arm.estimates[0].value / bound, 2)) }
      return "<tr><td class=\"\(Markup.color(arm.place))\">\(Markup.name(arm.name))</td>"
        + cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
    }
    let pairs = section.arms.indices.map { row in
      "<tr><td class=\"\(Markup.color(section.arms[row].place))\">\(Markup.name(names[row]))</td>"
        + section.arms.indices.map { column in
          guard row != column else { return "<td>\(NumberText.missing)</td>" }
          let pair = section.pairs[row][column]
          return "<td>\(section.isWon(pair) ? "*\u{2009}" : "")\(Markup.cell(pair.wins, digits: 2))</td>"
        }.joined() + "</tr>\n"
    }
    let matrix =
      names.count < 2
      ? ""
      : """
        <h3>\(Markup.escaped(RepetitionFigures.sharesTitle.capitalizedFirst))</h3>
        <div class="scroll"><table>
        <thead><tr><th>Agent</th>\(names.map { "<th>\(Markup.escaped(labels.label($0, limit: 24)))</th>" }.joined())\
        </tr></thead>
        <tbody>
        \(pairs.joined())</tbody></table></div>
        """
    return """
      <section id="\(EnvironmentSection.anchor(section.name))">
      <h2>\(Markup.escaped(section.name))</h2>
      <p class="soft">\(section.steps) pulls an episode.</p>
      \(EnvironmentSection.legend(names + (section.bound == nil ? [] : [boundName]), place: place))
      <div class="grid2">
      \(cards.filter { !$0.isEmpty }.joined(separator: "\n"))
      </div>
      <div class="scroll"><table>
      <thead><tr>\(heads.map { "<th>\(Markup.escaped($0))</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>
      \(matrix)
      </section>
      """
  }
}
