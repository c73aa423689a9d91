public import Groundwork

/// What a session tells about an iteration that ended.
public struct IterationReport {
  /// Environment steps so far.
  public var step: Int
  /// Whether the budget is spent, or the agent has ended it.
  public var isLast: Bool
  /// The episode metrics, the agent's, then the reward design's.
  public var metrics: [Metric]
  /// Those that ended in the steps that were collected or counted last.
  public var episodes: [EpisodeRecord]
  /// Seconds that the reward design has taken since this program took the run up.
  public var rewardSeconds: Double
}

/// Who writes down what a session goes through: a run directory, a test, nobody.
public protocol TrainingObserver: AnyObject {
  /// Called after every iteration.
  ///
  /// - Parameter save: Gives the state of the whole session, for a checkpoint; costly, so only when it is kept.
  /// - Returns: Whether to go on.
  func iterationEnded(
    _ report: IterationReport, agent: any Agent, save: () -> SavedState
  ) throws -> Bool
}
