import Groundwork
public import ReinforcementLearning

/// Epsilon-greedy: a random arm with probability epsilon, else the best mean so far; arms that were never pulled count
/// as `initial`.
///
/// Source: Sutton and Barto, "Reinforcement Learning", 2nd edition, 2.2 to 2.6.
public struct EpsilonGreedy: RuledPolicy {
  /// Epsilon, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Probability of a random arm (epsilon), 0 to 1.
    public var epsilon = 0.1
    /// With it epsilon falls: min(1, decay * arms / pulls); 0 keeps it.
    public var decay = 0.0
    /// What an arm is worth before its first pull; above what arms pay it makes greedy choice explore.
    public var initial = 0.0
    /// A log that every episode begins with.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Epsilon 0.1.
    public init() {}
  }

  /// The algorithm.
  public struct Rule: BanditRule {
    let configuration: Configuration
    let means: SampleMeans
    /// Pulls and sums.
    public var width: Int { means.width }
    /// Where an arm's numbers are.
    public var armPlaces: [ArmPlaces] { means.places }
    /// Nothing was pulled.
    public func start(_ memory: BanditMemory) {}
    /// Counts.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      means.add(memory, arm, reward)
    }
    /// Ties are broken at random, as the testbed's figures have it.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      var legal = 0
      for arm in 0..<means.arms where moment.allows(arm) { legal += 1 }
      let epsilon =
        configuration.decay > 0
        ? min(1, configuration.decay * Double(means.arms) / Double(max(1, moment.pulls))) : configuration.epsilon
      func value(_ arm: Int) -> Double { memory[arm] > 0 ? means.mean(memory, arm) : configuration.initial }
      var (top, ties) = (-Double.infinity, 0)
      for arm in 0..<means.arms where moment.allows(arm) {
        let value = value(arm)
        if value > top { (top, ties) = (value, 1) } else if value == top { ties += 1 }
      }
      let isRandom = random.uniform() < epsilon
      var rest = random.integer(in: 0..<max(1, isRandom ? legal : ties))
      for arm in 0..<means.arms where moment.allows(arm) && (isRandom || value(arm) == top) {
        if rest == 0 {
          propensity = epsilon / Double(legal) + (value(arm) == top ? (1 - epsilon) / Double(ties) : 0)
          return arm
        }
        rest -= 1
      }
      return 0
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check.all([
      Check("agent.epsilon", configuration.epsilon, in: 0...1), Check("agent.decay", configuration.decay, in: 0...1e9),
      Check("agent.initial", configuration.initial, in: -1e9...1e9),
    ])
    return Rule(configuration: configuration, means: SampleMeans(arms: problem.arms))
  }
}
