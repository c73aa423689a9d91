public import Groundwork
public import ReinforcementLearning
import RealModule

/// Logistic Thompson sampling: a normal law per parameter, fitted to the logistic loss online, with a precision that
/// grows by x² p (1 - p); parameters are drawn from it.
///
/// Source: Chapelle and Li 2011, "An empirical evaluation of Thompson sampling", algorithm 3, one pull at a time.
public struct LogisticThompson: BanditRule {
  /// The prior.
  public struct Parameters: ConfigurationPart {
    /// Precision of the prior (lambda), above 0.
    public var precision = 1.0
    /// Precision 1.
    public init() {}
  }

  let precision: Double
  let context: ContextMemory

  /// - Throws: `UserError` for a precision that is not above 0, or an environment without a context.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try problem.requireFeatures("logistic Thompson sampling")
    try problem.requireLimits("Logistic Thompson sampling")
    try Check("agent.precision", parameters.precision, in: 1e-9...1e9).enforce()
    precision = parameters.precision
    context = ContextMemory(problem)
  }

  private var arms: Int { context.arms }
  private var dimension: Int { context.dimension }
  private var models: Int { context.isShared ? arms : 1 }

  /// All of it.
  public var learnsFromContext: Bool { true }
  /// For every model means and precisions, then the features of every arm's last pull.
  public var width: Int { 2 * models * dimension + context.width + dimension }

  /// Keeps the context.
  public func note(_ memory: BanditMemory, _ moment: BanditMoment, arm: Int) {
    context.keep(memory + 2 * models * dimension, moment, arm)
  }

  /// The prior.
  public func start(_ memory: BanditMemory) {
    for place in 0..<models * dimension { memory[models * dimension + place] = precision }
  }

  /// Newton's steps of the regularised loss of this pull, then the precision of its curvature.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    let base = context.isShared ? arm * dimension : 0
    let mean = memory + base
    let precision = memory + models * dimension + base
    let x = context.chosen(memory + 2 * models * dimension, arm)
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
    let draw = memory + 2 * models * dimension + context.width
    var (chosen, top) = (-1, -Double.infinity)
    for arm in 0..<arms where moment.allows(arm) {
      let base = context.isShared ? arm * dimension : 0
      if context.isShared || chosen < 0 {
        for place in 0..<dimension {
          draw[place] =
            memory[base + place]
            + random.quickNormal() / memory[models * dimension + base + place].squareRoot()
        }
      }
      let x = context.features(moment, arm)
      var value = 0.0
      for place in 0..<dimension { value += draw[place] * Double(x[place]) }
      if chosen < 0 || value > top { (chosen, top) = (arm, value) }
    }
    let arm = max(0, chosen)
    note(memory, moment, arm: arm)
    return arm
  }
}
