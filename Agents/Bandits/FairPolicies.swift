import Groundwork
import ReinforcementLearning

/// The class that fair learners choose from: soft thresholds on the score, one for each of two groups.
///
/// Fourteen places from 0.15 to 0.85 a group, 196 policies; policy a n + b accepts by threshold a in group 0 and by b
/// in group 1. A ramp of the given slope goes through 1/2 at the threshold.
struct FairPolicies: Sendable {
  /// Places of a threshold (n).
  static let thresholds = 14
  /// Number of policies (n²).
  static let count = thresholds * thresholds

  let slope: Double
  private let scores = (0..<thresholds).map { 0.15 + 0.7 * Double($0) / Double(thresholds - 1) }

  init(slope: Double) { self.slope = slope }

  /// The probability with which a threshold accepts a score.
  @inline(__always) func accept(_ threshold: Int, _ score: Double) -> Double {
    max(0, min(1, 0.5 + slope * (score - scores[threshold])))
  }

  /// The sums of policies' weights by the threshold of either group, `[2, thresholds]`.
  func share(_ weights: [Double], into shares: inout [Double]) {
    let n = FairPolicies.thresholds
    for place in shares.indices { shares[place] = 0 }
    for first in 0..<n {
      for second in 0..<n {
        shares[first] += weights[first * n + second]
        shares[n + second] += weights[first * n + second]
      }
    }
  }

  /// The policy that has been charged least, with what is added by threshold, `[2, thresholds]`: the oracle that
  /// oracle-efficient learning asks.
  func leader(_ charges: [Double], from base: Int, perturbedBy noise: [Double]) -> Int {
    let n = FairPolicies.thresholds
    var (best, least) = (0, Double.infinity)
    for first in 0..<n {
      for second in 0..<n {
        let value = charges[base + first * n + second] + noise[first] + noise[n + second]
        if value < least { (best, least) = (first * n + second, value) }
      }
    }
    return best
  }
}

/// Made-up applicants of either group that tell all policies of a class apart: a separator set.
///
/// Follow-the-perturbed-leader adds to what was seen a random loss for each of them, so that which policy leads is
/// random enough whatever comes, and needs nothing of the class but its best policy.
struct FairSeparator: Sendable {
  private let scores: Int
  /// With which probability each threshold accepts each score, `[thresholds, scores]`.
  private let accepts: [Double]

  /// - Parameter scores: How many, spread evenly over the thresholds' places; one stands in their middle.
  /// - Throws: `UserError` where two thresholds treat all of them alike.
  init(of policies: FairPolicies, scores: Int) throws(UserError) {
    self.scores = scores
    let places = (0..<scores).map { scores == 1 ? 0.5 : 0.15 + 0.7 * Double($0) / Double(scores - 1) }
    let n = FairPolicies.thresholds
    accepts = (0..<n).flatMap { threshold in places.map { policies.accept(threshold, $0) } }
    for first in 0..<n {
      for second in 0..<first {
        let isSeparated = (0..<scores).contains { score in
          abs(accepts[first * scores + score] - accepts[second * scores + score]) > 1e-9
        }
        guard isSeparated else {
          throw UserError(
            "\(scores) scores a group do not tell all thresholds of slope \(policies.slope) apart",
            fix: "Use more (--set agent.separator=\(n))")
        }
      }
    }
  }

  /// Fresh losses of Laplace's law, as what they cost each threshold of either group, `[2, thresholds]`.
  ///
  /// - Complexity: O(thresholds * scores); allocates nothing.
  func perturb(_ noise: inout [Double], scale: Double, random: inout RandomSource) {
    let n = FairPolicies.thresholds
    for place in noise.indices { noise[place] = 0 }
    for group in 0..<2 {
      for score in 0..<scores {
        let loss = scale * random.exponential() * (random.uniform() < 0.5 ? -1 : 1)
        for threshold in 0..<n { noise[group * n + threshold] += loss * accepts[threshold * scores + score] }
      }
    }
  }
}
