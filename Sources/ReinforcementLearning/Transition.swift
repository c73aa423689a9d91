/// How an episode stands after a step.
public enum Outcome: UInt8, Sendable, Hashable {
  case running = 0
  /// The decision process ended: there is nothing to bootstrap from.
  case terminated = 1
  /// The episode was cut, by the time limit or by the environment: its value goes on.
  case truncated = 2
}

/// What one step gave.
public struct Transition: Sendable, Hashable {
  /// The environment's reward.
  public var reward: Float
  public var outcome: Outcome
  /// Whether the task was done in this step, by the environment's own rule; false where a task knows no such thing.
  /// Reported where success is one of the specification's measures.
  public var success: Bool

  @inlinable public init(reward: Float, outcome: Outcome = .running, success: Bool = false) {
    self.reward = reward
    self.outcome = outcome
    self.success = success
  }
}
