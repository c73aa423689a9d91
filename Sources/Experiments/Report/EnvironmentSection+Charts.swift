import ReinforcementLearning

extension EnvironmentSection {
  /// What is drawn: the length of an episode only where the task is judged by it, and the rest is in the table.
  private var drawnMeasures: [Int] {
    environment.measures.indices.filter { $0 == 0 || environment.measures[$0].source != .episodeLength }
  }

  private func series(_ curve: (ArmFigures) -> [CurveFigure]) -> [LearningCurveChart.Series] {
    environment.arms.filter { $0.runs > 0 }.map {
      .init(name: $0.name, label: label($0.name), arm: place($0.name), curve: curve($0))
    }
  }

  private func label(_ arm: String) -> String { labels.label(arm, limit: LearningCurveChart.labelLimit) }

  private func trainingChart(_ index: Int) -> String {
    let measure = environment.measures[index]
    let estimates = environment.arms.filter { $0.runs > 0 }.flatMap { $0.measures[index].curve.map(\.estimate) }
    let chart = LearningCurveChart(
      title: "Learning curves, \(measure.name)", xLabel: "environment steps", yLabel: label(measure),
      series: series { $0.measures[index].curve },
      range: axisRange(
        measure, estimates.flatMap { [$0.value, $0.interval?.low, $0.interval?.high].compactMap(\.self) }),
      rule: index == 0 ? (environment.solvedValue, "score 0.9") : nil)
    return card("\(measure.name.capitalizedFirst) during training (IQM)", chart.svg, csv: chart.csv)
  }

  private func finalChart(_ index: Int) -> String {
    let measure = environment.measures[index]
    let arms = environment.arms.filter { $0.runs > 0 }
    let range = axisRange(
      measure,
      arms.flatMap { arm in
        let figures = arm.measures[index]
        return figures.values + [figures.mean.interval?.low, figures.mean.interval?.high].compactMap(\.self)
      })
    let chart = BarChart(
      title: "Final \(measure.name)",
      bars: arms.map {
        .init(name: $0.name, arm: place($0.name), estimate: $0.measures[index].mean, runs: $0.measures[index].values)
      }, range: range, digits: measure.isRate ? 2 : nil, xLabel: label(measure), origin: range?.low ?? 0)
    return card("\(measure.name.capitalizedFirst) of the last evaluation", chart.svg, csv: chart.csv)
  }

  /// A measure inside an episode of the last evaluation.
  private func episodeChart(_ index: Int) -> String {
    let measure = environment.measures[index]
    let chart = LearningCurveChart(
      title: "\(measure.name) inside an episode", xLabel: "steps of the episode", yLabel: label(measure),
      series: series { $0.measures[index].episodeCurve })
    return card(
      "\(measure.name.capitalizedFirst) inside an episode of the last evaluation (IQM)", chart.svg, csv: chart.csv)
  }

  private func label(_ measure: Measure) -> String {
    measure.name + (measure.direction == .lower ? ", lower is better" : "")
  }

  /// What agents were paid over training, and what that was worth, against each other: an arm that is over-optimised
  /// turns down on its way to the right.
  private var designCharts: [String] {
    let arms = environment.arms.filter { $0.design != nil }
    guard !arms.isEmpty else { return [] }
    let designed = LearningCurveChart(
      title: "Designed return", xLabel: "environment steps", yLabel: "sum of the components, an episode",
      series: arms.map {
        .init(name: $0.name, label: label($0.name), arm: place($0.name), curve: $0.design!.designed)
      })
    let paths = LearningCurveChart(
      title: "Environment's return against the designed one",
      xLabel: "designed return, from its lowest (0) to its highest (1)", yLabel: "environment’s return",
      series: arms.map { arm in
        let values = arm.design!.designed.map(\.estimate.value)
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        return .init(
          name: arm.name, label: label(arm.name), arm: place(arm.name),
          points: zip(values, arm.design!.environment).map { designed, environment in
            (high > low ? (designed - low) / (high - low) : 0, environment.estimate.value, nil)
          })
      }, isOverSteps: false)
    return [
      card("Designed return during training (IQM)", designed.svg, csv: designed.csv),
      card("What it was worth: the path of training", paths.svg, csv: paths.csv),
    ]
  }

  /// The section's pictures, in order.
  var charts: [String] {
    var charts = drawnMeasures.map(trainingChart) + drawnMeasures.map(finalChart)
    charts += environment.measures.indices.map(episodeChart)
    let names = environment.arms.flatMap { $0.components.map(\.name) }.uniqued()
    for name in names {
      let series = environment.arms.compactMap { arm in
        arm.components.first { $0.name == name }.map {
          LearningCurveChart.Series(name: arm.name, label: label(arm.name), arm: place(arm.name), curve: $0.curve)
        }
      }
      let chart = LearningCurveChart(
        title: "Reward component \(name)", xLabel: "environment steps", yLabel: "sum an episode of training",
        series: series)
      charts.append(card("Reward component: \(name)", chart.svg, csv: chart.csv))
    }
    return charts + designCharts
  }
}
