import Testing

@testable import Experiments

@Suite struct StudentIntervalTests {
  /// From printed tables of Student's distribution.
  @Test(
    "the quantiles are those of the tables",
    arguments: [
      (0.025, 1, 12.7062), (0.025, 2, 4.30265), (0.025, 4, 2.77645), (0.025, 9, 2.26216), (0.025, 30, 2.04227),
      (0.05, 10, 1.81246), (0.005, 5, 4.03214), (0.025, 100, 1.98397),
    ] as [(Double, Int, Double)])
  func quantiles(_ tail: Double, _ degrees: Int, _ expected: Double) {
    #expect(abs(StudentInterval.quantile(upperTail: tail, degrees: degrees) - expected) < 1e-5 * expected)
  }

  @Test("with one degree of freedom the distribution is Cauchy's, with many it is the normal one")
  func limits() {
    // 1/2 - arctan(1) / pi = 1/4.
    #expect(abs(StudentInterval.upperTail(of: 1, degrees: 1) - 0.25) < 1e-12)
    #expect(abs(StudentInterval.quantile(upperTail: 0.025, degrees: 1_000_000) - 1.959966) < 1e-5)
    #expect(StudentInterval.upperTail(of: 0, degrees: 7) == 0.5)
  }

  @Test("the interval of 1, 2, 3, 4, 5 is 3 give or take 2.776 times its standard error")
  func mean() throws {
    let interval = try #require(StudentInterval.ofMean([1, 2, 3, 4, 5]))
    #expect(abs(interval.low - (3 - 2.776445 * (2.5 / 5.0).squareRoot())) < 1e-5)
    #expect(abs(interval.high + interval.low - 6) < 1e-12)
    #expect(StudentInterval.ofMean([2, 2, 2]) == Interval(low: 2, high: 2))
    #expect(StudentInterval.ofMean([1]) == nil && StudentInterval.ofMean([1, .nan, 2]) == nil)
  }

  @Test("of 2,000 samples of five normal values 95 % of the intervals hold the mean")
  func coverage() {
    var state: UInt64 = 1
    /// The sum of twelve uniform numbers less 6, by a plain linear congruential generator.
    func normal() -> Double {
      (0..<12).reduce(-6.0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 11) * 0x1p-53
      }
    }
    let covered = (0..<2_000).count { _ in
      StudentInterval.ofMean((0..<5).map { _ in normal() })?.contains(0) == true
    }
    // Give or take three standard errors, 0.015.
    #expect((1_870...1_930).contains(covered))
  }
}
