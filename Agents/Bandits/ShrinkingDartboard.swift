public import Groundwork
public import ReinforcementLearning
import RealModule

/// Batched shrinking dartboard: exponential weights that are updated once a batch and seldom move to another arm.
///
/// N batches of equal length; in each, one round that is drawn is observed: all arms (`feedback=full`) or the pulled
/// one (`feedback=bandit`, whose loss is weighted by its probability). After a batch W *= exp(-eta loss). With full
/// feedback the arm is kept with probability W_now / W_before of its weight, otherwise drawn anew, so that it has the
/// law of the weights and about sqrt(N ln K) switches; with bandit feedback it is drawn anew for every batch.
///
/// `budget` observations beside the pulls' own decide on N: T^(2/3) batches of bandit feedback as long as the budget is
/// no larger; beyond, budget / K batches of full feedback.
///
/// Source: Geulen, Vöcking and Winkler 2010, "Regret minimization for online buffering problems using the weighted
/// majority algorithm" (the dartboard); Shi, Lin and Shroff 2022, "On the power of extra observations with switching
/// costs" (batches).
public struct ShrinkingDartboard: LearningPolicy {
  /// What is observed of a batch.
  public enum Feedback: String, Codable, Hashable, Sendable, CaseIterable {
    /// By the budget: bandit while it is at most T^(2/3), then full.
    case best
    /// The pulled arm's loss.
    case bandit
    /// All arms' losses.
    case full
  }

  /// The budget.
  public struct Parameters: ConfigurationPart {
    /// Observations (B), at least 1: extra ones with `best`, all with the others.
    public var budget = 1
    /// What is observed of a batch.
    public var feedback = Feedback.best
    /// One observation.
    public init() {}
  }

  /// The budget, and how experience is collected.
  public typealias Configuration = BanditConfiguration<Parameters>

  private let arms: Int
  private let isFull: Bool
  private let length: Int
  private let rate: Double
  /// Logarithms of weights, `[slots, arms]`.
  private var weights: [Double]
  /// Probabilities when the arm was drawn; with full feedback the logarithms of the weights after the batch before,
  /// `[slots, arms]`.
  private var probabilities: [Double]
  /// The round of the batch, the round that is observed, and the arm, `[slots]` each.
  private var rounds, observed, chosen: [Int]

  /// Numbered actions.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(actions: .discrete) }

  /// - Throws: `UserError` for another environment than `bandit/SwitchingCosts`, or no budget.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    let parameters = configuration.own
    let specification = setting.specification
    guard let field = specification.field("observed"), field.role == .policy, let horizon = specification.timeLimit,
      specification.actions.count == 3 * field.count
    else {
      throw UserError(
        "the shrinking dartboard chooses what it observes, which this environment lacks",
        fix: "Use bandit/SwitchingCosts")
    }
    try Check("agent.budget", parameters.budget, in: 1...(1 << 40)).enforce()
    try configuration.shared.own.refuse(by: "the shrinking dartboard")
    arms = field.count
    let (k, t) = (Double(arms), Double(horizon))
    let free = Double.pow(t, 2.0 / 3)
    let budget = Double(parameters.budget)
    let count: Double
    switch parameters.feedback {
    case .best:
      // A hundredth more, so that rounding of T^(2/3) decides nothing.
      isFull = budget > 1.01 * free
      count = isFull ? budget / k : free
    case .bandit:
      isFull = false
      count = min(budget, free)
    case .full:
      isFull = true
      count = budget / k
    }
    let number = max(1, min(t, count))
    // A millionth less, so that rounding of T^(2/3) makes no batch longer.
    length = max(1, Int((t / number - 1e-6).rounded(.up)))
    rate = isFull ? (2 * Double.log(k) / number).squareRoot() : (2 * Double.log(k) / (number * k)).squareRoot()
    weights = Array(repeating: 0, count: slots * arms)
    probabilities = Array(repeating: 1 / k, count: slots * arms)
    rounds = Array(repeating: 0, count: slots)
    (observed, chosen) = (rounds, rounds)
  }

  /// Observes, and at a batch's end moves the weights and perhaps the arm. - Complexity: allocates nothing.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let offset = rollout.layout.place("observed")!.offset
    for slot in 0..<rollout.slots {
      let own = slot * arms
      if rollout.startsEpisode(time: time, slot: slot) {
        for arm in 0..<arms { (weights[own + arm], probabilities[own + arm]) = (0, isFull ? 0 : 1 / Double(arms)) }
        rounds[slot] = 0
        chosen[slot] = random.integer(in: 0..<arms)
        observed[slot] = random.integer(in: 0..<length)
      } else {
        if rounds[slot] == observed[slot] {
          let row = rollout.observation(time: time, slot: slot) + offset
          learn(slot, row, random: &random)
        }
        rounds[slot] += 1
        if rounds[slot] == length {
          rounds[slot] = 0
          observed[slot] = random.integer(in: 0..<length)
          move(slot, random: &random)
        }
      }
      let kind = rounds[slot] == observed[slot] ? (isFull ? 2 : 1) : 0
      rollout.actions.discrete[time * rollout.slots + slot] = Int32(kind * arms + chosen[slot])
    }
  }

  /// Where the weights stood when the arm was drawn stays in `probabilities` until the batch ends.
  private mutating func learn(_ slot: Int, _ row: UnsafeMutableRawPointer, random: inout RandomSource) {
    for arm in 0..<arms {
      let loss = Double(row.load(fromByteOffset: 4 * arm, as: Float.self))
      guard loss >= 0 else { continue }
      weights[slot * arms + arm] -= rate * (isFull ? loss : loss / probabilities[slot * arms + arm])
    }
  }

  private mutating func move(_ slot: Int, random: inout RandomSource) {
    let own = slot * arms
    var (top, total) = (-Double.infinity, 0.0)
    for arm in 0..<arms { top = max(top, weights[own + arm]) }
    for arm in 0..<arms { total += Double.exp(weights[own + arm] - top) }
    // The weight of the kept arm over what it was: the last batch's loss of that arm alone decides.
    if isFull {
      let arm = chosen[slot]
      let before = probabilities[own + arm]
      if random.uniform() < Double.exp(min(0, weights[own + arm] - before)) {
        remember(slot, top, total)
        return
      }
    }
    var rest = random.uniform() * total
    var arm = 0
    for other in 0..<arms {
      arm = other
      rest -= Double.exp(weights[own + other] - top)
      if rest < 0 { break }
    }
    chosen[slot] = arm
    remember(slot, top, total)
  }

  private mutating func remember(_ slot: Int, _ top: Double, _ total: Double) {
    for arm in 0..<arms {
      let weight = weights[slot * arms + arm]
      probabilities[slot * arms + arm] = isFull ? weight : Double.exp(weight - top) / total
    }
  }

  /// Saves every slot's weights and where its batch stands.
  public func save(to state: inout SavedState) {
    state.set("weights", weights)
    state.set("probabilities", probabilities)
    state.set("rounds", rounds.map { Int64($0) })
    state.set("observed", observed.map { Int64($0) })
    state.set("chosen", chosen.map { Int64($0) })
  }

  /// Puts the slots where they were saved.
  ///
  /// - Throws: `UserError` when the state is of other slots or arms.
  public mutating func restore(from state: SavedState) throws {
    weights = try state.get("weights", count: weights.count)
    probabilities = try state.get("probabilities", count: probabilities.count)
    rounds = try state.get("rounds", as: Int64.self, count: rounds.count).map { Int($0) }
    observed = try state.get("observed", as: Int64.self, count: observed.count).map { Int($0) }
    chosen = try state.get("chosen", as: Int64.self, count: chosen.count).map { Int($0) }
  }
}
