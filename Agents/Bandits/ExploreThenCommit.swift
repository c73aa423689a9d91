public import Groundwork
public import ReinforcementLearning

/// Explore, then commit: every arm so many times, then the best mean for good.
///
/// Source: Lattimore and Szepesvári, "Bandit Algorithms" (2020), chapter 6.
public struct ExploreThenCommit: BanditRule {
  /// How long it explores.
  public struct Parameters: ConfigurationPart {
    /// Pulls of every arm before it commits (m), at least 1.
    public var pulls = 20
    /// Twenty pulls.
    public init() {}
  }

  let pulls: Double
  let means: SampleMeans

  /// - Throws: `UserError` for fewer than one pull.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check("agent.pulls", parameters.pulls, in: 1...1_000_000_000).enforce()
    pulls = Double(parameters.pulls)
    means = SampleMeans(problem)
  }

  /// Pulls, sums, and the arm that it is committed to, plus 1.
  public var width: Int { means.width + 1 }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { means.places }

  /// Counts.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    means.add(memory, arm, reward)
  }

  /// The least pulled arm, or the one that it is committed to.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    propensity = 1
    let committed = Int(memory[means.width]) - 1
    if committed >= 0, moment.allows(committed) { return committed }
    let next = means.best(moment) { -memory[$0] }
    guard memory[next] >= pulls else { return next }
    let chosen = means.best(moment) { means.mean(memory, $0) }
    memory[means.width] = Double(chosen + 1)
    return chosen
  }
}
