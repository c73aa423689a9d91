/// A copy of an environment in the middle of an episode, which can be stepped on.
///
/// Not a slot: it has no place in a run, its episode ends for good, and nobody counts its steps as the run's.
public struct Snapshot<Environment: Sendable>: Sendable {
  /// The state, a copy of its own.
  public var environment: Environment
  /// Steps since the start of the episode.
  public var elapsed = 0
  /// Steps after which the episode is truncated.
  public var timeLimit = Int.max

  @inlinable init(_ environment: Environment) { self.environment = environment }
}

extension Snapshot where Environment: ReinforcementLearning.Environment {
  /// One step, cut at the time limit.
  @inlinable @inline(__always) mutating func step(_ action: Environment.Action) -> Transition {
    var transition = environment.step(action)
    elapsed &+= 1
    transition.cut(after: elapsed, limit: timeLimit)
    return transition
  }

  /// As `Slot.observe`, and for its reason.
  @inline(never) @inlinable mutating func observe(into row: ObservationRow) {
    var row = row
    environment.observe(into: &row)
  }
}

/// How random actions are drawn and added up from a snapshot to the end of its episode.
public struct PlayoutRules: Sendable {
  /// Factor of each later reward; -1 (or minus a discount) where two players take turns, since every reward is the
  /// mover's.
  public var discount: Double
  /// The most steps of a playout.
  public var limit: Int
  /// Whether `legalActions` excludes any action.
  public var hasMasks: Bool
  /// Number of discrete actions; 0 for vectors.
  public var actionCount: Int
  /// Limits of the elements of a vector, unlimited ones cut to ±10^6; empty for discrete actions.
  public var low: [Float]
  /// As `low`.
  public var high: [Float]

  /// - Parameter discount: Between 0 and 1; its sign is turned where two players take turns.
  public init(_ specification: Specification, discount: Double = 1, limit: Int = .max) {
    self.discount = specification.players == 2 ? -discount : discount
    self.limit = limit
    hasMasks = specification.hasIllegalActions
    switch specification.actions {
    case .discrete(let names): (actionCount, low, high) = (names.count, [], [])
    case .continuous(let low, let high):
      actionCount = 0
      self.low = low.map { max($0, -1e6) }
      self.high = high.map { min($0, 1e6) }
    }
  }
}
