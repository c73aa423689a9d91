public import Groundwork
public import ReinforcementLearning

/// Thompson sampling with a normal posterior, for rewards with normal noise of a deviation that is known.
///
/// Source: Agrawal and Goyal 2013, "Further optimal regret bounds for Thompson sampling".
public struct GaussianThompson: BanditRule {
  /// The prior and the noise.
  public struct Parameters: ConfigurationPart {
    /// Mean of the prior.
    public var mean = 0.0
    /// Variance of the prior, above 0.
    public var variance = 1.0
    /// Deviation of the noise (sigma), above 0.
    public var deviation = 1.0
    /// A standard normal prior and noise of deviation 1.
    public init() {}
  }

  let parameters: Parameters
  let arms: Int

  /// - Throws: `UserError` for a variance or deviation that is not above 0.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.mean", parameters.mean, in: -1e9...1e9),
      Check("agent.variance", parameters.variance, in: 1e-12...1e12),
      Check("agent.deviation", parameters.deviation, in: 1e-9...1e9),
    ])
    self.parameters = parameters
    arms = problem.arms
  }

  /// Of every arm the precision and the precision times the mean.
  public var width: Int { 2 * arms }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { (0..<2).map { ArmPlaces(first: $0, step: 2) } }

  /// The prior.
  public func start(_ memory: BanditMemory) {
    for arm in 0..<arms {
      memory[2 * arm] = 1 / parameters.variance
      memory[2 * arm + 1] = parameters.mean / parameters.variance
    }
  }

  /// Adds the precision of a reward.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    let precision = 1 / (parameters.deviation * parameters.deviation)
    memory[2 * arm] += precision
    memory[2 * arm + 1] += reward * precision
  }

  /// The highest of fresh draws.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    Ziggurat.shared.withTable { table in
      var (chosen, top) = (-1, -Double.infinity)
      for arm in 0..<arms where moment.allows(arm) {
        let precision = memory[2 * arm]
        let draw = memory[2 * arm + 1] / precision + random.zigguratNormal(table) / precision.squareRoot()
        if chosen < 0 || draw > top { (chosen, top) = (arm, draw) }
      }
      return max(0, chosen)
    }
  }
}
