public import ReinforcementLearning
import Groundwork
import RealModule

/// A dueling bandit: two arms are compared, and only who wins is seen.
///
/// **Task.** Compare the best arm with itself as often as possible.
///
/// **Actions.** The pair (a, b): number a `arms` + b.
///
/// **Observation.** `lastReward` float32: 1 where the first arm of the last pair won, else 0.
///
/// **Signals.** As of every bandit; `gap` is the mean of what both arms lack to the Condorcet winner (its probability
/// to beat them less 1/2), or without one, of what their Copeland scores lack to the best score.
///
/// **Reward.** 1 where the first arm wins, else 0: what is seen, not what is to be maximised.
///
/// **Start.** The order of the arms is drawn.
///
/// **End.** Truncated after `horizon` comparisons.
///
/// **Configuration.** `condorcet`: strengths one `step` apart, the probability of winning logistic in their difference.
/// `cyclic`: the three best arms beat one another in a circle and all others, so that nobody beats everybody.
///
/// **Source.** Yue et al. 2012, "The k-armed dueling bandits problem"; Zoghi et al. 2014 and 2015 (RUCB, Copeland).
public struct DuelingBandit: Environment {
  /// The pair's number.
  public typealias Action = IndexAction

  /// Who beats whom.
  public enum Preferences: String, Codable, Hashable, Sendable, CaseIterable {
    /// One arm beats all others.
    case condorcet
    /// Three arms beat one another in a circle.
    case cyclic
  }

  /// Arms and preferences.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Number of arms (K), 3 to 32.
    public var arms = 5
    /// Who beats whom.
    public var preferences = Preferences.condorcet
    /// Between neighbouring strengths, above 0.
    public var step = 0.5
    /// Comparisons of an episode (T), 1 to 10^9.
    public var horizon = 10_000

    /// Five arms, one of which beats all others.
    public init() {}

    /// The defaults with some changes.
    public init(_ change: (inout Configuration) -> Void) { change(&self) }
  }

  /// Probabilities and what pairs lose.
  public final class Plan: Sendable {
    let configuration: Configuration
    /// That the row beats the column, before shuffling, `[arms][arms]`.
    let wins: [[Double]]
    /// What an arm loses, `[arms]`.
    let losses: [Double]

    init(_ configuration: Configuration) {
      self.configuration = configuration
      let k = configuration.arms
      var wins = (0..<k).map { row in
        (0..<k).map { 1 / (1 + Double.exp(configuration.step * Double(row - $0))) }
      }
      if configuration.preferences == .cyclic {
        for row in 0..<3 {
          let next = (row + 1) % 3
          wins[row][next] = 1 / (1 + Double.exp(-configuration.step))
          wins[next][row] = 1 - wins[row][next]
        }
      }
      self.wins = wins
      let copeland = (0..<k).map { row in
        Double((0..<k).count { $0 != row && wins[row][$0] > 0.5 }) / Double(k - 1)
      }
      if let winner = copeland.firstIndex(of: 1) {
        losses = (0..<k).map { wins[winner][$0] - 0.5 }
      } else {
        losses = copeland.map { copeland.max()! - $0 }
      }
    }
  }

  /// - Throws: `UserError` for a number outside its range.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    try Check.all([
      Check("environment.arms", configuration.arms, in: 3...32),
      Check("environment.step", configuration.step, in: 0.001...100),
      Check("environment.horizon", configuration.horizon, in: 1...1_000_000_000),
    ])
    return Plan(configuration)
  }

  let plan: Plan
  private(set) var order: [Int]
  /// Duels that the first of a pair has won and all of them, by pair, `[K, K]`, whichever of the two came first.
  private(set) var won, duels: [Int32]
  private(set) var rounds = 0
  private(set) var lost = 0.0
  private var random = RandomSource(seed: 0)
  private(set) var last = -1
  private(set) var lastReward: Float = 0
  private var lastGap: Float = 0
  private var switched = false

  /// In the order of the strengths until the first `reset`.
  public init(plan: Plan) {
    self.plan = plan
    order = Array(0..<plan.configuration.arms)
    won = Array(repeating: 0, count: order.count * order.count)
    duels = won
  }

  /// One field and four signals; judged by the regret.
  public static func specification(of plan: Plan) -> Specification {
    let k = plan.configuration.arms
    return Specification(
      measures: BanditFamily.measures(regret: nil),
      fields: [
        Field("lastReward", element: .float32, range: 0...1, summary: "whether the first arm of the last pair won"),
        .signal("gap", range: 0...1, summary: "what both arms lack to the best, the mean"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether both arms were best"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another pair than before"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known"),
      ],
      actions: .discrete((0..<k * k).map { "pair\($0 / k)-\($0 % k)" }), timeLimit: plan.configuration.horizon,
      rewards: 0...1, isStochastic: true)
  }

  /// Draws the order of the arms.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    for arm in order.indices { order[arm] = arm }
    random.shuffle(&order)
    (last, lastReward, lastGap, switched) = (-1, 0, 0, false)
    for pair in won.indices { (won[pair], duels[pair]) = (0, 0) }
    (rounds, lost) = (0, 0)
  }

  /// Changes who wins from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Compares.
  public mutating func step(_ action: IndexAction) -> Transition {
    let k = order.count
    let (first, second) = (order[action.index / k], order[action.index % k])
    lastReward = random.uniform() < plan.wins[first][second] ? 1 : 0
    lastGap = Float((plan.losses[first] + plan.losses[second]) / 2)
    switched = last >= 0 && last != action.index
    last = action.index
    let (shown, other) = (action.index / k, action.index % k)
    duels[shown * k + other] &+= 1
    won[shown * k + other] &+= lastReward > 0 ? 1 : 0
    if shown != other {
      duels[other * k + shown] &+= 1
      won[other * k + shown] &+= lastReward > 0 ? 0 : 1
    }
    rounds &+= 1
    lost += Double(lastGap)
    return Transition(reward: lastReward)
  }

  /// Writes who won, and the signals.
  public func observe(into row: inout ObservationRow) {
    row.write(lastReward, to: 0)
    row.write(lastGap, to: 1)
    row.write(UInt8(last >= 0 && lastGap == 0 ? 1 : 0), to: 2)
    row.write(UInt8(switched ? 1 : 0), to: 3)
    row.write(Float(0), to: 4)
  }
}
