import Groundwork
public import ReinforcementLearning
import RealModule

/// Ridge regression of rewards on features, one for all arms or one an arm: the inverse of lambda I + sum x x^T, its
/// product with the rewards, and what was chosen last.
///
/// Memory: for every model `[d, d]` inverse, `[d]` sums, `[d]` estimate; then the features of the last pull, one vector
/// an arm where learning may be late.
struct RidgeModels {
  let arms: Int
  let dimension: Int
  /// Whether every arm has parameters of its own, and the context is one vector.
  let isDisjoint: Bool
  let ridge: Double

  init(_ problem: BanditProblem, ridge: Double) {
    arms = problem.arms
    dimension = problem.dimension
    isDisjoint = problem.features.count == 1
    self.ridge = ridge
  }

  var models: Int { isDisjoint ? arms : 1 }
  /// Numbers of one model.
  var modelWidth: Int { dimension * (dimension + 2) }
  var width: Int { models * modelWidth + arms * dimension + dimension }

  func inverse(_ memory: BanditMemory, _ model: Int) -> BanditMemory { memory + model * modelWidth }
  func sums(_ memory: BanditMemory, _ model: Int) -> BanditMemory {
    memory + model * modelWidth + dimension * dimension
  }
  func estimate(_ memory: BanditMemory, _ model: Int) -> BanditMemory { sums(memory, model) + dimension }
  /// The features that an arm had when it was chosen last.
  func chosen(_ memory: BanditMemory, _ arm: Int) -> BanditMemory { memory + models * modelWidth + arm * dimension }
  /// Room for one vector.
  func scratch(_ memory: BanditMemory) -> BanditMemory { memory + models * modelWidth + arms * dimension }

  func model(_ arm: Int) -> Int { isDisjoint ? arm : 0 }

  func start(_ memory: BanditMemory) {
    for model in 0..<models {
      let inverse = inverse(memory, model)
      for place in 0..<dimension { inverse[place * dimension + place] = 1 / ridge }
    }
  }

  /// An arm's features now.
  func features(_ moment: BanditMoment, _ arm: Int) -> UnsafePointer<Float> {
    moment.features! + (isDisjoint ? 0 : arm * dimension)
  }

  /// Keeps what is pulled, for when its reward comes.
  func keep(_ memory: BanditMemory, _ moment: BanditMoment, _ arm: Int) {
    let (x, kept) = (features(moment, arm), chosen(memory, arm))
    for place in 0..<dimension { kept[place] = Double(x[place]) }
  }

  /// Adds a pull by Sherman and Morrison's formula. - Complexity: O(d²).
  func learn(_ memory: BanditMemory, _ arm: Int, _ reward: Double) {
    let d = dimension
    let (inverse, sums, estimate) = (
      inverse(memory, model(arm)), sums(memory, model(arm)), estimate(memory, model(arm))
    )
    let (x, product) = (chosen(memory, arm), scratch(memory))
    var square = 1.0
    for row in 0..<d {
      var sum = 0.0
      for column in 0..<d { sum += inverse[row * d + column] * x[column] }
      product[row] = sum
      square += sum * x[row]
      sums[row] += reward * x[row]
    }
    for row in 0..<d {
      for column in 0..<d { inverse[row * d + column] -= product[row] * product[column] / square }
    }
    for row in 0..<d {
      var sum = 0.0
      for column in 0..<d { sum += inverse[row * d + column] * sums[column] }
      estimate[row] = sum
    }
  }

  /// An arm's estimated mean, and x^T V^-1 x.
  func value(_ memory: BanditMemory, _ moment: BanditMoment, _ arm: Int) -> (mean: Double, variance: Double) {
    let d = dimension
    let (inverse, estimate) = (inverse(memory, model(arm)), estimate(memory, model(arm)))
    let x = features(moment, arm)
    var (mean, variance) = (0.0, 0.0)
    for row in 0..<d {
      mean += estimate[row] * Double(x[row])
      var sum = 0.0
      for column in 0..<d { sum += inverse[row * d + column] * Double(x[column]) }
      variance += sum * Double(x[row])
    }
    return (mean, max(0, variance))
  }
}

/// LinUCB: the arm whose estimated mean and alpha sqrt(x^T V^-1 x) together are largest.
///
/// With one vector for all arms every arm has a regression of its own (the disjoint form), else they share one.
///
/// Source: Li et al. 2010, "A contextual-bandit approach to personalized news article recommendation".
public struct LinearUCB: RuledPolicy {
  /// The bonus and the ridge, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Of the bonus (alpha), from 0.
    public var exploration = 1.0
    /// lambda, above 0.
    public var ridge = 1.0
    /// A log that every episode begins with is not for algorithms with a context: leave it empty.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// alpha and lambda 1.
    public init() {}
  }

  /// The algorithm.
  public struct Rule: BanditRule {
    let exploration: Double
    let models: RidgeModels
    /// The regressions.
    public var width: Int { models.width }
    /// The ridge.
    public func start(_ memory: BanditMemory) { models.start(memory) }
    /// Adds the pull.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      models.learn(memory, arm, reward)
    }
    /// The largest index.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      propensity = 1
      let arm = SampleMeans(arms: models.arms).best(moment) { arm in
        let (mean, variance) = models.value(memory, moment, arm)
        return mean + exploration * variance.squareRoot()
      }
      models.keep(memory, moment, arm)
      return arm
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range, or an environment without a context.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try problem.requireFeatures("LinUCB")
    try Check.all([
      Check("agent.exploration", configuration.exploration, in: 0...1e6),
      Check("agent.ridge", configuration.ridge, in: 1e-9...1e9),
    ])
    return Rule(exploration: configuration.exploration, models: RidgeModels(problem, ridge: configuration.ridge))
  }
}

/// Linear Thompson sampling: parameters drawn from their normal posterior, the arm that is best by them.
///
/// The draw of a mean is normal with the estimate and deviation times sqrt(x^T V^-1 x). Arms that share parameters
/// share one draw, of which only the arms' products are needed: it is made in the space of parameters by a Cholesky
/// root of V^-1.
///
/// Source: Agrawal and Goyal 2013, "Thompson sampling for contextual bandits with linear payoffs".
public struct LinearThompson: RuledPolicy {
  /// The noise and the ridge, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Deviation of the noise (sigma), above 0: scales the posterior.
    public var deviation = 0.3
    /// lambda, above 0: sigma² over the prior's variance.
    public var ridge = 1.0
    /// A log that every episode begins with is not for algorithms with a context: leave it empty.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Noise of 0.3.
    public init() {}
  }

  /// The algorithm.
  public struct Rule: BanditRule {
    let deviation: Double
    let models: RidgeModels
    /// The regressions, a Cholesky root and a draw.
    public var width: Int { models.width + models.dimension * (models.dimension + 1) }
    /// The ridge.
    public func start(_ memory: BanditMemory) { models.start(memory) }
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

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range, or an environment without a context.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try problem.requireFeatures("linear Thompson sampling")
    try Check.all([
      Check("agent.deviation", configuration.deviation, in: 1e-9...1e9),
      Check("agent.ridge", configuration.ridge, in: 1e-9...1e9),
    ])
    return Rule(deviation: configuration.deviation, models: RidgeModels(problem, ridge: configuration.ridge))
  }
}

/// Logistic Thompson sampling: a normal law per parameter, fitted to the logistic loss online, with a precision that
/// grows by x² p (1 - p); parameters are drawn from it.
///
/// Source: Chapelle and Li 2011, "An empirical evaluation of Thompson sampling", algorithm 3, one pull at a time.
public struct LogisticThompson: RuledPolicy {
  /// The prior, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Precision of the prior (lambda), above 0.
    public var precision = 1.0
    /// A log that every episode begins with is not for algorithms with a context: leave it empty.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Precision 1.
    public init() {}
  }

  /// The algorithm: for every model means and precisions, then the features of every arm's last pull.
  public struct Rule: BanditRule {
    let precision: Double
    let arms: Int
    let dimension: Int
    let isDisjoint: Bool
    private var models: Int { isDisjoint ? arms : 1 }

    init(_ problem: BanditProblem, precision: Double) {
      self.precision = precision
      arms = problem.arms
      dimension = problem.dimension
      isDisjoint = problem.features.count == 1
    }

    /// Two numbers a parameter, a vector an arm, and a draw.
    public var width: Int { 2 * models * dimension + arms * dimension + dimension }
    /// The prior.
    public func start(_ memory: BanditMemory) {
      for place in 0..<models * dimension { memory[models * dimension + place] = precision }
    }
    /// Newton's steps of the regularised loss of this pull, then the precision of its curvature.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      let base = isDisjoint ? arm * dimension : 0
      let mean = memory + base
      let precision = memory + models * dimension + base
      let x = memory + 2 * models * dimension + arm * dimension
      // The minimiser moves along precision^-1 x: one number, found by Newton's steps.
      var (start, spread) = (0.0, 0.0)
      for place in 0..<dimension {
        start += mean[place] * x[place]
        spread += x[place] * x[place] / precision[place]
      }
      var step = 0.0
      for _ in 0..<20 {
        let p = 1 / (1 + Double.exp(-(start + step * spread)))
        let change = (reward - p - step) / (1 + p * (1 - p) * spread)
        step += change
        if abs(change) < 1e-10 { break }
      }
      let p = 1 / (1 + Double.exp(-(start + step * spread)))
      for place in 0..<dimension {
        mean[place] += step * x[place] / precision[place]
        precision[place] += x[place] * x[place] * p * (1 - p)
      }
    }
    /// The best by a draw.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      let draw = memory + 2 * models * dimension + arms * dimension
      var (chosen, top) = (-1, -Double.infinity)
      for arm in 0..<arms where moment.allows(arm) {
        let base = isDisjoint ? arm * dimension : 0
        if isDisjoint || chosen < 0 {
          for place in 0..<dimension {
            draw[place] =
              memory[base + place]
              + random.quickNormal() / memory[models * dimension + base + place].squareRoot()
          }
        }
        let x = moment.features! + (isDisjoint ? 0 : arm * dimension)
        var value = 0.0
        for place in 0..<dimension { value += draw[place] * Double(x[place]) }
        if chosen < 0 || value > top { (chosen, top) = (arm, value) }
      }
      let arm = max(0, chosen)
      let x = moment.features! + (isDisjoint ? 0 : arm * dimension)
      let kept = memory + 2 * models * dimension + arm * dimension
      for place in 0..<dimension { kept[place] = Double(x[place]) }
      return arm
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a precision that is not above 0, or an environment without a context.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try problem.requireFeatures("logistic Thompson sampling")
    try problem.requireLimits("Logistic Thompson sampling")
    try Check("agent.precision", configuration.precision, in: 1e-9...1e9).enforce()
    return Rule(problem, precision: configuration.precision)
  }
}
