public import Groundwork
public import ReinforcementLearning
import RealModule

/// Discounted UCB: pulls count less the longer ago they are.
///
/// The index is the discounted mean and 2 sqrt(xi ln n / N), N the arm's discounted pulls and n those of all.
///
/// Source: Kocsis and Szepesvári 2006, "Discounted UCB"; Garivier and Moulines 2011.
public struct DiscountedUCB: BanditRule {
  /// The discount.
  public struct Parameters: ConfigurationPart {
    /// gamma, above 0 to 1.
    public var discount = 0.998
    /// xi, from 0, for rewards brought to 0 to 1 by their limits.
    public var exploration = 0.15
    /// A discount of 0.998.
    public init() {}
  }

  let discount: Double
  let exploration: Double
  let problem: BanditProblem
  let means: SampleMeans

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.discount", parameters.discount, parameters.discount > 0 && parameters.discount <= 1,
        "Use a number above 0 to 1"),
      Check("agent.exploration", parameters.exploration, in: 0...1e6),
    ])
    try problem.requireLimits("Discounted UCB")
    discount = parameters.discount
    exploration = parameters.exploration
    self.problem = problem
    means = SampleMeans(problem)
  }

  /// Discounted counts and sums.
  public var width: Int { means.width }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { means.places }

  /// All fade, one grows.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    for place in 0..<means.width { memory[place] *= discount }
    means.add(memory, arm, problem.unit(reward))
  }

  /// The largest index.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    propensity = 1
    if let arm = means.untried(memory, moment) { return arm }
    var total = 0.0
    for arm in 0..<means.arms { total += memory[arm] }
    let bonus = exploration * Double.log(max(1, total))
    return means.best(moment) { means.mean(memory, $0) + 2 * (bonus / max(memory[$0], 1e-12)).squareRoot() }
  }
}
