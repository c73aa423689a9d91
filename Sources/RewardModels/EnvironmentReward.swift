public import ReinforcementLearning

/// The environment's own reward, unchanged.
public struct EnvironmentReward: RewardModel {
  public let components = [RewardComponent("environment")]

  public init() {}

  public mutating func score(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) {
    for (rollout, score) in zip(rollouts, scores) {
      let values = score[0]
      for place in 0..<values.count { values[place] = rollout.rewards[place] }
    }
  }

  public static let description = RewardModelDescription(
    name: "environment", summary: "the environment's own reward", source: "the environment"
  ) { _, _, _ in EnvironmentReward() }
}
