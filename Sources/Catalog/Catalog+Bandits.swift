import Bandits
import Groundwork
import ReinforcementLearning

extension AgentListing {
  /// A bandit algorithm, by its rule.
  fileprivate init<Rule: BanditRule>(_ id: String, rule: Rule.Type, summary: String) {
    self.init(
      id, policy: BanditPolicy<Rule>.self, configuration: BanditPolicy<Rule>.Configuration(), summary: summary,
      learnsFromLogs: Rule.takesLog)
  }
}

extension Catalog {
  /// Bandit algorithms: policies that learn inside the episode.
  static let bandits: [AgentListing] = [
    AgentListing(
      "ucb1", policy: UpperConfidence.self, configuration: UpperConfidence.Configuration(),
      summary: "the arm with the largest mean and bonus: UCB1, EVOLvE's UCB, greedy choice", learnsFromLogs: true),
    AgentListing(
      "moss", policy: UpperConfidence.self, configuration: UpperConfidence.Configuration(.init(.moss)),
      summary: "UCB with MOSS's bonus, minimax optimal for a known horizon", learnsFromLogs: true),
    AgentListing(
      "kl-ucb", rule: KLUpperConfidence.self,
      summary: "UCB by Bernoulli divergence: reaches Lai and Robbins's bound"),
    AgentListing(
      "bayes-ucb", rule: BayesUpperConfidence.self,
      summary: "the arm with the highest quantile of a Beta posterior"),
    AgentListing(
      "thompson", rule: BetaThompson.self,
      summary: "Thompson sampling with a Beta posterior"),
    AgentListing(
      "thompson-gaussian", rule: GaussianThompson.self,
      summary: "Thompson sampling with a normal posterior"),
    AgentListing(
      "epsilon-greedy", rule: EpsilonGreedy.self,
      summary: "the best mean so far, now and then a random arm"),
    AgentListing(
      "explore-then-commit", rule: ExploreThenCommit.self,
      summary: "every arm so many times, then the best for good"),
    AgentListing(
      "softmax", rule: Softmax.self,
      summary: "arms in proportion to the exponential of their means"),
    AgentListing(
      "exp3", rule: Exp3.self,
      summary: "exponential weights for rewards that an adversary may choose"),
    AgentListing(
      "exp2", rule: Exp2.self,
      summary: "exponential weights for adversarial losses that are linear in arms' features"),
    AgentListing(
      "tsallis-inf", rule: TsallisINF.self,
      summary: "Tsallis-INF: optimal against an adversary and with stochastic arms"),
    AgentListing(
      "sliding-ucb", rule: SlidingWindowUCB.self,
      summary: "UCB of the last pulls alone, for means that change"),
    AgentListing(
      "discounted-ucb", rule: DiscountedUCB.self,
      summary: "UCB with pulls that fade, for means that change"),
    AgentListing(
      "glr-ucb", rule: ChangeDetectionUCB.self,
      summary: "KL-UCB that starts anew when a likelihood ratio says that a mean has changed"),
    AgentListing(
      "successive-elimination", rule: SuccessiveElimination.self,
      summary: "all arms in turn until one is left: the best one with a probability that is set"),
    AgentListing(
      "lin-ucb", rule: LinearUCB.self,
      summary: "LinUCB: ridge regression on features and a bonus, one for all arms or one an arm"),
    AgentListing(
      "lin-thompson", rule: LinearThompson.self,
      summary: "Thompson sampling with linear means"),
    AgentListing(
      "logistic-thompson", rule: LogisticThompson.self,
      summary: "Thompson sampling with logistic probabilities"),
    AgentListing(
      "dynlin-ucb", rule: DynLinUCB.self,
      summary: "DynLin-UCB: holds an arm until the hidden state has forgotten what came before"),
    AgentListing(
      "last-switch", rule: LastSwitchLearner.self,
      summary: "tries every rest and run of every arm, then pulls in cycles"),
    AgentListing(
      "shrinking-dartboard", policy: ShrinkingDartboard.self, configuration: ShrinkingDartboard.Configuration(),
      summary: "exponential weights that seldom switch and choose what they observe"),
    AgentListing(
      "rucb", rule: RelativeUCB.self,
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
