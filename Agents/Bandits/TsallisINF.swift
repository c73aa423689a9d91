public import Groundwork
public import ReinforcementLearning

/// Tsallis-INF: follow the regularised leader with Tsallis entropy 1/2, the best of both worlds: within a constant of
/// optimal against an adversary and with stochastic arms.
///
/// p_i = 4 (eta_t (L_i - x))^-2, where x makes the sum 1; eta_t is 2 / sqrt(t) with importance-weighted losses, and
/// 4 / sqrt(t) with those of reduced variance (`reducesVariance`).
///
/// Source: Zimmert and Seldin 2021, "Tsallis-INF: an optimal algorithm for stochastic and adversarial bandits".
public struct TsallisINF: BanditRule {
  /// The estimator.
  public struct Parameters: ConfigurationPart {
    /// Whether losses are estimated as 1/2 + (loss - 1/2) / p of the arm, 1/2 of the others, where p >= eta_t².
    public var reducesVariance = true
    /// With reduced variance.
    public init() {}
  }

  let reducesVariance: Bool
  let problem: BanditProblem
  let arms: Int

  /// - Throws: `UserError` for rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try problem.requireLimits("Tsallis-INF")
    reducesVariance = parameters.reducesVariance
    self.problem = problem
    arms = problem.arms
  }

  /// None: losses count by the probabilities that it chose with itself.
  public static var takesLog: Bool { false }

  /// Losses, probabilities when pulled, weights, the normaliser, the number of pulls.
  public var width: Int { 3 * arms + 2 }

  /// No losses.
  public func start(_ memory: BanditMemory) {
    for arm in 0..<arms { memory[arms + arm] = 1 }
    memory[3 * arms] = -Double(arms).squareRoot()
  }

  private func rate(_ t: Double) -> Double { (reducesVariance ? 4 : 2) / t.squareRoot() }

  /// Adds the estimate of the loss, over the probability of the arm's latest pull: its own, but where rewards come
  /// late.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    memory[3 * arms + 1] += 1
    let loss = 1 - problem.unit(reward)
    let p = memory[arms + arm]
    let rate = rate(memory[3 * arms + 1])
    guard reducesVariance else {
      memory[arm] += loss / p
      return
    }
    // The weights are the probabilities of the last draw.
    for other in 0..<arms where memory[2 * arms + other] >= rate * rate { memory[other] += 0.5 }
    memory[arm] += (loss - (p >= rate * rate ? 0.5 : 0)) / p
  }

  /// Draws; x is found by Newton's steps from the last one.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    let rate = rate(Double(moment.pulls + 1))
    let weights = memory + 2 * arms
    var (least, legal) = (Double.infinity, 0.0)
    for arm in 0..<arms where moment.allows(arm) {
      least = min(least, memory[arm])
      legal += 1
    }
    // The least loss alone makes the sum 1 at x = least - 2 / rate, all alike at least - 2 sqrt(K) / rate.
    let (low, high) = (least - 2 * legal.squareRoot() / rate, least - 2 / rate)
    var x = min(high, max(low, memory[3 * arms]))
    for _ in 0..<100 {
      var (sum, slope) = (0.0, 0.0)
      for arm in 0..<arms where moment.allows(arm) {
        let base = 2 / (rate * (memory[arm] - x))
        weights[arm] = base * base
        sum += base * base
        slope += base * base * base
      }
      let next = min(high, max(low, x - (sum - 1) / (rate * slope)))
      if abs(sum - 1) < 1e-10 || next == x { break }
      x = next
    }
    memory[3 * arms] = x
    let arm = WeightedDraw.draw(weights, arms: arms, moment, uniform: random.uniform(), propensity: &propensity)
    memory[arms + arm] = propensity
    return arm
  }
}
