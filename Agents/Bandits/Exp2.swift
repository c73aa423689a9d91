public import Groundwork
public import ReinforcementLearning
import RealModule

/// Exp2: exponential weights over arms with features, for losses that are linear in them and that an adversary may
/// choose.
///
/// p mixes the weights exp(-eta L) with `mixing` of the uniform law. The loss of a pull tells a vector
/// theta = P^-1 x loss with P = sum p x x^T, and every arm is charged <x, theta>: unbiased, and so what one pull says
/// of all arms.
///
/// Source: Bubeck, Cesa-Bianchi and Kakade 2012, "Towards minimax policies for online linear optimization with bandit
/// feedback" (with the uniform law in place of John's).
public struct Exp2: BanditRule {
  /// The step size.
  public struct Parameters: ConfigurationPart {
    /// eta; 0: sqrt(ln K / (t d)), which needs no horizon.
    public var stepSize = 0.0
    /// Share of the uniform law (gamma), above 0 to 1.
    public var mixing = 0.05
    /// A step size that falls, and a twentieth of the uniform law.
    public init() {}
  }

  let parameters: Parameters
  let problem: BanditProblem
  let arms: Int
  let dimension: Int

  /// - Throws: `UserError` for a number outside its range, rewards without limits, or arms without features.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try problem.requireFeatures("Exp2")
    try Check.all([
      Check("agent.stepSize", parameters.stepSize, in: 0...1e6),
      Check("agent.mixing", parameters.mixing, in: 1e-6...1),
    ])
    guard problem.features.count == 2 else {
      throw UserError("Exp2 needs features of every arm, not one context for all", fix: "Use bandit/Dynamical")
    }
    try problem.requireLimits("Exp2")
    self.parameters = parameters
    self.problem = problem
    arms = problem.arms
    dimension = problem.dimension
  }

  private var matrix: Int { 2 * arms + arms * dimension }
  /// None.
  public static var takesLog: Bool { false }
  /// Charges, probabilities, features when pulled, the inverse of P, and what it said of every arm.
  public var width: Int { matrix + 2 * dimension * dimension }

  /// Charges every arm what the pull says of it.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    let (d, loss) = (dimension, 1 - problem.unit(reward))
    let features = memory + 2 * arms
    let inverse = memory + matrix + d * d
    for other in 0..<arms {
      var sum = 0.0
      for row in 0..<d {
        for column in 0..<d {
          sum += features[other * d + row] * inverse[row * d + column] * features[arm * d + column]
        }
      }
      memory[other] += loss * sum
    }
  }

  /// Draws; the inverse of P is found by Gauss and Jordan, a little added to its diagonal.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    let d = dimension
    let t = Double(moment.pulls + 1)
    let rate =
      parameters.stepSize > 0
      ? parameters.stepSize : (Double.log(Double(arms)) / (t * Double(d))).squareRoot()
    let weights = memory + arms
    WeightedDraw.exponential(memory, rate: rate, mixing: parameters.mixing, arms: arms, moment, into: weights)
    let features = memory + 2 * arms
    for place in 0..<arms * d { features[place] = Double(moment.features![place]) }
    let (moments, inverse) = (memory + matrix, memory + matrix + d * d)
    for row in 0..<d {
      for column in 0..<d {
        var sum = row == column ? 1e-9 : 0
        for arm in 0..<arms { sum += weights[arm] * features[arm * d + row] * features[arm * d + column] }
        moments[row * d + column] = sum
        inverse[row * d + column] = row == column ? 1 : 0
      }
    }
    for pivot in 0..<d {
      let scale = 1 / moments[pivot * d + pivot]
      for column in 0..<d {
        moments[pivot * d + column] *= scale
        inverse[pivot * d + column] *= scale
      }
      for row in 0..<d where row != pivot {
        let factor = moments[row * d + pivot]
        for column in 0..<d {
          moments[row * d + column] -= factor * moments[pivot * d + column]
          inverse[row * d + column] -= factor * inverse[pivot * d + column]
        }
      }
    }
    return WeightedDraw.draw(weights, arms: arms, moment, uniform: random.uniform(), propensity: &propensity)
  }
}
