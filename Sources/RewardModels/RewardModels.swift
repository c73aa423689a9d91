/// Every reward model that exists; the catalog lists them. A new one is a file and a line here.
public enum RewardModels {
  public static let all: [RewardModelDescription] = [
    EnvironmentReward.description,
    PotentialReward.description,
    CountReward.description,
    RandomNetworkDistillation.description,
  ]
}
