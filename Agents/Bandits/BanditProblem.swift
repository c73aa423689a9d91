import Groundwork
public import ReinforcementLearning

/// What a bandit algorithm is told of a problem before the first pull.
public struct BanditProblem: Sendable {
  /// Number of arms (K).
  public let arms: Int
  /// Pulls of an episode (T); nil where there is no limit.
  public let horizon: Int?
  /// Lowest and highest reward of a pull, of each by itself where several may come at a time; infinite where there is
  /// none.
  public let rewards: ClosedRange<Double>
  /// The shape of the field `features`: empty where there is none, `[d]` for a context that all arms share, `[K, d]`
  /// for one an arm.
  public let features: [Int]
  /// How many late rewards a row may tell of; 0 where every reward comes with its pull.
  public let arrivals: Int

  /// Whether arms come and go.
  public let hasMasks: Bool
  /// Whether what an arm of fixed features pays depends on a hidden state, as in `bandit/Dynamical`.
  let hasHiddenState: Bool
  /// Whether a pull compares a pair of arms, as `bandit/Dueling` has them: the arms are numbered row by row.
  let isDuel: Bool
  /// How many arms tire and recover, as `bandit/LastSwitch` has them, an action that pulls none behind them; 0 where
  /// there are none.
  let restingArms: Int

  /// The problem of an environment with numbered actions.
  public init(_ specification: Specification) {
    arms = specification.actions.count
    horizon = specification.timeLimit
    hasMasks = specification.hasIllegalActions
    let field = specification.field("features")
    features = field?.role == .policy && field?.element == .float32 ? field!.shape : []
    hasHiddenState = specification.field("state")?.role == .signal && !features.isEmpty
    let names: [String] = if case .discrete(let names) = specification.actions { names } else { [] }
    let side = Int(Double(names.count).squareRoot().rounded())
    isDuel =
      side > 1 && side * side == names.count
      && names.enumerated().allSatisfy { $0.element == "pair\($0.offset / side)-\($0.offset % side)" }
    let states = specification.field("states")
    let isResting = states?.role == .policy && names.last == "none" && states?.count == names.count - 1
    restingArms = isResting ? names.count - 1 : 0
    arrivals = specification.field("arrivedArm")?.count ?? 0
    rewards = (arrivals > 0 ? specification.field("arrivedReward")?.range : nil) ?? specification.rewards
  }

  /// Length of a context (d); 0 where there is none.
  public var dimension: Int { features.last ?? 0 }

  /// - Throws: `UserError` when rewards are unlimited, which this algorithm cannot take.
  func requireLimits(_ algorithm: String) throws(UserError) {
    guard rewards.lowerBound.isFinite, rewards.upperBound.isFinite else {
      throw UserError(
        "\(algorithm) needs rewards with a lowest and a highest, and these have none",
        fix: "Use another agent, or Bernoulli arms")
    }
  }

  /// - Throws: `UserError` when there is no context.
  func requireFeatures(_ algorithm: String) throws(UserError) {
    guard dimension > 0 else {
      throw UserError(
        "\(algorithm) learns from a context, the field 'features', which this environment lacks",
        fix: "Use bandit/Linear or bandit/Contextual, or an agent without a context (--agent ucb1)")
    }
  }

  /// A reward as a number of 0 to 1, where rewards have limits.
  @inline(__always) func unit(_ reward: Double) -> Double {
    let width = rewards.upperBound - rewards.lowerBound
    return width > 0 ? (reward - rewards.lowerBound) / width : 0
  }
}
