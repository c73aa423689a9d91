/// The part of runs that score above each threshold: an arm whose profile lies above another's everywhere is
/// better at every quantile.
///
/// Source: Dolan and Moré (2002); Agarwal et al. (2021), section 4.3.
public struct PerformanceProfile: Sendable, Hashable {
  /// Scores, rising.
  public var thresholds: [Double]
  /// `[thresholds]`: the part of (run, task) pairs with a score above the threshold, with its interval.
  public var points: [Estimate]

  /// The part of (run, task) pairs that score above a threshold; tasks weigh the same.
  public static func value(_ scores: ScoreTable, above threshold: Double) -> Double {
    var total = 0.0
    for task in scores.tasks {
      var above = 0
      for score in task where score > threshold { above += 1 }
      total += Double(above) / Double(task.count)
    }
    return total / Double(scores.tasks.count)
  }

  /// The profile with a stratified bootstrap interval at each threshold.
  public init(
    of scores: ScoreTable, thresholds: [Double], bootstrap: Bootstrap = .forCurves,
    random: inout some RandomNumberGenerator
  ) {
    self.thresholds = thresholds
    var points: [Estimate] = []
    for threshold in thresholds {
      let interval = bootstrap.interval(of: scores, random: &random) { Self.value($0, above: threshold) }
      points.append(
        Estimate(value: Self.value(scores, above: threshold), interval: interval, runs: scores.fewestRuns))
    }
    self.points = points
  }
}
