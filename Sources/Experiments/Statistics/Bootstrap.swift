/// The bootstrap: how much a figure would change if the experiment were run again, estimated by drawing the
/// runs anew from those that exist, with replacement.
///
/// Stratified: runs are drawn independently within each task, so every task keeps its number of runs. The
/// intervals are percentile intervals. All randomness comes from the generator that is passed in: the same
/// generator gives the same interval (rliable's `random_state` does not achieve that, since its resampling
/// draws from numpy's global generator). With many runs there are fewer replicates (`replicates(for:)`), so that the
/// cost is bounded.
///
/// Not a cure for few runs: below about five the intervals are too narrow, and for one run there is none.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13; Agarwal et al. (2021).
public struct Bootstrap: Sendable, Hashable {
  /// How often the runs are drawn anew at most.
  public var replicates: Int
  /// The part of the replicates that the interval covers, in (0, 1).
  public var confidence: Double

  /// - Parameters:
  ///   - replicates: 50,000 for figures, 2,000 for each point of a curve.
  public init(replicates: Int = 50_000, confidence: Double = 0.95) {
    precondition(replicates > 0, "a bootstrap needs at least one replicate")
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    self.replicates = replicates
    self.confidence = confidence
  }

  /// For the points of curves, of which there are many.
  public static let forCurves = Bootstrap(replicates: 2_000)

  /// The interval of a statistic of one arm's scores.
  ///
  /// - Returns: `nil` when a task has fewer than two runs or the statistic is not finite.
  public func interval(
    of scores: ScoreTable, random: inout some RandomNumberGenerator, statistic: (ScoreTable) -> Double
  ) -> Interval? {
    guard scores.fewestRuns > 1 else { return nil }
    var drawn = scores
    let count = replicates(for: scores.tasks.reduce(0) { $0 + $1.count })
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      Bootstrap.resample(scores, into: &drawn, random: &random)
      values.append(statistic(drawn))
    }
    return percentileInterval(&values)
  }

  /// The interval of an aggregate of one arm's scores.
  ///
  /// - Complexity: O(replicates x runs), which `replicates(for:)` bounds: a thousand runs take a tenth of a second.
  public func interval(
    of aggregate: Aggregate, _ scores: ScoreTable, random: inout some RandomNumberGenerator
  ) -> Interval? {
    guard scores.pooled.allSatisfy(\.isFinite) else { return nil }
    return intervals(of: [CountedFigure(aggregate, of: scores)], ends: scores.ends, random: &random)[0]
  }

  /// An aggregate with its interval.
  public func estimate(
    _ aggregate: Aggregate, of scores: ScoreTable, random: inout some RandomNumberGenerator
  ) -> Estimate {
    Estimate(
      value: aggregate(scores), interval: interval(of: aggregate, scores, random: &random), runs: scores.fewestRuns)
  }

  /// The mean of independent values with its interval: the plain bootstrap, of one task.
  public func mean(of values: [Double], random: inout some RandomNumberGenerator) -> Estimate {
    guard !values.isEmpty else { return Estimate(value: .nan, interval: nil, runs: 0) }
    return estimate(.mean, of: ScoreTable(tasks: [values]), random: &random)
  }

  /// Draws each task's runs anew, task after task, run after run.
  static func resample(
    _ scores: ScoreTable, into drawn: inout ScoreTable, random: inout some RandomNumberGenerator
  ) {
    for task in scores.tasks.indices {
      let count = scores.tasks[task].count
      for run in 0..<count { drawn.tasks[task][run] = scores.tasks[task][random.drawIndex(below: count)] }
    }
  }

  /// The middle `confidence` of the replicates; sorts them.
  func percentileInterval(_ values: inout [Double]) -> Interval? {
    guard values.allSatisfy(\.isFinite) else { return nil }
    values.sort()
    let tail = (1 - confidence) / 2
    return Interval(
      low: Bootstrap.quantile(tail, ofSorted: values), high: Bootstrap.quantile(1 - tail, ofSorted: values))
  }

  /// The quantile by linear interpolation between order statistics (numpy's default).
  static func quantile(_ part: Double, ofSorted values: [Double]) -> Double {
    let position = part * Double(values.count - 1)
    let below = Int(position.rounded(.down))
    let above = min(below + 1, values.count - 1)
    return values[below] + (position - Double(below)) * (values[above] - values[below])
  }
}
