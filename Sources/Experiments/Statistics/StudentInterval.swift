internal import RealModule

/// Intervals for the mean of few independent values, by Student's distribution.
///
/// For five to ten seeds, where a percentile bootstrap is too narrow: of five values it has about 63 % of this width.
/// The values should be about normal; ratios are, on a logarithmic scale.
///
/// Source: Student, "The Probable Error of a Mean" (1908).
public enum StudentInterval {
  /// The interval of the mean.
  ///
  /// - Parameters:
  ///   - values: `[seeds]`, independent of each other.
  ///   - confidence: In (0, 1).
  /// - Returns: nil for fewer than two values, or where one is not finite. Of equal values it has no width.
  public static func ofMean(_ values: [Double], confidence: Double = 0.95) -> Interval? {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
    let mean = Aggregate.mean(of: values)
    let error = Aggregate.standardDeviation(of: values) / Double(values.count).squareRoot()
    let half = quantile(upperTail: (1 - confidence) / 2, degrees: values.count - 1) * error
    return Interval(low: mean - half, high: mean + half)
  }

  /// The one-sided p-value of the t-test that the mean is not above 0.
  ///
  /// - Parameter values: `[seeds]`, independent of each other and about normal.
  /// - Returns: 1 for fewer than two values, or where one is not finite. Of equal values 0 or 1, by their sign.
  public static func pValue(ofMeanAbove0 values: [Double]) -> Double {
    guard values.count > 1, values.allSatisfy(\.isFinite) else { return 1 }
    let mean = Aggregate.mean(of: values)
    let error = Aggregate.standardDeviation(of: values) / Double(values.count).squareRoot()
    guard error > 0 else { return mean > 0 ? 0 : 1 }
    let upper = upperTail(of: abs(mean) / error, degrees: values.count - 1)
    return mean > 0 ? upper : 1 - upper
  }

  /// The t with that much of the distribution above it, by bisection.
  ///
  /// - Parameters:
  ///   - upperTail: In (0, 0.5].
  ///   - degrees: Degrees of freedom, at least 1.
  static func quantile(upperTail: Double, degrees: Int) -> Double {
    var low = 0.0
    // One degree of freedom needs the farthest: t = 1 / (pi · tail).
    var high = 1 / upperTail
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if self.upperTail(of: middle, degrees: degrees) > upperTail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// P(T > t) for t from 0: half of the regularized incomplete beta function I(n / (n + t²); n / 2, 1 / 2).
  static func upperTail(of t: Double, degrees: Int) -> Double {
    let n = Double(degrees)
    return regularizedBeta(n / (n + t * t), n / 2, 0.5) / 2
  }

  /// I(x; a, b) by its continued fraction, evaluated from the front by Lentz's method.
  ///
  /// Source: NIST Digital Library of Mathematical Functions, 8.17.22.
  private static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0, x < 1 else { return x <= 0 ? 0 : 1 }
    // The fraction converges fast below the mean; above it the symmetry of I leads there.
    guard x <= (a + 1) / (a + b + 2) else { return 1 - regularizedBeta(1 - x, b, a) }
    let logFactor =
      a * Double.log(x) + b * Double.log(1 - x) - Double.log(a) - Double.logGamma(a) - Double.logGamma(b)
      + Double.logGamma(a + b)
    // What stands for a denominator of 0.
    let least = 1e-300
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1), least)
    var fraction = d
    for m in 1..<10_000 {
      let m = Double(m)
      for numerator in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / nonzero(1 + numerator * d, least)
        c = nonzero(1 + numerator / c, least)
        fraction *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return Double.exp(logFactor) * fraction
  }

  private static func nonzero(_ value: Double, _ least: Double) -> Double { abs(value) < least ? least : value }
}
