import Testing

@testable import Experiments

@Suite("What a claim's figures decide") struct ClaimVerdictTests {
  func verdict(_ rule: ClaimCriterion.Rule, _ low: Double, _ high: Double) -> ClaimVerdict {
    rule.verdict(Estimate(value: (low + high) / 2, interval: Interval(low: low, high: high), runs: 5))
  }

  @Test("above and below: the interval decides, not the value; one that touches the bound does not")
  func sides() {
    #expect(verdict(.above(1), 1.1, 1.9) == .held)
    #expect(verdict(.above(1), 0.99, 1.9) == .undecided)
    #expect(verdict(.above(1), 1, 1.9) == .undecided)
    #expect(verdict(.above(1), 0.5, 1) == .undecided)
    #expect(verdict(.above(1), 0.5, 0.9) == .notHeld)
    #expect(verdict(.below(1), 0.5, 0.9) == .held)
    #expect(verdict(.below(1), 0.9, 1.1) == .undecided)
    #expect(verdict(.below(1), 1.1, 1.2) == .notHeld)
  }

  @Test("that something changes nothing is held by an interval inside the margin alone")
  func within() {
    #expect(verdict(.within(0.02), -0.01, 0.015) == .held)
    // It holds 0 and says nothing: too wide.
    #expect(verdict(.within(0.02), -0.5, 0.5) == .undecided)
    #expect(verdict(.within(0.02), -0.03, -0.01) == .undecided)
    #expect(verdict(.within(0.02), -0.3, -0.021) == .notHeld)
    #expect(verdict(.within(0.02), 0.021, 0.3) == .notHeld)
    // Told from 0, and inside all the same.
    #expect(verdict(.within(0.02), 0.001, 0.005) == .held)
  }

  @Test("what never happens: one case is enough against it, and no case is not enough without many trials")
  func never() {
    func verdict(_ values: [Double], trials: Int) -> ClaimVerdict {
      let figure = ClaimFigure("worse", .mean(of: "worse"))
      let estimate = figure.estimate(values.map { ["worse": $0] }) { _ in trials }
      return ClaimCriterion.Rule.never(atMost: 0.001).verdict(estimate)
    }
    #expect(verdict([0, 0, 0, 0, 0], trials: 10_000) == .held)
    #expect(verdict([0, 0, 0, 0, 0], trials: 100) == .undecided)
    #expect(verdict([0, 0, 0, 0, 0.0001], trials: 10_000) == .notHeld)
  }

  @Test("without an interval, or of what is not a number, nothing is decided")
  func undefined() {
    for rule in [ClaimCriterion.Rule.above(0), .below(9), .within(5), .never(atMost: 0.1)] {
      #expect(rule.verdict(Estimate(value: 0, interval: nil, runs: 1)) == .undecided)
      #expect(rule.verdict(Estimate(value: .nan, interval: nil, runs: 5)) == .undecided)
      #expect(rule.verdict(Estimate(value: 0, interval: Interval(low: -.infinity, high: .nan), runs: 5)) == .undecided)
    }
  }

  @Test("a claim of several parts is held when all are, not held when one is not, and undecided otherwise")
  func parts() {
    #expect(ClaimVerdict(of: [.held, .held]) == .held)
    #expect(ClaimVerdict(of: [.held, .undecided]) == .undecided)
    #expect(ClaimVerdict(of: [.held, .undecided, .notHeld]) == .notHeld)
  }

  @Test("a ratio is the geometric mean of the seeds' ratios, its interval that of the logarithms")
  func ratio() throws {
    let figure = ClaimFigure("a over b", .ratio("a", over: "b"))
    let samples = [1.0, 2, 4, 2, 1].map { ["a": 6 * $0, "b": 3] }
    let estimate = figure.estimate(samples) { _ in nil }
    // Logarithms to base 2: 1, 2, 3, 2, 1, mean 1.8, deviation 0.83666, t = 2.776445.
    let half = 2.776445 * 0.83666 / 5.0.squareRoot()
    func power(_ exponent: Double) -> Double { squareRoots(of: 2, exponent) }
    let interval = try #require(estimate.interval)
    #expect(abs(estimate.value - power(1.8)) < 1e-4)
    #expect(abs(interval.low - power(1.8 - half)) < 1e-4 && abs(interval.high - power(1.8 + half)) < 1e-4)
    // Exchanged, it is the inverse.
    let inverse = ClaimFigure("b over a", .ratio("b", over: "a")).estimate(samples) { _ in nil }
    #expect(abs(inverse.value * estimate.value - 1) < 1e-12)
    #expect(abs(try #require(inverse.interval).low * interval.high - 1) < 1e-12)
    // Not of what is not above 0.
    let zero = figure.estimate(samples + [["a": 0, "b": 3]]) { _ in nil }
    #expect(zero.value.isNaN && zero.interval == nil)
  }

  /// A power by its binary digits, independent of the logarithms that are tested.
  private func squareRoots(of base: Double, _ exponent: Double) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest >= 1 {
      result *= base
      rest -= 1
    }
    for _ in 0..<50 {
      factor = factor.squareRoot()
      rest *= 2
      if rest >= 1 {
        result *= factor
        rest -= 1
      }
    }
    return result
  }

  @Test("differences are taken seed by seed: what seeds share cancels")
  func difference() throws {
    let figure = ClaimFigure("difference", .difference("a", minus: "b"))
    let samples = [10.0, 200, 3_000, 40, 5].map { ["a": $0 + 1, "b": $0] }
    let estimate = figure.estimate(samples) { _ in nil }
    #expect(abs(estimate.value - 1) < 1e-12)
    #expect(try #require(estimate.interval).width < 1e-9)
  }

  @Test("a rate that all seeds share is no certainty: Wilson's interval and Newcombe's keep a width")
  func rates() throws {
    let samples = (0..<5).map { _ in ["a": 1.0, "b": 0.0] }
    let mean = try #require(ClaimFigure("a", .mean(of: "a")).estimate(samples) { _ in 20 }.interval)
    // Wilson's, 100 of 100: z^2 / (n + z^2) below 1.
    #expect(mean.high == 1 && abs(mean.low - 100 / 103.8415) < 1e-4)
    let difference = try #require(ClaimFigure("d", .difference("a", minus: "b")).estimate(samples) { _ in 20 }.interval)
    let side = 1 - 100 / 103.8415
    #expect(abs(difference.low - (1 - (2 * side * side).squareRoot())) < 1e-4 && difference.high == 1)
    // Where seeds differ, their own spread is the wider one.
    let spread = [0.1, 0.9, 0.2, 0.8, 0.5].map { ["a": $0] }
    let wide = try #require(ClaimFigure("a", .mean(of: "a")).estimate(spread) { _ in 10_000 }.interval)
    #expect(wide == StudentInterval.ofMean([0.1, 0.9, 0.2, 0.8, 0.5]))
  }

  @Test("rules say their bounds as they were declared")
  func texts() {
    #expect(ClaimCriterion.Rule.above(1).text == "above 1")
    #expect(ClaimCriterion.Rule.within(0.02).text == "within 0.02 of 0")
    #expect(ClaimCriterion.Rule.below(-2.5).text == "below -2.5")
    #expect(ClaimCriterion.Rule.never(atMost: 0.0001).text == "0 (to 0.0001)")
  }
}
