public import Groundwork
public import ReinforcementLearning
import RealModule

/// Softmax: arms in proportion to exp(mean / temperature).
///
/// Source: Sutton and Barto, "Reinforcement Learning" (1998), 2.3; Cesa-Bianchi et al. 2017, "Boltzmann exploration
/// done right", for what it lacks.
public struct Softmax: BanditRule {
  /// The temperature.
  public struct Parameters: ConfigurationPart {
    /// tau, above 0.
    public var temperature = 0.1
    /// Temperature 0.1.
    public init() {}
  }

  let temperature: Double
  let means: SampleMeans

  /// - Throws: `UserError` for a temperature that is not above 0.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check("agent.temperature", parameters.temperature, in: 1e-6...1e9).enforce()
    temperature = parameters.temperature
    means = SampleMeans(problem)
  }

  /// Pulls, sums and weights.
  public var width: Int { means.width + means.arms }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { means.places }

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
