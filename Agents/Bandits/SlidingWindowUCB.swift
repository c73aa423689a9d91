public import Groundwork
public import ReinforcementLearning
import RealModule

/// Sliding-window UCB: UCB of the last tau pulls alone, for means that change.
///
/// The index is the mean in the window and sqrt(xi ln min(t, tau) / n) with the n pulls in the window.
///
/// Source: Garivier and Moulines 2011, "On upper-confidence bound policies for switching bandit problems".
public struct SlidingWindowUCB: BanditRule {
  /// The window.
  public struct Parameters: ConfigurationPart {
    /// Pulls of the window (tau), 1 to 1,000,000, and as many as there are arms at least.
    public var window = 500
    /// xi, from 0, for rewards brought to 0 to 1 by their limits.
    public var exploration = 0.6
    /// Five hundred pulls.
    public init() {}
  }

  let window: Int
  let exploration: Double
  let problem: BanditProblem
  let means: SampleMeans

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.window", parameters.window, in: 1...1_000_000),
      Check("agent.exploration", parameters.exploration, in: 0...1e6),
    ])
    try problem.requireLimits("Sliding-window UCB")
    // An arm that has left the window comes first, so that the same few would be pulled in turn for ever.
    guard parameters.window >= problem.arms else {
      throw UserError(
        "a window of \(parameters.window) pulls does not hold one of each of \(problem.arms) arms",
        fix: "Use more (--set agent.window=\(problem.arms))")
    }
    window = parameters.window
    exploration = parameters.exploration
    self.problem = problem
    means = SampleMeans(problem)
  }

  /// Counts, sums, the window as a ring of arm and reward, how much of it is filled and where.
  public var width: Int { means.width + 2 * window + 2 }

  /// The newest pull takes the oldest one's place.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    let ring = memory + means.width
    let state = ring + 2 * window
    let place = Int(state[1])
    if Int(state[0]) == window {
      let old = Int(ring[2 * place])
      memory[old] -= 1
      memory[means.arms + old] -= ring[2 * place + 1]
    } else {
      state[0] += 1
    }
    let unit = problem.unit(reward)
    ring[2 * place] = Double(arm)
    ring[2 * place + 1] = unit
    state[1] = Double((place + 1) % window)
    means.add(memory, arm, unit)
  }

  /// The largest index; an arm that has left the window comes first.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    propensity = 1
    if let arm = means.untried(memory, moment) { return arm }
    let filled = memory[means.width + 2 * window]
    let bonus = exploration * Double.log(max(1, filled))
    return means.best(moment) { means.mean(memory, $0) + (bonus / memory[$0]).squareRoot() }
  }
}
