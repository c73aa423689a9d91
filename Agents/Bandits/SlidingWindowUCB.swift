import Groundwork
public import ReinforcementLearning
import RealModule

/// Sliding-window UCB: UCB of the last tau pulls alone, for means that change.
///
/// The index is the mean in the window and sqrt(xi ln min(t, tau) / n) with the n pulls in the window.
///
/// Source: Garivier and Moulines 2011, "On upper-confidence bound policies for switching bandit problems".
public struct SlidingWindowUCB: RuledPolicy {
  /// The window, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Pulls of the window (tau), 1 to 1,000,000.
    public var window = 500
    /// xi, from 0, for rewards brought to 0 to 1 by their limits.
    public var exploration = 0.6
    /// A log that every episode begins with: CSV or JSON lines with `arm` and `reward`.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Five hundred pulls.
    public init() {}
  }

  /// The algorithm: counts, sums, the window as a ring of arm and reward, how much of it is filled and where.
  public struct Rule: BanditRule {
    let window: Int
    let exploration: Double
    let problem: BanditProblem
    let means: SampleMeans
    /// Counts, sums, the ring and two numbers.
    public var width: Int { means.width + 2 * window + 2 }
    /// Nothing was pulled.
    public func start(_ memory: BanditMemory) {}
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

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check.all([
      Check("agent.window", configuration.window, in: 1...1_000_000),
      Check("agent.exploration", configuration.exploration, in: 0...1e6),
    ])
    try problem.requireLimits("Sliding-window UCB")
    return Rule(
      window: configuration.window, exploration: configuration.exploration, problem: problem,
      means: SampleMeans(arms: problem.arms))
  }
}
