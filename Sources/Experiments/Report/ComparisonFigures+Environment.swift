import ReinforcementLearning

/// Draws intervals for one report: one generator, so that the same runs give the same report.
struct FigureMaker {
  var figures = Bootstrap()
  var curves = Bootstrap.forCurves
  var random: RandomSource

  mutating func estimate(_ aggregate: Aggregate, _ values: [Double]) -> Estimate {
    guard !values.isEmpty else { return Estimate(value: .nan, interval: nil, runs: 0) }
    return figures.estimate(aggregate, of: ScoreTable(tasks: [values]), random: &random)
  }

  /// How a comparison by one environment's runs stands.
  mutating func compare(_ first: [Double], _ second: [Double]) -> ArmComparison {
    guard !first.isEmpty, !second.isEmpty else {
      return ArmComparison(probability: Estimate(value: .nan, interval: nil, runs: 0), pValue: 1)
    }
    let probability = ProbabilityOfImprovement.estimate(
      ScoreTable(tasks: [first]), over: ScoreTable(tasks: [second]), bootstrap: figures, random: &random)
    return ArmComparison(probability: probability, pValue: ProbabilityOfImprovement.rankTest(first, second))
  }

  mutating func curve(_ runs: [RunCurve]) -> [CurveFigure] {
    let runs = runs.filter { !$0.isEmpty }
    var points: [CurveFigure] = []
    for step in RunCurve.grid(runs) {
      let table = ScoreTable(tasks: [runs.map { $0.value(at: step) }])
      points.append(
        CurveFigure(step: step, estimate: curves.estimate(.interquartileMean, of: table, random: &random)))
    }
    return points
  }

  mutating func environment(_ environment: EnvironmentSummary, scale: ScoreScale) -> EnvironmentFigures {
    let lastSteps = environment.arms.flatMap(\.results).compactMap(\.curve.last?.step)
    let end = lastSteps.min() ?? 0
    var arms: [ArmFigures] = []
    for arm in environment.arms {
      var figures = self.arm(arm, measures: environment.measures, scale: scale, end: end)
      if environment.arms.contains(where: { $0.results.contains { $0.firstSuccess != nil } }) {
        figures.firstSuccess = FirstSuccessFigures(arm.results, bootstrap: self.figures)
      }
      if let baseline = arms.first { figures.overBaseline = compare(figures.finalScores, baseline.finalScores) }
      arms.append(figures)
    }
    var comparisons: [[ArmComparison]] = []
    for arm in arms {
      var row: [ArmComparison] = []
      for other in arms { row.append(compare(arm.speeds, other.speeds)) }
      comparisons.append(row)
    }
    return EnvironmentFigures(
      id: environment.id, measures: environment.measures, scoreName: scale.name,
      solvedValue: scale.value(ofScore: ComparisonFigures.solvedScore), arms: arms, speedComparisons: comparisons)
  }

  private mutating func arm(
    _ arm: ArmSummary, measures: [Measure], scale: ScoreScale, end: Int
  ) -> ArmFigures {
    let runs = arm.results
    let scoreCurves = runs.map { scale.curve(of: $0) }
    let scores = runs.map { scale.finalScore(of: $0) }
    let speeds = zip(scoreCurves, scores).map { $0.isEmpty ? $1 : $0.mean(until: end) }
    let reached = scoreCurves.map { $0.firstStep(reaching: ComparisonFigures.solvedScore) }
    var components: [ComponentFigures] = []
    for name in runs.flatMap({ $0.components.map(\.name) }).uniqued() {
      let found = runs.compactMap { run in run.components.first { $0.name == name } }
      components.append(
        ComponentFigures(name: name, curve: curve(found.map { RunCurve(steps: $0.steps, values: $0.values) })))
    }
    var figures: [MeasureFigures] = []
    for (index, measure) in measures.enumerated() { figures.append(self.figures(of: measure, index, runs)) }
    return ArmFigures(
      name: arm.name, needs: arm.needs, runs: runs.count, failures: arm.runs.count - runs.count,
      episodes: runs.map(\.episodes).reduce(0, +), measures: figures, score: estimate(.interquartileMean, scores),
      speed: estimate(.interquartileMean, speeds), finalScores: scores, speeds: speeds, overBaseline: nil,
      stepsToThreshold: reached, medianStepsToThreshold: FigureMaker.median(reached), firstSuccess: nil,
      wallSeconds: Aggregate.mean(of: runs.map(\.wallSeconds)),
      stepsPerSecond: Aggregate.mean(of: runs.map(\.stepsPerSecond)), components: components)
  }

  /// One measure over an arm's runs.
  private mutating func figures(of measure: Measure, _ index: Int, _ runs: [RunSummary]) -> MeasureFigures {
    let values = runs.map { $0.final[index] }
    var mean = estimate(.mean, values)
    if measure.isRate {
      let episodes = runs.map(\.episodes).reduce(0, +)
      let count = runs.map { $0.final[index] * Double($0.episodes) }.reduce(0, +)
      let wilson = SuccessRate.wilsonInterval(
        successes: min(max(0, count), Double(episodes)), trials: episodes, confidence: figures.confidence)
      if let interval = mean.interval, let wilson { mean.interval = interval.hull(wilson) }
    }
    let inside = runs.compactMap { $0.episodeCurves.isEmpty ? nil : $0.episodeCurves[index] }
    return MeasureFigures(
      name: measure.name, mean: mean, interquartileMean: estimate(.interquartileMean, values),
      worst: (measure.direction == .higher ? values.min() : values.max()) ?? .nan, values: values,
      curve: curve(runs.map { RunCurve($0, measure: index) }),
      episodeCurve: curve(inside.map { RunCurve(steps: $0.steps, values: $0.values) }))
  }

  /// The middle of the steps, missing ones above all others; of an even number the upper middle, so that it
  /// is a step at which at least half of the runs were there.
  static func median(_ steps: [Int?]) -> Int? {
    let sorted = steps.sorted { ($0 ?? .max) < ($1 ?? .max) }
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }
}

/// How what an environment is judged by becomes a score between 0 and 1.
struct ScoreScale {
  var name: String
  /// The values that score 0 and 1.
  var poor: Double
  var perfect: Double

  init(_ environment: EnvironmentSummary) {
    let measure = environment.measures[0]
    let runs = environment.arms.flatMap(\.results)
    let seen = runs.flatMap { $0.curve.map { $0.values[0] } + [$0.final[0]] }.filter(\.isFinite)
    let low = measure.range?.lowerBound ?? seen.min() ?? 0
    let high = measure.range?.upperBound ?? seen.max() ?? 1
    (poor, perfect) = measure.direction == .higher ? (low, high) : (high, low)
    let bounds = "\(NumberText.short(poor)) to \(NumberText.short(perfect))"
    name =
      poor == 0 && perfect == 1 && measure.range != nil
      ? measure.name
      : measure.name + (measure.range != nil ? ", scaled from \(bounds)" : ", scaled from the range seen, \(bounds)")
  }

  func scaled(_ value: Double) -> Double { poor == perfect ? 0 : (value - poor) / (perfect - poor) }

  func value(ofScore score: Double) -> Double { poor + score * (perfect - poor) }

  func finalScore(of run: RunSummary) -> Double { scaled(run.final[0]) }

  func curve(of run: RunSummary) -> RunCurve {
    var curve = RunCurve(run, measure: 0)
    curve.values = curve.values.map(scaled)
    return curve
  }
}

extension ArmSummary {
  /// The runs that gave a result.
  var results: [RunSummary] { runs.filter { $0.failure == nil } }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it first stands.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
