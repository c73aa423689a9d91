internal import RealModule

/// The rate of successes among independent trials.
///
/// For the episodes of one fixed policy. Episodes of several runs are not independent trials of one thing:
/// over runs, use a `Bootstrap` of the runs' rates.
public enum SuccessRate {
  /// Wilson's score interval: unlike the plain normal interval it stays within [0, 1] and has a width when all
  /// trials succeeded or none did.
  ///
  /// - Parameters:
  ///   - successes: In 0...trials; need not be whole (a mean rate times a number of episodes).
  ///   - confidence: In (0, 1).
  /// - Returns: `nil` without trials.
  ///
  /// Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
  public static func wilsonInterval(successes: Double, trials: Int, confidence: Double = 0.95) -> Interval? {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    guard trials > 0, successes.isFinite else { return nil }
    precondition(successes >= 0 && successes <= Double(trials), "\(successes) successes of \(trials) trials")
    let n = Double(trials)
    let rate = successes / n
    let z = normalQuantile(upperTail: (1 - confidence) / 2)
    let centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    return Interval(low: max(0, centre - half), high: min(1, centre + half))
  }

  /// The z with that much of the standard normal distribution above it, by bisection on `erfc`.
  ///
  /// - Parameter upperTail: In (0, 0.5].
  static func normalQuantile(upperTail: Double) -> Double {
    var low = 0.0
    var high = 40.0
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if Double.erfc(middle / 2.0.squareRoot()) / 2 > upperTail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
