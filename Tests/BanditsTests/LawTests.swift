import RealModule
import ReinforcementLearning
import Testing

@testable import Bandits

/// Random numbers against the laws that they are to have, and the functions behind the indices.
@Suite("Laws") struct LawTests {
  /// Kolmogorov and Smirnov's distance of a sample from a distribution, times the root of its size: above 1.95 once in
  /// a thousand.
  private func distance(_ sample: [Double], _ distribution: (Double) -> Double) -> Double {
    let sorted = sample.sorted()
    let count = Double(sorted.count)
    var most = 0.0
    for (rank, value) in sorted.enumerated() {
      let expected = distribution(value)
      most = max(most, abs(Double(rank) / count - expected), abs(Double(rank + 1) / count - expected))
    }
    return most * count.squareRoot()
  }

  @Test("the ziggurat's numbers have the normal law, in the tails too")
  func normal() {
    var random = RandomSource(seed: 1)
    let sample = (0..<400_000).map { _ in random.quickNormal() }
    #expect(distance(sample) { 0.5 * Double.erfc(-$0 / 2.0.squareRoot()) } < 1.95)
    // Beyond 3.654 the tail has a method of its own: 2.58e-4 of the draws.
    let tail = Double(sample.count { abs($0) > 3.6541528853610088 })
    let expected = Double(sample.count) * Double.erfc(3.6541528853610088 / 2.0.squareRoot())
    #expect(abs(tail - expected) < 4 * expected.squareRoot())
  }

  @Test(
    "Beta numbers have the Beta law, as its distribution by the continued fraction says",
    arguments: [(1.0, 1.0), (2.0, 5.0), (40.0, 61.0), (6000.0, 4000.0), (0.5, 0.5), (1.0, 300.0)])
  func beta(_ a: Double, _ b: Double) {
    var random = RandomSource(seed: 2)
    let sample = (0..<100_000).map { _ in random.beta(a, b) }
    let logBeta = BetaLaw.logBeta(a, b)
    #expect(distance(sample) { BetaLaw.distribution($0, a, b, logBeta: logBeta) } < 1.95)
  }

  @Test("what Thompson sampling draws is fresh in every round: no two rounds share a number")
  func fresh() throws {
    var random = RandomSource(seed: 3)
    let draws = (0..<100_000).map { _ in random.beta(3, 4) }
    #expect(Set(draws).count == draws.count)
    // Successive draws are not correlated.
    let mean = draws.reduce(0, +) / Double(draws.count)
    var (product, square) = (0.0, 0.0)
    for index in 1..<draws.count {
      product += (draws[index] - mean) * (draws[index - 1] - mean)
      square += (draws[index] - mean) * (draws[index] - mean)
    }
    #expect(abs(product / square) < 4 / Double(draws.count).squareRoot())
  }

  @Test("quantiles undo the distribution, far into the tail")
  func quantiles() {
    for (a, b) in [(1.0, 1.0), (3.0, 8.0), (700.0, 300.0), (1.0, 50.0)] {
      let logBeta = BetaLaw.logBeta(a, b)
      for tail in [0.5, 0.1, 1e-3, 1e-6] {
        let x = BetaLaw.quantile(tail: tail, a, b, logBeta: logBeta, guess: 0)
        let above = BetaLaw.distribution(1 - x, b, a, logBeta: logBeta)
        #expect(abs(above - tail) < 1e-5 * tail, "Beta(\(a), \(b)), tail \(tail): \(x) has \(above)")
      }
    }
    // Beta(1, 1) is uniform, Beta(1, b) has 1 - (1 - x)^b.
    #expect(abs(BetaLaw.quantile(tail: 0.25, 1, 1, logBeta: 0, guess: 0.5) - 0.75) < 1e-9)
    #expect(abs(BetaLaw.distribution(0.2, 1, 3, logBeta: BetaLaw.logBeta(1, 3)) - (1 - 0.512)) < 1e-12)
  }

  @Test("KL-UCB's index is where the divergence is used up")
  func divergence() {
    for p in [0.0, 0.1, 0.5, 0.93] {
      for budget in [1e-4, 0.05, 0.7, 4] {
        let q = BernoulliDivergence.upper(p, budget: budget, guess: 0)
        #expect(q > p && abs(BernoulliDivergence.of(p, q) - budget) < 1e-5 || q > 1 - 1e-6, "\(p) \(budget): \(q)")
      }
    }
    #expect(BernoulliDivergence.upper(1, budget: 1, guess: 0) == 1)
    #expect(abs(BernoulliDivergence.of(0.4, 0.6) - 0.2 * Double.log(1.5)) < 1e-15)
  }
}
