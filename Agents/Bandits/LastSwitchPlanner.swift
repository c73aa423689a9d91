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
