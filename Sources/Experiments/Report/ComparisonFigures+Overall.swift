public import Groundwork
import ReinforcementLearning

extension ComparisonFigures {
  /// All figures of a comparison.
  ///
  /// - Parameters:
  ///   - bootstrap: For figures; curves use 2,000 replicates at most, and pairs of more than ten arms fewer the more
  ///     there are, down to as many.
  ///   - seed: Of the resampling. The same runs and seed give the same figures.
  /// - Complexity: Every figure takes at most about 0.1 s, whatever the number of runs, and there are as many as arms,
  ///   measures and pairs of arms.
  public init(_ summary: ComparisonSummary, bootstrap: Bootstrap = Bootstrap(), seed: UInt64 = 0) {
    var curves = bootstrap
    curves.replicates = min(bootstrap.replicates, Bootstrap.forCurves.replicates)
    // Ten arms have 45 pairs; with more the replicates of all pairs together stay as many.
    let arms = summary.environments.map(\.arms.count).max() ?? 0
    var pairs = bootstrap
    pairs.replicates = min(
      bootstrap.replicates, max(curves.replicates, bootstrap.replicates * 45 / max(1, arms * (arms - 1) / 2)))
    let maker = FigureMaker(figures: bootstrap, curves: curves, pairs: pairs, seed: seed)
    let scales = summary.environments.map { ScoreScale($0) }
    let environments = zip(summary.environments, scales).map { maker.environment($0, scale: $1) }
    let names = environments.flatMap { $0.arms.map(\.name) }.uniqued()
    let shown = names.filter { name in environments.contains { $0.hasResults(of: name) } }
    let common = environments.indices.filter { index in
      summary.environments[index].isAggregated && shown.allSatisfy { environments[index].hasResults(of: $0) }
    }
    let overall = OverallMaker(
      maker: maker, environments: common.map { environments[$0] }, summaries: common.map { summary.environments[$0] },
      scales: common.map { scales[$0] })
    self.init(
      summary: summary, arms: names, environments: environments,
      commonEnvironments: common.map { environments[$0].id }, overall: [], overallComparisons: [], headline: [],
      confidence: bootstrap.confidence)
    if !common.isEmpty { (self.overall, overallComparisons) = overall.figures(of: shown) }
    headline = Headline(self).sentences + self.environments.flatMap(\.overOptimizedSentences)
  }

  /// `report.json`: the figures and the runs behind them.
  public var json: JSON { JSON(encoding: self) }
}

extension EnvironmentFigures {
  func hasResults(of arm: String) -> Bool { arms.contains { $0.name == arm && $0.runs > 0 } }
}

/// The figures over the environments that all arms have in common.
private struct OverallMaker {
  let maker: FigureMaker
  let environments: [EnvironmentFigures]
  let summaries: [EnvironmentSummary]
  let scales: [ScoreScale]

  func figures(of names: [String]) -> (arms: [OverallFigures], comparisons: [[ArmComparison]]) {
    let tables = names.map { name in
      ScoreTable(tasks: environments.map { environment in environment.arms.first { $0.name == name }!.finalScores })
    }
    let comparisons = maker.matrix(names.count) { compare(tables[$0], tables[$1]) }
    var figures: [OverallFigures] = []
    for (index, name) in names.enumerated() {
      let table = tables[index]
      let arms = environments.compactMap { $0.arms.first { $0.name == name } }
      let failed = arms.map(\.failed).reduce(0, +)
      let ended = arms.map { $0.runs + $0.failures }.reduce(0, +)
      // Of one environment alone a rate's mean has one interval, the one that allows for the episodes, too.
      let isOneRate =
        environments.count == 1 && environments[0].measures[0].isRate && scales[0].poor == 0 && scales[0].perfect == 1
      var random = maker.random
      let profile = PerformanceProfile(
        of: table, thresholds: ComparisonFigures.profileThresholds, bootstrap: maker.curves, random: &random)
      figures.append(
        OverallFigures(
          name: name, environments: environments.count, runs: table.pooled.count, failed: failed,
          failedShare: Double(failed) / Double(max(1, ended)),
          interquartileMean: maker.estimate(.interquartileMean, of: table),
          mean: isOneRate ? arms[0].judged.mean : maker.estimate(.mean, of: table),
          median: maker.estimate(.median, of: table), worst: table.pooled.min() ?? .nan,
          optimalityGap: maker.estimate(.optimalityGap(), of: table),
          overBaseline: index == 0 ? nil : comparisons[index][0], profile: profile.points, efficiency: efficiency(name))
      )
    }
    return (figures, comparisons)
  }

  private func compare(_ first: ScoreTable, _ second: ScoreTable) -> ArmComparison {
    if first.tasks.count == 1 { return maker.compare(first.tasks[0], second.tasks[0]) }
    var random = maker.random
    let probability = ProbabilityOfImprovement.estimate(first, over: second, bootstrap: maker.pairs, random: &random)
    random = maker.random
    let pValue = ProbabilityOfImprovement.permutationTest(first, second, random: &random)
    return ArmComparison(
      probability: probability, pValue: pValue, certainties: OverallMaker.certainties(first, second))
  }

  /// What the tasks say where each says it without doubt and they do not all say the same; otherwise nil.
  private static func certainties(_ first: ScoreTable, _ second: ScoreTable) -> ArmComparison.Certainties? {
    var counts = ArmComparison.Certainties(better: 0, equal: 0, worse: 0)
    for (mine, theirs) in zip(first.tasks, second.tasks) {
      if mine.min()! > theirs.max()! {
        counts.better += 1
      } else if mine.max()! < theirs.min()! {
        counts.worse += 1
      } else if mine.min()! == theirs.max()! && mine.max()! == theirs.min()! {
        counts.equal += 1
      } else {
        return nil
      }
    }
    return [counts.better, counts.equal, counts.worse].contains(first.tasks.count) ? nil : counts
  }

  /// The scores of all runs at twenty parts of each environment's steps.
  private func efficiency(_ name: String) -> [CurveFigure] {
    var tasks: [(curves: [RunCurve], end: Int)] = []
    for (environment, scale) in zip(summaries, scales) {
      guard let arm = environment.arms.first(where: { $0.name == name }) else { continue }
      let curves = arm.results.map { scale.curve(of: $0) }.filter { !$0.isEmpty }
      let end = environment.arms.flatMap(\.results).compactMap(\.curve.last?.step).min() ?? 0
      if !curves.isEmpty { tasks.append((curves, end)) }
    }
    guard let longest = tasks.map(\.end).max() else { return [] }
    let parts = 20
    let steps = (1...parts).map { longest * $0 / parts }
    let scores = (1...parts).map { part in
      ScoreTable(tasks: tasks.map { task in task.curves.map { $0.value(at: task.end * part / parts) } })
    }
    var random = maker.random
    let curve = SampleEfficiency(steps: steps, scores: scores, bootstrap: maker.curves, random: &random)
    return zip(curve.steps, curve.points).map { CurveFigure(step: $0, estimate: $1) }
  }
}
