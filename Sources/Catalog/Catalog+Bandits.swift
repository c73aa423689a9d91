import Bandits
import ReinforcementLearning

extension Catalog {
  /// Bandit algorithms: policies that learn inside the episode.
  static let bandits: [AgentListing] = [
    AgentListing(
      "ucb1", policy: UpperConfidence.self, configuration: UpperConfidence.Configuration(),
      summary: "the arm with the largest mean and bonus: UCB1, EVOLvE's UCB, greedy choice"),
    AgentListing(
      "moss", policy: UpperConfidence.self, configuration: UpperConfidence.Configuration(.moss),
      summary: "UCB with MOSS's bonus, minimax optimal for a known horizon"),
    AgentListing(
      "kl-ucb", policy: KLUpperConfidence.self, configuration: KLUpperConfidence.Configuration(),
      summary: "UCB by Bernoulli divergence: reaches Lai and Robbins's bound"),
    AgentListing(
      "bayes-ucb", policy: BayesUpperConfidence.self, configuration: BayesUpperConfidence.Configuration(),
      summary: "the arm with the highest quantile of a Beta posterior"),
    AgentListing(
      "thompson", policy: BetaThompson.self, configuration: BetaThompson.Configuration(),
      summary: "Thompson sampling with a Beta posterior"),
    AgentListing(
      "thompson-gaussian", policy: GaussianThompson.self, configuration: GaussianThompson.Configuration(),
      summary: "Thompson sampling with a normal posterior"),
    AgentListing(
      "epsilon-greedy", policy: EpsilonGreedy.self, configuration: EpsilonGreedy.Configuration(),
      summary: "the best mean so far, now and then a random arm"),
    AgentListing(
      "explore-then-commit", policy: ExploreThenCommit.self, configuration: ExploreThenCommit.Configuration(),
      summary: "every arm so many times, then the best for good"),
    AgentListing(
      "softmax", policy: Softmax.self, configuration: Softmax.Configuration(),
      summary: "arms in proportion to the exponential of their means"),
    AgentListing(
      "exp3", policy: Exp3.self, configuration: Exp3.Configuration(),
      summary: "exponential weights for rewards that an adversary may choose"),
    AgentListing(
      "tsallis-inf", policy: TsallisINF.self, configuration: TsallisINF.Configuration(),
      summary: "Tsallis-INF: optimal against an adversary and with stochastic arms"),
  ]
}
