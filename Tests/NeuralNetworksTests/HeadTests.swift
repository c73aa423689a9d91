import RealModule
import Testing

@testable import NeuralNetworks

@Suite("Heads")
struct HeadTests {
  let logits = [0.3, -1.2, 2.0, 0.7, -0.4]

  /// A distribution over a copy of the logits, for the time of the call.
  func with<Result>(_ logits: [Double], legal: [Bool]? = nil, _ body: (Categorical<Double>) -> Result) -> Result {
    var row = logits
    return row.withUnsafeMutableBufferPointer { body(Categorical(logits: $0, legal: legal)) }
  }

  func with<Result>(_ means: [Double], _ logs: [Double], _ body: (DiagonalGaussian<Double>) -> Result) -> Result {
    means.withUnsafeBufferPointer { means in
      logs.withUnsafeBufferPointer { body(DiagonalGaussian(means: means, logDeviations: $0)) }
    }
  }

  @Test("probabilities are the softmax of the legal logits")
  func softmax() {
    let legal = [true, false, true, true, false]
    let total = Double.exp(0.3) + .exp(2.0) + .exp(0.7)
    with(logits, legal: legal) { row in
      #expect(abs(row.probability(of: 2) - .exp(2.0) / total) < 1e-14)
      #expect(row.probability(of: 1) == 0 && row.probability(of: 4) == 0)
      #expect(row.mode == 2)
    }
    with([1000, 999, -1000]) { row in
      #expect(abs(row.logProbability(of: 0) + .log(onePlus: .exp(-1))) < 1e-12)
    }
  }

  @Test("entropy, divergence and their special cases")
  func entropy() {
    with([2, 2, 2, 2]) { #expect(abs($0.entropy - .log(4)) < 1e-14) }
    with([2, 2, 2, 2], legal: [true, false, true, false]) { #expect(abs($0.entropy - .log(2)) < 1e-14) }
    with(logits) { p in
      with([0, 0, 0, 0, 0]) { uniform in
        #expect(abs(p.divergence(to: p)) < 1e-15)
        #expect(abs(p.divergence(to: uniform) - (.log(5) - p.entropy)) < 1e-14)
      }
    }
  }

  @Test(
    "the gradients of log-probability and entropy agree with central differences",
    arguments: [nil, [true, true, false, true, true]])
  func categoricalGradient(_ legal: [Bool]?) {
    var gradient = [Double](repeating: .nan, count: 5)
    with(logits, legal: legal) {
      let entropy = $0.writeGradient(action: 3, logProbabilityWeight: 1.7, entropyWeight: 0.6, into: &gradient)
      #expect(entropy == $0.entropy)
    }
    for index in 0..<5 {
      func loss(_ step: Double) -> Double {
        var moved = logits
        moved[index] += step
        return with(moved, legal: legal) { 1.7 * $0.logProbability(of: 3) + 0.6 * $0.entropy }
      }
      #expect(abs((loss(1e-6) - loss(-1e-6)) / 2e-6 - gradient[index]) < 1e-8)
    }
  }

  @Test("sampling follows the cumulative probabilities and never takes an illegal action")
  func sampling() {
    with([Double.log(0.5), .log(0.25), .log(0.25)]) { row in
      #expect([0, 0.49, 0.51, 0.74, 0.76, 0.999].map { row.sample($0) } == [0, 0, 1, 1, 2, 2])
    }
    with(logits, legal: [false, true, false, true, false]) { row in
      var counts = [0, 0, 0, 0, 0]
      for index in 0..<10_000 { counts[row.sample((Double(index) + 0.5) / 10_000)] += 1 }
      #expect(counts[0] == 0 && counts[2] == 0 && counts[4] == 0)
      #expect(abs(Double(counts[3]) / 10_000 - row.probability(of: 3)) < 2e-4)
      #expect(row.sample(0.99999999999999) == 3)
    }
  }

  @Test("a diagonal Gaussian's density, entropy and divergence are the textbook's")
  func gaussian() {
    let (means, logs, action) = ([0.5, -1.0], [0.2, -0.7], [0.1, -0.6])
    var density = 1.0
    var entropy = 0.0
    for index in 0..<2 {
      let deviation = Double.exp(logs[index])
      let distance = (action[index] - means[index]) / deviation
      density *= .exp(-distance * distance / 2) / (deviation * (2 * Double.pi).squareRoot())
      entropy += 0.5 * .log(2 * .pi * Double.exp(1) * deviation * deviation)
    }
    with(means, logs) { gaussian in
      #expect(abs(gaussian.logProbability(of: action) - .log(density)) < 1e-12)
      #expect(abs(gaussian.entropy - entropy) < 1e-12)
      #expect(abs(gaussian.divergence(to: gaussian)) < 1e-15)
    }
    // KL(N(0,1) ‖ N(1,4)) = ln 2 + (1 + 1)/8 - 1/2
    with([0], [0]) { narrow in
      with([1], [.log(2)]) { wide in
        #expect(abs(narrow.divergence(to: wide) - (.log(2) + 0.25 - 0.5)) < 1e-12)
      }
    }
  }

  @Test("a diagonal Gaussian's gradients agree with central differences")
  func gaussianGradient() {
    let (values, action) = ([0.5, -1.0, 0.2, -0.7], [0.1, -0.6])
    func loss(_ values: [Double]) -> Double {
      let (means, logs) = (Array(values[..<2]), Array(values[2...]))
      return with(means, logs) { 1.3 * $0.logProbability(of: action) + 0.4 * $0.entropy }
    }
    var meanGradient = [Double.nan, .nan]
    var logGradient = [1.0, 1.0]
    let (means, logs) = (Array(values[..<2]), Array(values[2...]))
    with(means, logs) {
      $0.writeGradient(
        action: action, logProbabilityWeight: 1.3, entropyWeight: 0.4, means: &meanGradient, addingTo: &logGradient)
    }
    let analytic = meanGradient + logGradient.map { $0 - 1 }
    for index in 0..<4 {
      var (above, below) = (values, values)
      above[index] += 1e-6
      below[index] -= 1e-6
      #expect(abs((loss(above) - loss(below)) / 2e-6 - analytic[index]) < 1e-8)
    }
  }
}
