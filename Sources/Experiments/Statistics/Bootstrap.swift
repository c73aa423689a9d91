/// The bootstrap: how much a figure would change if the experiment were run again, estimated by drawing the
/// runs anew from those that exist, with replacement.
///
/// Stratified: runs are drawn independently within each task, so every task keeps its number of runs. The
/// intervals are percentile intervals. All randomness comes from the generator that is passed in: the same
/// generator gives the same interval (rliable's `random_state` does not achieve that, since its resampling
/// draws from numpy's global generator).
///
/// Not a cure for few runs: below about five the intervals are too narrow, and for one run there is none.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13; Agarwal et al. (2021).
public struct Bootstrap: Sendable, Hashable {
  /// How often the runs are drawn anew.
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
    var values: [Double] = []
    values.reserveCapacity(replicates)
    for _ in 0..<replicates {
      Bootstrap.resample(scores, into: &drawn, random: &random)
      values.append(statistic(drawn))
    }
    return percentileInterval(&values)
  }

  /// The interval of an aggregate of one arm's scores.
  public func interval(
    of aggregate: Aggregate, _ scores: ScoreTable, random: inout some RandomNumberGenerator
  ) -> Interval? {
    if case .interquartileMean = aggregate { return intervalOfInterquartileMean(scores, random: &random) }
    return interval(of: scores, random: &random) { aggregate($0) }
  }

  /// The interval of a statistic that compares two arms, each drawn independently of the other.
  ///
  /// - Returns: `nil` when a task of either has fewer than two runs or the statistic is not finite.
  public func interval(
    of first: ScoreTable, and second: ScoreTable, random: inout some RandomNumberGenerator,
    statistic: (ScoreTable, ScoreTable) -> Double
  ) -> Interval? {
    guard first.fewestRuns > 1, second.fewestRuns > 1 else { return nil }
    var drawnFirst = first
    var drawnSecond = second
    var values: [Double] = []
    values.reserveCapacity(replicates)
    for _ in 0..<replicates {
      Bootstrap.resample(first, into: &drawnFirst, random: &random)
      Bootstrap.resample(second, into: &drawnSecond, random: &random)
      values.append(statistic(drawnFirst, drawnSecond))
    }
    return percentileInterval(&values)
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

  /// The interquartile mean's interval without a sort for each replicate: the scores are sorted once, and a
  /// replicate is the number of times that each rank was drawn. Draws as `resample` does.
  private func intervalOfInterquartileMean(
    _ scores: ScoreTable, random: inout some RandomNumberGenerator
  ) -> Interval? {
    let pooled = scores.pooled
    guard scores.fewestRuns > 1, pooled.allSatisfy(\.isFinite) else { return nil }
    let total = pooled.count
    let order = pooled.indices.sorted { (pooled[$0], $0) < (pooled[$1], $1) }
    let sorted = order.map { pooled[$0] }
    var ranks = [Int](repeating: 0, count: total)
    for (rank, position) in order.enumerated() { ranks[position] = rank }
    let counts = scores.tasks.map(\.count)
    let dropped = total / 4
    let kept = total - 2 * dropped
    var times = [Int](repeating: 0, count: total)
    var values: [Double] = []
    values.reserveCapacity(replicates)
    for _ in 0..<replicates {
      for rank in 0..<total { times[rank] = 0 }
      var start = 0
      for count in counts {
        for _ in 0..<count { times[ranks[start + random.drawIndex(below: count)]] += 1 }
        start += count
      }
      var sum = 0.0
      var passed = 0
      for rank in 0..<total where times[rank] > 0 {
        let from = max(passed, dropped)
        passed += times[rank]
        let to = min(passed, dropped + kept)
        if to > from { sum += sorted[rank] * Double(to - from) }
      }
      values.append(sum / Double(kept))
    }
    return percentileInterval(&values)
  }

  /// The middle `confidence` of the replicates; sorts them.
  private func percentileInterval(_ values: inout [Double]) -> Interval? {
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
