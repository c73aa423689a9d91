@testable import Experiments
import Testing

/// The expected literals come from numpy with the same draws:
///
///     def below(n):                       # r: SplitMix64
///       p = r.next() * n
///       if p % 2**64 < n:
///         t = (2**64 - n) % n
///         while p % 2**64 < t: p = r.next() * n
///       return p >> 64
///     def draw(A): return np.array([[A[below(len(A)), m] for n in range(len(A))] for m in range(A.shape[1])]).T
///     np.percentile([f(draw(X)) for _ in range(replicates)], [2.5, 97.5])
@Suite("Bootstrap") struct BootstrapTests {
  @Test("index draws are the high words of the products, and large bounds reject")
  func indices() {
    var random = SplitMix(7)
    #expect((0..<12).map { _ in random.drawIndex(below: 10) } == [3, 0, 9, 5, 4, 2, 4, 3, 1, 4, 1, 9])
    random = SplitMix(7)
    let bound = Int.max - 4  // 2**63 - 5
    #expect(
      (0..<3).map { _ in random.drawIndex(below: bound) } == [
        3_595_544_800_446_187_241, 154_844_686_297_477_901, 8_308_050_873_407_804_668,
      ])
  }

  @Test("a draw in the biased part of the range is rejected")
  func rejection() {
    struct Scripted: RandomNumberGenerator {
      var words: [UInt64]
      mutating func next() -> UInt64 { words.removeFirst() }
    }
    // 2^64 mod 3 = 1, so the product whose low word is 0 is rejected: the word 0 itself.
    var random = Scripted(words: [0, 0xC000_0000_0000_0000])
    #expect(random.drawIndex(below: 3) == 2)
    #expect(random.words.isEmpty)
  }

  @Test("the intervals of one arm equal numpy's with the same draws")
  func oneArm() {
    func interval(_ aggregate: Aggregate, replicates: Int) -> Interval? {
      var random = SplitMix(11)
      return Bootstrap(replicates: replicates).interval(of: aggregate, Sample.x, random: &random)
    }
    #expect(close(interval(.mean, replicates: 500), 0.46, 0.64))
    #expect(close(interval(.median, replicates: 500), 0.31, 0.55))
    #expect(close(interval(.optimalityGap(), replicates: 500), 0.37666666666666667, 0.55, within: 1e-9))
    #expect(close(interval(.interquartileMean, replicates: 2000), 0.4222222222222222, 0.6555555555555556))
    #expect(close(interval(.mean, replicates: 2000), 0.46, 0.6466666666666666))
  }

  @Test("the counted interquartile mean equals the sorted one, ties and ragged tasks included")
  func counted() {
    let scores = ScoreTable(tasks: [[0.5, 0.5, 0.1, 0.9, 1], [0, 0.5, 0.25], [1, 1, 1, 0, 0.75, 0.3]])
    var random = SplitMix(1)
    let fast = Bootstrap(replicates: 300).interval(of: .interquartileMean, scores, random: &random)
    random = SplitMix(1)
    let slow = Bootstrap(replicates: 300).interval(of: scores, random: &random) { Aggregate.interquartileMean($0) }
    #expect(slow != nil && close(fast, slow!.low, slow!.high))
  }

  @Test("two arms are drawn independently")
  func twoArms() {
    var random = SplitMix(11)
    let estimate = ProbabilityOfImprovement.estimate(
      Sample.x, over: Sample.y, bootstrap: Bootstrap(replicates: 500), random: &random)
    #expect(close(estimate.interval, 0.470625, 0.8916666666666666))
    #expect(estimate.runs == 4)
  }

  @Test("the default 50,000 replicates agree with rliable's to a hundredth")
  func againstRliable() {
    var random = SplitMix(2)
    // rliable.library.get_interval_estimates({'x': X}, ..., reps=50000) and, for the two arms, reps=5000.
    let bootstrap = Bootstrap()
    #expect(close(bootstrap.interval(of: .mean, Sample.x, random: &random), 0.45667, 0.65333, within: 0.01))
    #expect(close(bootstrap.interval(of: .median, Sample.x, random: &random), 0.32, 0.58, within: 0.011))
    #expect(
      close(bootstrap.interval(of: .interquartileMean, Sample.x, random: &random), 0.41667, 0.66111, within: 0.01))
    #expect(close(bootstrap.interval(of: .optimalityGap(), Sample.x, random: &random), 0.36667, 0.55, within: 0.01))
    let improvement = ProbabilityOfImprovement.estimate(Sample.x, over: Sample.y, random: &random)
    #expect(close(improvement.interval, 0.45833, 0.875, within: 0.0125))
  }

  @Test("one run has no interval, and neither has a table with one task of one run")
  func oneRun() {
    var random = SplitMix(1)
    let bootstrap = Bootstrap(replicates: 10)
    #expect(bootstrap.mean(of: [0.7], random: &random) == Estimate(value: 0.7, interval: nil, runs: 1))
    #expect(bootstrap.interval(of: .mean, ScoreTable(tasks: [[1, 2], [3]]), random: &random) == nil)
    let single = ScoreTable(tasks: [[1]])
    let improvement = ProbabilityOfImprovement.estimate(
      single, over: single, bootstrap: bootstrap, random: &random)
    #expect(improvement.interval == nil && improvement.value == 0.5)
    #expect(bootstrap.mean(of: [], random: &random).value.isNaN)
    #expect(random.state == 1, "nothing is drawn where there is no interval")
  }

  @Test("NaN scores give no interval")
  func notANumber() {
    var random = SplitMix(1)
    let scores = ScoreTable(tasks: [[.nan, 1, 2]])
    #expect(Bootstrap(replicates: 50).interval(of: .mean, scores, random: &random) == nil)
    #expect(Bootstrap(replicates: 50).interval(of: .interquartileMean, scores, random: &random) == nil)
  }

  @Test("the same generator gives the same interval and another gives another")
  func seeded() {
    func interval(_ seed: UInt64) -> Interval? {
      var random = SplitMix(seed)
      return Bootstrap(replicates: 777).interval(of: .mean, Sample.x, random: &random)
    }
    #expect(interval(4) == interval(4))
    #expect(interval(4) != interval(5))
  }

  @Test("a profile counts scores strictly above each threshold and has intervals")
  func profile() {
    var random = SplitMix(11)
    let profile = PerformanceProfile(
      of: Sample.x, thresholds: [0.4], bootstrap: Bootstrap(replicates: 500), random: &random)
    #expect(close(profile.points[0].value, 0.6))  // np.mean(X > 0.4)
    #expect(close(profile.points[0].interval, 0.4, 0.7333333333333333))
    #expect(close(PerformanceProfile.value(Sample.x, above: 0.2), 0.8))
    #expect(close(PerformanceProfile.value(Sample.x, above: 0.9), 2.0 / 15))
  }

  @Test("a sample-efficiency curve draws anew at each checkpoint")
  func sampleEfficiency() {
    var random = SplitMix(5)
    let curve = SampleEfficiency(
      steps: [1000, 2000], scores: [Sample.y, Sample.x], bootstrap: Bootstrap(replicates: 200), random: &random)
    #expect(close(curve.points[0].value, 0.375) && close(curve.points[1].value, 0.5388888888888889))
    #expect(close(curve.points[0].interval, 0.2916666666666667, 0.441875))
    #expect(close(curve.points[1].interval, 0.4, 0.6502777777777777))
  }
}
