import Groundwork
public import ReinforcementLearning
import RealModule

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
