import Groundwork
import PolicyGradient
import ReinforcementLearning
import Testing

/// A thing runs along a ring of nine places, one way or the other; the action that names its way is right. Where it is
/// can be seen, which way it runs cannot: the simplest task that needs two observations.
struct RunnerTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {}
  enum Action: UInt8, DiscreteAction { case up, down }

  private var place = 0
  private var way = 1

  init(plan: Configuration) {}

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("place", shape: [1], element: .uint8, kind: .categorical([9]), range: 0...8)],
      actions: .discrete(Action.names), timeLimit: 20, rewards: 0...1)
  }

  mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    place = random.integer(in: 0..<9)
    way = random.integer(in: 0..<2) == 0 ? 1 : 8
  }

  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: Action) -> Transition {
    let isRight = (action == .up) == (way == 1)
    place = (place + way) % 9
    return Transition(reward: isRight ? 1 : 0)
  }

  func observe(into row: inout ObservationRow) { row.write(UInt8(place), to: 0) }
}

@Suite("PPO on stacked observations") struct FrameStackLearningTests {
  private func recipe(_ count: Int) throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "test/Runner", RunnerTask.self, configuration: .init())
      .changing(["frameStack": .integer(count)])
  }

  private var configuration: PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.slots = 8
    configuration.steps = 64
    configuration.hiddenLayers = [32, 32]
    configuration.learningRate = 5e-3
    return configuration
  }

  @Test("20,000 steps teach which way a thing runs when two observations are seen, and cannot when one is")
  func velocity() throws {
    let returns = try [1, 2].map { count in
      let recipe = try recipe(count)
      let (agent, _) = try Training.ppo(recipe, configuration, steps: 20_000)
      return try Evaluation.run(recipe, episodes: 200, seed: 9, workers: Workers(count: 1)) {
        agent.makePolicy(slots: $0, choice: .mode)
      }.meanReturn
    }
    // Half of the guesses are right; the first observation of an episode tells nothing, so 19.5 is the best.
    #expect(returns[0] <= 13)
    #expect(returns[1] >= 19)
  }

  @Test("one worker and three give the same bits on stacked observations, and so does a run that is resumed")
  func bits() throws {
    let recipe = try recipe(3)
    let recorder = Recorder(saving: 2)
    let whole = try Training.ppo(recipe, configuration, steps: 2560, workers: 1, observer: recorder)
    let threads = try Training.ppo(recipe, configuration, steps: 2560, workers: 3)
    #expect(whole.session.save(whole.agent).safetensors() == threads.session.save(threads.agent).safetensors())
    let saved = try SavedState(safetensors: try #require(recorder.state).safetensors(), name: "test")
    let resumed = try Training.ppo(recipe, configuration, steps: 2560, workers: 2, resuming: saved)
    #expect(whole.session.save(whole.agent).safetensors() == resumed.session.save(resumed.agent).safetensors())
  }
}
