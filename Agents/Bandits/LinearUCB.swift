import Groundwork
public import ReinforcementLearning

/// LinUCB: the arm whose estimated mean and alpha sqrt(x^T V^-1 x) together are largest.
///
/// With one vector for all arms every arm has a regression of its own (the disjoint form), else they share one.
///
/// Source: Li et al. 2010, "A contextual-bandit approach to personalized news article recommendation".
public struct LinearUCB: RuledPolicy {
  /// The bonus and the ridge, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Of the bonus (alpha), from 0.
    public var exploration = 1.0
    /// lambda, above 0.
    public var ridge = 1.0
    /// A log that every episode begins with: a file of CSV or JSON lines with `arm`, `reward` and the context, `x0`,
    /// `x1`, ... or `x0_0`, ... for a vector an arm.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// alpha and lambda 1.
    public init() {}
  }

  /// The algorithm.
  public struct Rule: BanditRule {
    let exploration: Double
    let models: RidgeModels
    /// The regressions.
    public var width: Int { models.width }
    /// The ridge.
    public func start(_ memory: BanditMemory) { models.start(memory) }
    /// All of it.
    public var learnsFromContext: Bool { true }
    /// Keeps the context.
    public func note(_ memory: BanditMemory, _ moment: BanditMoment, arm: Int) { models.keep(memory, moment, arm) }
    /// Adds the pull.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      models.learn(memory, arm, reward)
    }
    /// The largest index.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      propensity = 1
      let arm = SampleMeans(arms: models.arms).best(moment) { arm in
        let (mean, variance) = models.value(memory, moment, arm)
        return mean + exploration * variance.squareRoot()
      }
      models.keep(memory, moment, arm)
      return arm
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range, or an environment without a context.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try problem.requireFeatures("LinUCB")
    try Check.all([
      Check("agent.exploration", configuration.exploration, in: 0...1e6),
      Check("agent.ridge", configuration.ridge, in: 1e-9...1e9),
    ])
    return Rule(exploration: configuration.exploration, models: RidgeModels(problem, ridge: configuration.ridge))
  }
}
