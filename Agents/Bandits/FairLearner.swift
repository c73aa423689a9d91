public import Groundwork
public import ReinforcementLearning
import RealModule

/// Individually fair learning with one-sided feedback: mistakes and reported pairs as one linear loss of a class of
/// policies.
///
/// The class is soft thresholds on the score, one a group (`FairPolicies`). After a round every
/// policy h is charged, for every applicant who was accepted, p_h (1 - 2 label) / p (unbiased for its mistakes but for
/// a constant, although only the accepted show a label), and for a reported pair `weight` (p_h of the favoured one -
/// p_h of the other).
///
/// - `exp2`: a mixture by exponential weights of the charges.
/// - `ftpl`: the leader after charges that are perturbed by made-up applicants with random losses, those of a
///   separator set, `draws` times a round: the share of the draws that accept is the probability.
///
/// Probabilities are mixed with `exploration` of 1, so that labels are seen.
///
/// Source: Bechavod and Roth 2023, "Individually fair learning with one-sided feedback" (the reduction, Exp2 and
/// context-semi-bandit FTPL); Syrgkanis, Krishnamurthy and Schapire 2016, "Efficient algorithms for adversarial
/// contextual learning" (perturbation by a separator set).
public struct FairLearner: LearningPolicy {
  /// How the policy of a round is made.
  public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
    /// Exponential weights.
    case exp2
    /// Follow the perturbed leader.
    case ftpl
  }

  /// The method and its sizes.
  public struct Parameters: ConfigurationPart {
    /// How the policy of a round is made.
    public var method = Method.exp2
    /// What a reported pair is charged (C), from 0; 0 looks at mistakes alone; -1: T^(1/3), with which both the regret
    /// and the violations grow more slowly than T.
    public var weight = -1.0
    /// Step size (eta), above 0; 0: by the horizon.
    public var stepSize = 0.0
    /// Share of accepting whoever comes (gamma), 0 to 1; negative: T^(-1/3) / 2.
    public var exploration = -1.0
    /// Perturbed leaders of a round, 1 to 1000, for `ftpl`.
    public var draws = 30
    /// Scores of a group's applicants in the separator set, 1 to 1000, for `ftpl`: enough that any two policies treat
    /// one of them differently.
    public var separator = 14
    /// How fast acceptance rises with the score, above 0: the auditor's slope.
    public var slope = 4.0
    /// Exp2.
    public init() {}
  }

  /// The method and its sizes, and how experience is collected.
  public typealias Configuration = BanditConfiguration<Parameters>

  private let parameters: Parameters
  private let arrivals: Int
  private let rate: Double
  private let exploration: Double
  private let policies: FairPolicies
  /// The scores of the separator set.
  private let separator: FairSeparator
  /// Charges so far, `[slots, policies]`.
  private var charges: [Double]
  /// The last round's probabilities, `[slots, arrivals]`.
  private var probabilities: [Double]
  /// Weights of a round, `[policies]`, and their sums by threshold, `[2, thresholds]`.
  private var weights, shares: [Double]
  /// What made-up applicants cost a threshold, `[2, thresholds]`.
  private var noise: [Double]

  /// - Throws: `UserError` for another environment than `bandit/Fairness`, or a number outside its range.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    var parameters = configuration.own
    guard let field = setting.specification.field("applicants"), !setting.specification.actions.isDiscrete else {
      throw UserError("fair learning needs applicants and auditors", fix: "Use bandit/Fairness")
    }
    try Check.all([
      Check("agent.weight", parameters.weight, in: -1...1e6),
      Check("agent.stepSize", parameters.stepSize, in: 0...1e6),
      Check("agent.exploration", parameters.exploration, in: -1...1),
      Check("agent.draws", parameters.draws, in: 1...1000),
      Check("agent.separator", parameters.separator, in: 1...1000),
      Check("agent.slope", parameters.slope, in: 0.01...1000),
    ])
    try configuration.shared.own.refuse(by: "fair learning")
    arrivals = field.shape[0]
    let horizon = Double(setting.specification.timeLimit ?? 100_000)
    if parameters.weight < 0 { parameters.weight = Double.pow(horizon, 1.0 / 3) }
    self.parameters = parameters
    exploration =
      parameters.exploration < 0 ? 0.5 * Double.pow(horizon, -1.0 / 3) : parameters.exploration
    let size = Double(arrivals) + parameters.weight
    rate =
      parameters.stepSize > 0
      ? parameters.stepSize
      : (Double.log(Double(FairPolicies.count)) / horizon).squareRoot()
        * (parameters.method == .exp2 ? 2 / size.squareRoot() : 1)
    policies = FairPolicies(slope: parameters.slope)
    separator = try FairSeparator(of: policies, scores: parameters.separator)
    charges = Array(repeating: 0, count: slots * FairPolicies.count)
    probabilities = Array(repeating: 1, count: slots * arrivals)
    weights = Array(repeating: 0, count: FairPolicies.count)
    shares = Array(repeating: 0, count: 2 * FairPolicies.thresholds)
    noise = shares
  }

  /// Charges the last round, then mixes the next probabilities. - Complexity: O(slots * policies * arrivals).
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let layout = rollout.layout
    let applicants = layout.place("applicants")!.offset
    let last = layout.place("lastApplicants")!.offset
    let labels = layout.place("labels")!.offset
    let reported = layout.place("reported")!.offset
    for slot in 0..<rollout.slots {
      let row = rollout.observation(time: time, slot: slot)
      func number(_ offset: Int, _ index: Int) -> Double {
        Double((row + offset).load(fromByteOffset: 4 * index, as: Float.self))
      }
      if rollout.startsEpisode(time: time, slot: slot) {
        for policy in 0..<FairPolicies.count { charges[slot * FairPolicies.count + policy] = 0 }
      } else {
        for place in 0..<arrivals where number(labels, place) >= 0 {
          let p = probabilities[slot * arrivals + place]
          charge(
            slot, score: number(last, 2 * place), group: Int(number(last, 2 * place + 1)),
            by: (1 - 2 * number(labels, place)) / max(p, 1e-6))
        }
        let (first, second) = (Int(number(reported, 0)), Int(number(reported, 1)))
        if first >= 0, parameters.weight > 0 {
          charge(
            slot, score: number(last, 2 * first), group: Int(number(last, 2 * first + 1)), by: parameters.weight)
          charge(
            slot, score: number(last, 2 * second), group: Int(number(last, 2 * second + 1)), by: -parameters.weight)
        }
      }
      switch parameters.method {
      case .exp2: weigh(slot)
      case .ftpl: lead(slot, random: &random)
      }
      policies.share(weights, into: &shares)
      for place in 0..<arrivals {
        let (score, group) = (number(applicants, 2 * place), Int(number(applicants, 2 * place + 1)))
        var p = 0.0
        for threshold in 0..<FairPolicies.thresholds {
          p += shares[group * FairPolicies.thresholds + threshold] * policies.accept(threshold, score)
        }
        p = (1 - exploration) * p + exploration
        probabilities[slot * arrivals + place] = p
        rollout.actions.continuous[(time * rollout.slots + slot) * arrivals + place] = Float(p)
      }
    }
  }

  /// Charges every policy so much times its probability of accepting an applicant.
  private mutating func charge(_ slot: Int, score: Double, group: Int, by amount: Double) {
    let (n, base) = (FairPolicies.thresholds, slot * FairPolicies.count)
    for threshold in 0..<n {
      let value = amount * policies.accept(threshold, score)
      for other in 0..<n { charges[base + (group == 0 ? threshold * n + other : other * n + threshold)] += value }
    }
  }

  /// Exp2: weights by the exponential of the charges.
  private mutating func weigh(_ slot: Int) {
    let base = slot * FairPolicies.count
    var (least, total) = (Double.infinity, 0.0)
    for policy in weights.indices { least = min(least, charges[base + policy]) }
    for policy in weights.indices {
      weights[policy] = Double.exp(-rate * (charges[base + policy] - least))
      total += weights[policy]
    }
    for policy in weights.indices { weights[policy] /= total }
  }

  /// FTPL: the share of some perturbed rounds in which each policy leads.
  private mutating func lead(_ slot: Int, random: inout RandomSource) {
    for policy in weights.indices { weights[policy] = 0 }
    for _ in 0..<parameters.draws {
      separator.perturb(&noise, scale: 1 / rate, random: &random)
      let leader = policies.leader(charges, from: slot * FairPolicies.count, perturbedBy: noise)
      weights[leader] += 1 / Double(parameters.draws)
    }
  }

  /// Saves charges and probabilities.
  public func save(to state: inout SavedState) {
    state.set("charges", charges)
    state.set("probabilities", probabilities)
  }

  /// Puts the slots where they were saved.
  ///
  /// - Throws: `UserError` when the state is of other slots.
  public mutating func restore(from state: SavedState) throws {
    charges = try state.get("charges", count: charges.count)
    probabilities = try state.get("probabilities", count: probabilities.count)
  }
}
