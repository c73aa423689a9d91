public import Groundwork
public import ReinforcementLearning

/// The environment's own reward, unchanged.
///
/// A design that names no `environment` learns without it; evaluation reports it all the same.
public struct EnvironmentReward: RewardModel {
  /// Nothing can be set.
  public struct Configuration: Codable, Hashable, Sendable {
    /// The only configuration.
    public init() {}
  }

  /// Holds nothing.
  public init(_ configuration: Configuration, in setting: RewardSetting) {}

  /// One component, `environment`, which can relabel and reads no signals.
  public static func outline(_ configuration: Configuration, for specification: Specification) -> RewardOutline {
    RewardOutline([RewardComponent("environment")])
  }

  /// Copies what the environment paid, whatever the outcome.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let values = scores[0]
    for index in 0..<transitions.count { values[index] = transitions.reward(index) }
  }
}
