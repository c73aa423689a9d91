import Groundwork
import NeuralNetworks
import ReinforcementLearning
import RewardModels
import Testing

@testable import OffPolicy

/// A point on a line that moves by up to half a unit towards where the action says; a goal from -2 to 2, and -1 a step
/// until it is within 0.25 of it.
struct ReachTask: GoalConditioned, Scripted {
  struct Configuration: Codable, Hashable, Sendable {
    var length = 10
    /// Whether rewards are not numbers.
    var isPoisoned = false
  }

  typealias Action = VectorAction
  typealias Plan = Configuration

  static let goal = GoalFields()

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: ["observation", "achieved", "desired"].map { Field($0, shape: [1], element: .float32) },
      actions: .continuous(low: [-1], high: [1]), timeLimit: configuration.length, rewards: -1...0)
  }

  private var place: Float = 0
  private var target: Float = 0
  private let isPoisoned: Bool

  init(plan configuration: Configuration) { isPoisoned = configuration.isPoisoned }

  mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    place = 0
    target = Float(random.uniform(-2, 2))
  }

  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: VectorAction) -> Transition {
    place += 0.5 * min(1, max(-1, action[0]))
    let isThere = abs(place - target) < 0.25
    return Transition(reward: isPoisoned ? .nan : isThere ? 0 : -1, success: isThere)
  }

  func observe(into row: inout ObservationRow) {
    row.write(place, to: 0)
    row.write(place, to: 1)
    row.write(target, to: 2)
  }

  static func reward(achieved: Span<Float>, desired: Span<Float>, plan: Configuration) -> Float {
    abs(achieved[0] - desired[0]) < 0.25 ? 0 : -1
  }

  static func isSuccess(achieved: Span<Float>, desired: Span<Float>, plan: Configuration) -> Bool {
    abs(achieved[0] - desired[0]) < 0.25
  }

  func expertAction() -> VectorAction {
    var values = SIMD16<Float>.zero
    values[0] = min(1, max(-1, 2 * (target - place)))
    return VectorAction(values)
  }
}

/// What the tests of off-policy learners share.
enum Learners {
  static func reach(length: Int = 10, isPoisoned: Bool = false) throws -> EnvironmentRecipe {
    try EnvironmentRecipe(
      id: "test/Reach", ReachTask.self, configuration: .init(length: length, isPoisoned: isPoisoned))
  }

  static func tracking() throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "test/Tracking", TrackingTask.self, configuration: .init())
  }

  /// Trains an agent and returns it with the session.
  static func train<A: Agent>(
    _ type: A.Type, _ configuration: A.Configuration, in recipe: EnvironmentRecipe, reward: String = "environment",
    steps: Int, seed: UInt64 = 1, workers: Int = 1, observer: (any TrainingObserver)? = nil,
    resuming state: SavedState? = nil
  ) throws -> (agent: A, session: TrainingSession) {
    let design = try RewardDesign(reward, among: RewardModels.all, in: recipe, seed: seed)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: seed, workers: Workers(count: workers),
      observer: observer)
    let agent = try Training.born(
      type, configuration, in: recipe, rewards: design.components, seed: seed, resuming: state)
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return (agent, session)
  }

  /// A session of the environment's own reward.
  static func session(
    _ recipe: EnvironmentRecipe, steps: Int, workers: Int = 1, observer: (any TrainingObserver)? = nil
  ) throws -> TrainingSession {
    TrainingSession(
      recipe: recipe, rewardModel: try RewardDesign("environment", among: RewardModels.all, in: recipe, seed: 1),
      totalSteps: steps, seed: 1, workers: Workers(count: workers), observer: observer)
  }

  /// A digest of the checkpoint's bytes: arrays that differ would be printed element by element.
  static func digest<A: Agent>(_ result: (agent: A, session: TrainingSession)) -> UInt64 {
    result.session.save(result.agent).safetensors().reduce(14_695_981_039_346_656_037) { hash, byte in
      (hash ^ UInt64(byte)) &* 1_099_511_628_211
    }
  }

  /// The evaluation of what an agent has learnt, by its most likely actions.
  static func evaluate(_ agent: any Agent, in recipe: EnvironmentRecipe, episodes: Int = 50) throws -> Evaluation {
    try Evaluation.run(recipe, episodes: episodes, seed: 9, workers: Workers(count: 1)) {
      try agent.makePolicy(slots: $0, choice: .mode)
    }
  }

  /// Holds a gradient against central differences of its loss along random directions. What they may differ by is a
  /// share of the gradient's length, which is how large a slope along such a direction is: a factor or a sign that is
  /// wrong differs by all of it, kinks of rectifiers by a little.
  ///
  /// - Parameters:
  ///   - loss: Adds up the gradient for the parameters as they are, and gives the loss, the mean over the minibatch.
  static func checkGradient<Scratch>(
    of trainee: Trainee<Scratch>, directions: Int = 6, step: Float = 1e-3, tolerance: Double = 0.05,
    _ loss: () -> Double
  ) {
    _ = loss()
    let gradient = trainee.gradient.gradient
    let parameters = trainee.parameters.values
    defer { trainee.parameters.values = parameters }
    let length = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(length > 0)
    var random = RandomSource(seed: 5)
    for _ in 0..<directions {
      let direction = parameters.map { _ in Float(random.normal()) }
      func value(_ length: Float) -> Double {
        trainee.parameters.values = zip(parameters, direction).map { $0 + length * $1 }
        return loss()
      }
      let difference = (value(step) - value(-step)) / Double(2 * step)
      let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(difference - slope) <= tolerance * length, "\(difference) for \(slope)")
    }
  }
}
