import ReinforcementLearning

extension FirstSuccessFigures {
  /// The figures of one arm's runs; nil when there is none.
  ///
  /// Its bootstrap draws from a generator of its own, so that other figures do not depend on it.
  init?(_ runs: [RunSummary], bootstrap: Bootstrap) {
    guard !runs.isEmpty else { return nil }
    var random = RandomSource(seed: 0, purpose: .firstSuccessIntervals, index: 0)
    let values = ScoreTable(tasks: [runs.map { Double($0.firstSuccess ?? $0.trainedSteps) }])
    steps = runs.map(\.firstSuccess)
    mean = bootstrap.estimate(.mean, of: values, random: &random)
    median = Estimate(
      value: Aggregate.median(of: values.pooled),
      interval: bootstrap.interval(of: values, random: &random) { Aggregate.median(of: $0.pooled) }, runs: runs.count)
  }

  /// A figure in steps, marked where it is a lower bound.
  private func text(_ estimate: Estimate) -> String {
    func steps(_ value: Double) -> String { NumberText.steps(Int(value.rounded())) }
    let interval = estimate.interval.map { " [\(steps($0.low)), \(steps($0.high))]" } ?? ""
    return (succeeded < self.steps.count ? "≥ " : "") + steps(estimate.value) + interval
  }

  var meanText: String { text(mean) }
  var medianText: String { text(median) }
}

extension EnvironmentFigures {
  /// When each arm first succeeded in training, as plain text; nil where no run did.
  var firstSuccessTable: String? {
    guard arms.contains(where: { $0.firstSuccess != nil }) else { return nil }
    var rows = [["arm", "runs", "succeeded", "mean", "median"]]
    for arm in arms {
      guard let first = arm.firstSuccess else { continue }
      rows.append([arm.name, String(arm.runs), String(first.succeeded), first.meanText, first.medianText])
    }
    return "steps of training to the first success; a run without one counts with all its steps\n"
      + TextTable.aligned(rows)
  }

  /// The same as a table of the page.
  var firstSuccessSection: String {
    guard arms.contains(where: { $0.firstSuccess != nil }) else { return "" }
    var rows = ""
    for arm in arms {
      guard let first = arm.firstSuccess else { continue }
      rows += "<tr><td>\(Markup.escaped(arm.name))</td><td>\(first.succeeded) of \(arm.runs)</td>"
      rows += "<td>\(first.meanText)</td><td>\(first.medianText)</td></tr>\n"
    }
    return """
      <div class="scroll"><table>
      <thead><tr><th>Steps of training to the first success</th><th>Runs with one</th>\
      <th>Mean</th><th>Median</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      <p class="soft">A run without a success counts with all its steps; the figure is then a lower bound.</p>
      """
  }
}
