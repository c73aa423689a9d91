public import ReinforcementLearning

/// Every reward model that exists; the catalog lists them. A new one is a file and an entry here.
public enum RewardModels {
  /// Listings in the order in which `forage list rewards` shows them; the first is the default design.
  public static let all: [RewardListing] = [
    RewardListing(
      "environment", EnvironmentReward.self, configuration: .init(), summary: "the environment's own reward",
      source: "the environment"),
    RewardListing(
      "potential", PotentialReward.self, configuration: .init(),
      summary: "potential-based shaping by a signal, by default the distance that remains",
      source: "Ng, Harada and Russell 1999"),
    RewardListing(
      "count", CountReward.self, configuration: .init(), summary: "1 / sqrt(visits) of the state that was entered",
      source: "Strehl and Littman 2008"),
    RewardListing(
      "rnd", RandomNetworkDistillation.self, configuration: .init(),
      summary: "the error of predicting a random network's features of the next observation",
      source: "Burda et al. 2019"),
    RewardListing(
      "program", ProgramReward.self, configuration: .init(),
      summary: "a reward written as a short text: program(file=my.reward)", source: "ours"),
    RewardListing(
      "messages", MessageReward.self, configuration: .init(),
      summary: "messages that a teacher calls good for a goal, less with every time in an episode",
      source: "Zheng et al. 2024 (ONI); Klissarov et al. 2023 (Motif)"),
    RewardListing(
      "preferences", PreferenceReward.self, configuration: .init(),
      summary: "learnt from answers which of two clips is better, by a program or by people",
      source: "Christiano et al. 2017; Lee et al. 2021 (PEBBLE, B-Pref)"),
  ]
}
