public import Groundwork
public import ReinforcementLearning
import RealModule

/// The learning version: tries every rest and run of every arm, then repeats the planner's schedule of what it has
/// seen.
///
/// An arm is explored in passes: for every rest d, rest for d rounds and pull D + 1 times in a row. There are passes
/// for `exploration` T^(2/3) rounds, at least one; seen means are made monotone.
public struct LastSwitchLearner: BanditRule {
  /// How much it explores.
  public struct Parameters: ConfigurationPart {
    /// Rounds of exploring, in units of T^(2/3), above 0.
    public var exploration = 2.0
    /// Rounds of rest or run that are told apart (D), 1 to 16: the environment's `depth`.
    public var depth = 5
    /// Two times T^(2/3) rounds.
    public init() {}
  }

  let depth: Int
  /// Without the one that pulls none.
  let arms: Int
  let passes: Int
  /// Actions of one pass over all arms.
  let pass: [Int]

  /// - Throws: `UserError` for a number outside its range, or a problem without a horizon or with one action.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.exploration", parameters.exploration, in: 1e-6...1e6),
      Check("agent.depth", parameters.depth, in: 1...16),
    ])
    guard let horizon = problem.horizon, problem.restingArms > 0 else {
      throw UserError(
        "this algorithm needs arms that tire and recover, and a number of pulls", fix: "Use bandit/LastSwitch")
    }
    let rounds = parameters.exploration * Double.pow(Double(horizon), 2.0 / 3)
    let (arms, depth) = (problem.arms - 1, parameters.depth)
    (self.arms, self.depth) = (arms, depth)
    pass = (0..<arms).flatMap { arm in
      (1...depth).flatMap { Array(repeating: arms, count: $0) + Array(repeating: arm, count: depth + 1) }
    }
    passes = max(1, Int(min(rounds, 1e9)) / pass.count)
  }

  /// The most rounds of a schedule that are kept.
  private static let longest = 2520

  private var states: Int { 2 * arms * 2 * depth }
  /// None.
  public static var takesLog: Bool { false }
  /// Counts and sums of every arm's states, the arms' states, round, schedule.
  public var width: Int { states + arms + 2 + LastSwitchLearner.longest }

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
      let schedule = planner.schedule(random: &random).prefix(LastSwitchLearner.longest)
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
