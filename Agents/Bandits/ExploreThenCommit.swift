import Groundwork
public import ReinforcementLearning

/// Explore, then commit: every arm so many times, then the best mean for good.
///
/// Source: Lattimore and Szepesvári, "Bandit Algorithms" (2020), chapter 6.
public struct ExploreThenCommit: RuledPolicy {
  /// How long it explores, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Pulls of every arm before it commits (m), at least 1.
    public var pulls = 20
    /// A log that every episode begins with.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Twenty pulls.
    public init() {}
  }

  /// The algorithm: pulls, sums, and the arm that it is committed to, plus 1.
  public struct Rule: BanditRule {
    let pulls: Double
    let means: SampleMeans
    /// Pulls, sums, and the commitment.
    public var width: Int { means.width + 1 }
    /// Where an arm's numbers are.
    public var armPlaces: [ArmPlaces] { means.places }
    /// Nothing was pulled.
    public func start(_ memory: BanditMemory) {}
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

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for fewer than one pull.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check("agent.pulls", configuration.pulls, in: 1...1_000_000_000).enforce()
    return Rule(pulls: Double(configuration.pulls), means: SampleMeans(arms: problem.arms))
  }
}
