public import Groundwork
import RealModule

/// What a policy would earn, from the log of another one: inverse propensities, self-normalised, doubly robust, switch.
///
/// The policy that is asked about chooses arms with given probabilities, whatever the context; the log says of every
/// decision the arm, its reward, and with which probability the logging policy chose it.
///
/// | | a decision counts as | source |
/// |---|---|---|
/// | IPW | w r, w = target / propensity | Horvitz and Thompson 1952 |
/// | SNIPW | the sum of w r over the sum of w | Swaminathan and Joachims 2015 |
/// | DR | sum of target q + w (r - q) | Dudík, Langford and Li 2011 |
/// | switch | the same with w = 0 where it is above `clip` | Wang, Agarwal and Dudík 2017 |
///
/// q is the arm's mean reward in the other half of the log (cross-fitting), or the mean of all where it has none.
public struct OffPolicyLog: Sendable {
  /// One decision.
  public struct Decision: Sendable, Hashable {
    /// From 0.
    public var arm: Int
    /// What it paid.
    public var reward: Double
    /// With which probability it was chosen, above 0 to 1.
    public var propensity: Double

    /// A decision.
    public init(arm: Int, reward: Double, propensity: Double) {
      self.arm = arm
      self.reward = reward
      self.propensity = propensity
    }
  }

  /// One estimate with its 95 % interval, normal over decisions.
  public struct Estimate: Sendable, Hashable {
    /// `IPW`, `SNIPW`, `DR` or `switch`.
    public var name: String
    /// Reward a decision.
    public var value: Double
    /// The ends of the interval.
    public var low: Double
    /// The upper end; see `low`.
    public var high: Double
  }

  /// How far the log covers what the policy would do.
  public struct Overlap: Sendable, Hashable {
    /// Decisions that as much is known by: (sum of w)² / sum of w².
    public var effectiveDecisions: Double
    /// The largest weight.
    public var largestWeight: Double
    /// The mean of the weights: 1 but for chance where every arm that the policy chooses is in the log.
    public var meanWeight: Double
    /// The share of the weights above `clip`.
    public var clippedShare: Double
    /// Arms that the policy chooses and that the log has no decision of.
    public var unseenArms: [Int]
  }

  /// In the log's order.
  public let decisions: [Decision]
  /// Number of arms.
  public let arms: Int

  /// A log of decisions that fit.
  ///
  /// - Precondition: There is a decision, arms are below `arms`, propensities above 0 to 1.
  public init(_ decisions: [Decision], arms: Int) {
    precondition(
      !decisions.isEmpty
        && decisions.allSatisfy { (0..<arms).contains($0.arm) && $0.propensity > 0 && $0.propensity <= 1 },
      "a log of decisions that fit")
    self.decisions = decisions
    self.arms = arms
  }

  /// Reads the columns `arm`, `reward` and `propensity` of a file of CSV or JSON lines.
  ///
  /// - Throws: `UserError` with the row, for a file that is empty, lacks a column, names an arm that there is not, or
  ///   has a propensity outside of 0 to 1 or of 0.
  public init(reading path: String, arms: Int) throws(UserError) {
    let table = try LogTable(reading: path)
    self.arms = arms
    decisions = try table.rows { row throws(UserError) in
      let decision = Decision(
        arm: try row.integer("arm", in: 0..<arms, what: "arms"), reward: try row.number("reward"),
        propensity: try row.number("propensity"))
      guard decision.propensity > 0, decision.propensity <= 1 else {
        throw UserError(
          "row \(row.number) of '\(path)' has the propensity \(decision.propensity)",
          fix: "Log with which probability the arm was chosen: above 0, to 1")
      }
      return decision
    }
  }

  /// The text of the log as CSV.
  public var csv: String {
    "arm,reward,propensity\n" + decisions.map { "\($0.arm),\($0.reward),\($0.propensity)\n" }.joined()
  }

  /// The text of the log as JSON lines.
  public var jsonLines: String {
    decisions.map { "{\"arm\":\($0.arm),\"reward\":\($0.reward),\"propensity\":\($0.propensity)}\n" }.joined()
  }

  /// Mean rewards by arm of each half (even and odd decisions), and of all of it.
  private func models() -> [[Double]] {
    (0..<2).map { half in
      var (counts, sums) = ([Double](repeating: 0, count: arms), [Double](repeating: 0, count: arms))
      for (number, decision) in decisions.enumerated() where number % 2 == half {
        counts[decision.arm] += 1
        sums[decision.arm] += decision.reward
      }
      let mean = sums.reduce(0, +) / max(1, counts.reduce(0, +))
      return (0..<arms).map { counts[$0] > 0 ? sums[$0] / counts[$0] : mean }
    }
  }

  /// All estimates of a policy.
  ///
  /// - Parameters:
  ///   - target: Its probability of each arm, `[arms]`.
  ///   - clip: The largest weight of the switch estimator, above 0.
  public func estimates(of target: [Double], clip: Double) -> [Estimate] {
    precondition(target.count == arms && clip > 0, "a probability an arm")
    let models = models()
    let values = models.map { model in zip(model, target).reduce(0) { $0 + $1.0 * $1.1 } }
    let weights = decisions.map { target[$0.arm] / $0.propensity }
    let weighted = zip(decisions, weights).map { $0.reward * $1 }
    // The model of a decision is that of the other half.
    func robust(_ limit: Double) -> [Double] {
      decisions.indices.map { number in
        let other = 1 - number % 2
        let weight = weights[number] <= limit ? weights[number] : 0
        return values[other] + weight * (decisions[number].reward - models[other][decisions[number].arm])
      }
    }
    let total = weights.reduce(0, +)
    let normalised = total > 0 ? weighted.reduce(0, +) / total : 0
    let mean = total / Double(weights.count)
    // The delta method: the ratio moves with w (r - value) / mean w.
    let influence = zip(decisions, weights).map { mean > 0 ? $1 * ($0.reward - normalised) / mean : 0 }
    func estimate(_ name: String, _ terms: [Double], around center: Double? = nil) -> Estimate {
      let count = Double(terms.count)
      let average = terms.reduce(0, +) / count
      let square = terms.reduce(0) { $0 + ($1 - average) * ($1 - average) } / max(1, count - 1)
      let half = 1.959963984540054 * (square / count).squareRoot()
      let value = center ?? average
      return Estimate(name: name, value: value, low: value - half, high: value + half)
    }
    return [
      estimate("IPW", weighted), estimate("SNIPW", influence, around: normalised), estimate("DR", robust(.infinity)),
      estimate("switch", robust(clip)),
    ]
  }

  /// How far the log covers a policy.
  public func overlap(of target: [Double], clip: Double) -> Overlap {
    let weights = decisions.map { target[$0.arm] / $0.propensity }
    let (total, squares) = weights.reduce(into: (0.0, 0.0)) { $0 = ($0.0 + $1, $0.1 + $1 * $1) }
    let seen = Set(decisions.map(\.arm))
    return Overlap(
      effectiveDecisions: squares > 0 ? total * total / squares : 0, largestWeight: weights.max() ?? 0,
      meanWeight: total / Double(weights.count),
      clippedShare: Double(weights.count { $0 > clip }) / Double(weights.count),
      unseenArms: (0..<arms).filter { target[$0] > 0 && !seen.contains($0) })
  }
}
