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

/// Discounted UCB: pulls count less the longer ago they are.
///
/// The index is the discounted mean and 2 sqrt(xi ln n / N), N the arm's discounted pulls and n those of all.
///
/// Source: Kocsis and Szepesvári 2006, "Discounted UCB"; Garivier and Moulines 2011.
public struct DiscountedUCB: RuledPolicy {
  /// The discount, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// gamma, above 0 to 1.
    public var discount = 0.998
    /// xi, from 0, for rewards brought to 0 to 1 by their limits.
    public var exploration = 0.15
    /// A log that every episode begins with: CSV or JSON lines with `arm` and `reward`.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// A discount of 0.998.
    public init() {}
  }

  /// The algorithm: discounted counts and sums.
  public struct Rule: BanditRule {
    let discount: Double
    let exploration: Double
    let problem: BanditProblem
    let means: SampleMeans
    /// Counts and sums.
    public var width: Int { means.width }
    /// Where an arm's numbers are.
    public var armPlaces: [ArmPlaces] { means.places }
    /// Nothing was pulled.
    public func start(_ memory: BanditMemory) {}
    /// All fade, one grows.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      for place in 0..<means.width { memory[place] *= discount }
      means.add(memory, arm, problem.unit(reward))
    }
    /// The largest index.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      propensity = 1
      if let arm = means.untried(memory, moment) { return arm }
      var total = 0.0
      for arm in 0..<means.arms { total += memory[arm] }
      let bonus = exploration * Double.log(max(1, total))
      return means.best(moment) { means.mean(memory, $0) + 2 * (bonus / max(memory[$0], 1e-12)).squareRoot() }
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check.all([
      Check("agent.discount", configuration.discount, configuration.discount > 0 && configuration.discount <= 1,
        "Use a number above 0 to 1"),
      Check("agent.exploration", configuration.exploration, in: 0...1e6),
    ])
    try problem.requireLimits("Discounted UCB")
    return Rule(
      discount: configuration.discount, exploration: configuration.exploration, problem: problem,
      means: SampleMeans(arms: problem.arms))
  }
}

/// KL-UCB that starts anew when an arm's mean has changed, by the generalised likelihood ratio.
///
/// After a pull of an arm with n rewards a change is seen where for some s
/// s kl(m_1..s, m_1..n) + (n - s) kl(m_s+1..n, m_1..n) > ln(3 n sqrt(n) / delta). Then all arms are forgotten. With a
/// small share of pulls the arms are pulled in turn, so that a change of one that is seldom pulled is seen, too.
///
/// Source: Besson, Kaufmann, Maillard and Seznec 2022, "Efficient change-point detection for tackling
/// piecewise-stationary bandits" (GLR-klUCB).
public struct ChangeDetectionUCB: RuledPolicy {
  /// The test, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Probability of a false alarm that the test allows (delta), above 0, below 1.
    public var confidence = 0.01
    /// Share of the pulls that are forced (alpha), 0 to 1.
    public var forced = 0.02
    /// The test looks after so many pulls of an arm, and at as many places of its past, at least 1.
    public var every = 5
    /// Rewards of an arm that are kept, 10 to 100,000; older ones are forgotten pair by pair.
    public var memory = 2000
    /// A log that every episode begins with: CSV or JSON lines with `arm` and `reward`.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// delta 0.01.
    public init() {}
  }

  /// The algorithm: counts, sums and indices; then of every arm the kept sums up to each reward.
  public struct Rule: BanditRule {
    let configuration: Configuration
    let problem: BanditProblem
    let means: SampleMeans
    private var history: Int { means.width + means.arms }
    /// Counts, sums, indices, histories, and pulls since the start.
    public var width: Int { history + means.arms * configuration.memory + 1 }
    /// Nothing was pulled.
    public func start(_ memory: BanditMemory) {}

    /// Counts, and tests.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      memory[width - 1] += 1
      means.add(memory, arm, problem.unit(reward))
      let count = Int(memory[arm])
      let sums = memory + history + arm * configuration.memory
      guard count <= configuration.memory else {
        // Nothing has changed for so long that what is new can wait: the older half makes room.
        let half = configuration.memory / 2
        let base = sums[half - 1]
        for place in half..<configuration.memory { sums[place - half] = sums[place] - base }
        memory[arm] = Double(configuration.memory - half)
        memory[means.arms + arm] = sums[configuration.memory - half - 1]
        return
      }
      sums[count - 1] = memory[means.arms + arm]
      guard count % configuration.every == 0, count >= 2 else { return }
      let n = Double(count)
      let whole = sums[count - 1] / n
      let threshold = Double.log(3 * n * n.squareRoot() / configuration.confidence)
      for split in Swift.stride(from: configuration.every, to: count, by: configuration.every) {
        let s = Double(split)
        let (before, after) = (sums[split - 1] / s, (sums[count - 1] - sums[split - 1]) / (n - s))
        guard abs(before - after) > 1e-12 else { continue }
        let statistic =
          s * BernoulliDivergence.of(before, inside(whole)) + (n - s) * BernoulliDivergence.of(after, inside(whole))
        if statistic > threshold {
          for place in 0..<history { memory[place] = 0 }
          memory[width - 1] = 0
          return
        }
      }
    }

    private func inside(_ p: Double) -> Double { min(1 - 1e-12, max(1e-12, p)) }

    /// A forced arm in turn, or the largest index.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      propensity = 1
      if let arm = means.untried(memory, moment) { return arm }
      if configuration.forced > 0 {
        let period = max(means.arms, Int(Double(means.arms) / configuration.forced))
        let place = Int(memory[width - 1]) % period
        if place < means.arms, moment.allows(place) { return place }
      }
      let indices = memory + means.width
      let budget = Double.log(max(1, memory[width - 1]))
      return means.best(moment) { arm in
        indices[arm] = BernoulliDivergence.upper(
          means.mean(memory, arm), budget: budget / memory[arm], guess: indices[arm])
        return indices[arm]
      }
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check.all([
      Check("agent.confidence", configuration.confidence, in: 1e-12...0.999),
      Check("agent.forced", configuration.forced, in: 0...1),
      Check("agent.every", configuration.every, in: 1...1000),
      Check("agent.memory", configuration.memory, in: 10...100_000),
    ])
    try problem.requireLimits("Change detection")
    try SizeLimit.check(
      "a slot's memory has", problem.arms * configuration.memory, "numbers", most: SizeLimit.memoryNumbers,
      fix: "Keep fewer (--set agent.memory=)")
    return Rule(configuration: configuration, problem: problem, means: SampleMeans(arms: problem.arms))
  }
}

/// Successive elimination: all arms in turn, without those that are surely not the best; the last one for good.
///
/// An arm is out when its mean and radius are below another's mean less radius, with
/// radius sqrt(ln(4 K n² / delta) / (2 n)): with probability 1 - delta the best arm is never out.
///
/// Source: Even-Dar, Mannor and Mansour 2006, "Action elimination and stopping conditions for the multi-armed bandit
/// and reinforcement learning problems".
public struct SuccessiveElimination: RuledPolicy {
  /// The confidence, and how experience is collected.
  public struct Configuration: BanditConfiguration {
    /// Probability that the best arm is lost (delta), above 0, below 1.
    public var confidence = 0.05
    /// A log that every episode begins with: CSV or JSON lines with `arm` and `reward`.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// delta 0.05.
    public init() {}
  }

  /// The algorithm: counts, sums, and which arms are out.
  public struct Rule: BanditRule {
    let confidence: Double
    let problem: BanditProblem
    let means: SampleMeans
    /// Three numbers an arm.
    public var width: Int { 3 * means.arms }
    /// Where an arm's numbers are.
    public var armPlaces: [ArmPlaces] { means.places + [ArmPlaces(first: 2 * means.arms, step: 1)] }
    /// Nothing was pulled, none is out.
    public func start(_ memory: BanditMemory) {}
    /// Counts.
    public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
      means.add(memory, arm, problem.unit(reward))
    }
    /// The least pulled of those that are in, after a look at who is out.
    public func choose(
      _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
    ) -> Int {
      propensity = 1
      let k = means.arms
      let out = memory + 2 * k
      var best = -Double.infinity
      func radius(_ arm: Int) -> Double {
        let n = memory[arm]
        return n > 0 ? (Double.log(4 * Double(k) * n * n / confidence) / (2 * n)).squareRoot() : .infinity
      }
      for arm in 0..<k where moment.allows(arm) { best = max(best, means.mean(memory, arm) - radius(arm)) }
      for arm in 0..<k where means.mean(memory, arm) + radius(arm) < best { out[arm] = 1 }
      var (chosen, least) = (-1, Double.infinity)
      for arm in 0..<k where moment.allows(arm) && out[arm] == 0 && memory[arm] < least {
        (chosen, least) = (arm, memory[arm])
      }
      return chosen >= 0 ? chosen : means.best(moment) { means.mean(memory, $0) }
    }
  }

  /// Runs the rule.
  public var core: BanditCore<Rule>
  /// A policy around a core.
  public init(core: BanditCore<Rule>) { self.core = core }

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public static func rule(_ configuration: Configuration, for problem: BanditProblem) throws -> Rule {
    try Check("agent.confidence", configuration.confidence, in: 1e-12...0.999).enforce()
    try problem.requireLimits("Successive elimination")
    return Rule(confidence: configuration.confidence, problem: problem, means: SampleMeans(arms: problem.arms))
  }
}
