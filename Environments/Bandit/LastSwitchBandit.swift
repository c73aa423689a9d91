public import ReinforcementLearning
import Groundwork

/// What arms pay by how long they have rested, or have been pulled in a row.
///
/// An arm that was not pulled in the last round has rested for d rounds and pays `rest[d - 1]`; one that was has been
/// pulled r times in a row and pays `run[r - 1]`. Both are cut at the tables' length (D).
public struct LastSwitchTables: Codable, Hashable, Sendable {
  /// By arm and rest, `[arms][D]`.
  public var rest: [[Double]]
  /// By arm and run, `[arms][D]`.
  public var run: [[Double]]

  /// Tables; see the fields.
  public init(rest: [[Double]], run: [[Double]]) {
    self.rest = rest
    self.run = run
  }

  /// Number of arms (K).
  public var arms: Int { rest.count }
  /// Rounds of rest or run that are told apart (D).
  public var depth: Int { rest.first?.count ?? 0 }

  /// Whether payoffs never fall with rest and never rise with a run.
  public var isMonotone: Bool {
    (0..<arms).allSatisfy { arm in
      let ladder = run[arm].reversed() + rest[arm]
      return zip(ladder, ladder.dropFirst()).allSatisfy { $0 <= $1 }
    }
  }

  /// Monotone tables whose numbers are drawn uniformly and sorted.
  public static func random(arms: Int, depth: Int, random: inout RandomSource) -> LastSwitchTables {
    var tables = LastSwitchTables(rest: [], run: [])
    for _ in 0..<arms {
      // Sizes differ between arms, so that some are worth waiting for.
      let top = random.uniform()
      let ladder = (0..<2 * depth).map { _ in top * random.uniform() }.sorted()
      tables.run.append(Array(ladder.prefix(depth).reversed()))
      tables.rest.append(Array(ladder.suffix(depth)))
    }
    return tables
  }

  /// The state of an arm after it was pulled, or not: r > 0 for a run, -d for a rest, cut at D.
  @inlinable public func after(_ state: Int, pulled: Bool) -> Int {
    pulled ? (state > 0 ? min(depth, state + 1) : 1) : (state > 0 ? -1 : max(-depth, state - 1))
  }

  /// What an arm pays in a state.
  @inlinable public func pay(_ arm: Int, _ state: Int) -> Double {
    state > 0 ? run[arm][state - 1] : rest[arm][-state - 1]
  }
}

/// The most that any way of pulling earns a round in the long run, exactly: the largest mean of a cycle of states.
///
/// Source: Karp 1978, "A characterization of the minimum cycle mean in a digraph".
public enum LastSwitchOptimum {
  /// The optimum, with a round without a pull allowed; nil where there are more than `limit` states.
  ///
  /// - Complexity: O(n² K) for n states, at most (2 D)^K.
  public static func value(of tables: LastSwitchTables, limit: Int = 3000) -> Double? {
    let (arms, depth) = (tables.arms, tables.depth)
    // States that are reached from all arms rested.
    var numbers: [[Int]: Int] = [Array(repeating: -depth, count: arms): 0]
    var states = [Array(repeating: -depth, count: arms)]
    var edges: [(from: Int, to: Int, pay: Double)] = []
    var next = 0
    while next < states.count {
      let state = states[next]
      for action in 0...arms {
        let after = (0..<arms).map { tables.after(state[$0], pulled: $0 == action) }
        if numbers[after] == nil {
          guard states.count < limit else { return nil }
          numbers[after] = states.count
          states.append(after)
        }
        edges.append((next, numbers[after]!, action < arms ? tables.pay(action, state[action]) : 0))
      }
      next += 1
    }
    let n = states.count
    var best = [Double](repeating: -.infinity, count: (n + 1) * n)
    best[0] = 0
    for length in 1...n {
      for edge in edges where best[(length - 1) * n + edge.from] > -.infinity {
        let value = best[(length - 1) * n + edge.from] + edge.pay
        if value > best[length * n + edge.to] { best[length * n + edge.to] = value }
      }
    }
    var optimum = -Double.infinity
    for state in 0..<n where best[n * n + state] > -.infinity {
      var least = Double.infinity
      for length in 0..<n where best[length * n + state] > -.infinity {
        least = min(least, (best[n * n + state] - best[length * n + state]) / Double(n - length))
      }
      optimum = max(optimum, least)
    }
    return optimum
  }
}

/// A last-switch-dependent bandit: arms that tire when they are pulled in a row and recover when they rest.
///
/// **Task.** Earn as much as possible in the long run: what is best now may be better later.
///
/// **Actions.** The arms, then one that pulls none and earns 0.
///
/// **Observation.** `states` int16 [arms]: how often in a row an arm was pulled, or minus the rounds that it has
/// rested, cut at `depth`; `lastReward` float32.
///
/// **Signals.** As of every bandit; `gap`: the exact optimum a round less the mean of what was pulled (0 minus that
/// mean where the optimum is not known); `expected` float32: that mean.
///
/// **Reward.** 1 with the probability of the tables, otherwise 0.
///
/// **Start.** All arms rested.
///
/// **End.** Truncated after `horizon` pulls.
///
/// **Configuration.** A random monotone instance by its number, or the spike, on which greedy choice is fooled.
///
/// **Source.** Laforgue, Clerici, Cesa-Bianchi and Gilad-Bachrach 2022, "A last switch dependent analysis of satiation
/// and seasonality in bandits"; Foussoul, Goyal, Papadigenopoulos and Zeevi 2023, "Last switch dependent bandits with
/// monotone payoff functions".
public struct LastSwitchBandit: Environment {
  /// An arm, or none.
  public typealias Action = IndexAction

  /// Which tables.
  public enum Instance: String, Codable, Hashable, Sendable, CaseIterable {
    /// Drawn by `number`.
    case random
    /// An arm that pays 1 after a long rest and otherwise a little more than the other one, which always pays 0.15.
    case spike
  }

  /// The instance and its size.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Which tables.
    public var instance = Instance.random
    /// Of the random instance, from 0.
    public var number = 0
    /// Number of arms (K), 1 to 8.
    public var arms = 3
    /// Rounds of rest or run that are told apart (D), 1 to 16.
    public var depth = 5
    /// Pulls of an episode (T), 1 to 10^9.
    public var horizon = 5000

    /// Three arms and five states of rest.
    public init() {}
  }

  /// The tables and their optimum.
  public final class Plan: Sendable {
    let configuration: Configuration
    /// What arms pay.
    public let tables: LastSwitchTables
    /// Exact; nil where there are more than 3,000 states.
    public let optimum: Double?
    /// The most that any arm pays in any state.
    let highest: Double

    init(_ configuration: Configuration) {
      self.configuration = configuration
      switch configuration.instance {
      case .random:
        var random = RandomSource(seed: UInt64(configuration.number))
        tables = .random(arms: configuration.arms, depth: configuration.depth, random: &random)
      case .spike:
        let depth = configuration.depth
        let spike = Array(repeating: 0.16, count: depth - 1) + [1.0]
        let steady = Array(repeating: 0.15, count: depth)
        let others = max(0, configuration.arms - 1)
        tables = LastSwitchTables(
          rest: [spike] + Array(repeating: steady, count: others),
          run: [Array(repeating: 0.16, count: depth)] + Array(repeating: steady, count: others))
      }
      optimum = LastSwitchOptimum.value(of: tables)
      highest = (tables.run + tables.rest).joined().max() ?? 0
    }
  }

  /// - Throws: `UserError` for a number outside its range.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    try Check.all([
      Check("environment.number", configuration.number, in: 0...1_000_000_000),
      Check("environment.arms", configuration.arms, in: 1...8),
      Check("environment.depth", configuration.depth, in: 1...16),
      Check("environment.horizon", configuration.horizon, in: 1...1_000_000_000),
    ])
    return Plan(configuration)
  }

  /// The tables.
  public let plan: Plan
  private(set) var states: [Int]
  private var random = RandomSource(seed: 0)
  private(set) var lastArm = -1
  private var lastReward: Float = 0
  private var expected: Float = 0
  private var switched = false
  private(set) var tally: ArmTally
  /// The sum of the means of what was pulled.
  private(set) var earned = 0.0

  /// With all arms rested.
  public init(plan: Plan) {
    self.plan = plan
    states = Array(repeating: -plan.configuration.depth, count: plan.configuration.arms)
    tally = ArmTally(arms: plan.configuration.arms + 1)
  }

  /// Two fields and six signals; judged by the regret.
  public static func specification(of plan: Plan) -> Specification {
    let c = plan.configuration
    let expected = Measure(
      "expected", of: .field("expected", element: 0), .sum, hasCurve: true, summary: "sum of the means pulled")
    let all = BanditFamily.measures(regret: nil, more: [expected])
    return Specification(
      // Nobody knows the regret where the optimum is not known.
      measures: plan.optimum == nil ? [expected] + all.filter { !["regret", "expected"].contains($0.name) } : all,
      fields: [
        Field(
          "states", shape: [c.arms], element: .int16, range: -Double(c.depth)...Double(c.depth),
          summary: "pulls in a row, or minus the rounds of rest"),
        Field("lastReward", element: .float32, summary: "what the last pull paid"),
        .signal(
          "gap", range: -1...1,
          summary: "the optimum a round (with more than 3,000 states the most that any arm pays) less the mean pulled"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "whether no arm would have paid more at once"),
        .signal("switched", element: .uint8, range: 0...1, summary: "whether it was another than before"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known"),
        .signal("expected", range: 0...1, summary: "the mean of what was pulled"),
      ],
      actions: .discrete((0..<c.arms).map { "arm\($0)" } + ["none"]), timeLimit: c.horizon, rewards: 0...1,
      isStochastic: true)
  }

  private var isBest = false

  /// All arms rested.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    for arm in states.indices { states[arm] = -plan.configuration.depth }
    (lastArm, lastReward, expected, switched, isBest) = (-1, 0, 0, false, false)
    tally.clear()
    earned = 0
  }

  /// Changes what is paid from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Pays by rest or run, then lets the others rest.
  public mutating func step(_ action: IndexAction) -> Transition {
    let tables = plan.tables
    var top = 0.0
    for arm in states.indices { top = max(top, tables.pay(arm, states[arm])) }
    let mean = action.index < states.count ? tables.pay(action.index, states[action.index]) : 0
    for arm in states.indices { states[arm] = tables.after(states[arm], pulled: arm == action.index) }
    isBest = mean == top
    switched = lastArm >= 0 && lastArm != action.index
    lastArm = action.index
    expected = Float(mean)
    lastReward = random.uniform() < mean ? 1 : 0
    tally.add(action.index, lastReward)
    earned += mean
    return Transition(reward: lastReward)
  }

  /// Writes the arms' states, the last reward and the signals.
  public func observe(into row: inout ObservationRow) {
    for arm in states.indices { row.write(Int16(states[arm]), to: 0, at: arm) }
    row.write(lastReward, to: 1)
    row.write(lastArm < 0 ? 0 : Float(plan.optimum ?? plan.highest) - expected, to: 2)
    row.write(UInt8(isBest ? 1 : 0), to: 3)
    row.write(UInt8(switched ? 1 : 0), to: 4)
    row.write(Float(0), to: 5)
    row.write(expected, to: 6)
  }
}
