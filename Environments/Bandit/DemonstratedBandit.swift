public import ReinforcementLearning
import Groundwork
import RealModule

/// Gaussian arms of which an expert has shown some choices before the first pull.
///
/// **Task.** Pull the best arm, with the help of what the expert chose.
///
/// **Actions.** The arms.
///
/// **Observation.** `demonstrations` float32 [arms]: how often the expert chose each arm; `lastReward` float32.
///
/// **Signals.** As of every bandit; `means` float32 [arms].
///
/// **Reward.** The mean and normal noise.
///
/// **Start.** Means are standard normal. The expert knows each with normal noise of deviation 1 / `knowledge` (0: she
/// knows them exactly) and chose arm a with a probability in proportion to exp(`deliberation` times what she believes
/// of it), `demonstrations` times.
///
/// **End.** Truncated after `horizon` pulls.
///
/// **Configuration.** Arms, demonstrations, the expert's competence.
///
/// **Source.** Hao, Jain, Lattimore, Van Roy and Wen 2023, "Leveraging demonstrations to improve online learning:
/// quality matters".
public struct DemonstratedBandit: Environment {
  /// The arm's number.
  public typealias Action = IndexAction

  /// Arms and expert.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Number of arms (K), 2 to 64.
    public var arms = 10
    /// Choices that were shown (N), 0 to 10,000.
    public var demonstrations = 10
    /// How much the expert's choices follow what she believes (beta), from 0: at 0 they say nothing.
    public var deliberation = 1.0
    /// How well she knows the means (lambda), from 0; 0: exactly.
    public var knowledge = 0.0
    /// Deviation of the noise (sigma), above 0.
    public var deviation = 1.0
    /// Pulls of an episode (T), 1 to 10^9.
    public var horizon = 200

    /// Ten arms, ten demonstrations.
    public init() {}
  }

  /// - Throws: `UserError` for a number outside its range.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try Check.all([
      Check("environment.arms", configuration.arms, in: 2...64),
      Check("environment.demonstrations", configuration.demonstrations, in: 0...10_000),
      Check("environment.deliberation", configuration.deliberation, in: 0...1000),
      Check("environment.knowledge", configuration.knowledge, in: 0...1000),
      Check("environment.deviation", configuration.deviation, in: 1e-6...1e6),
      Check("environment.horizon", configuration.horizon, in: 1...1_000_000_000),
    ])
    return configuration
  }

  let configuration: Configuration
  private var random = RandomSource(seed: 0)
  private(set) var means, shown: [Float]
  private(set) var best = 0
  private(set) var lastArm = -1
  private var lastReward: Float = 0
  private var lastGap: Float = 0
  private var switched = false
  private(set) var regret = 0.0
  private(set) var tally: ArmTally

  /// With all means 0 until the first `reset`.
  public init(plan configuration: Configuration) {
    self.configuration = configuration
    means = Array(repeating: 0, count: configuration.arms)
    shown = means
    tally = ArmTally(arms: configuration.arms)
  }

  /// Two fields and five signals; judged by the regret.
  public static func specification(of configuration: Configuration) -> Specification {
    let k = configuration.arms
    return Specification(
      measures: BanditFamily.measures(regret: nil),
      fields: [
        Field(
          "demonstrations", shape: [k], element: .float32, range: 0...Double(max(1, configuration.demonstrations)),
          summary: "how often the expert chose each arm"),
        Field("lastReward", element: .float32, summary: "what the last pull paid"),
        .signal("gap", range: 0...Double.infinity, summary: "what the last pull lost against the best arm's mean"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether the last arm was the best"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another than before"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known with demonstrations"),
        .signal("means", shape: [k], summary: "the arms' means"),
      ],
      actions: .discrete((0..<k).map { "arm\($0)" }), timeLimit: configuration.horizon,
      rewards: -Double.infinity...Double.infinity, isStochastic: true)
  }

  /// Draws the means, then what the expert chose: with more demonstrations the first ones are the same.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    (lastArm, lastReward, lastGap, switched, regret) = (-1, 0, 0, false, 0)
    tally.clear()
    best = 0
    for arm in means.indices { means[arm] = Float(random.normal()) }
    for arm in means.indices where means[arm] > means[best] { best = arm }
    // A stream of its own, so that the expert changes nothing of what arms pay.
    var expert = RandomSource(seed: random.next())
    var weights = means.map { mean in
      let noise = expert.normal()
      let known = configuration.knowledge > 0 ? Double(mean) + noise / configuration.knowledge : Double(mean)
      return configuration.deliberation * known
    }
    let top = weights.max()!
    weights = weights.map { Double.exp($0 - top) }
    let total = weights.reduce(0, +)
    for arm in shown.indices { shown[arm] = 0 }
    for _ in 0..<configuration.demonstrations {
      var rest = expert.uniform() * total
      var chosen = 0
      for arm in weights.indices {
        chosen = arm
        rest -= weights[arm]
        if rest < 0 { break }
      }
      shown[chosen] += 1
    }
  }

  /// Changes what arms pay from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Pays.
  public mutating func step(_ action: IndexAction) -> Transition {
    let arm = action.index
    lastReward = means[arm] + Float(configuration.deviation * random.normal())
    lastGap = means[best] - means[arm]
    switched = lastArm >= 0 && lastArm != arm
    lastArm = arm
    regret += Double(lastGap)
    tally.add(arm, lastReward)
    return Transition(reward: lastReward)
  }

  /// Writes the demonstrations, the last reward and the signals.
  public func observe(into row: inout ObservationRow) {
    for arm in shown.indices { row.write(shown[arm], to: 0, at: arm) }
    row.write(lastReward, to: 1)
    row.write(lastGap, to: 2)
    row.write(UInt8(lastArm == best ? 1 : 0), to: 3)
    row.write(UInt8(switched ? 1 : 0), to: 4)
    row.write(Float(0), to: 5)
    if row.wants(6) { for arm in means.indices { row.write(means[arm], to: 6, at: arm) } }
  }
}
