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
      "exp2", policy: Exp2.self, configuration: Exp2.Configuration(),
      summary: "exponential weights for adversarial losses that are linear in arms' features"),
    AgentListing(
      "tsallis-inf", policy: TsallisINF.self, configuration: TsallisINF.Configuration(),
      summary: "Tsallis-INF: optimal against an adversary and with stochastic arms"),
    AgentListing(
      "sliding-ucb", policy: SlidingWindowUCB.self, configuration: SlidingWindowUCB.Configuration(),
      summary: "UCB of the last pulls alone, for means that change"),
    AgentListing(
      "discounted-ucb", policy: DiscountedUCB.self, configuration: DiscountedUCB.Configuration(),
      summary: "UCB with pulls that fade, for means that change"),
    AgentListing(
      "glr-ucb", policy: ChangeDetectionUCB.self, configuration: ChangeDetectionUCB.Configuration(),
      summary: "KL-UCB that starts anew when a likelihood ratio says that a mean has changed"),
    AgentListing(
      "successive-elimination", policy: SuccessiveElimination.self,
      configuration: SuccessiveElimination.Configuration(),
      summary: "all arms in turn until one is left: the best one with a probability that is set"),
    AgentListing(
      "lin-ucb", policy: LinearUCB.self, configuration: LinearUCB.Configuration(),
      summary: "LinUCB: ridge regression on features and a bonus, one for all arms or one an arm"),
    AgentListing(
      "lin-thompson", policy: LinearThompson.self, configuration: LinearThompson.Configuration(),
      summary: "Thompson sampling with linear means"),
    AgentListing(
      "logistic-thompson", policy: LogisticThompson.self, configuration: LogisticThompson.Configuration(),
      summary: "Thompson sampling with logistic probabilities"),
    AgentListing(
      "dynlin-ucb", policy: DynLinUCB.self, configuration: DynLinUCB.Configuration(),
      summary: "DynLin-UCB: holds an arm until the hidden state has forgotten what came before"),
    AgentListing(
      "last-switch", policy: LastSwitchLearner.self, configuration: LastSwitchLearner.Configuration(),
      summary: "tries every rest and run of every arm, then pulls in cycles"),
    AgentListing(
      "shrinking-dartboard", policy: ShrinkingDartboard.self, configuration: ShrinkingDartboard.Configuration(),
      summary: "exponential weights that seldom switch and choose what they observe"),
    AgentListing(
      "rucb", policy: RelativeUCB.self, configuration: RelativeUCB.Configuration(),
      summary: "RUCB for duels, by Copeland's scores where nobody beats everybody"),
    AgentListing(
      "informed-thompson", policy: InformedThompson.self, configuration: InformedThompson.Configuration(),
      summary: "Thompson sampling that has seen an expert's choices"),
    AgentListing(
      "fair", policy: FairLearner.self, configuration: FairLearner.Configuration(),
      summary: "individually fair learning with one-sided feedback: Exp2 or perturbed leaders"),
    AgentListing(
      "rank-search", RankSearch.self, configuration: RankSearchConfiguration(),
      summary: "ZO-RankSGD: a linear policy, searched for by rankings of policies alone"),
  ]
}
