public import Groundwork
public import ReinforcementLearning

/// Thompson sampling with a Beta posterior: of every arm a mean is drawn from what is believed of it, and the arm with
/// the highest draw is pulled.
///
/// Every draw is fresh and exact: two gamma numbers by Marsaglia and Tsang's method, from normal numbers by the
/// ziggurat. Rewards other than 0 and 1 count as a coin with that probability (Agrawal and Goyal 2012).
///
/// Source: Thompson 1933; Agrawal and Goyal 2012, "Analysis of Thompson sampling for the multi-armed bandit problem".
public struct BetaThompson: BanditRule {
  /// The prior.
  public struct Parameters: ConfigurationPart {
    /// Successes of the prior (alpha), at least 1.
    public var alpha = 1.0
    /// Failures of the prior (beta), at least 1.
    public var beta = 1.0
    /// Beta(1, 1).
    public init() {}
  }

  let alpha: Double
  let beta: Double
  let problem: BanditProblem
  let arms: Int

  /// - Throws: `UserError` for a prior below 1 or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.alpha", parameters.alpha, in: 1...1e9), Check("agent.beta", parameters.beta, in: 1...1e9),
    ])
    try problem.requireLimits("Thompson sampling with a Beta posterior")
    alpha = parameters.alpha
    beta = parameters.beta
    self.problem = problem
    arms = problem.arms
  }

  /// Of every arm d and c of the gamma law of its successes, and of its failures.
  public var width: Int { 4 * arms }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { (0..<4).map { ArmPlaces(first: $0, step: 4) } }

  /// The prior.
  public func start(_ memory: BanditMemory) {
    for arm in 0..<arms {
      for (place, shape) in [(0, alpha), (2, beta)] {
        let d = shape - 1 / 3
        memory[4 * arm + place] = d
        memory[4 * arm + place + 1] = 1 / (9 * d).squareRoot()
      }
    }
  }

  /// Counts a success or a failure.
  @inline(__always)
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    let unit = problem.unit(reward)
    let isSuccess = unit >= 1 || (unit > 0 && random.uniform() < unit)
    let own = memory + (4 &* arm &+ (isSuccess ? 0 : 2))
    own[0] += 1
    own[1] = 1 / (9 * own[0]).squareRoot()
  }

  /// The highest of fresh draws.
  @inline(__always)
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    Ziggurat.shared.withTable { table in
      var (chosen, top) = (0, -1.0)
      for arm in 0..<arms where moment.allows(arm) {
        let own = memory + 4 &* arm
        let x = random.gamma(d: own[0], c: own[1], table)
        let y = random.gamma(d: own[2], c: own[3], table)
        let draw = x / (x + y)
        if draw > top { (chosen, top) = (arm, draw) }
      }
      return chosen
    }
  }
}
