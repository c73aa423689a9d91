public import Groundwork
public import ReinforcementLearning

/// LinUCB: the arm whose estimated mean and alpha sqrt(x^T V^-1 x) together are largest.
///
/// With one vector for all arms every arm has a regression of its own (the disjoint form), else they share one.
///
/// Source: Li et al. 2010, "A contextual-bandit approach to personalized news article recommendation".
public struct LinearUCB: BanditRule {
  /// The bonus and the ridge.
  public struct Parameters: ConfigurationPart {
    /// Of the bonus (alpha), from 0.
    public var exploration = 1.0
    /// lambda, above 0.
    public var ridge = 1.0
    /// alpha and lambda 1.
    public init() {}
  }

  let exploration: Double
  let models: RidgeModels

  /// - Throws: `UserError` for a number outside its range, or an environment without a context.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try problem.requireFeatures("LinUCB")
    try Check.all([
      Check("agent.exploration", parameters.exploration, in: 0...1e6),
      Check("agent.ridge", parameters.ridge, in: 1e-9...1e9),
    ])
    exploration = parameters.exploration
    models = RidgeModels(problem, ridge: parameters.ridge)
  }

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
