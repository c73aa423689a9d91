import Groundwork
public import ReinforcementLearning
import RealModule

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
