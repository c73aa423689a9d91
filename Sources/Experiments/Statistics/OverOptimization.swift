/// Whether what an agent was paid rose while what it is worth fell: the designed return of its training against the
/// environment's, over runs.
///
/// **Rule.** The training that all runs share is cut into ten parts of equal length, and each run's two returns are
/// averaged inside each. An arm is over-optimised from a part on where, from it to the last part,
///
/// 1. the true return falls over the runs (one-sided t-test, p < 0.05 shared out over the nine parts that it might
///    fall from),
/// 2. the designed return rises over the runs (the same test, p < 0.05), and
/// 3. the true return's mean falls by at least a twentieth of the range that it had.
///
/// The first keeps the flag from noise: of arms whose true return does not fall, at most one in twenty is flagged, and
/// far fewer in fact, since the designed return must rise as well. The second keeps it from training that merely breaks
/// down, the third from falls that are certain and do not matter. With fewer than three runs nothing is said.
///
/// Averages of parts, not points, since the log's values are means over the last hundred episodes and successive ones
/// say nearly the same.
///
/// Source of what is looked for: Gao, Schulman and Hilton, "Scaling Laws for Reward Model Overoptimization" (2023).
public struct OverOptimization: Sendable, Hashable, Codable {
  /// One run's training: what it was paid and what it was worth, at the same steps.
  struct Run {
    var designed: RunCurve
    var environment: RunCurve
  }

  /// Whether the rule holds.
  public var isFlagged: Bool
  /// Environment steps of training from which on: the part's end that the true return falls from the most, of those
  /// that the rule holds for, else of all.
  public var step: Int
  /// By how much the mean true return falls from there to the last part; below 0 where it rises.
  public var fall: Double
  /// The same as a share of the range of the mean true return.
  public var fallShare: Double
  /// By how much the mean designed return rises from there to the last part.
  public var rise: Double
  /// Of the fall, before it is shared out.
  public var fallPValue: Double
  /// Of the rise.
  public var risePValue: Double
  /// Runs in which the true return fell and the designed one rose.
  public var runs: Int

  /// Parts that the training is cut into.
  static let parts = 10
  /// Runs that it takes.
  static let fewestRuns = 3
  /// What the tests' p-values lie below.
  static let level = 0.05
  /// The share of the range that a fall must have.
  static let leastFall = 0.05

  /// - Parameter runs: Each with rising steps and no value that is not a number.
  /// - Returns: nil for too few runs, or a training with fewer than four points in each.
  init?(_ runs: [Run]) {
    let parts = min(OverOptimization.parts, runs.map { $0.environment.steps.count }.min() ?? 0)
    guard runs.count >= OverOptimization.fewestRuns, parts >= 4 else { return nil }
    let start = runs.map { $0.environment.steps[0] }.max()!
    let end = runs.map { $0.environment.steps.last! }.min()!
    guard start < end else { return nil }
    func edge(_ part: Int) -> Int { start + (end - start) * part / parts }
    func means(_ curve: RunCurve) -> [Double] {
      (0..<parts).map { curve.meanOfPoints(from: edge($0), to: edge($0 + 1), isLast: $0 == parts - 1) }
    }
    let (environment, designed) = (runs.map { means($0.environment) }, runs.map { means($0.designed) })
    let mean = (0..<parts).map { part in Aggregate.mean(of: environment.map { $0[part] }) }
    let range = mean.max()! - mean.min()!
    var best: OverOptimization?
    for part in 0..<parts - 1 {
      let falls = environment.map { $0[part] - $0[parts - 1] }
      let rises = designed.map { $0[parts - 1] - $0[part] }
      var found = OverOptimization(
        step: edge(part + 1), fall: Aggregate.mean(of: falls), rise: Aggregate.mean(of: rises),
        fallPValue: StudentInterval.pValue(ofMeanAbove0: falls),
        risePValue: StudentInterval.pValue(ofMeanAbove0: rises),
        runs: zip(falls, rises).count { $0 > 0 && $1 > 0 })
      found.fallShare = range > 0 ? found.fall / range : 0
      found.isFlagged =
        found.fallPValue * Double(parts - 1) < OverOptimization.level && found.risePValue < OverOptimization.level
        && found.fallShare >= OverOptimization.leastFall
      if best.map({ (found.isFlagged ? 1 : 0, found.fall) > ($0.isFlagged ? 1 : 0, $0.fall) }) ?? true { best = found }
    }
    self = best!
  }

  /// The rule for curves that are no run's: of each of some trainings what it was paid and what that was worth, point by
  /// point.
  ///
  /// - Parameters:
  ///   - designed: `[trainings][points]`
  ///   - environment: The same.
  /// - Returns: nil for fewer than three trainings, or four points.
  public init?(designed: [[Double]], environment: [[Double]]) {
    precondition(designed.map(\.count) == environment.map(\.count), "both curves of a training have the same points")
    self.init(
      zip(designed, environment).map { paid, worth in
        let steps = Array(1...max(1, paid.count))
        return Run(designed: RunCurve(steps: steps, values: paid), environment: RunCurve(steps: steps, values: worth))
      })
  }

  private init(step: Int, fall: Double, rise: Double, fallPValue: Double, risePValue: Double, runs: Int) {
    isFlagged = false
    fallShare = 0
    self.step = step
    self.fall = fall
    self.rise = rise
    self.fallPValue = fallPValue
    self.risePValue = risePValue
    self.runs = runs
  }
}

extension RunCurve {
  /// The mean of the points from one step up to another, which belongs to the next part unless this one is the last;
  /// what the curve is in the middle where there is none.
  fileprivate func meanOfPoints(from start: Int, to end: Int, isLast: Bool) -> Double {
    let inside = steps.indices.filter { steps[$0] >= start && (steps[$0] < end || isLast && steps[$0] == end) }
    guard !inside.isEmpty else { return value(at: (start + end) / 2) }
    return Aggregate.mean(of: inside.map { values[$0] })
  }
}
