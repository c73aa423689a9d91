import Experiments
import Testing

/// SplitMix64, so that the expected values can be computed by the Python of `referenceCode` below.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The two arms of these tests, `[runs, tasks]`. As numpy:
/// `X = np.array([[.10,.90,.35],[.40,.95,.20],[.25,.70,.55],[.80,1.20,.50],[.05,.85,.45]])`
/// `Y = np.array([[.05,.60,.30],[.30,.95,.10],[.25,.50,.40],[.15,.75,.50]])`
enum Sample {
  static let x = ScoreTable(rows: [
    [0.10, 0.90, 0.35], [0.40, 0.95, 0.20], [0.25, 0.70, 0.55], [0.80, 1.20, 0.50], [0.05, 0.85, 0.45],
  ])
  static let y = ScoreTable(rows: [[0.05, 0.60, 0.30], [0.30, 0.95, 0.10], [0.25, 0.50, 0.40], [0.15, 0.75, 0.50]])
}

/// Equal up to rounding of sums taken in another order.
func close(_ a: Double, _ b: Double, within tolerance: Double = 1e-12) -> Bool { abs(a - b) <= tolerance }

func close(_ interval: Interval?, _ low: Double, _ high: Double, within tolerance: Double = 1e-12) -> Bool {
  guard let interval else { return false }
  return close(interval.low, low, within: tolerance) && close(interval.high, high, within: tolerance)
}

@Suite("Aggregates") struct AggregateTests {
  @Test("mean, median, interquartile mean and optimality gap equal numpy's, scipy's and rliable's")
  func aggregates() {
    #expect(close(Aggregate.mean(Sample.x), 0.55))  // np.mean(X.mean(0))
    #expect(close(Aggregate.median(Sample.x), 0.41))  // np.median(X.mean(0))
    // scipy.stats.trim_mean(X, 0.25, axis=None)
    #expect(close(Aggregate.interquartileMean(Sample.x), 0.5388888888888889))
    #expect(close(Aggregate.optimalityGap()(Sample.x), 0.46333333333333334))  // 1 - np.mean(np.minimum(X, 1))
    #expect(close(Aggregate.optimalityGap(target: 0.5)(Sample.x), 0.11333333333333334))
    #expect(close(Aggregate.standardDeviation(of: Sample.x.tasks[0]), 0.3012474066278414))  // np.std(ddof=1)
  }

  @Test("the interquartile mean of fewer than four scores is their mean")
  func few() {
    #expect(close(Aggregate.interquartileMean(of: [0.2, 0.3, 1]), 0.5))
    #expect(Aggregate.interquartileMean(of: [0, 1, 2, 100]) == 1.5)
    #expect(Aggregate.interquartileMean(of: []).isNaN)
  }

  @Test("tasks may have different numbers of runs and still weigh the same in the mean")
  func ragged() {
    let scores = ScoreTable(tasks: [[0, 1], [1, 1, 1, 1]])
    #expect(Aggregate.mean(scores) == 0.75)
    #expect(scores.fewestRuns == 2)
  }
}

@Suite("Probability of improvement") struct ProbabilityOfImprovementTests {
  @Test("it is the mean over tasks of scipy's U over n times m, with ties one half")
  func value() {
    // np.mean([mannwhitneyu(X[:,m], Y[:,m]).statistic / (5*4) for m in range(3)])
    #expect(close(ProbabilityOfImprovement.value(Sample.x, over: Sample.y), 0.6833333333333333))
    #expect(close(ProbabilityOfImprovement.value(Sample.y, over: Sample.x), 0.31666666666666665))
    #expect(ProbabilityOfImprovement.value(Sample.x, over: Sample.x) == 0.5)
  }

  @Test("the rank test is exact, also with ties")
  func rankTest() {
    // Equal to counting all itertools.combinations of scipy.stats.rankdata, and without ties to
    // scipy.stats.mannwhitneyu(a, b, method='exact').pvalue.
    #expect(close(ProbabilityOfImprovement.rankTest([1, 2, 3], [4, 5, 6]), 0.1))
    #expect(close(ProbabilityOfImprovement.rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 0.007936507936507936))
    #expect(close(ProbabilityOfImprovement.rankTest([1, 2.5, 3, 9], [4, 5, 6, 7, 8]), 0.2857142857142857))
    #expect(close(ProbabilityOfImprovement.rankTest([1, 2, 2, 3], [2, 3, 4, 5, 5]), 0.07936507936507936))
    #expect(ProbabilityOfImprovement.rankTest([1], [2]) == 1)
    #expect(ProbabilityOfImprovement.rankTest([3, 3], [3, 3]) == 1)
    #expect(ProbabilityOfImprovement.rankTest([], [3]) == 1)
  }
}

@Suite("Success rate") struct SuccessRateTests {
  @Test("Wilson's interval equals scipy's")
  func wilson() {
    // scipy.stats.binomtest(s, n).proportion_ci(method='wilson')
    #expect(close(SuccessRate.wilsonInterval(successes: 0, trials: 20), 0, 0.16112515805281935))
    #expect(close(SuccessRate.wilsonInterval(successes: 20, trials: 20), 0.8388748419471808, 1))
    #expect(close(SuccessRate.wilsonInterval(successes: 13, trials: 20), 0.4328542766852363, 0.8188081758989179))
    #expect(close(SuccessRate.wilsonInterval(successes: 1, trials: 3), 0.06149194472039626, 0.7923403991979523))
    #expect(
      close(
        SuccessRate.wilsonInterval(successes: 13, trials: 20, confidence: 0.9), 0.46651268884847175,
        0.797739959943239))
  }

  @Test("no trials give no interval")
  func none() { #expect(SuccessRate.wilsonInterval(successes: 0, trials: 0) == nil) }
}
