import Groundwork
public import ReinforcementLearning
import RealModule

/// Plans for last-switch-dependent arms: pulls in cycles, arm by arm, laid over one another.
///
/// An arm by itself is best pulled in cycles: b times in a row after d rounds of rest. A linear program says how many
/// of its rounds every arm gets, at most one pull a round: with a price on a pull every arm chooses its best cycle by
/// itself, and the price that makes them fit is found by bisection. Its value is an upper bound. To make a schedule of
/// it every arm follows its cycle from a random start in a *virtual* state of its own, whether or not it gets the pull
/// that it wants; where two want one, the one that pays more gets it. An arm that was refused has in truth rested more
/// and been pulled less in a row than its virtual state says, so with monotone payoffs every pull pays at least the
/// virtual state's payoff. The best of several random starts is taken.
///
/// Source: after Foussoul, Goyal, Papadigenopoulos and Zeevi 2023, "Last switch dependent bandits with monotone payoff
/// functions" (relaxation and virtual states; cycles and starts are ours).
public struct LastSwitchPlanner: Sendable {
  /// Payoffs by arm: after rest d at `[d - 1]`.
  public let rest: [[Double]]
  /// After r pulls in a row at `[r - 1]`.
  public let run: [[Double]]

  /// A cycle of one arm.
  struct Cycle: Hashable {
    /// Pulls in a row (b).
    var pulls: Int
    /// Rounds of rest before them (d); 0 with one pull means to pull always.
    var rounds: Int
    /// What a whole cycle pays.
    var pay: Double
    var length: Int { pulls + rounds }
  }

  /// A planner for tables of that shape, `[arms][D]` each.
  public init(rest: [[Double]], run: [[Double]]) {
    precondition(rest.count == run.count && !rest.isEmpty, "an arm has rests and runs")
    self.rest = rest
    self.run = run
  }

  private var arms: Int { rest.count }
  private var depth: Int { rest[0].count }

  func cycles(_ arm: Int) -> [Cycle] {
    var cycles = [Cycle(pulls: 1, rounds: 0, pay: run[arm][depth - 1])]
    for rounds in 1...depth {
      var pay = rest[arm][rounds - 1]
      for pulls in 1...depth {
        if pulls > 1 { pay += run[arm][pulls - 2] }
        cycles.append(Cycle(pulls: pulls, rounds: rounds, pay: pay))
      }
    }
    return cycles
  }

  /// The best cycle of an arm at a price a pull, and what it is worth a round; nil where no pull is worth the price.
  private func best(_ cycles: [Cycle], price: Double) -> (cycle: Cycle?, worth: Double) {
    var (chosen, worth): (Cycle?, Double) = (nil, 0)
    for cycle in cycles {
      let value = (cycle.pay - price * Double(cycle.pulls)) / Double(cycle.length)
      if value > worth + 1e-12 { (chosen, worth) = (cycle, value) }
    }
    return (chosen, worth)
  }

  /// The relaxation's value, which no schedule exceeds.
  public var upperBound: Double {
    let all = (0..<arms).map(cycles)
    return (0...200).map { step in
      let price = Double(step) / 200
      return price + all.reduce(0) { $0 + best($1, price: price).worth }
    }.min()!
  }

  /// A schedule to be repeated: an arm a round, `arms` for none.
  ///
  /// - Parameter starts: How many random starts are tried, at least 1.
  public func schedule(starts: Int = 48, random: inout RandomSource) -> [Int] {
    let all = (0..<arms).map(cycles)
    func load(_ price: Double) -> Double {
      all.reduce(0) { sum, cycles in
        guard let cycle = best(cycles, price: price).cycle else { return sum }
        return sum + Double(cycle.pulls) / Double(cycle.length)
      }
    }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if load(middle) > 1 { low = middle } else { high = middle }
    }
    // Just below the price too many are wanted, just above it too few: both are tried, and mixtures of them.
    let generous = all.map { best($0, price: low).cycle }
    let modest = all.map { best($0, price: high).cycle }
    let greedy = all.map { best($0, price: 0).cycle }
    var candidates: [[Cycle?]] = [generous, modest, greedy]
    for arm in 0..<arms {
      candidates.append((0..<arms).map { $0 == arm ? greedy[$0] : nil })
      candidates.append((0..<arms).map { $0 == arm ? generous[$0] : modest[$0] })
    }
    var (found, top) = ([arms], -1.0)
    for start in 0..<max(1, starts) {
      let cycles = start < candidates.count ? candidates[start] : candidates[random.integer(in: 0..<candidates.count)]
      let phases = cycles.map { cycle in cycle.map { random.integer(in: 0..<$0.length) } ?? 0 }
      let schedule = overlay(cycles, phases)
      let value = average(of: schedule)
      if value > top { (found, top) = (schedule, value) }
    }
    return found
  }

  /// The cycles laid over one another for their least common length.
  private func overlay(_ cycles: [Cycle?], _ phases: [Int]) -> [Int] {
    var length = 1
    for cycle in cycles.compactMap(\.self) { length = LastSwitchPlanner.commonMultiple(length, cycle.length) }
    return (0..<length).map { round in
      var (chosen, top) = (arms, -1.0)
      for arm in 0..<arms {
        guard let cycle = cycles[arm] else { continue }
        let place = (round + phases[arm]) % cycle.length
        // Rest first, then pulls.
        guard place >= cycle.rounds else { continue }
        let pulled = place - cycle.rounds
        let pay =
          cycle.rounds == 0 ? run[arm][depth - 1] : pulled == 0 ? rest[arm][cycle.rounds - 1] : run[arm][pulled - 1]
        if pay > top { (chosen, top) = (arm, pay) }
      }
      return chosen
    }
  }

  private static func commonMultiple(_ a: Int, _ b: Int) -> Int {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return a / x * b
  }

  /// What a repeated schedule pays a round once it has been repeated often.
  public func average(of schedule: [Int]) -> Double {
    var states = [Int](repeating: -depth, count: arms)
    var total = 0.0
    // States are the same after every repetition from the second on, as long as it is longer than the tables.
    let warm = max(1, (2 * depth + schedule.count - 1) / schedule.count)
    let counted = max(1, (2 * depth + schedule.count - 1) / schedule.count)
    for repetition in 0..<warm + counted {
      for choice in schedule {
        if repetition >= warm, choice < arms { total += pay(choice, states[choice]) }
        for arm in 0..<arms { states[arm] = after(states[arm], pulled: arm == choice) }
      }
    }
    return total / Double(counted * schedule.count)
  }

  /// What greedy choice pays a round in the long run: always the arm that pays most now.
  public var greedyAverage: Double {
    var states = [Int](repeating: -depth, count: arms)
    var total = 0.0
    for round in 0..<6_000 {
      let choice = (0..<arms).max { pay($0, states[$0]) < pay($1, states[$1]) }!
      if round >= 1_000 { total += pay(choice, states[choice]) }
      for arm in 0..<arms { states[arm] = after(states[arm], pulled: arm == choice) }
    }
    return total / 5_000
  }

  func pay(_ arm: Int, _ state: Int) -> Double { state > 0 ? run[arm][state - 1] : rest[arm][-state - 1] }

  func after(_ state: Int, pulled: Bool) -> Int {
    pulled ? (state > 0 ? min(depth, state + 1) : 1) : (state > 0 ? -1 : max(-depth, state - 1))
  }
}

/// The learning version: tries every rest and run of every arm, then repeats the planner's schedule of what it has
/// seen.
///
/// An arm is explored in passes: for every rest d, rest for d rounds and pull D + 1 times in a row. There are passes
/// for `exploration` T^(2/3) rounds, at least one; seen means are made monotone.
public struct LastSwitchLearner: RuledPolicy {
  /// How much it explores, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Rounds of exploring, in units of T^(2/3), above 0.
    public var exploration = 2.0
    /// Rounds of rest or run that are told apart (D), 1 to 16: the environment's `depth`.
    public var depth = 5
    /// Not for this algorithm: leave it empty.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Two times T^(2/3) rounds.
    public init() {}
  }

  /// The algorithm: counts and sums of every arm's states, the last arm's state, round, schedule.
  public struct Rule: BanditRule {
    let depth: Int
    /// Without the one that pulls none.
    let arms: Int
    let passes: Int
    /// Actions of one pass over all arms.
    let pass: [Int]
    /// The most rounds of a schedule that are kept.
    private static let longest = 2520

    init(depth: Int, arms: Int, rounds: Int) {
      self.depth = depth
      self.arms = arms
      var pass: [Int] = []
      for arm in 0..<arms {
        for rest in 1...depth {
          pass += Array(repeating: arms, count: rest) + Array(repeating: arm, count: depth + 1)
        }
      }
      self.pass = pass
      passes = max(1, rounds / pass.count)
    }

    private var states: Int { 2 * arms * 2 * depth }
    /// Tables, states, two numbers, and the schedule.
    public var width: Int { states + arms + 2 + Rule.longest }
    /// All rested.
    public func start(_ memory: BanditMemory) { for arm in 0..<arms { memory[states + arm] = Double(-depth) } }

    /// Adds what the arm paid in the state in which it was pulled, then moves the states.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      if arm < arms {
        let state = Int(memory[states + arm])
        let place = 2 * (arm * 2 * depth + (state > 0 ? depth + state - 1 : -state - 1))
        memory[place] += 1
        memory[place + 1] += reward
      }
      for other in 0..<arms {
        let state = Int(memory[states + other])
        memory[states + other] = Double(
          other == arm ? (state > 0 ? min(depth, state + 1) : 1) : (state > 0 ? -1 : max(-depth, state - 1)))
      }
    }

    /// The next of the pass, or of the schedule.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      propensity = 1
      let explored = passes * pass.count
      if moment.pulls < explored { return pass[moment.pulls % pass.count] }
      let base = states + arms
      if memory[base] == 0 {
        let planner = LastSwitchPlanner(rest: table(memory, 0), run: table(memory, depth))
        let schedule = planner.schedule(random: &random).prefix(Rule.longest)
        memory[base] = Double(schedule.count)
        for (place, arm) in schedule.enumerated() { memory[base + 2 + place] = Double(arm) }
      }
      return Int(memory[base + 2 + (moment.pulls - explored) % Int(memory[base])])
    }

    /// Seen means of every arm's rests (from 0) or runs (from `depth`), made monotone over the ladder of both.
    private func table(_ memory: BanditMemory, _ first: Int) -> [[Double]] {
      (0..<arms).map { arm in
        let means = (0..<2 * depth).map { state -> (mean: Double, weight: Double) in
          let place = 2 * (arm * 2 * depth + state)
          return (memory[place] > 0 ? memory[place + 1] / memory[place] : 0, max(memory[place], 1e-9))
        }
        // From the longest run to the longest rest payoffs rise: pool neighbours that do not.
        var pools: [(mean: Double, weight: Double, count: Int)] = []
        for state in Array((depth..<2 * depth).reversed()) + Array(0..<depth) {
          pools.append((means[state].mean, means[state].weight, 1))
          while pools.count > 1, pools[pools.count - 2].mean > pools[pools.count - 1].mean {
            let (b, a) = (pools.removeLast(), pools.removeLast())
            let weight = a.weight + b.weight
            pools.append(((a.mean * a.weight + b.mean * b.weight) / weight, weight, a.count + b.count))
          }
        }
        let ladder = pools.flatMap { Array(repeating: $0.mean, count: $0.count) }
        return first == 0 ? Array(ladder.suffix(depth)) : Array(ladder.prefix(depth).reversed())
      }
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range, or a problem without a horizon or with one action.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check.all([
      Check("agent.exploration", configuration.exploration, in: 1e-6...1e6),
      Check("agent.depth", configuration.depth, in: 1...16),
    ])
    guard let horizon = problem.horizon, problem.arms > 1 else {
      throw UserError("this algorithm needs a number of pulls and arms", fix: "Use bandit/LastSwitch")
    }
    let rounds = configuration.exploration * Double.pow(Double(horizon), 2.0 / 3)
    return Rule(depth: configuration.depth, arms: problem.arms - 1, rounds: Int(min(rounds, 1e9)))
  }
}
