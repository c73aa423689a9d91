/// Whether what an agent was paid rose while what it is worth fell: the designed return of its training against the
/// environment's, over runs.
///
/// **Rule.** The training that all runs share is cut into ten parts of equal length, or into as many as the shortest
/// log has points where those are fewer, and each run's two returns are averaged inside each. A run's fall is from the
/// part, the last left out, where the *other* runs' mean true return is the highest to the last one, its rise that of
/// the designed return between the same two. An arm is over-optimised where
///
/// 1. the true return falls over the runs (one-sided t-test, p < 0.02),
/// 2. the designed return rises over the runs (the same test, p < 0.05), and
/// 3. the true return's mean falls by at least a twentieth of the range that it had.
///
/// Since a run has no say in where its own fall begins, a part that was high by chance gives no fall, and no test has
/// to be shared out over the parts. The first keeps the flag from noise: of arms whose true return does not fall, about
/// one in twenty is flagged in the worst of the simulated cases (0.02 rather than 0.05, since runs that agree on a part
/// are not quite independent), and far fewer in the others. The second keeps it from training that merely breaks down,
/// the third from falls that are certain and do not matter.
///
/// The tests are of square roots, with the sign of what they are of: runs that all fall, one of them by ten times as
/// much as another, have a mean whose t is small and yet fall. With three or four runs, whose roots would be trusted
/// too much, they are of the falls themselves. With fewer than three, or than four points, nothing is said; with fewer
/// than five a flag that is down says nothing, since it would stay down for much that falls.
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

  /// Why some runs say nothing about it.
  public enum Obstacle: String, Sendable, Hashable, Codable {
    /// There are fewer than three.
    case fewRuns
    /// Episodes ended in fewer than three of them, and the others have no return.
    case fewEpisodes
    /// A log has fewer than four lines with both returns.
    case fewLines
    /// One log begins where another ends.
    case nothingShared
  }

  /// Whether the rule holds.
  public var isFlagged: Bool
  /// Environment steps of training from which on: the end of the part, the last left out, where the mean true return is
  /// the highest.
  public var step: Int
  /// By how much the mean true return falls from there to the last part; below 0 where it rises.
  public var fall: Double
  /// The same as a share of the range of the mean true return.
  public var fallShare: Double
  /// By how much the mean designed return rises from there to the last part.
  public var rise: Double
  /// Of the fall.
  public var fallPValue: Double
  /// Of the rise.
  public var risePValue: Double
  /// Runs in which the true return fell and the designed one rose.
  public var runs: Int
  /// Runs that were looked at.
  public var trainings: Int

  /// Parts that the training is cut into at most, and at least.
  static let (parts, fewestParts) = (10, 4)
  /// Runs that it takes.
  static let fewestRuns = 3
  /// Runs from which on a flag that is down says something.
  static let tellingRuns = 5
  /// What the p-values of the fall and of the rise lie below.
  static let (fallLevel, riseLevel) = (0.02, 0.05)
  /// The share of the range that a fall must have.
  static let leastFall = 0.05

  /// - Parameter runs: Each with rising steps and no value that is not a number.
  /// - Returns: nil where there is an obstacle.
  init?(_ runs: [Run]) {
    guard OverOptimization.obstacle(runs, of: runs.count) == nil else { return nil }
    let parts = min(OverOptimization.parts, OverOptimization.fewestPoints(runs))
    let (start, end) = OverOptimization.shared(runs)
    func edge(_ part: Int) -> Int { start + (end - start) * part / parts }
    func means(_ curve: RunCurve) -> [Double] {
      (0..<parts).map { curve.meanOfPoints(from: edge($0), to: edge($0 + 1), isLast: $0 == parts - 1) }
    }
    let (environment, designed) = (runs.map { means($0.environment) }, runs.map { means($0.designed) })
    let mean = (0..<parts).map { part in Aggregate.mean(of: environment.map { $0[part] }) }
    let last = parts - 1
    func highest(_ values: [Double]) -> Int { (0..<last).max { values[$0] < values[$1] }! }
    let peak = highest(mean)
    // Of a run from where the others are the highest.
    let begins = environment.map { own in highest((0..<parts).map { mean[$0] * Double(runs.count) - own[$0] }) }
    let falls = zip(environment, begins).map { $0[$1] - $0[last] }
    let rises = zip(designed, begins).map { $0[last] - $0[$1] }
    let range = mean.max()! - mean.min()!
    trainings = runs.count
    step = edge(peak + 1)
    fall = mean[peak] - mean[last]
    fallShare = range > 0 ? fall / range : 0
    rise = Aggregate.mean(of: designed.map { $0[last] - $0[peak] })
    fallPValue = OverOptimization.pValue(falls)
    risePValue = OverOptimization.pValue(rises)
    self.runs = zip(falls, rises).count { $0 > 0 && $1 > 0 }
    isFlagged =
      fallPValue < OverOptimization.fallLevel && risePValue < OverOptimization.riseLevel
      && fallShare >= OverOptimization.leastFall
  }

  /// What keeps runs from saying anything; nil where nothing does.
  ///
  /// - Parameters:
  ///   - runs: Those with both returns.
  ///   - count: Of all runs, with those that have not.
  static func obstacle(_ runs: [Run], of count: Int) -> Obstacle? {
    if count < fewestRuns { return .fewRuns }
    if runs.count < fewestRuns { return .fewEpisodes }
    if fewestPoints(runs) < fewestParts { return .fewLines }
    let (start, end) = shared(runs)
    return start < end ? nil : .nothingShared
  }

  /// Of the shortest log; 0 without one.
  private static func fewestPoints(_ runs: [Run]) -> Int { runs.map { $0.environment.steps.count }.min() ?? 0 }

  /// The steps that all of some runs have points from, and to.
  private static func shared(_ runs: [Run]) -> (start: Int, end: Int) {
    (runs.map { $0.environment.steps[0] }.max()!, runs.map { $0.environment.steps.last! }.min()!)
  }

  /// Whether a flag that is down says that nothing fell.
  public var isTelling: Bool { isFlagged || trainings >= OverOptimization.tellingRuns }

  /// Of changes that are not above 0.
  private static func pValue(_ changes: [Double]) -> Double {
    guard changes.count >= tellingRuns else { return StudentInterval.pValue(ofMeanAbove0: changes) }
    return StudentInterval.pValue(ofMeanAbove0: changes.map { $0 < 0 ? -(-$0).squareRoot() : $0.squareRoot() })
  }

  /// The rule for curves that are no run's: of each of some trainings what it was paid and what that was worth, point
  /// by point.
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
