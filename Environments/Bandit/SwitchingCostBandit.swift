public import ReinforcementLearning
import Groundwork
import RealModule

/// Losses of an adversary, a price for every switch, and observations that are chosen and counted.
///
/// **Task.** Lose as little as possible, switches included.
///
/// **Actions.** `arms` times three: arm a without an observation (number a), with its own loss observed
/// (`arms` + a), with all losses observed (2 `arms` + a).
///
/// **Observation.** `observed` float32 [arms]: the losses that were observed last, -1 where none was.
///
/// **Signals.** As of every bandit; `gap`: how much worse the pulled arm is than the best, the price of a switch
/// included; `loss` float32; `observations` float32 so far: an own loss counts 1, all of them `arms`.
///
/// **Reward.** Minus the loss, minus 1 where the arm is another than before.
///
/// **Start.** The best arm is drawn. The declared adversary: all losses follow a multi-scale random walk, and a coin
/// decides on each by itself. The walk at t is the walk at t - 2^k (2^k the largest power of two that divides t) and a
/// normal step of deviation `walk` / log2 T, so that it strays little and still tells nobody who looks at one arm
/// alone; the loss of an arm is 1 or 0 with probability 1/2 + walk, less `gap` for the best arm.
///
/// **End.** Truncated after `horizon` pulls.
///
/// **Configuration.** Arms, pulls, gap. With `gap` 0 it is 1 / sqrt(max(T^(2/3), budget)): what so many observations
/// just cannot tell from 0, where the regret is largest.
///
/// **Source.** Dekel, Ding, Koren and Peres 2014, "Bandits with switching costs: T^(2/3) regret" (the walk); Shi, Lin
/// and Shroff 2022, "On the power of extra observations with switching costs".
public struct SwitchingCostBandit: Environment {
  /// An arm and what is observed.
  public typealias Action = IndexAction

  /// The adversary's numbers.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Number of arms (K), 2 to 64.
    public var arms = 2
    /// How much less the best arm loses, 0 to 1/4; 0: by `budget`.
    public var gap = 0.0
    /// Observations that the gap is made for, from 0.
    public var budget = 0
    /// Deviation of the walk's steps times log2 T, from 0.
    public var walk = 0.1
    /// Pulls of an episode (T), 2 to 2^30.
    public var horizon = 4096

    /// Two arms.
    public init() {}
  }

  /// - Throws: `UserError` for a number outside its range.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try Check.all([
      Check("environment.arms", configuration.arms, in: 2...64),
      Check("environment.gap", configuration.gap, in: 0...0.25),
      Check("environment.budget", configuration.budget, in: 0...(1 << 40)),
      Check("environment.walk", configuration.walk, in: 0...1),
      Check("environment.horizon", configuration.horizon, in: 2...(1 << 30)),
    ])
    return configuration
  }

  private let configuration: Configuration
  let gap: Double
  private let deviation: Double
  private var random = RandomSource(seed: 0)
  private(set) var best = 0
  private(set) var round = 0
  /// The walk where the last step of every size began: at t - 2^k for every k.
  private var walks: [Double]
  private(set) var walk = 0.0
  private(set) var observed: [Float]
  private(set) var lastArm = -1
  private var loss: Float = 0
  private var lastGap: Float = 0
  private var isBest = false
  private var switched = false
  private(set) var observations = 0
  private(set) var switches = 0
  private(set) var regret = 0.0
  private(set) var tally: ArmTally
  /// A round of the board's timeline.
  struct Round: Sendable {
    var walk: Float = 0
    var arm = 0
    var isSwitch = false
  }
  /// How many rounds the timeline shows.
  static let recent = 96
  /// The last rounds, each at its number modulo `recent`.
  private(set) var history = [Round](repeating: Round(), count: SwitchingCostBandit.recent)

  /// At the walk's start.
  public init(plan configuration: Configuration) {
    self.configuration = configuration
    let horizon = Double(configuration.horizon)
    let seen = max(Double.pow(horizon, 2.0 / 3), Double(configuration.budget))
    gap = configuration.gap > 0 ? configuration.gap : min(0.25, 1 / seen.squareRoot())
    deviation = configuration.walk / Double.log2(horizon)
    walks = Array(repeating: 0, count: 32)
    observed = Array(repeating: -1, count: configuration.arms)
    tally = ArmTally(arms: configuration.arms)
  }

  /// One field and seven signals; judged by the regret, switches included.
  public static func specification(of configuration: Configuration) -> Specification {
    let arms = configuration.arms
    return Specification(
      measures: BanditFamily.measures(
        regret: nil,
        more: [
          Measure(
            "observations", of: .field("observations", element: 0), .last, .lower, summary: "losses that were observed")
        ]),
      fields: [
        Field("observed", shape: [arms], element: .float32, range: -1...1, summary: "losses observed last, or -1"),
        .signal("gap", range: 0...2, summary: "how much worse the arm is than the best, a switch's price included"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether the last arm was the best"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another than before"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known"),
        .signal("loss", range: 0...1, summary: "what the last pull lost"),
        .signal("observations", summary: "losses that were observed so far"),
      ],
      actions: .discrete(
        ["blind", "own", "all"].flatMap { kind in (0..<arms).map { "\(kind)\($0)" } }),
      timeLimit: configuration.horizon, rewards: -2...0, isStochastic: true)
  }

  /// Draws the best arm.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    best = random.integer(in: 0..<configuration.arms)
    (round, walk, lastArm, loss, lastGap, isBest, switched, observations) = (0, 0, -1, 0, 0, false, false, 0)
    (switches, regret) = (0, 0)
    tally.clear()
    for place in walks.indices { walks[place] = 0 }
    for arm in observed.indices { observed[arm] = -1 }
  }

  /// Changes what is lost from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Walks, loses, shows.
  public mutating func step(_ action: IndexAction) -> Transition {
    let arms = configuration.arms
    let (arm, kind) = (action.index % arms, action.index / arms)
    round += 1
    let scale = round.trailingZeroBitCount
    // The walk at t - 2^scale was the last one at a multiple of a larger power.
    walk = walks[min(31, scale + 1)] + deviation * random.normal()
    for size in 0...min(31, scale) { walks[size] = walk }
    var own: Float = 0
    for other in 0..<arms {
      let probability = 0.5 + walk - (other == best ? gap : 0)
      let isLost: Float = random.uniform() < probability ? 1 : 0
      if other == arm { own = isLost }
      observed[other] = kind == 2 || (kind == 1 && other == arm) ? isLost : -1
    }
    observations += kind == 2 ? arms : kind
    switched = lastArm >= 0 && arm != lastArm
    lastArm = arm
    isBest = arm == best
    loss = own
    lastGap = Float(isBest ? 0 : gap) + (switched ? 1 : 0)
    switches += switched ? 1 : 0
    regret += Double(lastGap)
    tally.add(arm, own)
    history[(round - 1) % SwitchingCostBandit.recent] = Round(walk: Float(walk), arm: arm, isSwitch: switched)
    return Transition(reward: -own - (switched ? 1 : 0))
  }

  /// Writes what was observed, and the signals.
  public func observe(into row: inout ObservationRow) {
    for arm in observed.indices { row.write(observed[arm], to: 0, at: arm) }
    row.write(lastGap, to: 1)
    row.write(UInt8(isBest ? 1 : 0), to: 2)
    row.write(UInt8(switched ? 1 : 0), to: 3)
    row.write(Float(0), to: 4)
    row.write(loss, to: 5)
    row.write(Float(observations), to: 6)
  }
}
