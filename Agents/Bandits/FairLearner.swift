public import Groundwork
public import ReinforcementLearning
import RealModule

/// Individually fair learning with one-sided feedback: mistakes and reported pairs as one linear loss of a class of
/// policies.
///
/// The class is soft thresholds on the score, one a group: fourteen places each, 196 policies. After a round every
/// policy h is charged, for every applicant who was accepted, p_h (1 - 2 label) / p (unbiased for its mistakes but for
/// a constant, although only the accepted show a label), and for a reported pair `weight` (p_h of the favoured one -
/// p_h of the other).
///
/// - `exp2`: a mixture by exponential weights of the charges.
/// - `ftpl`: the leader after charges that are perturbed by fresh random applicants, `draws` times a round: the share
///   of the draws that accept is the probability.
///
/// Probabilities are mixed with `exploration` of 1, so that labels are seen.
///
/// Source: Bechavod and Roth 2023, "Individually fair learning with one-sided feedback" (the reduction, Exp2 and
/// context-semi-bandit FTPL).
public struct FairLearner: LearningPolicy {
  /// How the policy of a round is made.
  public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
    /// Exponential weights.
    case exp2
    /// Follow the perturbed leader.
    case ftpl
  }

  /// The method and its sizes, and how experience is collected.
  public struct Configuration: BanditConfiguration {
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
    /// How fast acceptance rises with the score, above 0: the auditor's slope.
    public var slope = 4.0
    /// Not for this algorithm: leave it empty.
    public var warmStart = ""
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128
    /// Exp2.
    public init() {}
  }

  private static let places = 14
  private static let policies = places * places
  private let configuration: Configuration
  private let arrivals: Int
  private let rate: Double
  private let exploration: Double
  private let thresholds: [Double]
  /// Charges so far, `[slots, policies]`.
  private var charges: [Double]
  /// The last round's probabilities, `[slots, arrivals]`.
  private var probabilities: [Double]
  /// Room for weights and draws.
  private var weights: [Double]

  /// - Throws: `UserError` for another environment than `bandit/Fairness`, or a number outside its range.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    guard let field = setting.specification.field("applicants"), !setting.specification.actions.isDiscrete else {
      throw UserError("fair learning needs applicants and auditors", fix: "Use bandit/Fairness")
    }
    try Check.all([
      Check("agent.weight", configuration.weight, in: -1...1e6),
      Check("agent.stepSize", configuration.stepSize, in: 0...1e6),
      Check("agent.exploration", configuration.exploration, in: -1...1),
      Check("agent.draws", configuration.draws, in: 1...1000),
      Check("agent.slope", configuration.slope, in: 0.01...1000),
    ])
    arrivals = field.shape[0]
    let horizon = Double(setting.specification.timeLimit ?? 100_000)
    var configuration = configuration
    if configuration.weight < 0 { configuration.weight = Double.pow(horizon, 1.0 / 3) }
    self.configuration = configuration
    exploration =
      configuration.exploration < 0 ? 0.5 * Double.pow(horizon, -1.0 / 3) : configuration.exploration
    let size = Double(arrivals) + configuration.weight
    rate =
      configuration.stepSize > 0
      ? configuration.stepSize
      : (Double.log(Double(FairLearner.policies)) / horizon).squareRoot()
        * (configuration.method == .exp2 ? 2 / size.squareRoot() : 1)
    thresholds = (0..<FairLearner.places).map { 0.15 + 0.7 * Double($0) / Double(FairLearner.places - 1) }
    charges = Array(repeating: 0, count: slots * FairLearner.policies)
    probabilities = Array(repeating: 1, count: slots * arrivals)
    weights = Array(repeating: 0, count: 2 * FairLearner.policies)
  }

  @inline(__always) private func accept(_ place: Int, _ score: Double) -> Double {
    max(0, min(1, 0.5 + configuration.slope * (score - thresholds[place])))
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
        for policy in 0..<FairLearner.policies { charges[slot * FairLearner.policies + policy] = 0 }
      } else {
        for place in 0..<arrivals where number(labels, place) >= 0 {
          let p = probabilities[slot * arrivals + place]
          charge(
            slot, score: number(last, 2 * place), group: Int(number(last, 2 * place + 1)),
            by: (1 - 2 * number(labels, place)) / max(p, 1e-6))
        }
        let (first, second) = (Int(number(reported, 0)), Int(number(reported, 1)))
        if first >= 0, configuration.weight > 0 {
          charge(
            slot, score: number(last, 2 * first), group: Int(number(last, 2 * first + 1)), by: configuration.weight)
          charge(
            slot, score: number(last, 2 * second), group: Int(number(last, 2 * second + 1)), by: -configuration.weight)
        }
      }
      mix(slot, random: &random)
      for place in 0..<arrivals {
        let (score, group) = (number(applicants, 2 * place), Int(number(applicants, 2 * place + 1)))
        var p = 0.0
        // The weights of one group's threshold, summed over the other's, stand behind the policies' weights.
        for threshold in 0..<FairLearner.places {
          p += weights[FairLearner.policies + group * FairLearner.places + threshold] * accept(threshold, score)
        }
        p = (1 - exploration) * p + exploration
        probabilities[slot * arrivals + place] = p
        rollout.actions.continuous[(time * rollout.slots + slot) * arrivals + place] = Float(p)
      }
    }
  }

  private mutating func charge(_ slot: Int, score: Double, group: Int, by amount: Double) {
    let base = slot * FairLearner.policies
    for threshold in 0..<FairLearner.places {
      let value = amount * accept(threshold, score)
      for other in 0..<FairLearner.places {
        let policy = group == 0 ? threshold * FairLearner.places + other : other * FairLearner.places + threshold
        charges[base + policy] += value
      }
    }
  }

  /// The policies' weights of this round, and their sums by threshold of either group.
  private mutating func mix(_ slot: Int, random: inout RandomSource) {
    let n = FairLearner.policies
    let base = slot * n
    switch configuration.method {
    case .exp2:
      var least = Double.infinity
      for policy in 0..<n { least = min(least, charges[base + policy]) }
      var total = 0.0
      for policy in 0..<n {
        weights[policy] = Double.exp(-rate * (charges[base + policy] - least))
        total += weights[policy]
      }
      for policy in 0..<n { weights[policy] /= total }
    case .ftpl:
      for policy in 0..<n { weights[policy] = 0 }
      for _ in 0..<configuration.draws {
        // Perturbed charges: random weights on one applicant a threshold and group, which tell all policies apart.
        for place in 0..<2 * FairLearner.places { weights[n + place] = random.exponential() / rate }
        var (best, top) = (0, Double.infinity)
        for first in 0..<FairLearner.places {
          for second in 0..<FairLearner.places {
            let value =
              charges[base + first * FairLearner.places + second] - weights[n + first]
              - weights[n + FairLearner.places + second]
            if value < top { (best, top) = (first * FairLearner.places + second, value) }
          }
        }
        weights[best] += 1 / Double(configuration.draws)
      }
    }
    for place in 0..<2 * FairLearner.places { weights[n + place] = 0 }
    for first in 0..<FairLearner.places {
      for second in 0..<FairLearner.places {
        let weight = weights[first * FairLearner.places + second]
        weights[n + first] += weight
        weights[n + FairLearner.places + second] += weight
      }
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
