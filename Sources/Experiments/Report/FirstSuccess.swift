import ReinforcementLearning

extension FirstSuccessFigures {
  /// The figures of one arm's runs; nil when there is none.
  ///
  /// Its bootstrap draws from a generator of its own, so that other figures do not depend on it.
  init?(_ runs: [RunSummary], bootstrap: Bootstrap) {
    guard !runs.isEmpty else { return nil }
    var random = RandomSource(seed: 0, purpose: .firstSuccessIntervals, index: 0)
    let spent = runs.map { $0.firstSuccess ?? $0.trainedSteps }
    let values = ScoreTable(tasks: [spent.map(Double.init)])
    steps = runs.map(\.firstSuccess)
    mean = bootstrap.estimate(.mean, of: values, random: &random)
    median = Estimate(
      value: Aggregate.median(of: values.pooled),
      interval: bootstrap.intervals(of: [.middle(of: values.pooled)], ends: values.ends, random: &random)[0],
      runs: runs.count)
    interquartileMean = bootstrap.estimate(.interquartileMean, of: values, random: &random)
    worst = spent.max()!
  }

  /// A figure in steps, marked where it is a lower bound.
  private func text(_ estimate: Estimate) -> String {
    func steps(_ value: Double) -> String { NumberText.steps(Int(value.rounded())) }
    let interval = estimate.interval.map { " [\(steps($0.low)), \(steps($0.high))]" } ?? ""
    return (succeeded < self.steps.count ? "≥ " : "") + steps(estimate.value) + interval
  }

  var meanText: String { text(mean) }
  var interquartileMeanText: String { text(interquartileMean) }
  var medianText: String { text(median) }
  var worstText: String { (steps.contains(nil) ? "≥ " : "") + NumberText.steps(worst) }
}

extension EnvironmentFigures {
  /// When each arm first succeeded in training, as rows under a heading; nil where no run did.
  var firstSuccessRows: [[String]]? {
    guard arms.contains(where: { $0.firstSuccess != nil }) else { return nil }
    var rows = [["arm", "runs", "succeeded", "mean", "IQM", "median", "worst run"]]
    for arm in arms {
      guard let first = arm.firstSuccess else { continue }
      rows.append([
        arm.name, String(arm.runs), String(first.succeeded), first.meanText, first.interquartileMeanText,
        first.medianText, first.worstText,
      ])
    }
    return rows
  }

  /// The same as a table of the page.
  var firstSuccessSection: String {
    guard arms.contains(where: { $0.firstSuccess != nil }) else { return "" }
    var rows = ""
    for arm in arms {
      guard let first = arm.firstSuccess else { continue }
      rows += "<tr><td>\(Markup.escaped(arm.name))</td><td>\(first.succeeded) of \(arm.runs)</td>"
      rows += "<td>\(first.meanText)</td><td>\(first.interquartileMeanText)</td>"
      rows += "<td>\(first.medianText)</td><td>\(first.worstText)</td></tr>\n"
    }
    return """
      <div class="scroll"><table>
      <thead><tr><th>Steps of training to the first success</th><th>Runs with one</th><th>Mean</th>\
      <th>IQM</th><th>Median</th><th>Worst run</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      <p class="soft">A run without a success counts with all its steps; the figure is then a lower bound.</p>
      """
  }
}
