import Groundwork
public import ReinforcementLearning
import RealModule

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

/// Softmax: arms in proportion to exp(mean / temperature).
///
/// Source: Sutton and Barto, "Reinforcement Learning" (1998), 2.3; Cesa-Bianchi et al. 2017, "Boltzmann exploration
/// done right", for what it lacks.
public struct Softmax: RuledPolicy {
  /// The temperature, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// tau, above 0.
    public var temperature = 0.1
    /// A log that every episode begins with.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Temperature 0.1.
    public init() {}
  }

  /// The algorithm: pulls, sums and weights.
  public struct Rule: BanditRule {
    let temperature: Double
    let means: SampleMeans
    /// Pulls, sums and weights.
    public var width: Int { means.width + means.arms }
    /// Where an arm's numbers are.
    public var armPlaces: [ArmPlaces] { means.places }
    /// Nothing was pulled.
    public func start(_ memory: BanditMemory) {}
    /// Counts.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      means.add(memory, arm, reward)
    }
    /// Draws.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      let weights = memory + means.width
      let top = means.mean(memory, means.best(moment) { means.mean(memory, $0) })
      for arm in 0..<means.arms { weights[arm] = Double.exp((means.mean(memory, arm) - top) / temperature) }
      return WeightedDraw.draw(
        weights, arms: means.arms, moment, uniform: random.uniform(), propensity: &propensity)
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a temperature that is not above 0.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check("agent.temperature", configuration.temperature, in: 1e-6...1e9).enforce()
    return Rule(temperature: configuration.temperature, means: SampleMeans(arms: problem.arms))
  }
}
