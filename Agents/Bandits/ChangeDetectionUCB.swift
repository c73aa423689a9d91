public import Groundwork
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
public struct ChangeDetectionUCB: BanditRule {
  /// The test.
  public struct Parameters: ConfigurationPart {
    /// Probability of a false alarm that the test allows (delta), above 0, below 1.
    public var confidence = 0.01
    /// Share of the pulls that are forced (alpha), 0 to 1.
    public var forced = 0.02
    /// The test looks after so many pulls of an arm, and at as many places of its past, at least 1.
    public var every = 5
    /// Rewards of an arm that are kept, 10 to 100,000; when there are more the older half is forgotten.
    public var memory = 2000
    /// delta 0.01.
    public init() {}
  }

  let parameters: Parameters
  let problem: BanditProblem
  let means: SampleMeans

  /// - Throws: `UserError` for a number outside its range or rewards without limits.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.confidence", parameters.confidence, in: 1e-12...0.999),
      Check("agent.forced", parameters.forced, in: 0...1),
      Check("agent.every", parameters.every, in: 1...1000),
      Check("agent.memory", parameters.memory, in: 10...100_000),
    ])
    try problem.requireLimits("Change detection")
    try SizeLimit.check(
      "a slot's memory has", problem.arms * parameters.memory, "numbers", most: SizeLimit.memoryNumbers,
      fix: "Keep fewer (--set agent.memory=)")
    self.parameters = parameters
    self.problem = problem
    means = SampleMeans(problem)
  }

  private var history: Int { means.width + means.arms }
  /// Counts, sums and indices; then of every arm the kept sums up to each reward.
  public var width: Int { history + means.arms * parameters.memory + 1 }

  /// Counts, and tests.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    memory[width - 1] += 1
    means.add(memory, arm, problem.unit(reward))
    let count = Int(memory[arm])
    let sums = memory + history + arm * parameters.memory
    guard count <= parameters.memory else {
      // Nothing has changed for so long that what is new can wait: the older half makes room.
      let half = parameters.memory / 2
      let base = sums[half - 1]
      for place in half..<parameters.memory { sums[place - half] = sums[place] - base }
      memory[arm] = Double(parameters.memory - half)
      memory[means.arms + arm] = sums[parameters.memory - half - 1]
      return
    }
    sums[count - 1] = memory[means.arms + arm]
    guard count % parameters.every == 0, count >= 2 else { return }
    let n = Double(count)
    let whole = sums[count - 1] / n
    let threshold = Double.log(3 * n * n.squareRoot() / parameters.confidence)
    for split in Swift.stride(from: parameters.every, to: count, by: parameters.every) {
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
    if parameters.forced > 0 {
      let period = max(means.arms, Int(Double(means.arms) / parameters.forced))
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
