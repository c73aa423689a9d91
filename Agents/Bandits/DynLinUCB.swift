public import Groundwork
public import ReinforcementLearning
import RealModule

/// DynLin-UCB: an optimistic arm, held for so long that the state has forgotten what came before, and of its pulls only
/// the last one's reward is learnt from.
///
/// Epoch m holds its arm for 1 + floor(ln m / ln(1 / rho)) pulls. The index is <h, u> + beta sqrt(u^T V^-1 u) with
/// beta = c1 sqrt(lambda) + c2 / sqrt(lambda) ln(e (t + 1)) + sqrt(2 s² (ln T + d / 2 ln(1 + t U² / (d lambda)))),
/// c1 = Theta + Omega B Phi / (1 - rho), c2 = U Omega Phi (U B / (1 - rho) + X), X = U / (1 - rho),
/// s² = sigma² (1 + Omega² Phi² / (1 - rho²)).
///
/// Source: Mussi, Metelli and Restelli 2023, "Dynamical linear bandits", algorithm 1.
public struct DynLinUCB: BanditRule {
  /// What is known of the system.
  public struct Parameters: ConfigurationPart {
    /// An upper bound of the system's spectral radius (rho), above 0, below 1.
    public var radius = 0.2
    /// Bounds of the norms of theta, omega and B.
    public var direct = 1.0
    /// Of omega.
    public var output = 1.0
    /// Of B.
    public var input = 1.0
    /// How far powers of A exceed rho's (Phi), at least 1.
    public var transient = 1.0
    /// Deviation of the noise (sigma).
    public var deviation = 0.01
    /// lambda, above 0; 0: ln T, with which the part of the bonus that comes of the state stays in proportion.
    public var ridge = 0.0
    /// Factor of the whole bonus; 1 is the paper's.
    public var scale = 1.0
    /// A radius of 0.2 and unit bounds.
    public init() {}
  }

  let parameters: Parameters
  let models: RidgeModels
  let horizon: Double

  /// - Throws: `UserError` for a number outside its range, or an environment without a context or a horizon.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    // An epoch is learnt by the vector of its first pull, so that vectors must stay what they are.
    guard problem.hasHiddenState else {
      throw UserError(
        "DynLin-UCB holds an arm while a hidden state settles, and this environment has none",
        fix: "Use bandit/Dynamical, or --agent lin-ucb")
    }
    let c = parameters
    try Check.all([
      Check("agent.radius", c.radius, in: 1e-6...0.999999), Check("agent.direct", c.direct, in: 0...1e6),
      Check("agent.output", c.output, in: 0...1e6), Check("agent.input", c.input, in: 0...1e6),
      Check("agent.transient", c.transient, in: 1...1e6), Check("agent.deviation", c.deviation, in: 0...1e6),
      Check("agent.ridge", c.ridge, in: 0...1e9), Check("agent.scale", c.scale, in: 0...1e6),
    ])
    guard let horizon = problem.horizon else {
      throw UserError("DynLin-UCB needs to know how many pulls there are", fix: "Use an environment with a time limit")
    }
    let ridge = c.ridge > 0 ? c.ridge : max(1, Double.log(Double(horizon)))
    self.parameters = c
    models = RidgeModels(problem, ridge: ridge)
    self.horizon = Double(max(2, horizon))
  }

  private var base: Int { models.width }
  /// None.
  public static var takesLog: Bool { false }
  /// One regression, then epoch, pulls left of it, and the arm that is held.
  public var width: Int { models.width + 3 }

  /// The ridge.
  public func start(_ memory: BanditMemory) { models.start(memory) }

  /// Adds the last pull of an epoch; others it lets pass.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    if memory[base + 1] == 0 { models.learn(memory, arm, reward) }
  }

  /// Holds, or begins an epoch with the largest index.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    propensity = 1
    if memory[base + 1] > 0 {
      memory[base + 1] -= 1
      return Int(memory[base + 2])
    }
    let c = parameters
    memory[base] += 1
    let hold = (Double.log(memory[base]) / Double.log(1 / c.radius)).rounded(.down)
    let d = Double(models.dimension)
    var norm = 0.0
    for arm in 0..<models.arms {
      let x = models.features(moment, arm)
      norm = max(norm, (0..<models.dimension).reduce(0.0) { $0 + Double(x[$1]) * Double(x[$1]) })
    }
    let u = norm.squareRoot()
    let lambda = models.ridge
    let t = Double(moment.pulls)
    let left = 1 - c.radius
    let c1 = c.direct + c.output * c.input * c.transient / left
    let c2 = u * c.output * c.transient * (u * c.input / left + u / left)
    let variance =
      c.deviation * c.deviation * (1 + c.output * c.output * c.transient * c.transient / (1 - c.radius * c.radius))
    let beta =
      c1 * lambda.squareRoot() + c2 / lambda.squareRoot() * Double.log(2.718281828459045 * (t + 1))
      + (2 * variance * (Double.log(horizon) + d / 2 * Double.log(1 + t * norm / (d * lambda)))).squareRoot()
    let arm = SampleMeans(arms: models.arms).best(moment) { arm in
      let (mean, variance) = models.value(memory, moment, arm)
      return mean + c.scale * beta * variance.squareRoot()
    }
    models.keep(memory, moment, arm)
    memory[base + 1] = hold
    memory[base + 2] = Double(arm)
    return arm
  }
}
