/// The fields of a task whose goal is part of the observation, all float32, the last two equally long.
public struct GoalFields: Sendable, Hashable {
  /// What the policy sees beside the goal.
  public var observation: String
  /// What the present state achieves.
  public var achieved: String
  /// What is to be achieved.
  public var desired: String

  /// Unless others are given, the keys of Gymnasium-Robotics' dictionaries without `_goal`.
  public init(observation: String = "observation", achieved: String = "achieved", desired: String = "desired") {
    self.observation = observation
    self.achieved = achieved
    self.desired = desired
  }
}

/// An environment whose reward is a function of what was achieved and what was desired, so that experience can be told
/// again as if another goal had been set (hindsight).
///
/// What `step` pays must be what `reward` says of the fields of the state that the step led to, for every goal.
public protocol GoalConditioned: Environment {
  /// The names of the fields.
  static var goal: GoalFields { get }

  /// The reward of a step that led to `achieved`, each [numbers of a goal].
  static func reward(achieved: Span<Float>, desired: Span<Float>, plan: Plan) -> Float

  /// Whether that step would be a success.
  static func isSuccess(achieved: Span<Float>, desired: Span<Float>, plan: Plan) -> Bool

  /// Many goals at once: a loop over the two functions above, a requirement for the reason of `_CompiledLoops`. Do not
  /// implement it.
  static func _scoreGoals(
    achieved: Span<Float>, desired: Span<Float>, width: Int, plan: Plan, rewards: inout MutableSpan<Float>,
    successes: inout MutableSpan<Bool>)
}

extension GoalConditioned {
  /// The loop, compiled where the type is known. - Complexity: O(rewards); allocates nothing.
  @inlinable public static func _scoreGoals(
    achieved: Span<Float>, desired: Span<Float>, width: Int, plan: Plan, rewards: inout MutableSpan<Float>,
    successes: inout MutableSpan<Bool>
  ) {
    for row in rewards.indices {
      let range = row * width..<(row + 1) * width
      let (reached, wanted) = (achieved.extracting(range), desired.extracting(range))
      rewards[row] = reward(achieved: reached, desired: wanted, plan: plan)
      successes[row] = isSuccess(achieved: reached, desired: wanted, plan: plan)
    }
  }
}

/// The goals of an environment with its type erased: which fields they are, and what they pay.
public struct GoalRule: Sendable {
  /// The names of the fields in rows.
  public let fields: GoalFields
  /// Numbers of a goal.
  public let width: Int
  private let score:
    @Sendable (Span<Float>, Span<Float>, inout MutableSpan<Float>, inout MutableSpan<Bool>) -> Void

  init<E: GoalConditioned>(_ type: E.Type, plan: E.Plan, specification: Specification) {
    let fields = E.goal
    let counts = [fields.achieved, fields.desired].map { name in
      guard let field = specification.field(name), field.element == .float32 else {
        preconditionFailure("\(type).goal names '\(name)', which is no float32 field of its specification")
      }
      return field.count
    }
    precondition(
      specification.field(fields.observation) != nil, "\(type).goal names '\(fields.observation)', which is no field")
    precondition(counts[0] == counts[1], "\(type) achieves \(counts[0]) numbers and desires \(counts[1])")
    let width = counts[0]
    (self.fields, self.width) = (fields, width)
    score = { achieved, desired, rewards, successes in
      E._scoreGoals(
        achieved: achieved, desired: desired, width: width, plan: plan, rewards: &rewards, successes: &successes)
    }
  }

  /// Writes the rewards and successes of `n` steps.
  ///
  /// - Parameters:
  ///   - achieved: What each step led to, [n, width].
  ///   - desired: The goal that each is held against, [n, width].
  ///   - rewards: [n]; its length says how many.
  ///   - successes: [n]
  public func score(
    achieved: Span<Float>, desired: Span<Float>, rewards: inout MutableSpan<Float>, successes: inout MutableSpan<Bool>
  ) {
    let count = rewards.count
    precondition(
      achieved.count == count * width && desired.count == count * width && successes.count == count,
      "\(count) rewards are asked for \(achieved.count) achieved and \(desired.count) desired numbers, \(width) a goal")
    score(achieved, desired, &rewards, &successes)
  }
}
