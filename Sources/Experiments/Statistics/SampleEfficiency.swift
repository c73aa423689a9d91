/// The interquartile mean of the scores at each checkpoint: how fast an arm learns over all tasks.
///
/// Source: Agarwal et al. (2021), figure 7; the runs are drawn anew independently at each checkpoint.
public struct SampleEfficiency: Sendable, Hashable {
  /// Environment steps at each checkpoint, rising.
  public var steps: [Int]
  /// `[checkpoints]`.
  public var points: [Estimate]

  /// - Parameters:
  ///   - scores: `[checkpoints]`, the scores of all runs and tasks at each.
  public init(
    steps: [Int], scores: [ScoreTable], aggregate: Aggregate = .interquartileMean, bootstrap: Bootstrap = .forCurves,
    random: inout some RandomNumberGenerator
  ) {
    precondition(steps.count == scores.count, "a curve needs as many score tables as steps")
    self.steps = steps
    var points: [Estimate] = []
    for table in scores { points.append(bootstrap.estimate(aggregate, of: table, random: &random)) }
    self.points = points
  }
}
