public import Groundwork
public import ReinforcementLearning
import RealModule

/// KL-UCB: the arm whose mean could be highest, as far as the divergence of what was seen allows.
///
/// The index of an arm with mean m and n pulls of t is the largest q with n kl(m, q) <= ln t + c ln ln t, where kl is
/// that of Bernoulli laws; rewards are brought to 0 to 1 by their limits.
///
/// Source: Garivier and Cappé 2011, "The KL-UCB algorithm for bounded stochastic bandits and beyond".
public struct KLUpperConfidence: BanditRule {
  /// The bound.
  public struct Parameters: ConfigurationPart {
    /// c, from 0: 3 in the proof, 0 in practice.
    public var logarithms = 0.0
    /// c is 0.
    public init() {}
  }

  let logarithms: Double
  let problem: BanditProblem
  let means: SampleMeans

  /// - Throws: `UserError` for a negative c or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check("agent.logarithms", parameters.logarithms, in: 0...1e6).enforce()
    try problem.requireLimits("KL-UCB")
    logarithms = parameters.logarithms
    self.problem = problem
    means = SampleMeans(problem)
  }

  /// Pulls, sums, and every arm's last index, from which the next is sought.
  public var width: Int { means.width + means.arms }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { means.places }

  /// Counts.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    means.add(memory, arm, problem.unit(reward))
  }

  /// The largest index, every arm once to begin with.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    propensity = 1
    if let arm = means.untried(memory, moment) { return arm }
    var t = 0.0
    for arm in 0..<means.arms { t += memory[arm] }
    let time = Double.log(max(1, t))
    let budget = time + (logarithms > 0 && time > 1 ? logarithms * Double.log(time) : 0)
    let indices = memory + means.width
    return means.best(moment) { arm in
      indices[arm] = BernoulliDivergence.upper(
        means.mean(memory, arm), budget: budget / memory[arm], guess: indices[arm])
      return indices[arm]
    }
  }
}
