internal import ReinforcementLearning

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
      var figures = self.arm(arm, scale: scale, end: end)
      if environment.arms.contains(where: { $0.results.contains { $0.firstSuccess != nil } }) {
        figures.firstSuccess = FirstSuccessFigures(arm.results, bootstrap: self.figures)
      }
      if let baseline = arms.first { figures.overBaseline = compare(figures.finalReturns, baseline.finalReturns) }
      arms.append(figures)
    }
    var comparisons: [[ArmComparison]] = []
    for arm in arms {
      var row: [ArmComparison] = []
      for other in arms { row.append(compare(arm.speeds, other.speeds)) }
      comparisons.append(row)
    }
    return EnvironmentFigures(
      id: environment.id, scoreName: scale.name, hasSuccess: scale.isSuccess, arms: arms,
      speedComparisons: comparisons)
  }

  private mutating func arm(_ arm: ArmSummary, scale: ScoreScale, end: Int) -> ArmFigures {
    let runs = arm.results
    let scoreCurves = runs.map { scale.curve(of: $0) }
    let returnCurves = runs.map { RunCurve(steps: $0.curve.map(\.step), values: $0.curve.map(\.mean)) }
    let returns = runs.map(\.finalReturn)
    let scores = runs.map { scale.finalScore(of: $0) }
    let speeds = zip(scoreCurves, scores).map { $0.isEmpty ? $1 : $0.mean(until: end) }
    let reached = scoreCurves.map { $0.firstStep(reaching: ComparisonFigures.solvedScore) }
    var components: [ComponentFigures] = []
    for name in runs.flatMap({ $0.components.map(\.name) }).uniqued() {
      let found = runs.compactMap { run in run.components.first { $0.name == name } }
      components.append(
        ComponentFigures(name: name, curve: curve(found.map { RunCurve(steps: $0.steps, values: $0.values) })))
    }
    return ArmFigures(
      name: arm.name, needs: arm.needs, runs: runs.count, failures: arm.runs.count - runs.count,
      episodes: runs.map(\.episodes).reduce(0, +), returnMean: estimate(.mean, returns),
      returnInterquartileMean: estimate(.interquartileMean, returns), success: success(of: runs),
      score: estimate(.interquartileMean, scores), speed: estimate(.interquartileMean, speeds),
      finalReturns: returns, finalScores: scores, speeds: speeds, overBaseline: nil, stepsToThreshold: reached,
      medianStepsToThreshold: FigureMaker.median(reached), firstSuccess: nil,
      wallSeconds: Aggregate.mean(of: runs.map(\.wallSeconds)),
      stepsPerSecond: Aggregate.mean(of: runs.map(\.stepsPerSecond)), scoreCurve: curve(scoreCurves),
      returnCurve: curve(returnCurves), components: components)
  }

  private mutating func success(of runs: [RunSummary]) -> Estimate? {
    let rates = runs.compactMap(\.finalSuccess)
    guard !rates.isEmpty, rates.count == runs.count else { return nil }
    var estimate = self.estimate(.mean, rates)
    let episodes = runs.map(\.episodes).reduce(0, +)
    let successes = runs.map { $0.finalSuccess! * Double($0.episodes) }.reduce(0, +)
    let wilson = SuccessRate.wilsonInterval(
      successes: min(max(0, successes), Double(episodes)), trials: episodes, confidence: figures.confidence)
    if let interval = estimate.interval, let wilson { estimate.interval = interval.hull(wilson) }
    return estimate
  }

  /// The middle of the steps, missing ones above all others; of an even number the upper middle, so that it
  /// is a step at which at least half of the runs were there.
  static func median(_ steps: [Int?]) -> Int? {
    let sorted = steps.sorted { ($0 ?? .max) < ($1 ?? .max) }
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }
}

/// How the results on one environment become scores between 0 and 1.
struct ScoreScale {
  var name: String
  var isSuccess: Bool
  var range: Interval

  init(_ environment: EnvironmentSummary) {
    let runs = environment.arms.flatMap(\.results)
    isSuccess = !runs.isEmpty && runs.allSatisfy { $0.finalSuccess != nil }
    let seen = runs.flatMap { $0.curve.map(\.mean) + [$0.finalReturn] }.filter(\.isFinite)
    range = environment.returnRange ?? Interval(low: seen.min() ?? 0, high: seen.max() ?? 1)
    let bounds = "\(NumberText.short(range.low)) to \(NumberText.short(range.high))"
    name =
      isSuccess
      ? "success"
      : environment.returnRange != nil ? "return, scaled from \(bounds)" : "return, scaled from the range seen, \(bounds)"
  }

  func scaled(_ value: Double) -> Double { range.width > 0 ? (value - range.low) / range.width : 0 }

  func finalScore(of run: RunSummary) -> Double { isSuccess ? run.finalSuccess ?? .nan : scaled(run.finalReturn) }

  func curve(of run: RunSummary) -> RunCurve {
    let points = isSuccess ? run.curve.filter { $0.success != nil } : run.curve
    return RunCurve(steps: points.map(\.step), values: points.map { isSuccess ? $0.success! : scaled($0.mean) })
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
