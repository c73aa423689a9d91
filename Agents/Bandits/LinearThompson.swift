public import Groundwork
public import ReinforcementLearning

/// Linear Thompson sampling: parameters drawn from their normal posterior, the arm that is best by them.
///
/// The draw of a mean is normal with the estimate and deviation times sqrt(x^T V^-1 x). Arms that share parameters
/// share one draw, of which only the arms' products are needed: it is made in the space of parameters by a Cholesky
/// root of V^-1.
///
/// Source: Agrawal and Goyal 2013, "Thompson sampling for contextual bandits with linear payoffs".
public struct LinearThompson: BanditRule {
  /// The noise and the ridge.
  public struct Parameters: ConfigurationPart {
    /// Deviation of the noise (sigma), above 0: scales the posterior.
    public var deviation = 0.3
    /// lambda, above 0: sigma² over the prior's variance.
    public var ridge = 1.0
    /// Noise of 0.3.
    public init() {}
  }

  let deviation: Double
  let models: RidgeModels

  /// - Throws: `UserError` for a number outside its range, or an environment without a context.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try problem.requireFeatures("linear Thompson sampling")
    try Check.all([
      Check("agent.deviation", parameters.deviation, in: 1e-9...1e9),
      Check("agent.ridge", parameters.ridge, in: 1e-9...1e9),
    ])
    deviation = parameters.deviation
    models = RidgeModels(problem, ridge: parameters.ridge)
  }

  /// The regressions, a Cholesky root and a draw.
  public var width: Int { models.width + models.dimension * (models.dimension + 1) }

  /// The ridge.
  public func start(_ memory: BanditMemory) { models.start(memory) }
  /// All of it.
  public var learnsFromContext: Bool { true }

  /// Keeps the context.
  public func note(_ memory: BanditMemory, _ moment: BanditMoment, arm: Int) { models.keep(memory, moment, arm) }
  /// Adds the pull.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    models.learn(memory, arm, reward)
  }

  /// The best by a draw.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    let d = models.dimension
    let root = memory + models.width
    let draw = root + d * d
    if !models.isDisjoint {
      cholesky(models.inverse(memory, 0), into: root)
      let estimate = models.estimate(memory, 0)
      for place in 0..<d { draw[place] = estimate[place] }
      for column in 0..<d {
        let normal = deviation * random.quickNormal()
        for row in column..<d { draw[row] += root[row * d + column] * normal }
      }
    }
    var (chosen, top) = (-1, -Double.infinity)
    for arm in 0..<models.arms where moment.allows(arm) {
      var value = 0.0
      if models.isDisjoint {
        let (mean, variance) = models.value(memory, moment, arm)
        value = mean + deviation * variance.squareRoot() * random.quickNormal()
      } else {
        let x = models.features(moment, arm)
        for place in 0..<d { value += draw[place] * Double(x[place]) }
      }
      if chosen < 0 || value > top { (chosen, top) = (arm, value) }
    }
    models.keep(memory, moment, max(0, chosen))
    return max(0, chosen)
  }

  /// The lower root of a positive matrix.
  private func cholesky(_ matrix: BanditMemory, into root: BanditMemory) {
    let d = models.dimension
    for row in 0..<d {
      for column in 0...row {
        var sum = matrix[row * d + column]
        for place in 0..<column { sum -= root[row * d + place] * root[column * d + place] }
        root[row * d + column] = row == column ? max(sum, 1e-300).squareRoot() : sum / root[column * d + column]
      }
    }
  }
}
