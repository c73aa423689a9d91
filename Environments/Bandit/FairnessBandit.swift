public import ReinforcementLearning
import Groundwork
import RealModule

/// One-sided feedback and auditors: of the applicants of a round those who are accepted show whether that was right,
/// and a panel says whether two of them were treated too differently.
///
/// **Task.** Accept who is worth it, without treating similar applicants differently.
///
/// **Actions.** `arrivals` numbers of 0 to 1: the probability with which each applicant is accepted; acceptances are
/// drawn.
///
/// **Observation.** `applicants` float32 [arrivals, 2]: score of 0 to 1 and group, 0 or 1; `lastApplicants`, those of
/// the round before; `accepted` float32 [arrivals]: 1 where the last round's applicant was accepted; `labels` float32
/// [arrivals]: 1 or 0 where it was, -1 otherwise; `reported` float32 [2]: the pair that the panel reported, the one
/// who was favoured first, or -1.
///
/// **Signals.** `gap` float32: expected mistakes of the round less those of the best policy of the declared class that
/// no auditor reports; `violation` uint8: whether a pair was reported; `isBest`, `switched` and `laiRobbins` 0.
///
/// **Reward.** Minus the mistakes of the round: accepted and not worth it, or worth it and not accepted.
///
/// **Start.** Applicants are drawn: a group with probability 1/2, the score uniform; worth it with probability
/// 1 / (1 + exp(-12 (score - 0.5 - 0.2 for group 0 or + 0.2 for group 1))), so what is most accurate treats the
/// groups differently.
///
/// **End.** Truncated after `horizon` rounds.
///
/// **Configuration.** Arrivals, slack, auditors. An auditor reports the pair whose probabilities differ most beyond
/// `slope` times the distance of their scores and `slack`; of a panel each has a slope of its own, apart by
/// `inconsistency`, and the round's auditor is drawn.
///
/// **Source.** Bechavod and Roth 2023, "Individually fair learning with one-sided feedback".
public struct FairnessBandit: Environment {
  /// Probabilities of acceptance.
  public typealias Action = VectorAction

  /// Applicants and auditors.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Applicants of a round (k), 2 to 8.
    public var arrivals = 4
    /// How fast probabilities may change with the score, above 0.
    public var slope = 4.0
    /// What they may differ beyond that, from 0.
    public var slack = 0.05
    /// Auditors of the panel, 1 to 100.
    public var auditors = 1
    /// How far their slopes are apart, 0 to 1: the first's is lower, the last's higher by that share.
    public var inconsistency = 0.0
    /// Rounds of an episode (T), 1 to 10^9.
    public var horizon = 10_000

    /// Four arrivals, one auditor.
    public init() {}
  }

  /// The class and its best fair policy.
  public final class Plan: Sendable {
    let configuration: Configuration
    /// Expected mistakes of an applicant by the best policy of the class that no auditor reports.
    let fairMistakes: Double

    init(_ configuration: Configuration) {
      self.configuration = configuration
      // What the strictest auditor lets pass.
      let slope = configuration.slope * (configuration.auditors > 1 ? 1 - configuration.inconsistency : 1)
      let thresholds = FairClass.thresholds
      let pairs = thresholds.flatMap { first in thresholds.map { (first, $0) } }
      // Two groups with the same score are treated most differently: by the slope times what lies between thresholds.
      fairMistakes = pairs.filter { min(1, slope * abs($0.0 - $0.1)) <= configuration.slack + 1e-6 }.map { pair in
        FairnessBandit.mistakes { score, group in
          FairClass.probability(score, group == 0 ? pair.0 : pair.1, slope)
        }
      }.min()!
    }
  }

  /// - Throws: `UserError` for a number outside its range.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    try Check.all([
      Check("environment.arrivals", configuration.arrivals, in: 2...8),
      Check("environment.slope", configuration.slope, in: 0.01...1000),
      Check("environment.slack", configuration.slack, in: 0...1),
      Check("environment.auditors", configuration.auditors, in: 1...100),
      Check("environment.inconsistency", configuration.inconsistency, in: 0...0.9),
      Check("environment.horizon", configuration.horizon, in: 1...1_000_000_000),
    ])
    return Plan(configuration)
  }

  /// How likely it is that an applicant is worth it.
  static func worth(_ score: Double, _ group: Int) -> Double {
    1 / (1 + Double.exp(-12 * (score - 0.5 + (group == 0 ? -0.2 : 0.2))))
  }

  /// Expected mistakes of an applicant by a policy, by Simpson-like midpoints over the score.
  static func mistakes(_ policy: (Double, Int) -> Double) -> Double {
    var sum = 0.0
    for group in 0...1 {
      for cell in 0..<400 {
        let score = (Double(cell) + 0.5) / 400
        let (p, q) = (policy(score, group), worth(score, group))
        sum += p * (1 - q) + (1 - p) * q
      }
    }
    return sum / 800
  }

  let plan: Plan
  let arrivals: Int
  private var random = RandomSource(seed: 0)
  /// Score and group by applicant.
  private var scores, groups: [Float]
  private(set) var lastScores, lastGroups: [Float]
  private(set) var accepted, labels: [Float]
  private(set) var reported: (Float, Float) = (-1, -1)
  /// Score, group and probability of the latest applicants, `[recent, 3]`, the oldest overwritten.
  private(set) var history: [Float]
  private(set) var rounds = 0
  private(set) var violations = 0
  /// Expected mistakes more than the best fair policy's so far.
  private(set) var regret = 0.0
  /// Applicants that the picture remembers.
  static let recent = 96
  private var lastGap: Float = 0
  private var violation = false

  /// With nobody there until the first `reset`.
  public init(plan: Plan) {
    self.plan = plan
    arrivals = plan.configuration.arrivals
    scores = Array(repeating: 0, count: arrivals)
    (lastScores, groups, lastGroups, accepted) = (scores, scores, scores, scores)
    labels = Array(repeating: -1, count: arrivals)
    history = Array(repeating: 0, count: 3 * FairnessBandit.recent)
  }

  /// Five fields and five signals; judged by the regret.
  public static func specification(of plan: Plan) -> Specification {
    let k = plan.configuration.arrivals
    return Specification(
      measures: BanditFamily.measures(
        regret: nil,
        more: [
          Measure(
            "violations", of: .field("violation", element: 0), .sum, .lower, hasCurve: true,
            summary: "rounds in which an auditor reported a pair")
        ]),
      fields: [
        Field("applicants", shape: [k, 2], element: .float32, range: 0...1, summary: "score and group"),
        Field("lastApplicants", shape: [k, 2], element: .float32, range: 0...1, summary: "those of the round before"),
        Field("accepted", shape: [k], element: .float32, range: 0...1, summary: "whether they were accepted"),
        Field("labels", shape: [k], element: .float32, range: -1...1, summary: "whether they were worth it, or -1"),
        Field(
          "reported", shape: [2], element: .float32, range: -1...Double(k - 1),
          summary: "the reported pair, who was favoured first, or -1"),
        .signal("gap", range: -Double(k)...Double(k), summary: "expected mistakes more than the best fair policy's"),
        .signal("isBest", element: .uint8, range: 0...1, summary: "0"),
        .signal("switched", element: .uint8, range: 0...1, summary: "0"),
        .signal("laiRobbins", range: 0...0, summary: "0: no bound is known"),
        .signal("violation", element: .uint8, range: 0...1, summary: "whether a pair was reported"),
      ],
      actions: .continuous(low: Array(repeating: 0, count: k), high: Array(repeating: 1, count: k)),
      timeLimit: plan.configuration.horizon, rewards: -Double(k)...0, isStochastic: true)
  }

  /// The first applicants.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    (reported, lastGap, violation) = ((-1, -1), 0, false)
    (rounds, violations, regret) = (0, 0, 0)
    for place in 0..<arrivals {
      (lastScores[place], lastGroups[place], accepted[place], labels[place]) = (0, 0, 0, -1)
    }
    drawApplicants()
  }

  private mutating func drawApplicants() {
    for place in 0..<arrivals {
      scores[place] = random.uniformFloat()
      groups[place] = random.uniform() < 0.5 ? 0 : 1
    }
  }

  /// Changes who comes from here on.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Accepts by chance, shows labels, lets an auditor look, and the next ones come.
  public mutating func step(_ action: VectorAction) -> Transition {
    let c = plan.configuration
    var (mistakes, expected) = (0.0, 0.0)
    for place in 0..<arrivals {
      let p = Double(max(0, min(1, action[place])))
      let q = FairnessBandit.worth(Double(scores[place]), Int(groups[place]))
      let isWorth = random.uniform() < q
      let isAccepted = random.uniform() < p
      accepted[place] = isAccepted ? 1 : 0
      labels[place] = isAccepted ? (isWorth ? 1 : 0) : -1
      mistakes += isAccepted != isWorth ? 1 : 0
      expected += p * (1 - q) + (1 - p) * q
      (lastScores[place], lastGroups[place]) = (scores[place], groups[place])
      let slot = 3 * ((rounds &* arrivals &+ place) % FairnessBandit.recent)
      (history[slot], history[slot + 1], history[slot + 2]) = (scores[place], groups[place], Float(p))
    }
    lastGap = Float(expected - plan.fairMistakes * Double(arrivals))
    let auditor = c.auditors > 1 ? random.integer(in: 0..<c.auditors) : 0
    let spread = c.auditors > 1 ? 2 * Double(auditor) / Double(c.auditors - 1) - 1 : 0
    let slope = c.slope * (1 + c.inconsistency * spread)
    var worst = 0.0
    reported = (-1, -1)
    for first in 0..<arrivals {
      for second in 0..<arrivals where first != second {
        let difference = Double(max(0, min(1, action[first]))) - Double(max(0, min(1, action[second])))
        let excess = difference - slope * Double(abs(scores[first] - scores[second])) - c.slack
        if excess > max(worst, 1e-6) {
          worst = excess
          reported = (Float(first), Float(second))
        }
      }
    }
    violation = reported.0 >= 0
    rounds &+= 1
    violations &+= violation ? 1 : 0
    regret += Double(lastGap)
    drawApplicants()
    return Transition(reward: Float(-mistakes))
  }

  /// Writes applicants, labels, the report and the signals.
  public func observe(into row: inout ObservationRow) {
    for place in 0..<arrivals {
      row.write(scores[place], to: 0, at: 2 * place)
      row.write(groups[place], to: 0, at: 2 * place + 1)
      row.write(lastScores[place], to: 1, at: 2 * place)
      row.write(lastGroups[place], to: 1, at: 2 * place + 1)
      row.write(accepted[place], to: 2, at: place)
      row.write(labels[place], to: 3, at: place)
    }
    row.write(reported.0, to: 4, at: 0)
    row.write(reported.1, to: 4, at: 1)
    row.write(lastGap, to: 5)
    row.write(UInt8(0), to: 6)
    row.write(UInt8(0), to: 7)
    row.write(Float(0), to: 8)
    row.write(UInt8(violation ? 1 : 0), to: 9)
  }
}

/// The class of policies that fair learners choose from: soft thresholds, one a group.
enum FairClass {
  /// Fourteen places from 0.15 to 0.85.
  static let thresholds = (0..<14).map { 0.15 + 0.7 * Double($0) / 13 }

  /// A ramp of that slope around a threshold.
  static func probability(_ score: Double, _ threshold: Double, _ slope: Double) -> Double {
    max(0, min(1, 0.5 + slope * (score - threshold)))
  }
}
