public import ReinforcementLearning

/// What a run tells whoever shows its progress.
public enum RunEvent: Sendable {
  /// Training begins or goes on from a step.
  case started(step: Int, total: Int)
  /// An iteration ended; `stepsPerSecond` is that of the last seconds.
  case iteration(step: Int, total: Int, stepsPerSecond: Double, metrics: [Metric])
  /// An evaluation during training: the mean of each measure, in the specification's order.
  case evaluated(step: Int, total: Int, means: [Metric])
  case checkpoint(step: Int)
  /// The training stands still until somebody outside of the program has done something, in a line; nil once it goes
  /// on.
  case waiting(String?)
  /// What a person should know of the training that has ended, or failed, in a line (`RewardModel.shortfalls`).
  case shortfall(String)
  /// The last evaluation begins.
  case finalEvaluation(episodes: Int)
  case finished(RunEvaluation)
}

/// How a run talks to the program around it.
public struct RunHooks: Sendable {
  /// Asked after every iteration: whether to save and stop.
  public var shouldStop: @Sendable () -> Bool
  /// Told what happens; must not take long, but that a run goes on (`waiting` of nil): it does once this returns.
  public var report: @Sendable (RunEvent) -> Void

  /// Hooks that never stop and tell nobody, unless it is said otherwise.
  public init(
    shouldStop: @escaping @Sendable () -> Bool = { false }, report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.shouldStop = shouldStop
    self.report = report
  }
}
