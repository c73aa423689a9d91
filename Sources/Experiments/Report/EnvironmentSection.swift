/// The part of the report on one environment.
struct EnvironmentSection {
  let figures: ComparisonFigures
  let environment: EnvironmentFigures
  let movies: [ReplayMovie]

  static func anchor(_ id: String) -> String { "env-" + Markup.identifier(id) }

  private var summary: EnvironmentSummary { figures.summary.environments.first { $0.id == environment.id }! }
  private func place(_ name: String) -> Int { figures.arms.firstIndex(of: name) ?? 0 }

  var html: String {
    let about = summary.about.isEmpty ? "" : "<p class=\"soft\">\(Markup.escaped(summary.about))</p>"
    return """
      <section id="\(EnvironmentSection.anchor(environment.id))">
      <h2>\(Markup.escaped(environment.id))</h2>
      \(about)
      \(EnvironmentSection.legend(environment.arms.map(\.name), place: place))
      <div class="grid2">
      \(charts.filter { !$0.isEmpty }.joined(separator: "\n"))
      </div>
      \(table)\(environment.firstSuccessSection)
      \(runs)
      \(replays)
      </section>
      """
  }

  private var charts: [String] {
    let score = LearningCurveChart(
      title: "Learning curves, \(environment.scoreName)", xLabel: "environment steps",
      series: environment.arms.map { .init(name: $0.name, arm: place($0.name), curve: $0.scoreCurve) },
      range: unitRange(environment.arms.flatMap { $0.scoreCurve.map(\.estimate) }),
      rule: (ComparisonFigures.solvedScore, "0.9"))
    let returns = LearningCurveChart(
      title: "Learning curves, return", xLabel: "environment steps",
      series: environment.arms.map { .init(name: $0.name, arm: place($0.name), curve: $0.returnCurve) })
    let finalScores = BarChart(
      title: "Final success",
      bars: environment.arms.compactMap { arm in
        arm.success.map { .init(name: arm.name, arm: place(arm.name), estimate: $0, runs: arm.finalScores) }
      }, range: Interval(low: 0, high: 1), digits: 2)
    let finalReturns = BarChart(
      title: "Final return",
      bars: environment.arms.map {
        .init(name: $0.name, arm: place($0.name), estimate: $0.returnMean, runs: $0.finalReturns)
      })
    let scoreTitle = environment.hasSuccess ? "Success during training (IQM)" : "Score during training (IQM)"
    var charts = [card(scoreTitle, score.svg), card("Return during training (IQM)", returns.svg)]
    charts.append(card("Success of the last evaluation", environment.hasSuccess ? finalScores.svg : ""))
    charts.append(card("Return of the last evaluation", finalReturns.svg))
    let names = environment.arms.flatMap { $0.components.map(\.name) }.uniqued()
    for name in names {
      let series = environment.arms.compactMap { arm in
        arm.components.first { $0.name == name }.map {
          LearningCurveChart.Series(name: arm.name, arm: place(arm.name), curve: $0.curve)
        }
      }
      let chart = LearningCurveChart(title: "Reward component \(name)", xLabel: "environment steps", series: series)
      charts.append(card("Reward component: \(name)", chart.svg))
    }
    return charts
  }

  private var table: String {
    var rows = ""
    for arm in environment.arms {
      let needs = arm.needs.map { "<span class=\"tag\">\(Markup.escaped($0))</span>" }.joined()
      rows += "<tr><td class=\"a\(place(arm.name) % 8)\">\(Markup.escaped(arm.name))\(needs)</td>"
      let failed = arm.failures == 0 ? "" : " (\(arm.failures) failed)"
      rows += "<td>\(arm.runs)\(failed)</td>"
      if arm.runs == 0 {
        rows += String(repeating: "<td>\(NumberText.missing)</td>", count: environment.hasSuccess ? 8 : 7) + "</tr>\n"
        continue
      }
      rows += "<td>\(Markup.cell(arm.returnMean))</td><td>\(Markup.cell(arm.returnInterquartileMean))</td>"
      if environment.hasSuccess { rows += "<td>\(arm.success.map { Markup.cell($0, digits: 2) } ?? "")</td>" }
      rows += "<td>\(EnvironmentSection.comparison(arm.overBaseline))</td>"
      rows += "<td>\(Markup.cell(arm.speed, digits: 2))</td>"
      let reached = arm.stepsToThreshold.compactMap(\.self).count
      rows += "<td>\(NumberText.steps(arm.medianStepsToThreshold)) <span class=\"interval\">\(reached) of \(arm.runs) runs</span></td>"
      rows += "<td>\(NumberText.fixed(arm.stepsPerSecond, 0))</td><td>\(NumberText.seconds(arm.wallSeconds))</td></tr>\n"
    }
    let baseline = Markup.escaped(Markup.shortened(environment.arms.first?.name ?? "", to: 24))
    return """
      <div class="scroll"><table>
      <thead><tr><th>Arm</th><th>Runs</th><th>Return, mean</th><th>Return, IQM</th>\
      \(environment.hasSuccess ? "<th>Success</th>" : "")<th>P(&gt; \(baseline))</th><th>Score over training</th>\
      <th>Steps to 0.9</th><th>Steps/s</th><th>Wall time</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      <p class="soft">Score: \(Markup.escaped(environment.scoreName)).</p>
      """
  }

  /// Every run on its own, folded away.
  private var runs: String {
    var rows = ""
    for arm in summary.arms {
      for run in arm.runs {
        rows += "<tr><td class=\"a\(place(arm.name) % 8)\">\(Markup.escaped(arm.name))</td><td>\(run.seed)</td>"
        if let failure = run.failure {
          rows += "<td colspan=\"5\" style=\"text-align:left\">failed: \(Markup.escaped(failure))</td></tr>\n"
          continue
        }
        rows += "<td>\(NumberText.short(run.finalReturn))</td>"
        rows += "<td>\(run.finalSuccess.map { NumberText.fixed($0, 2) } ?? NumberText.missing)</td>"
        rows += "<td>\(run.episodes)</td><td>\(NumberText.fixed(run.stepsPerSecond, 0))</td>"
        rows += "<td>\(NumberText.seconds(run.wallSeconds))</td></tr>\n"
      }
    }
    return """
      <details><summary>Every run</summary>
      <div class="scroll"><table>
      <thead><tr><th>Arm</th><th>Seed</th><th>Return</th><th>Success</th><th>Episodes</th><th>Steps/s</th><th>Wall time</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      </details>
      """
  }

  private var replays: String {
    let links = summary.arms.flatMap { arm in
      arm.runs.flatMap(\.replays).map {
        "<li><a href=\"\(Markup.escaped($0.path))\">\(Markup.escaped($0.title))</a></li>"
      }
    }
    var html = ""
    if !movies.isEmpty {
      html += "<div class=\"grid2\">\n\(movies.map(ReplayPlayer.html).joined(separator: "\n"))\n</div>\n"
    }
    if !links.isEmpty {
      html += "<details><summary>Replay files (\(links.count))</summary>\n<ul>\n\(links.joined(separator: "\n"))\n</ul>\n</details>"
    }
    return html
  }

  /// The arms with the lines that they are drawn with.
  static func legend(_ names: [String], place: (String) -> Int) -> String {
    let items = names.map { name in
      let arm = place(name)
      return "<li><svg viewBox=\"0 0 30 12\" aria-hidden=\"true\"><path class=\"curve a\(arm % 8) d\(arm % 4)\" d=\"M0 6H30\"/></svg>"
        + "\(Markup.escaped(name))</li>"
    }
    return "<ul class=\"legend\">\n\(items.joined(separator: "\n"))\n</ul>"
  }

  /// The probability of improvement; a star and the p-value where the difference is more than noise.
  static func comparison(_ comparison: ArmComparison?) -> String {
    guard let comparison else { return "baseline" }
    var text = Markup.cell(comparison.probability, digits: 2)
    if comparison.isDistinguishable { text = "*\u{2009}" + text }
    return "<span title=\"\(Markup.escaped(NumberText.pValue(comparison.pValue)))\">\(text)</span>"
  }
}
