public import Groundwork
public import ReinforcementLearning
import RealModule

/// Exp3: exponential weights of importance-weighted losses, for rewards that an adversary may choose.
///
/// p_i is in proportion to exp(-eta L_i), mixed with `mixing` of the uniform law; L_i adds up loss / p_i of the pulls
/// of arm i; of rewards that come late, p_i is that of the arm's latest pull, which the formula does not know and which
/// makes the estimate a biased one. Rewards are brought to 0 to 1 by their limits; a loss is what is missing to 1.
///
/// Source: Auer, Cesa-Bianchi, Freund and Schapire 2002, "The nonstochastic multiarmed bandit problem"; Bubeck and
/// Cesa-Bianchi 2012, theorem 3.1, for the step size.
public struct Exp3: BanditRule {
  /// The step size.
  public struct Parameters: ConfigurationPart {
    /// eta; 0: sqrt(ln K / (t K)), which needs no horizon.
    public var stepSize = 0.0
    /// Share of the uniform law (gamma), 0 to 1.
    public var mixing = 0.0
    /// A step size that falls, and no mixing.
    public init() {}
  }

  let parameters: Parameters
  let problem: BanditProblem
  let arms: Int

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.stepSize", parameters.stepSize, in: 0...1e6),
      Check("agent.mixing", parameters.mixing, in: 0...1),
    ])
    try problem.requireLimits("Exp3")
    self.parameters = parameters
    self.problem = problem
    arms = problem.arms
  }

  /// None: losses count by the probabilities that it chose with itself.
  public static var takesLog: Bool { false }

  /// Losses, the last arm's probability by arm, weights.
  public var width: Int { 3 * arms }

  /// No losses.
  public func start(_ memory: BanditMemory) { for arm in 0..<arms { memory[arms + arm] = 1 } }

  /// Adds the loss over the probability of the arm's latest pull: its own, but where rewards come late.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    memory[arm] += (1 - problem.unit(reward)) / memory[arms + arm]
  }

  /// Draws.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    let t = Double(moment.pulls + 1)
    let count = Double(arms)
    let rate = parameters.stepSize > 0 ? parameters.stepSize : (Double.log(count) / (t * count)).squareRoot()
    let weights = memory + 2 * arms
    WeightedDraw.exponential(memory, rate: rate, mixing: parameters.mixing, arms: arms, moment, into: weights)
    let arm = WeightedDraw.draw(weights, arms: arms, moment, uniform: random.uniform(), propensity: &propensity)
    memory[arms + arm] = propensity
    return arm
  }
}
