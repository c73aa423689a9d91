import Groundwork
public import ReinforcementLearning
import RealModule

/// Exp3: exponential weights of importance-weighted losses, for rewards that an adversary may choose.
///
/// p_i is in proportion to exp(-eta L_i), mixed with `mixing` of the uniform law; L_i adds up loss / p_i of the pulls
/// of arm i. Rewards are brought to 0 to 1 by their limits; a loss is what is missing to 1.
///
/// Source: Auer, Cesa-Bianchi, Freund and Schapire 2002, "The nonstochastic multiarmed bandit problem"; Bubeck and
/// Cesa-Bianchi 2012, theorem 3.1, for the step size.
public struct Exp3: RuledPolicy {
  /// The step size, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// eta; 0: sqrt(ln K / (t K)), which needs no horizon.
    public var stepSize = 0.0
    /// Share of the uniform law (gamma), 0 to 1.
    public var mixing = 0.0
    /// A log that every episode begins with: CSV or JSON lines with `arm` and `reward`.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// A step size that falls, and no mixing.
    public init() {}
  }

  /// The algorithm: losses, the last arm's probability by arm, weights.
  public struct Rule: BanditRule {
    let configuration: Configuration
    let problem: BanditProblem
    let arms: Int
    /// Losses, probabilities, and weights.
    public var width: Int { 3 * arms }
    /// No losses.
    public func start(_ memory: BanditMemory) { for arm in 0..<arms { memory[arms + arm] = 1 } }
    /// Adds the loss over its probability.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      memory[arm] += (1 - problem.unit(reward)) / memory[arms + arm]
    }
    /// Draws.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      let t = Double(moment.pulls + 1)
      let count = Double(arms)
      let rate = configuration.stepSize > 0 ? configuration.stepSize : (Double.log(count) / (t * count)).squareRoot()
      let weights = memory + 2 * arms
      var (least, total, legal) = (Double.infinity, 0.0, 0.0)
      for arm in 0..<arms where moment.allows(arm) { least = min(least, memory[arm]) }
      for arm in 0..<arms {
        weights[arm] = moment.allows(arm) ? Double.exp(-rate * (memory[arm] - least)) : 0
        total += weights[arm]
        legal += moment.allows(arm) ? 1 : 0
      }
      for arm in 0..<arms where moment.allows(arm) {
        weights[arm] = (1 - configuration.mixing) * weights[arm] / total + configuration.mixing / legal
      }
      let arm = WeightedDraw.draw(weights, arms: arms, moment, uniform: random.uniform(), propensity: &propensity)
      memory[arms + arm] = propensity
      return arm
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check.all([
      Check("agent.stepSize", configuration.stepSize, in: 0...1e6),
      Check("agent.mixing", configuration.mixing, in: 0...1),
    ])
    try problem.requireLimits("Exp3")
    return Rule(configuration: configuration, problem: problem, arms: problem.arms)
  }
}
