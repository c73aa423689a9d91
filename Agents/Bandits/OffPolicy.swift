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
/// q comes from the other half of the log (cross-fitting): the arm's mean reward, or the mean of all where it has none;
/// with a context a ridge regression on it (`RewardRegression`).
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
  /// - Throws: `UserError` with the row, for a file that is empty, lacks a column, names an arm that there is not,
  ///   has a propensity outside of 0 to 1 or of 0, or several episodes of which none is named.
  public init(reading path: String, arms known: Int?, keeping episodes: LogTable.Episodes = .only) throws(UserError) {
    let table = try LogTable(reading: path).keeping(episodes)
    self.episodes = []
    let arms: Int
    if let known {
      arms = known
    } else {
      arms =
        try table.rows { row throws(UserError) in
          try row.integer("arm", in: 0..<OffPolicyLog.mostArms, what: "arms at most")
        }.reduce(1, max) + 1
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
  private func context(_ number: Int) -> ArraySlice<Float> {
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
      zip(columns, context(number)).reduce(
        "{\(episodes.isEmpty ? "" : "\"episode\":\(episodes[number]),")\"arm\":\(decision.arm),\"reward\":\(decision.reward),\"propensity\":\(decision.propensity)"
      ) { "\($0),\"\($1.0)\":\($1.1)" } + "}\n"
    }.joined()
  }

  /// Mean rewards by arm of each half (even and odd decisions), and of all of it.
  private func means() -> [[Double]] {
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

  /// What the model of the other half says of every decision: of the arm that was chosen, and of the policy.
  private func modelled(_ target: OffPolicyTarget) -> (chosen: [Double], policy: [Double]) {
    guard !features.isEmpty else {
      let means = means()
      let constant = target.isConstant ? means.map { zip($0, target[0]).reduce(0) { $0 + $1.0 * $1.1 } } : []
      return (
        decisions.indices.map { means[1 - $0 % 2][decisions[$0].arm] },
        decisions.indices.map { number in
          let other = 1 - number % 2
          return target.isConstant
            ? constant[other] : zip(means[other], target[number]).reduce(0) { $0 + $1.0 * $1.1 }
        }
      )
    }
    let models = (0..<2).map { half in
      var model = RewardRegression(arms: arms, features: features)
      for number in decisions.indices where number % 2 == half {
        model.add(Array(context(number)), arm: decisions[number].arm, reward: decisions[number].reward)
      }
      model.solve()
      return model
    }
    var (chosen, policy) = ([Double](), [Double]())
    for number in decisions.indices {
      let values = models[1 - number % 2].values(Array(context(number)))
      chosen.append(values[decisions[number].arm])
      policy.append(zip(values, target[number]).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return (chosen, policy)
  }

  /// What every decision weighs: how much likelier the policy chooses its arm than the one that logged it.
  private func weights(_ target: OffPolicyTarget) -> [Double] {
    decisions.indices.map { target[$0, decisions[$0].arm] / decisions[$0].propensity }
  }

  /// All estimates of a policy.
  ///
  /// - Parameters:
  ///   - target: Its probability of each arm.
  ///   - clip: The largest weight of the switch estimator, above 0.
  public func estimates(of target: OffPolicyTarget, clip: Double) -> [Estimate] {
    precondition(target.arms == arms && target.covers(decisions.count) && clip > 0, "a probability an arm")
    let model = modelled(target)
    let weights = weights(target)
    let weighted = zip(decisions, weights).map { $0.reward * $1 }
    func robust(_ limit: Double) -> [Double] {
      decisions.indices.map { number in
        let weight = weights[number] <= limit ? weights[number] : 0
        return model.policy[number] + weight * (decisions[number].reward - model.chosen[number])
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
