public import Groundwork
public import ReinforcementLearning

/// The environment's own reward, unchanged.
public struct EnvironmentReward: RewardModel {
  public struct Configuration: Codable, Hashable, Sendable {
    public init() {}
  }

  public init(_ configuration: Configuration, in setting: RewardSetting) {}

  public static func outline(_ configuration: Configuration, for specification: Specification) -> RewardOutline {
    RewardOutline([RewardComponent("environment")])
  }

  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let values = scores[0]
    for index in 0..<transitions.count { values[index] = transitions.reward(index) }
  }
}
