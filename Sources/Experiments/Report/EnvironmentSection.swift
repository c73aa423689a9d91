import ReinforcementLearning

/// The part of the report on one environment.
struct EnvironmentSection {
  let figures: ComparisonFigures
  let environment: EnvironmentFigures
  let movies: [ReplayMovie]

  static func anchor(_ id: String) -> String { "env-" + Markup.identifier(id) }

  private var summary: EnvironmentSummary { figures.summary.environments.first { $0.id == environment.id }! }
  func place(_ name: String) -> Int { figures.arms.firstIndex(of: name) ?? 0 }

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

  private var table: String {
    var rows = ""
    for arm in environment.arms {
      let needs = arm.needs.map { "<span class=\"tag\">\(Markup.escaped($0))</span>" }.joined()
      rows += "<tr><td class=\"a\(place(arm.name) % 8)\">\(Markup.escaped(arm.name))\(needs)</td>"
      let failed = arm.failures == 0 ? "" : " (\(arm.failures) failed)"
      rows += "<td>\(arm.runs)\(failed)</td>"
      if arm.runs == 0 {
        rows += String(repeating: "<td>\(NumberText.missing)</td>", count: environment.measures.count + 7) + "</tr>\n"
        continue
      }
      for (measure, figures) in zip(environment.measures, arm.measures) {
        let digits = measure.isRate ? 2 : nil
        rows += "<td>\(Markup.cell(figures.mean, digits: digits))</td>"
        guard measure == environment.measures[0] else { continue }
        rows += "<td>\(Markup.cell(figures.interquartileMean, digits: digits))</td>"
        rows += "<td>\(EnvironmentSection.number(figures.worst, measure))</td>"
      }
      rows += "<td>\(EnvironmentSection.comparison(arm.overBaseline))</td>"
      rows += "<td>\(Markup.cell(arm.speed, digits: 2))</td>"
      let reached = arm.stepsToThreshold.compactMap(\.self).count
      rows += "<td>\(NumberText.steps(arm.medianStepsToThreshold)) "
      rows += "<span class=\"interval\">\(reached) of \(arm.runs) runs</span></td>"
      rows += "<td>\(NumberText.fixed(arm.stepsPerSecond, 0))</td>"
      rows += "<td>\(NumberText.seconds(arm.wallSeconds))</td></tr>\n"
    }
    let heads = environment.measures.enumerated().map { index, measure in
      let name = Markup.escaped(measure.name.capitalizedFirst)
      return index == 0 ? "<th>\(name), mean</th><th>\(name), IQM</th><th>Worst run</th>" : "<th>\(name)</th>"
    }.joined()
    let baseline = Markup.escaped(Markup.shortened(environment.arms.first?.name ?? "", to: 24))
    let judged = environment.measures[0]
    let solved =
      judged.isRate ? "" : "; 0.9 of it is \(Markup.escaped(judged.name)) \(NumberText.short(environment.solvedValue))"
    return """
      <div class="scroll"><table>
      <thead><tr><th>Arm</th><th>Runs</th>\(heads)\
      <th>P(&gt; \(baseline))</th><th>Score over training</th>\
      <th>Steps to 0.9</th><th>Steps/s</th><th>Wall time</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      <p class="soft">Score: \(Markup.escaped(environment.scoreName))\(solved).</p>
      """
  }

  /// Every run on its own, folded away.
  private var runs: String {
    var rows = ""
    for arm in summary.arms {
      for run in arm.runs {
        rows += "<tr><td class=\"a\(place(arm.name) % 8)\">\(Markup.escaped(arm.name))</td><td>\(run.seed)</td>"
        if let failure = run.failure {
          rows += "<td colspan=\"\(environment.measures.count + 3)\" style=\"text-align:left\">"
          rows += "failed: \(Markup.escaped(failure))</td></tr>\n"
          continue
        }
        for (measure, value) in zip(environment.measures, run.final) {
          rows += "<td>\(EnvironmentSection.number(value, measure))</td>"
        }
        rows += "<td>\(run.episodes)</td><td>\(NumberText.fixed(run.stepsPerSecond, 0))</td>"
        rows += "<td>\(NumberText.seconds(run.wallSeconds))</td></tr>\n"
      }
    }
    let heads = environment.measures.map { "<th>\(Markup.escaped($0.name.capitalizedFirst))</th>" }.joined()
    return """
      <details><summary>Every run</summary>
      <div class="scroll"><table>
      <thead><tr><th>Arm</th><th>Seed</th>\(heads)<th>Episodes</th><th>Steps/s</th><th>Wall time</th></tr></thead>
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
      html += "<details><summary>Replay files (\(links.count))</summary>\n"
      html += "<ul>\n\(links.joined(separator: "\n"))\n</ul>\n</details>"
    }
    return html
  }

  static func number(_ value: Double, _ measure: Measure) -> String {
    measure.isRate ? NumberText.fixed(value, 2) : NumberText.short(value)
  }

  /// The arms with the lines that they are drawn with.
  static func legend(_ names: [String], place: (String) -> Int) -> String {
    let items = names.map { name in
      let arm = place(name)
      return "<li><svg viewBox=\"0 0 30 12\" aria-hidden=\"true\">"
        + "<path class=\"curve a\(arm % 8) d\(arm % 4)\" d=\"M0 6H30\"/></svg>"
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

extension String {
  /// The first letter large, for the start of a heading.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
