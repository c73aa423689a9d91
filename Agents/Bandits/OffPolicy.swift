public import Groundwork
import RealModule

/// What a policy would earn, from the log of another one: inverse propensities, self-normalised, doubly robust, switch.
///
/// The policy that is asked about is its probability of every arm, the same for all decisions or others for each; the
/// log says of every decision the arm, its reward, with which probability the logging policy chose it, and what it was
/// chosen in, where there is a context.
///
/// | | a decision counts as | source |
/// |---|---|---|
/// | IPW | w r, w = target / propensity | Horvitz and Thompson 1952 |
/// | SNIPW | the sum of w r over the sum of w | Swaminathan and Joachims 2015 |
/// | DR | sum of target q + w (r - q) | Dudík, Langford and Li 2011 |
/// | switch | the same with w = 0 where it is above `clip` | Wang, Agarwal and Dudík 2017 |
///
/// q comes from the other half of the log (`CrossFittedModel`), and intervals know that it was fitted. Where weights
/// are cut the switch estimator is off by as much as the model is there.
public struct OffPolicyLog: Sendable, Hashable {
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
  /// Number of arms (K).
  public let arms: Int
  /// The shape of a decision's context: empty for none, `[d]` for one vector, `[K, d]` for one an arm.
  public let features: [Int]
  /// What decisions were made in, `[decisions]` times `features`; empty where there is no context.
  public let contexts: [Float]
  /// Of which episode every decision is, `[decisions]`; empty where all are of one.
  public let episodes: [Int]
  /// Columns of the file that nobody reads.
  public private(set) var unread: [String] = []

  /// A log of decisions that fit.
  ///
  /// - Precondition: There is a decision, arms are below `arms`, propensities above 0 to 1, contexts as many as
  ///   decisions, and so the episodes, where there are some.
  public init(
    _ decisions: [Decision], arms: Int, features: [Int] = [], contexts: [Float] = [], episodes: [Int] = []
  ) {
    precondition(
      !decisions.isEmpty
        && decisions.allSatisfy { (0..<arms).contains($0.arm) && $0.propensity > 0 && $0.propensity <= 1 },
      "a log of decisions that fit")
    precondition(
      contexts.count == (features.isEmpty ? 0 : decisions.count * features.reduce(1, *)), "a context a decision")
    self.decisions = decisions
    self.arms = arms
    self.features = features
    precondition(episodes.isEmpty || episodes.count == decisions.count, "an episode a decision")
    self.contexts = contexts
    self.episodes = episodes
  }

  /// The most numbers of contexts or probabilities that are held.
  public static let most = 100_000_000

  /// Reads the columns `arm`, `reward` and `propensity`, and those of a context, `x0`, `x1`, ... or `x0_0`, ... for a
  /// vector an arm, of a file of CSV or JSON lines.
  ///
  /// - Parameters:
  ///   - arms: nil: one more than the largest in the file, at least 2.
  ///   - keeping: Which of the episodes that the column `episode` tells apart.
  /// - Throws: `UserError` with the row, for a file that is empty or has one row alone, lacks a column, names an arm
  ///   that there is not, has a propensity outside of 0 to 1 or of 0, or several episodes of which none is named.
  public init(reading path: String, arms known: Int?, keeping episodes: LogTable.Episodes = .only) throws(UserError) {
    let table = try LogTable(reading: path).keeping(episodes)
    self.episodes = []
    unread = table.unread(besides: ["arm", "reward", "propensity", "episode"])
    guard table.count > 1 else {
      throw UserError("'\(path)' has one decision, which tells nothing of chance", fix: "Log more")
    }
    let arms: Int
    if let known {
      arms = known
    } else {
      let highest = try table.rows { row throws(UserError) in
        try row.integer("arm", in: 0..<OffPolicyLog.mostArms, what: "arms at most")
      }.reduce(1, max)
      arms = max(highest + 1, table.contextArms)
    }
    self.arms = arms
    let features = try table.contextShape(arms: arms)
    let columns = LogTable.contextColumns(features)
    guard table.count * columns.count <= OffPolicyLog.most else {
      throw UserError(
        "'\(path)' has \(table.count) rows of \(columns.count) numbers of a context, and \(OffPolicyLog.most) numbers "
          + "are the most", fix: "Use fewer rows, or leave the columns of the context out")
    }
    self.features = features
    contexts = try table.rows { row throws(UserError) in try row.floats(columns) }.flatMap(\.self)
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

  /// The most arms of a log whose number nobody says.
  public static let mostArms = 65_536

  /// The numbers of a decision's context.
  func context(_ number: Int) -> ArraySlice<Float> {
    let width = features.isEmpty ? 0 : features.reduce(1, *)
    return contexts[number * width..<(number + 1) * width]
  }

  /// The text of the log as CSV.
  public var csv: String {
    ((episodes.isEmpty ? [] : ["episode"]) + ["arm", "reward", "propensity"] + LogTable.contextColumns(features))
      .joined(separator: ",") + "\n"
      + decisions.enumerated().map { number, decision in
        let first = episodes.isEmpty ? "" : "\(episodes[number]),"
        return context(number).reduce("\(first)\(decision.arm),\(decision.reward),\(decision.propensity)") {
          "\($0),\($1)"
        } + "\n"
      }.joined()
  }

  /// The text of the log as JSON lines.
  public var jsonLines: String {
    let columns = LogTable.contextColumns(features)
    return decisions.enumerated().map { number, decision in
      let first = episodes.isEmpty ? "{" : "{\"episode\":\(episodes[number]),"
      return zip(columns, context(number)).reduce(
        "\(first)\"arm\":\(decision.arm),\"reward\":\(decision.reward),\"propensity\":\(decision.propensity)"
      ) { "\($0),\"\($1.0)\":\($1.1)" } + "}\n"
    }.joined()
  }

  /// What every decision weighs: how much likelier the policy chooses its arm than the one that logged it.
  private func weights(_ target: OffPolicyTarget) -> [Double] {
    decisions.indices.map { target[$0, decisions[$0].arm] / decisions[$0].propensity }
  }

  /// Refuses a policy of which the log knows nothing, and numbers that no estimate can be made of.
  ///
  /// - Throws: `UserError` where the log has no decision of any arm that the policy chooses, or a sum of weights and
  ///   rewards is too large for a number.
  public func check(_ target: OffPolicyTarget) throws(UserError) {
    let weights = weights(target)
    guard weights.contains(where: { $0 > 0 }) else {
      throw UserError(
        "the log has no decision of an arm that the policy chooses", fix: "Ask about a policy of the arms in the log")
    }
    let largest = weights.reduce(0, max) * decisions.reduce(0) { max($0, abs($1.reward)) }
    guard largest * largest * Double(decisions.count) < .infinity else {
      throw UserError(
        "rewards over propensities are too large to be summed", fix: "Use rewards and propensities nearer to 1")
    }
  }

  /// All estimates of a policy that `check` lets pass.
  ///
  /// - Parameters:
  ///   - target: Its probability of each arm.
  ///   - clip: The largest weight of the switch estimator, above 0.
  public func estimates(of target: OffPolicyTarget, clip: Double) -> [Estimate] {
    precondition(target.arms == arms && target.covers(decisions.count) && clip > 0, "a probability an arm")
    let model = CrossFittedModel(self, target)
    let weights = weights(target)
    let weighted = zip(decisions, weights).map { $0.reward * $1 }
    func robust(_ name: String, _ limit: Double) -> Estimate {
      let kept = weights.map { $0 <= limit ? $0 : 0 }
      let terms = decisions.indices.map {
        model.policy[$0] + kept[$0] * (decisions[$0].reward - model.chosen[$0])
      }
      let spread = zip(terms, model.influence(kept)).map { $0 + $1 }
      return estimate(name, spread, around: terms.reduce(0, +) / Double(terms.count))
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
      estimate("IPW", weighted), estimate("SNIPW", influence, around: normalised), robust("DR", .infinity),
      robust("switch", clip),
    ]
  }

  /// How far the log covers a policy.
  public func overlap(of target: OffPolicyTarget, clip: Double) -> Overlap {
    let weights = weights(target)
    let (total, squares) = weights.reduce(into: (0.0, 0.0)) { $0 = ($0.0 + $1, $0.1 + $1 * $1) }
    let seen = Set(decisions.map(\.arm))
    return Overlap(
      effectiveDecisions: squares > 0 ? total * total / squares : 0, largestWeight: weights.max() ?? 0,
      meanWeight: total / Double(weights.count),
      clippedShare: Double(weights.count { $0 > clip }) / Double(weights.count),
      unseenArms: (0..<arms).filter { arm in !seen.contains(arm) && target.chooses(arm) })
  }
}
