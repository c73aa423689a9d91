import RealModule

/// The Beta law's distribution and quantiles, for Bayes-UCB.
enum BetaLaw {
  /// P(X <= x): the regularised incomplete beta function, by its continued fraction from the front (Lentz).
  ///
  /// Source: NIST Digital Library of Mathematical Functions, 8.17.22.
  static func distribution(_ x: Double, _ a: Double, _ b: Double, logBeta: Double) -> Double {
    guard x > 0, x < 1 else { return x <= 0 ? 0 : 1 }
    guard x <= (a + 1) / (a + b + 2) else { return 1 - distribution(1 - x, b, a, logBeta: logBeta) }
    let factor = Double.exp(a * Double.log(x) + b * Double.log(1 - x) - logBeta) / a
    let least = 1e-300
    var c = 1.0
    var d = 1 / max(least, 1 - (a + b) * x / (a + 1))
    var value = d
    for step in 1...300 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / max(least, 1 + even * d)
      c = max(least, 1 + even / c)
      value *= c * d
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + odd * d)
      c = nonzero(1 + odd / c)
      let change = c * d
      value *= change
      if abs(change - 1) < 1e-14 { break }
    }
    return factor * value
  }

  private static func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }

  static func logBeta(_ a: Double, _ b: Double) -> Double {
    Double.logGamma(a) + Double.logGamma(b) - Double.logGamma(a + b)
  }

  /// The x with P(X <= x) = 1 - `tail`, by Newton's steps on the upper tail that bisection keeps in bounds.
  ///
  /// - Parameters:
  ///   - tail: In (0, 1): the probability above it.
  ///   - guess: Where to begin, in (0, 1): what it was at the last pull.
  static func quantile(tail: Double, _ a: Double, _ b: Double, logBeta: Double, guess: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    var x = guess > 0 && guess < 1 ? guess : a / (a + b)
    for _ in 0..<100 {
      // The upper tail is computed as such: near 1 its complement would lose all digits.
      let above = distribution(1 - x, b, a, logBeta: logBeta)
      if above > tail { low = x } else { high = x }
      let density = Double.exp((a - 1) * Double.log(x) + (b - 1) * Double.log(1 - x) - logBeta)
      // Newton's step of the tail's logarithm, which is closer to a line.
      var next = x + (above > 0 ? above * Double.log(above / tail) / density : 0)
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - x) < 1e-10 { return next }
      x = next
    }
    return x
  }
}

/// Divergences of Bernoulli laws, for KL-UCB.
enum BernoulliDivergence {
  /// kl(p, q) in nats.
  static func of(_ p: Double, _ q: Double) -> Double {
    let first = p > 0 ? p * Double.log(p / q) : 0
    let second = p < 1 ? (1 - p) * Double.log((1 - p) / (1 - q)) : 0
    return first + second
  }

  /// The largest q with kl(p, q) at most `budget`, by Newton's steps within bounds; 1 where p is 1.
  static func upper(_ p: Double, budget: Double, guess: Double) -> Double {
    guard p < 1 else { return 1 }
    var (low, high) = (p, 1.0)
    // Pinsker: kl(p, q) >= 2 (q - p)².
    high = min(high, p + (budget / 2).squareRoot())
    if high <= low { return low }
    var q = guess > low && guess < high ? guess : high < 1 ? high : (low + high) / 2
    for _ in 0..<60 {
      let value = of(p, q) - budget
      if value > 0 { high = q } else { low = q }
      let slope = (q - p) / (q * (1 - q))
      var next = slope > 0 ? q - value / slope : (low + high) / 2
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - q) < 1e-9 { return next }
      q = next
    }
    return q
  }
}
