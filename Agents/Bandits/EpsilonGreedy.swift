public import Groundwork
public import ReinforcementLearning

/// Epsilon-greedy: a random arm with probability epsilon, else the best mean so far; arms that were never pulled count
/// as `initial`.
///
/// Source: Sutton and Barto, "Reinforcement Learning", 2nd edition, 2.2 to 2.6.
public struct EpsilonGreedy: BanditRule {
  /// Epsilon.
  public struct Parameters: ConfigurationPart {
    /// Probability of a random arm (epsilon), 0 to 1.
    public var epsilon = 0.1
    /// With it epsilon falls: min(1, decay * arms / pulls); 0 keeps it.
    public var decay = 0.0
    /// What an arm is worth before its first pull; above what arms pay it makes greedy choice explore.
    public var initial = 0.0
    /// Epsilon 0.1.
    public init() {}
  }

  let parameters: Parameters
  let means: SampleMeans

  /// - Throws: `UserError` for a number outside its range.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.epsilon", parameters.epsilon, in: 0...1), Check("agent.decay", parameters.decay, in: 0...1e9),
      Check("agent.initial", parameters.initial, in: -1e9...1e9),
    ])
    self.parameters = parameters
    means = SampleMeans(problem)
  }

  /// Pulls and sums.
  public var width: Int { means.width }
  /// Where an arm's numbers are.
  public var armPlaces: [ArmPlaces] { means.places }

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
      parameters.decay > 0
      ? min(1, parameters.decay * Double(means.arms) / Double(max(1, moment.pulls))) : parameters.epsilon
    func value(_ arm: Int) -> Double { memory[arm] > 0 ? means.mean(memory, arm) : parameters.initial }
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
