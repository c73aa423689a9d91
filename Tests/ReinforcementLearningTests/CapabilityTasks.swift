import Groundwork
import ReinforcementLearning

/// The least that an environment can be: a walk of three steps. What `specification`, `init`, `reset`, `reseed`, `step`
/// and `observe` do not say is left to defaults.
struct PlainTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {}
  enum Action: UInt8, DiscreteAction { case left, right }

  private var place: Float = 0

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("place", element: .float32)], actions: .discrete(Action.names), timeLimit: 3, rewards: -1...1)
  }

  init(plan configuration: Configuration) {}

  mutating func reset(seed: UInt64) { place = 0 }
  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: Action) -> Transition {
    place += action == .right ? 1 : -1
    return Transition(reward: place / 3)
  }

  func observe(into row: inout ObservationRow) { row.write(place, to: 0) }
}

/// A point on a line goes to a goal; each step moves it by up to 1. Without picture and second player.
struct LineTask: Searchable, GoalConditioned, Scripted {
  struct Configuration: Codable, Hashable, Sendable {
    /// Goals lie from 0 to this, at least 1.
    var length = 4
    var label = ""
  }

  /// A class, so that tests can tell whether it is shared.
  final class Plan: Sendable {
    let length: Int

    init(length: Int) { self.length = length }
  }

  typealias Action = VectorAction

  static func plan(_ configuration: Configuration) throws -> Plan {
    guard configuration.length >= 1 else { throw UserError("length = \(configuration.length)", fix: "Use 1 or more") }
    return Plan(length: configuration.length)
  }

  static let goal = GoalFields()

  static func specification(of plan: Plan) -> Specification {
    Specification(
      fields: ["observation", "achieved", "desired"].map { Field($0, shape: [1], element: .float32) },
      actions: .continuous(low: [-1], high: [1]), timeLimit: 6, rewards: -1...0)
  }

  private(set) var plan: Plan
  private var place: Float = 0
  private var target: Float = 0

  init(plan: Plan) { self.plan = plan }

  mutating func reset(seed: UInt64) {
    place = 0
    target = Float(RandomSource.mixed(seed, 0, 0) % UInt64(plan.length + 1))
  }

  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: VectorAction) -> Transition {
    place += min(1, max(-1, action[0]))
    let isThere = LineTask.isThere(place, target)
    return Transition(reward: isThere ? 0 : -1, success: isThere)
  }

  private static func isThere(_ place: Float, _ target: Float) -> Bool { abs(place - target) < 0.5 }

  func observe(into row: inout ObservationRow) {
    row.write(place, to: 0)
    row.write(place, to: 1)
    row.write(target, to: 2)
  }

  static func reward(achieved: Span<Float>, desired: Span<Float>, plan: Plan) -> Float {
    isThere(achieved[0], desired[0]) ? 0 : -1
  }

  static func isSuccess(achieved: Span<Float>, desired: Span<Float>, plan: Plan) -> Bool {
    isThere(achieved[0], desired[0])
  }

  func expertAction() -> VectorAction {
    var values = SIMD16<Float>.zero
    values[0] = min(1, max(-1, target - place))
    return VectorAction(values)
  }

  func digest() -> UInt64 {
    var digest = StateDigest()
    digest.add(UInt64(place.bitPattern) << 32 | UInt64(target.bitPattern))
    digest.add(plan.length)
    return digest.value
  }

  /// A longer line holds every state of a shorter one.
  mutating func adopt(_ plan: Plan) -> Bool {
    guard plan.length >= self.plan.length else { return false }
    self.plan = plan
    return true
  }
}
