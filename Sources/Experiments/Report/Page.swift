import ReinforcementLearning

/// The report as one HTML page that needs nothing else: styles, charts, replays and their player are inside.
struct Page {
  let figures: ComparisonFigures
  let movies: [ReplayMovie]

  private var summary: ComparisonSummary { figures.summary }
  private var labels: ArmLabels { ArmLabels(figures.arms) }

  /// The whole document. The same figures give the same text.
  var html: String {
    var body = ["<a class=\"skip\" href=\"#main\">Skip to the figures</a>", header, navigation, "<main id=\"main\">"]
    body.append(overall)
    for environment in figures.environments {
      let shown = movies.filter { $0.environment == environment.id }
      body.append(EnvironmentSection(figures: figures, environment: environment, movies: shown, labels: labels).html)
    }
    body += [otherReplays, methods, "</main>"]
    return PageShell.document(title: summary.title, body: body, hasMovies: !movies.isEmpty)
  }

  private var header: String {
    let runs = summary.environments.flatMap(\.arms).map(\.runs.count).reduce(0, +)
    let sentences = figures.headline.map { "<p>\(Markup.escaped($0))</p>" }.joined(separator: "\n")
    let notes = summary.notes.map { "<p class=\"soft\">\(Markup.escaped($0))</p>" }.joined(separator: "\n")
    var facts = ""
    for (name, value) in [
      ("Agent", summary.agent), ("Steps per run", stepsText), ("Runs", "\(runs)"),
      ("Environments", "\(summary.environments.count)"), ("Arms", "\(figures.arms.count)"), ("Date", summary.date),
    ] where !value.isEmpty {
      facts += "<div><dt>\(name)</dt><dd>\(Markup.escaped(value))</dd></div>\n"
    }
    if !summary.commandLine.isEmpty {
      facts += "<div class=\"command\"><dt>Command</dt>"
      facts += "<dd>\(Markup.command(summary.commandLine))</dd></div>\n"
    }
    return """
      <header>
      <h1>\(Markup.escaped(summary.title))</h1>
      <div class="lead">
      \(sentences)
      </div>
      \(notes)
      <dl>
      \(facts)</dl>
      </header>
      """
  }

  /// What runs were given: one number, or the least and the most of the environments'.
  private var stepsText: String {
    let all = summary.environments.map { $0.steps ?? summary.steps }
    guard let least = all.min(), let most = all.max(), least != most else { return NumberText.steps(summary.steps) }
    return "\(NumberText.steps(least)) to \(NumberText.steps(most))"
  }

  private var navigation: String {
    var links = ["<a href=\"#overall\">Overall</a>"]
    for environment in figures.environments {
      links.append("<a href=\"#\(EnvironmentSection.anchor(environment.id))\">\(Markup.escaped(environment.id))</a>")
    }
    if !unplaced.isEmpty { links.append("<a href=\"#replays\">Replays</a>") }
    links.append("<a href=\"#methods\">Methods</a>")
    return "<nav aria-label=\"Sections\"><div>\(links.joined(separator: "\n"))</div></nav>"
  }

  private var overall: String {
    let places = Dictionary(uniqueKeysWithValues: figures.arms.enumerated().map { ($1, $0) })
    func arm(_ name: String) -> Int { places[name] ?? 0 }
    func label(_ name: String) -> String { labels.label(name, limit: LearningCurveChart.labelLimit) }
    let judged = figures.environments.map { $0.measures[0] }
    let scoreNote =
      Set(judged.map(\.name)).count == 1 && judged.allSatisfy(\.isRate)
      ? "Scores are rates of \(Markup.escaped(judged[0].name)) of the last evaluation."
      : "Scores run from 0, poor, to 1, perfect: "
        + "what each task is judged by, scaled to its range where it is not a rate."
    guard let first = figures.overall.first else {
      let scaled = summary.environments.allSatisfy(\.isAggregated) ? "" : " and a declared scale"
      return """
        <section id="overall">
        <h2>All environments</h2>
        <p class="soft">No environment has results of every arm\(scaled), so there are no figures over environments.</p>
        </section>
        """
    }
    let bars = BarChart(
      title: "Final score",
      bars: figures.overall.map {
        BarChart.Bar(name: $0.name, arm: arm($0.name), estimate: $0.interquartileMean, runs: [])
      }, range: unitRange(figures.overall.map(\.interquartileMean)), digits: 2, xLabel: "score")
    let efficiency = LearningCurveChart(
      title: "Sample efficiency", xLabel: "environment steps", yLabel: "score",
      series: figures.overall.map {
        .init(name: $0.name, label: label($0.name), arm: arm($0.name), curve: $0.efficiency)
      },
      range: unitRange(figures.overall.flatMap { $0.efficiency.map(\.estimate) }))
    let profile = LearningCurveChart(
      title: "Performance profile", xLabel: "score above", yLabel: "part of the runs",
      series: figures.overall.map { figure in
        .init(
          name: figure.name, label: label(figure.name), arm: arm(figure.name),
          points: zip(ComparisonFigures.profileThresholds, figure.profile).map { ($0, $1.value, $1.interval) })
      }, range: Interval(low: 0, high: 1), isOverSteps: false)
    let improvement = BarChart(
      title: "Probability of improvement over \(first.name)",
      bars: figures.overall.compactMap { figure in
        guard let comparison = figure.overBaseline, comparison.certainties == nil else { return nil }
        return BarChart.Bar(name: figure.name, arm: arm(figure.name), estimate: comparison.probability, runs: [])
      }, range: Interval(low: 0, high: 1), digits: 2, xLabel: "probability", origin: 0.5)
    let isOne = figures.environments.count == 1
    var cards: [String] = []
    // With one environment its own section shows the same scores and learning curves.
    if !isOne {
      cards.append(card("Interquartile mean of the final scores", bars.svg, csv: bars.csv))
      cards.append(card("Sample efficiency: interquartile mean during training", efficiency.svg, csv: efficiency.csv))
    }
    cards.append(card("Performance profile: part of the runs above a score", profile.svg, csv: profile.csv))
    let baseline = labels.label(first.name, limit: 30)
    cards.append(card("Probability of a better run than with \(baseline)", improvement.svg, csv: improvement.csv))
    // The median is over environments: of two it would be the mean again.
    let hasMedian = figures.commonEnvironments.count > 2
    var rows = ""
    for figure in figures.overall {
      let color = Markup.color(arm(figure.name))
      rows += "<tr><td class=\"\(color)\">\(Markup.name(figure.name))</td><td>\(figure.runs)</td>"
      rows += "<td>\(figure.failed)</td>"
      for estimate in [figure.mean, figure.interquartileMean] + (hasMedian ? [figure.median] : []) {
        rows += "<td>\(Markup.cell(estimate, digits: 2))</td>"
      }
      rows += "<td>\(NumberText.fixed(figure.worst, 2))</td><td>\(Markup.cell(figure.optimalityGap, digits: 2))</td>"
      rows += "<td>\(EnvironmentSection.comparison(figure.overBaseline))</td></tr>\n"
    }
    let matrix =
      isOne
      ? ""
      : EnvironmentSection.matrix(figures.overall.map(\.name), figures.overallComparisons, labels: labels, place: arm)
    let isCommon = figures.commonEnvironments.count == figures.environments.count
    let common =
      isCommon
      ? ""
      : " Over the environments on which every arm has results: "
        + "\(Markup.escaped(Headline.list(figures.commonEnvironments)))."
    let heading = figures.environments.count > 1 ? "All environments" : "Overall"
    return """
      <section id="overall">
      <h2>\(heading)</h2>
      <p class="soft">\(scoreNote)\(common)</p>
      \(EnvironmentSection.legend(figures.arms, place: arm))
      <div class="grid2">
      \(cards.joined(separator: "\n"))
      </div>
      <div class="scroll"><table>
      <thead><tr><th>Arm</th><th>Runs</th><th>Failed</th><th>Mean</th><th>IQM</th>\
      \(hasMedian ? "<th>Median of the environments’ means</th>" : "")<th>Worst run</th>\
      <th>Optimality gap</th><th>P(&gt; \(Markup.escaped(labels.label(first.name, limit: 24))))</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      \(matrix)
      </section>
      """
  }

  private var unplaced: [ReplayMovie] {
    movies.filter { movie in !figures.environments.contains { $0.id == movie.environment } }
  }

  private var otherReplays: String {
    guard !unplaced.isEmpty else { return "" }
    return """
      <section id="replays">
      <h2>Replays</h2>
      <div class="grid2">
      \(unplaced.map(ReplayPlayer.html).joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private var methods: String {
    let percent = NumberText.fixed(figures.confidence * 100, 0)
    return """
      <footer id="methods">
      <h2>How to read this</h2>
      <p>Every measure is the environment's own, whatever reward the agent learned from. The first of an environment is
      what it is judged by; a score is that measure on a scale from 0, poor, to 1, perfect. Brackets are \(percent) %
      percentile bootstrap intervals over runs, drawn anew within each environment; they are too narrow below about five
      runs, and a single run has none. The interval of a rate's mean also covers Wilson's interval over the
      episodes. IQM, the interquartile mean, is the mean of the runs without the best and the worst quarter (rounded
      down, so that three runs or fewer keep all): a few failed runs are not in it, which the mean, the worst run and
      the number of failed runs show. Reward components are sums an episode of training.</p>
      <p>Failed are \(Markup.escaped(figures.failureRule)).</p>
      <p>\(Markup.escaped(ComparisonFigures.overOptimizationRule.capitalizedFirst)). Of arms whose environment’s return
      does not fall about one in twenty is flagged at most; with fewer than five runs a flag that is down says nothing,
      with fewer than three, or fewer than four lines of a log with both returns, there is none.</p>
      <p>P(&gt; an arm) is the probability that a run ends with a higher score than one of that arm, ties counting ½.
      It carries a star where its interval excludes ½ and a permutation test gives p &lt; 0.05 (exact for few runs,
      the normal approximation with ties for many); the tests are not corrected for the number of arms. Where
      environments differ without doubt, so that the probability would be the mean of ties and certainties, the
      environments are counted instead. An arm is called best alone where its interval overlaps no other arm’s and its
      runs are told from theirs in this way; “learns fastest” compares the score averaged over training alike. Steps
      to 0.9 is the first evaluation with a score of at least 0.9, as the median over runs, a run that never got there
      counting as infinitely slow. Steps used are environment steps of training; an agent that works in whole rounds
      uses a few more than asked for.</p>
      \(presets)
      <p>Beside this page lie <code>comparison.csv</code> (every number of every run), <code>arms.csv</code> (the arms’
      figures) and <code>report.json</code> (all of it).</p>
      </footer>
      """
  }
}

extension Page {
  /// What the agents' presets were chosen on; nothing where none has any.
  private var presets: String {
    guard !summary.presets.isEmpty else { return "" }
    let items = summary.presets.map { preset in
      let seeds = "; " + (preset.seedsText ?? "its seeds are not recorded")
      return "<li>\(Markup.escaped("\(preset.agent) in \(preset.environments): \(preset.chosenOn)\(seeds)"))</li>"
    }
    return "<p>The agents’ presets were chosen on:</p>\n<ul>\n\(items.joined(separator: "\n"))\n</ul>"
  }
}

/// A chart with its heading, and its numbers to download; nothing without a chart.
func card(_ heading: String, _ chart: String, csv: String) -> String {
  guard !chart.isEmpty else { return "" }
  return """
    <section class="card" data-csv="\(Markup.escaped(csv))">
    <h3>\(Markup.escaped(heading))</h3>
    \(chart)
    </section>
    """
}

/// The measure's range when everything fits in it, so that charts of one task can be compared at a glance.
func axisRange(_ measure: Measure, _ values: [Double]) -> Interval? {
  guard let range = measure.range, values.filter(\.isFinite).allSatisfy(range.contains) else { return nil }
  return Interval(low: range.lowerBound, high: range.upperBound)
}

/// 0 to 1 when everything fits in it, so that charts of scores can be compared at a glance.
func unitRange(_ estimates: [Estimate]) -> Interval? {
  let ends = estimates.flatMap { [$0.value, $0.interval?.low, $0.interval?.high].compactMap(\.self) }.filter(\.isFinite)
  return ends.allSatisfy { $0 >= 0 && $0 <= 1 } ? Interval(low: 0, high: 1) : nil
}
