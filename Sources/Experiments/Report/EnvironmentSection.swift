import ReinforcementLearning

/// The part of the report on one environment.
struct EnvironmentSection {
  let figures: ComparisonFigures
  let environment: EnvironmentFigures
  let movies: [ReplayMovie]
  let labels: ArmLabels

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
      \(table)\(environment.firstSuccessSection)\(environment.designSection(place: place))
      \(runs)
      \(replays)
      </section>
      """
  }

  private var table: String {
    let judged = environment.measures[0]
    let name = judged.name.capitalizedFirst
    var heads = ["Arm", "Runs", "Failed", "\(name), mean", "\(name), IQM", "Worst run"]
    heads += environment.measures.dropFirst().map(\.name.capitalizedFirst)
    heads += [
      "P(> \(labels.label(environment.arms.first?.name ?? "", limit: 24)))", "Score over training", "Steps to 0.9",
    ]
    heads += ["Steps used", "Steps/s", "Wall time"]
    // Where nobody is worse there is no best either.
    let hasBest = environment.best.count < environment.arms.count { $0.runs > 0 }
    let rows = environment.arms.enumerated().map { place, arm in
      let needs = arm.needs.map { "<span class=\"tag\">\(Markup.escaped($0))</span>" }.joined()
      let best =
        hasBest && environment.best.contains(place) ? " <span class=\"best\">best</span>" : ""
      let flag =
        arm.design?.overOptimization?.isFlagged ?? false ? " <span class=\"flag\">over-optimised</span>" : ""
      let cells = arm.runs > 0 ? cells(arm) : Array(repeating: NumberText.missing, count: heads.count - 3)
      let color = Markup.color(self.place(arm.name))
      return "<tr><td class=\"\(color)\">\(Markup.name(arm.name))\(needs)\(best)\(flag)</td>"
        + ([arm.runsText, arm.failedText] + cells).map { "<td>\($0)</td>" }.joined() + "</tr>\n"
    }
    let hasRuns = environment.arms.contains { $0.runs > 0 }
    let solved =
      judged.isRate || !hasRuns
      ? ""
      : "; 0.9 of it is \(Markup.escaped(judged.name)) \(NumberText.short(environment.solvedValue))"
    let both = "overlaps the highest mean's, or whose runs a test cannot tell from its"
    let best =
      hasBest && environment.best.count > 1 ? " Best: every arm whose interval \(both)." : ""
    return """
      <div class="scroll"><table>
      <thead><tr>\(heads.map { "<th>\(Markup.escaped($0))</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>
      <p class="soft">Score: \(Markup.escaped(environment.scoreName))\(solved). \(failureNote)\(best)</p>
      \(EnvironmentSection.matrix(environment.arms.map(\.name), environment.comparisons, labels: labels, place: place))
      """
  }

  /// The cells after the numbers of runs, of an arm with results.
  private func cells(_ arm: ArmFigures) -> [String] {
    let judged = environment.measures[0]
    let digits = judged.isRate ? 2 : nil
    var cells = [
      Markup.cell(arm.judged.mean, digits: digits), Markup.cell(arm.judged.interquartileMean, digits: digits),
      EnvironmentSection.number(arm.judged.worst, judged),
    ]
    for (measure, figures) in zip(environment.measures, arm.measures).dropFirst() {
      cells.append(Markup.cell(figures.mean, digits: measure.isRate ? 2 : nil))
    }
    let reached = arm.stepsToThreshold.compactMap(\.self).count
    return cells + [
      EnvironmentSection.comparison(arm.overBaseline), Markup.cell(arm.speed, digits: 2),
      "\(NumberText.steps(arm.medianStepsToThreshold)) <span class=\"interval\">\(reached) of \(arm.runs) runs</span>",
      arm.stepsText, NumberText.fixed(arm.stepsPerSecond, 0), NumberText.seconds(arm.wallSeconds),
    ]
  }

  /// Which runs count as failed.
  private var failureNote: String {
    let judged = environment.measures[0]
    guard let limit = environment.failureLimit else {
      return "Failed: runs that broke; no limit is known for the others."
    }
    let bound = EnvironmentSection.number(limit, judged)
    let origin = judged.passing != nil ? "its declared limit" : "half way from a poor to a perfect result"
    return "Failed: runs that broke or ended with \(Markup.escaped(judged.name)) "
      + "\(judged.direction == .higher ? "below" : "above") \(bound), \(origin)."
  }

  /// The probability that a run of one arm ends above one of another, for every pair of arms; nothing for one arm.
  static func matrix(
    _ names: [String], _ comparisons: [[ArmComparison]], labels: ArmLabels, place: (String) -> Int
  ) -> String {
    guard names.count > 1 else { return "" }
    let heads = names.map { "<th>\(Markup.escaped(labels.label($0, limit: 24)))</th>" }.joined()
    let rows = names.indices.map { row in
      let cells = names.indices.map { column in
        row == column || comparisons[row][column].probability.value.isNaN
          ? "<td>\(NumberText.missing)</td>" : "<td>\(comparison(comparisons[row][column]))</td>"
      }
      let color = Markup.color(place(names[row]))
      return "<tr><td class=\"\(color)\">\(Markup.name(names[row]))</td>\(cells.joined())</tr>\n"
    }
    return """
      <details\(names.count == 2 ? "" : " open")><summary>Probability that a run of the row ends above one of the \
      column</summary>
      <div class="scroll"><table>
      <thead><tr><th>Arm</th>\(heads)</tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>
      </details>
      """
  }

  /// Every run on its own, folded away.
  private var runs: String {
    var rows = ""
    for arm in summary.arms {
      for run in arm.runs {
        let color = Markup.color(place(arm.name))
        rows += "<tr><td class=\"\(color)\">\(Markup.escaped(arm.name))</td><td>\(run.seed)</td>"
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
      html += "<div class=\"grid3\">\n\(movies.map(ReplayPlayer.html).joined(separator: "\n"))\n</div>\n"
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
        + "<path class=\"curve \(Markup.line(arm))\" d=\"M0 6H30\"/></svg>"
        + "\(Markup.escaped(name))</li>"
    }
    return "<ul class=\"legend\">\n\(items.joined(separator: "\n"))\n</ul>"
  }

  /// The probability of improvement; a star and the p-value where the difference is more than noise.
  static func comparison(_ comparison: ArmComparison?) -> String {
    guard let comparison else { return "baseline" }
    var text = comparison.certainties == nil ? Markup.cell(comparison.probability, digits: 2) : comparison.text
    if comparison.isDistinguishable { text = "*\u{2009}" + text }
    return "<span title=\"\(Markup.escaped(NumberText.pValue(comparison.pValue)))\">\(text)</span>"
  }
}

extension ArmFigures {
  /// Runs with a result, of all that were begun where some are missing.
  var runsText: String { missing == 0 ? "\(runs)" : "\(runs) of \(runs + failures + missing)" }
}

extension String {
  /// The first letter large, for the start of a heading.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
