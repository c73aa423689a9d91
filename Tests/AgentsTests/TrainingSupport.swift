import Environments
import Groundwork
import PolicyGradient
import ReinforcementLearning
import RewardModels
import Testing

/// Shows one of two codes; the action of the same number is right. The simplest task that needs an observation.
struct IdentityTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {
    var length = 10
    /// Whether rewards are not numbers.
    var isPoisoned = false
  }

  enum Action: UInt8, DiscreteAction { case zero, one }

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("code", shape: [1], element: .uint8, kind: .categorical([2]), range: 0...1)],
      actions: .discrete(Action.names), timeLimit: configuration.length, rewards: 0...1)
  }

  private var random = RandomSource(seed: 0)
  private var code: UInt8 = 0
  private let isPoisoned: Bool

  init(plan configuration: Configuration) { isPoisoned = configuration.isPoisoned }

  mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    code = UInt8(random.integer(in: 0..<2))
  }

  mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func step(_ action: Action) -> Transition {
    let reward: Float = isPoisoned ? .nan : action.rawValue == code ? 1 : 0
    code = UInt8(random.integer(in: 0..<2))
    return Transition(reward: reward)
  }

  func observe(into row: inout ObservationRow) { row.write(code, to: 0) }
}

/// Shows a number in -1...1; the reward is minus the squared distance of the action from it.
struct TrackingTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {}
  typealias Action = VectorAction

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("goal", shape: [1], element: .float32, range: -1...1)],
      actions: .continuous(low: [-2], high: [2]), timeLimit: 10, rewards: -9...0)
  }

  private var random = RandomSource(seed: 0)
  private(set) var goal: Float = 0

  init(plan configuration: Configuration) {}

  mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    goal = Float(random.uniform(-1, 1))
  }

  mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func step(_ action: VectorAction) -> Transition {
    let distance = action[0] - goal
    goal = Float(random.uniform(-1, 1))
    return Transition(reward: -distance * distance)
  }

  func observe(into row: inout ObservationRow) { row.write(goal, to: 0) }
}

/// The tracking task with a signal that no policy sees, and observations far from zero.
struct HintedTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {}
  typealias Action = VectorAction

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [
        Field("goal", shape: [3], element: .float32, range: -100...100),
        Field("hint", element: .float32, role: .signal, range: -1000...1000),
      ],
      actions: .continuous(low: [-2], high: [2]), timeLimit: 20, rewards: -9...0)
  }

  private var task = TrackingTask(plan: .init())

  init(plan configuration: Configuration) {}

  mutating func reset(seed: UInt64) { task.reset(seed: seed) }
  mutating func reseed(_ seed: UInt64) { task.reseed(seed) }
  mutating func step(_ action: VectorAction) -> Transition { task.step(action) }

  func observe(into row: inout ObservationRow) {
    for element in 0..<3 { row.write(50 + 10 * task.goal * Float(element + 1), to: 0, at: element) }
    row.write(task.goal * 1000, to: 1)
  }
}

enum Training {
  static func cartPole() throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "control/CartPole", CartPole.self, configuration: .init())
  }

  /// An agent in its world, as the program makes it.
  ///
  /// - Parameter state: The saved state of a session that it goes on from.
  static func born<A: Agent>(
    _ type: A.Type, _ configuration: A.Configuration, in recipe: EnvironmentRecipe,
    rewards: [RewardComponent] = [RewardComponent("environment")], seed: UInt64 = 1, resuming state: SavedState? = nil
  ) throws -> A {
    let agent = try AgentRecipe(id: "test", type, configuration: configuration).makeAgent(
      in: recipe, rewards: rewards, seed: seed, restoring: state?.get(prefix: "agent"))
    return try #require(agent as? A)
  }

  static func identity() throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "test/Identity", IdentityTask.self, configuration: .init())
  }

  /// Trains PPO and returns it with the session.
  static func ppo(
    _ recipe: EnvironmentRecipe, _ configuration: PPOConfiguration, reward: String = "environment", steps: Int,
    seed: UInt64 = 1, workers: Int = 1, observer: (any TrainingObserver)? = nil, resuming state: SavedState? = nil
  ) throws -> (agent: PPO, session: TrainingSession) {
    let design = try RewardDesign(reward, among: RewardModels.all, in: recipe, seed: seed)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: seed, workers: Workers(count: workers),
      observer: observer)
    let agent = try Training.born(
        PPO.self, configuration, in: recipe, rewards: design.components, seed: seed, resuming: state)
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return (agent, session)
  }
}

/// Keeps every iteration's metrics, and the session's state after one of them.
final class Recorder: TrainingObserver {
  let savedIteration: Int
  private(set) var reports: [IterationReport] = []
  private(set) var state: SavedState?

  init(saving iteration: Int = 0) { savedIteration = iteration }

  func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) -> Bool {
    reports.append(report)
    if reports.count == savedIteration { state = save() }
    return true
  }

  func metric(_ name: String) -> [Double] {
    reports.compactMap { report in report.metrics.first { $0.name == name }?.value }
  }
}
