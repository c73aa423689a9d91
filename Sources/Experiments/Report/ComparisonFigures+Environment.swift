import ReinforcementLearning

/// Draws the intervals of one report. Every figure begins with the same generator: the same runs give the same figure,
/// whatever else is in the report.
struct FigureMaker {
  var figures = Bootstrap()
  var curves = Bootstrap.forCurves
  /// For pairs of arms, of which there are as many as the square of the arms.
  var pairs = Bootstrap()
  var seed: UInt64 = 0

  var random: RandomSource { RandomSource(seed: seed, purpose: .comparisonIntervals, index: 0) }

  func estimate(_ aggregate: Aggregate, _ values: [Double]) -> Estimate {
    guard !values.isEmpty else { return Estimate(value: .nan, interval: nil, runs: 0) }
    return estimate(aggregate, of: ScoreTable(tasks: [values]))
  }

  func estimate(_ aggregate: Aggregate, of scores: ScoreTable) -> Estimate {
    var random = random
    return figures.estimate(aggregate, of: scores, random: &random)
  }

  /// How a comparison by one environment's runs stands.
  func compare(_ first: [Double], _ second: [Double]) -> ArmComparison {
    guard !first.isEmpty, !second.isEmpty else {
      return ArmComparison(probability: Estimate(value: .nan, interval: nil, runs: 0), pValue: 1)
    }
    var random = random
    let probability = ProbabilityOfImprovement.estimate(
      ScoreTable(tasks: [first]), over: ScoreTable(tasks: [second]), bootstrap: pairs, random: &random)
    return ArmComparison(probability: probability, pValue: ProbabilityOfImprovement.rankTest(first, second))
  }

  /// Every arm against every other; what is below the diagonal is what is above it, seen from the other side.
  func matrix(_ count: Int, _ compare: (Int, Int) -> ArmComparison) -> [[ArmComparison]] {
    var rows: [[ArmComparison]] = []
    for arm in 0..<count {
      rows.append((0..<count).map { $0 < arm ? rows[$0][arm].reversed : compare(arm, $0) })
    }
    return rows
  }

  func curve(_ runs: [RunCurve]) -> [CurveFigure] {
    let runs = runs.filter { !$0.isEmpty }
    let tables = RunCurve.grid(runs).map { step in (step, ScoreTable(tasks: [runs.map { $0.value(at: step) }])) }
    guard let first = tables.first else { return [] }
    var random = random
    let intervals = curves.intervals(
      of: tables.map { CountedFigure(.interquartileMean, of: $0.1) }, ends: first.1.ends, random: &random)
    return zip(tables, intervals).map { table, interval in
      CurveFigure(
        step: table.0,
        estimate: Estimate(value: Aggregate.interquartileMean(table.1), interval: interval, runs: runs.count))
    }
  }

  func environment(_ environment: EnvironmentSummary, scale: ScoreScale) -> EnvironmentFigures {
    let lastSteps = environment.arms.flatMap(\.results).compactMap(\.curve.last?.step)
    let end = lastSteps.min() ?? 0
    var arms: [ArmFigures] = []
    for arm in environment.arms {
      var figures = self.arm(arm, measures: environment.measures, scale: scale, end: end)
      if environment.arms.contains(where: { $0.results.contains { $0.firstSuccess != nil } }) {
        figures.firstSuccess = FirstSuccessFigures(arm.results, bootstrap: self.figures)
      }
      arms.append(figures)
    }
    let comparisons = matrix(arms.count) { compare(arms[$0].finalScores, arms[$1].finalScores) }
    for index in arms.indices.dropFirst() { arms[index].overBaseline = comparisons[index][0] }
    let judged = environment.measures[0]
    return EnvironmentFigures(
      id: environment.id, measures: environment.measures, scoreName: scale.name,
      solvedValue: scale.value(ofScore: ComparisonFigures.solvedScore), failureLimit: judged.failureLimit, arms: arms,
      best: FigureMaker.best(
        arms.map(\.judged.mean), isHigherBetter: judged.direction == .higher, comparisons: comparisons),
      comparisons: comparisons, speedComparisons: matrix(arms.count) { compare(arms[$0].speeds, arms[$1].speeds) })
  }

  /// The arms that may be the best, the highest first: see `EnvironmentFigures.best`.
  static func best(_ means: [Estimate], isHigherBetter: Bool, comparisons: [[ArmComparison]]) -> [Int] {
    func rank(_ arm: Int) -> Double { isHigherBetter ? -means[arm].value : means[arm].value }
    let order = means.indices.filter { means[$0].runs > 0 && means[$0].value.isFinite }
      .sorted { (rank($0), $0) < (rank($1), $1) }
    guard let first = order.first else { return [] }
    return order.filter { arm in
      guard arm != first, let top = means[first].interval, let interval = means[arm].interval else { return true }
      return top.overlaps(interval) || !comparisons[first][arm].isDistinguishable
    }
  }

  private func arm(_ arm: ArmSummary, measures: [Measure], scale: ScoreScale, end: Int) -> ArmFigures {
    let runs = arm.results
    let scoreCurves = runs.map { scale.curve(of: $0) }
    let scores = runs.map { scale.finalScore(of: $0) }
    // Without evaluations during training there is nothing to average, and the last one is the first that there is.
    let speeds = scoreCurves.filter { !$0.isEmpty }.map { $0.mean(until: end) }
    let reached = zip(scoreCurves, zip(runs, scores)).map { curve, run in
      guard curve.isEmpty else { return curve.firstStep(reaching: ComparisonFigures.solvedScore) }
      return run.1 >= ComparisonFigures.solvedScore ? run.0.trainedSteps : nil
    }
    var components: [ComponentFigures] = []
    for name in runs.flatMap({ $0.components.map(\.name) }).uniqued() {
      let found = runs.compactMap { run in run.components.first { $0.name == name } }
      components.append(
        ComponentFigures(name: name, curve: curve(found.map { RunCurve(steps: $0.steps, values: $0.values) })))
    }
    let broken = arm.runs.count - runs.count
    let failed = broken + runs.count { measures[0].isFailure($0.final[0]) }
    return ArmFigures(
      name: arm.name, needs: arm.needs, runs: runs.count, failures: broken, missing: arm.missing, failed: failed,
      failedShare: arm.runs.isEmpty ? 0 : Double(failed) / Double(arm.runs.count),
      fewestSteps: runs.map(\.trainedSteps).min() ?? 0, mostSteps: runs.map(\.trainedSteps).max() ?? 0,
      episodes: runs.map(\.episodes).reduce(0, +),
      measures: measures.indices.map { figures(of: measures[$0], $0, runs) },
      score: estimate(.interquartileMean, scores), speed: estimate(.interquartileMean, speeds), finalScores: scores,
      speeds: speeds, overBaseline: nil, stepsToThreshold: reached,
      medianStepsToThreshold: FigureMaker.median(reached), firstSuccess: nil,
      wallSeconds: Aggregate.mean(of: runs.map(\.wallSeconds)),
      stepsPerSecond: Aggregate.mean(of: runs.map(\.stepsPerSecond)), components: components,
      design: DesignFigures(arm, maker: self))
  }

  /// One measure over an arm's runs.
  private func figures(of measure: Measure, _ index: Int, _ runs: [RunSummary]) -> MeasureFigures {
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

extension ArmSummary {
  /// The runs that gave a result: what the task is judged by came out as a number.
  var results: [RunSummary] { runs.filter { $0.failure == nil && $0.final.first?.isFinite ?? false } }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it first stands.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
