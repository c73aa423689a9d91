public import Groundwork
public import ReinforcementLearning
import RealModule

/// Successive elimination: all arms in turn, without those that are surely not the best; the last one for good.
///
/// An arm is out when its mean and radius are below another's mean less radius, with
/// radius sqrt(ln(4 K n² / delta) / (2 n)): with probability 1 - delta the best arm is never out.
///
/// Source: Even-Dar, Mannor and Mansour 2006, "Action elimination and stopping conditions for the multi-armed bandit
/// and reinforcement learning problems".
public struct SuccessiveElimination: BanditRule {
  /// The confidence.
  public struct Parameters: ConfigurationPart {
    /// Probability that the best arm is lost (delta), above 0, below 1.
    public var confidence = 0.05
    /// delta 0.05.
    public init() {}
  }

  let confidence: Double
  let problem: BanditProblem
  let means: SampleMeans

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check("agent.confidence", parameters.confidence, in: 1e-12...0.999).enforce()
    try problem.requireLimits("Successive elimination")
    confidence = parameters.confidence
    self.problem = problem
    means = SampleMeans(problem)
  }

  /// None: its arms are pulled equally often, and would be until all have as many pulls as the log's favourite.
  public static var takesLog: Bool { false }

  /// Counts, sums, and which arms are out.
  public var width: Int { 3 * means.arms }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { means.places + [ArmPlaces(first: 2 * means.arms, step: 1)] }

  /// Counts.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    means.add(memory, arm, problem.unit(reward))
  }

  /// The least pulled of those that are in, after a look at who is out.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    propensity = 1
    let k = means.arms
    let out = memory + 2 * k
    var best = -Double.infinity
    func radius(_ arm: Int) -> Double {
      let n = memory[arm]
      return n > 0 ? (Double.log(4 * Double(k) * n * n / confidence) / (2 * n)).squareRoot() : .infinity
    }
    for arm in 0..<k where moment.allows(arm) { best = max(best, means.mean(memory, arm) - radius(arm)) }
    for arm in 0..<k where means.mean(memory, arm) + radius(arm) < best { out[arm] = 1 }
    var (chosen, least) = (-1, Double.infinity)
    for place in 0..<k {
      let arm = means.arm(place, moment)
      if moment.allows(arm) && out[arm] == 0 && memory[arm] < least { (chosen, least) = (arm, memory[arm]) }
    }
    return chosen >= 0 ? chosen : means.best(moment) { means.mean(memory, $0) }
  }
}
