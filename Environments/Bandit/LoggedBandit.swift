public import ReinforcementLearning
import Groundwork

/// A log as an episode: every step shows the context of the next decision and pays what that decision paid, whichever
/// arm is pulled.
///
/// It tells what an algorithm would choose at each decision of a log when it has learnt from those before; it says
/// nothing of what other arms would have paid, so it is no problem to solve, and the catalog does not list it.
///
/// **Task.** None.
///
/// **Actions.** The arms.
///
/// **Observation.** `features` float32, `[d]` or `[arms, d]`, where the log has a context; `lastReward` float32.
///
/// **Reward.** That of the log.
///
/// **Start.** Before the first decision.
///
/// **End.** Truncated after the last one.
///
/// **Configuration.** The file and its number of arms.
///
/// **Source.** Ours.
public struct LoggedBandit: Environment {
  /// The arm's number.
  public typealias Action = IndexAction

  /// The log.
  public struct Configuration: Codable, Hashable, Sendable {
    /// A file of CSV or JSON lines with `reward` and the columns of a context, `x0`, ... or `x0_0`, ...
    public var log = ""
    /// Number of arms (K), 2 to 65,536.
    public var arms = 2
    /// Which of the log's episodes: a number from 0, or `all` as one; empty: the only one.
    public var episode = ""

    /// Names no file.
    public init() {}
  }

  /// What the file holds.
  public final class Plan: Sendable {
    let arms: Int
    /// Shape of a context; empty for none.
    let features: [Int]
    /// `[decisions]` times `features`.
    let contexts: [Float]
    let rewards: [Float]

    init(_ configuration: Configuration) throws {
      let table = try LogTable(reading: configuration.log)
        .keeping(LogTable.Episodes(parsing: configuration.episode))
      arms = configuration.arms
      features = try table.contextShape(arms: arms)
      let columns = LogTable.contextColumns(features)
      contexts = try table.rows { row throws(UserError) in try row.floats(columns) }.flatMap(\.self)
      rewards = try table.rows { row throws(UserError) in try row.floats(["reward"])[0] }
    }
  }

  /// - Throws: `UserError` for a number outside its range, or a file that cannot be used.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    try Check("environment.arms", configuration.arms, in: 2...65_536).enforce()
    return try Plan(configuration)
  }

  private let plan: Plan
  private var decision = 0
  private var lastReward: Float = 0

  /// Before the first decision.
  public init(plan: Plan) { self.plan = plan }

  /// The context and the last reward; rewards have the limits 0 and 1 where the log keeps to them, else its own.
  public static func specification(of plan: Plan) -> Specification {
    let (low, high) = (Double(plan.rewards.min()!), Double(plan.rewards.max()!))
    return Specification(
      fields: (plan.features.isEmpty
        ? [] : [Field("features", shape: plan.features, element: .float32, summary: "the decision's context")])
        + [Field("lastReward", element: .float32, summary: "what the last decision paid")],
      actions: .discrete((0..<plan.arms).map { "arm\($0)" }), timeLimit: plan.rewards.count,
      rewards: low >= 0 && high <= 1 ? 0...1 : low...high)
  }

  /// Back to the first decision.
  public mutating func reset(seed: UInt64) { (decision, lastReward) = (0, 0) }

  /// Changes nothing: a log has no chance left.
  public mutating func reseed(_ seed: UInt64) {}

  /// Pays what the decision paid.
  public mutating func step(_ action: IndexAction) -> Transition {
    lastReward = plan.rewards[decision]
    decision = min(decision + 1, plan.rewards.count - 1)
    return Transition(reward: lastReward)
  }

  /// Writes the next decision's context and the last reward.
  public func observe(into row: inout ObservationRow) {
    let width = plan.features.isEmpty ? 0 : plan.features.reduce(1, *)
    for place in 0..<width { row.write(plan.contexts[decision * width + place], to: 0, at: place) }
    row.write(lastReward, to: width > 0 ? 1 : 0)
  }
}
