public import ReinforcementLearning
import Groundwork
import RealModule

/// Bernoulli arms that come and go, whose rewards may come late, or whose means an adversary shifts.
///
/// **Task.** Pull the best arm that there is now as often as possible.
///
/// **Actions.** The arms' places; a place without an arm cannot be pulled. An arm that comes to a place where one was
/// before is another one.
///
/// **Observation.** `arrivedArm` int16 [8] and `arrivedReward` float32 [8]: which pulls' rewards came after the last
/// pull, and what they are; `arms` where nothing came. `lastReward` float32: their sum.
///
/// **Signals.** As of every bandit; `means` float32 [arms], 0 where there is no arm; `waiting` int32: rewards that have
/// not come yet.
///
/// **Reward.** The sum of what came. A pull pays 1 or 0; it comes with the pull, or `delay` pulls later (a fixed
/// number, or on average where `geometric`). At most eight come at a time, others wait.
///
/// **Start.** All places have arms; without a lifetime one is `gap` better than the others, else means are uniform.
///
/// **End.** Truncated after `horizon` pulls; what has not come by then is lost.
///
/// **Configuration.** Delays, lifetimes, phases. `lifetime`: pulls that an arm lasts on average, and that a place then
/// stays empty on average times `vacancy`; two arms are always there. `phases`: the stochastically constrained
/// adversary: in phases that grow by 1.6 all means are shifted up by (1 - gap) / 2 or down by as much, the gap stays.
///
/// **Source.** Joulani, György and Szepesvári 2013, "Online learning under delayed feedback"; Chakrabarti et al.
/// 2008, "Mortal multi-armed bandits"; Zimmert and Seldin 2021 (the adversary).
public struct ChangingBandit: Environment {
  /// The arm's place.
  public typealias Action = IndexAction

  /// Arms, delays, lifetimes.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Places for arms (K), 2 to 256.
    public var arms = 10
    /// The best arm's mean less the others', 0 to 1, where arms last.
    public var gap = 0.2
    /// Pulls until a reward comes, 0 to 1000.
    public var delay = 0
    /// Whether the delay is geometric with that mean.
    public var geometric = false
    /// Pulls that an arm lasts on average, from 0; 0: for good.
    public var lifetime = 0
    /// How long a place is empty, in lifetimes, above 0 to 100.
    public var vacancy = 0.5
    /// Whether an adversary shifts all means.
    public var phases = false
    /// Pulls of an episode (T), 1 to 10^9.
    public var horizon = 5000

    /// Ten arms that last.
    public init() {}

    /// The defaults with some changes.
    public init(_ change: (inout Configuration) -> Void) { change(&self) }
  }

  /// - Throws: `UserError` for a number outside its range.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    let c = configuration
    try Check.all([
      Check("environment.arms", c.arms, in: 2...256), Check("environment.gap", c.gap, in: 0...1),
      Check("environment.delay", c.delay, in: 0...1000),
      Check("environment.lifetime", c.lifetime, in: 0...1_000_000_000),
      Check("environment.vacancy", c.vacancy, c.vacancy > 0 && c.vacancy <= 100, "Use a number above 0 to 100"),
      Check("environment.horizon", c.horizon, in: 1...1_000_000_000),
    ])
    return c
  }

  /// Rewards that may come at a time.
  static let most = 8

  let configuration: Configuration
  private var random = RandomSource(seed: 0)
  /// By place: means, and whether there is an arm.
  private(set) var means: [Float]
  private(set) var isThere: [Bool]
  private(set) var present = 0
  /// Rewards on their way: by the pull at which they come, modulo the ring's length, up to eight each.
  private(set) var ringArms: [Int16]
  private var ringRewards: [Float]
  private(set) var ringCounts: [UInt8]
  private let length: Int
  private(set) var pulls = 0
  private(set) var waiting: Int32 = 0
  private var arrivedArms: [Int16]
  private var arrivedRewards: [Float]
  private(set) var shift: Float = 0
  private(set) var phaseEnd = 1.0
  private var phaseLength = 1.0
  private(set) var lastArm = -1
  private(set) var lastReward: Float = 0
  private var lastGap: Float = 0
  private var isBest = false
  private var switched = false
  private(set) var regret = 0.0
  private(set) var tally: ArmTally

  /// With no arms until the first `reset`.
  public init(plan configuration: Configuration) {
    self.configuration = configuration
    means = Array(repeating: 0, count: configuration.arms)
    isThere = Array(repeating: true, count: configuration.arms)
    // A geometric delay is cut at twenty times its mean: beyond lie 2e-9 of them.
    tally = ArmTally(arms: configuration.arms)
    length = (configuration.geometric ? 20 : 1) * configuration.delay + 2
    ringArms = Array(repeating: 0, count: length * ChangingBandit.most)
    ringRewards = Array(repeating: 0, count: length * ChangingBandit.most)
    ringCounts = Array(repeating: 0, count: length)
    arrivedArms = Array(repeating: Int16(configuration.arms), count: ChangingBandit.most)
    arrivedRewards = Array(repeating: 0, count: ChangingBandit.most)
  }

  /// Three fields and six signals; judged by the regret.
  public static func specification(of configuration: Configuration) -> Specification {
    let k = configuration.arms
    return Specification(
      measures: BanditFamily.measures(regret: nil),
      fields: [
        Field(
          "arrivedArm", shape: [most], element: .int16, kind: .categorical(Array(repeating: k + 1, count: most)),
          summary: "the arms whose rewards came"),
        Field("arrivedReward", shape: [most], element: .float32, range: 0...1, summary: "what came"),
        Field("lastReward", element: .float32, range: 0...Double(most), summary: "the sum of what came"),
        .signal("gap", range: 0...1, summary: "what the last pull lost against the best arm's mean"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether the last arm was the best"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another than before"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known"),
        .signal("means", shape: [k], range: 0...1, summary: "the arms' means in this phase, 0 where there is no arm"),
        .signal("waiting", element: .int32, summary: "rewards that have not come yet"),
      ],
      actions: .discrete((0..<k).map { "arm\($0)" }), hasIllegalActions: configuration.lifetime > 0,
      timeLimit: configuration.horizon, rewards: 0...Double(most), isStochastic: true)
  }

  /// Arms in all places, nothing on its way.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    (pulls, waiting, lastArm, lastReward, lastGap, isBest, switched) = (0, 0, -1, 0, 0, false, false)
    (shift, phaseEnd, phaseLength, regret) = (0, 1, 1, 0)
    tally.clear()
    for place in ringCounts.indices { ringCounts[place] = 0 }
    let best = random.integer(in: 0..<means.count)
    for arm in means.indices {
      isThere[arm] = true
      means[arm] =
        configuration.lifetime > 0
        ? random.uniformFloat() : Float(0.5 + (arm == best ? 0.5 : -0.5) * configuration.gap)
    }
    present = means.count
    movePhase()
    clearArrived()
  }

  private mutating func clearArrived() {
    for place in 0..<ChangingBandit.most { (arrivedArms[place], arrivedRewards[place]) = (Int16(means.count), 0) }
  }

  private mutating func movePhase() {
    guard configuration.phases else { return }
    if pulls == 0 {
      shift = Float((1 - configuration.gap) / 2)
    } else if Double(pulls) >= phaseEnd {
      phaseLength *= 1.6
      phaseEnd += phaseLength
      shift = -shift
    }
  }

  /// Changes what is paid from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Pays now or later, hands out what has come, lets arms come and go.
  public mutating func step(_ action: IndexAction) -> Transition {
    let arm = action.index
    var top: Float = 0
    for place in means.indices where isThere[place] { top = max(top, means[place]) }
    lastGap = top - means[arm]
    isBest = means[arm] == top
    switched = lastArm >= 0 && lastArm != arm
    lastArm = arm
    regret += Double(lastGap)
    tally.pull(arm)
    let reward: Float = random.uniform() < Double(means[arm] + shift) ? 1 : 0
    var delay = configuration.delay
    if configuration.geometric, delay > 0 {
      let p = 1 / (1 + Double(delay))
      delay = min(length - 2, Int(Double.log(1 - random.uniform()) / Double.log(1 - p)))
    }
    put(Int16(arm), reward, at: pulls + delay)
    waiting += 1
    clearArrived()
    let now = pulls % length
    lastReward = 0
    for place in 0..<Int(ringCounts[now]) {
      arrivedArms[place] = ringArms[now * ChangingBandit.most + place]
      arrivedRewards[place] = ringRewards[now * ChangingBandit.most + place]
      lastReward += arrivedRewards[place]
      tally.pay(Int(arrivedArms[place]), arrivedRewards[place])
      waiting -= 1
    }
    ringCounts[now] = 0
    pulls += 1
    movePhase()
    if configuration.lifetime > 0 { comeAndGo() }
    return Transition(reward: lastReward)
  }

  /// Puts a reward where there is room, from a pull on.
  private mutating func put(_ arm: Int16, _ reward: Float, at pull: Int) {
    for late in 0..<length {
      let place = (pull + late) % length
      guard ringCounts[place] < UInt8(ChangingBandit.most) else { continue }
      ringArms[place * ChangingBandit.most + Int(ringCounts[place])] = arm
      ringRewards[place * ChangingBandit.most + Int(ringCounts[place])] = reward
      ringCounts[place] += 1
      return
    }
  }

  private mutating func comeAndGo() {
    let leave = 1 / Double(configuration.lifetime)
    let come = leave / configuration.vacancy
    for arm in means.indices {
      if isThere[arm] {
        if present > 2, random.uniform() < leave {
          (isThere[arm], means[arm]) = (false, 0)
          present -= 1
        }
      } else if random.uniform() < come {
        (isThere[arm], means[arm]) = (true, random.uniformFloat())
        tally.forget(arm)
        present += 1
      }
    }
  }

  /// Places without an arm cannot be pulled.
  public func legalActions(into mask: inout MutableSpan<Bool>) {
    guard configuration.lifetime > 0 else { return }
    for arm in isThere.indices where !isThere[arm] { mask[arm] = false }
  }

  /// Writes what came, and the signals.
  public func observe(into row: inout ObservationRow) {
    for place in 0..<ChangingBandit.most {
      row.write(arrivedArms[place], to: 0, at: place)
      row.write(arrivedRewards[place], to: 1, at: place)
    }
    row.write(lastReward, to: 2)
    row.write(lastGap, to: 3)
    row.write(UInt8(isBest ? 1 : 0), to: 4)
    row.write(UInt8(switched ? 1 : 0), to: 5)
    row.write(Float(0), to: 6)
    if row.wants(7) {
      for arm in means.indices {
        row.write(isThere[arm] ? max(0, min(1, means[arm] + shift)) : 0, to: 7, at: arm)
      }
    }
    row.write(waiting, to: 8)
  }
}
