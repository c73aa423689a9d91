public import Groundwork
public import ReinforcementLearning
import RealModule

/// Bayes-UCB: the arm with the highest quantile of its posterior, 1 - 1 / (t (ln T)^c) of a Beta law.
///
/// Rewards other than 0 and 1 count as a coin with that probability.
///
/// Source: Kaufmann, Cappé and Garivier 2012, "On Bayesian upper confidence bounds for bandit problems".
public struct BayesUpperConfidence: BanditRule {
  /// The quantile.
  public struct Parameters: ConfigurationPart {
    /// c, from 0: 5 in the proof, 0 in practice.
    public var logarithms = 0.0
    /// c is 0.
    public init() {}
  }

  let logarithms: Double
  let problem: BanditProblem
  private let means: SampleMeans
  private var arms: Int { means.arms }

  /// - Throws: `UserError` for a negative c or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check("agent.logarithms", parameters.logarithms, in: 0...1e6).enforce()
    try problem.requireLimits("Bayes-UCB")
    logarithms = parameters.logarithms
    self.problem = problem
    means = SampleMeans(problem)
  }

  /// Successes and failures, logarithms of their Beta functions, last quantiles.
  public var width: Int { 4 * arms }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { (0..<4).map { ArmPlaces(first: $0, step: 4) } }

  /// Beta(1, 1) for every arm.
  public func start(_ memory: BanditMemory) {
    for arm in 0..<arms { (memory[4 * arm], memory[4 * arm + 1], memory[4 * arm + 3]) = (1, 1, 0.5) }
  }

  /// Counts a success or a failure.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    let own = memory + 4 * arm
    let unit = problem.unit(reward)
    let isSuccess = unit >= 1 || (unit > 0 && random.uniform() < unit)
    own[isSuccess ? 0 : 1] += 1
    own[2] = BetaLaw.logBeta(own[0], own[1])
  }

  /// The highest quantile.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    propensity = 1
    let horizon = Double(problem.horizon ?? 1_000_000)
    let factor = logarithms > 0 ? Double.pow(max(1, Double.log(horizon)), logarithms) : 1
    let tail = 1 / (Double(moment.pulls + 1) * factor)
    var (chosen, top) = (-1, -1.0)
    for place in 0..<arms {
      let arm = means.arm(place, moment)
      guard moment.allows(arm) else { continue }
      let own = memory + 4 * arm
      own[3] =
        tail < 1
        ? BetaLaw.quantile(tail: tail, own[0], own[1], logBeta: own[2], guess: own[3])
        : own[0] / (own[0] + own[1])
      if own[3] > top { (chosen, top) = (arm, own[3]) }
    }
    return max(0, chosen)
  }
}
