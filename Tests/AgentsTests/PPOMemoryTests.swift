import Groundwork
@testable import PolicyGradient
import ReinforcementLearning
import Testing

/// Shows one of two codes at the start and a third until the last step, whose action of the code's number is right: the
/// simplest task that needs a memory.
struct RecallTask: Environment {
  struct Configuration: Codable, Hashable, Sendable {
    var length = 6
  }

  enum Action: UInt8, DiscreteAction { case zero, one }

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("code", shape: [1], element: .uint8, kind: .categorical([3]), range: 0...2)],
      actions: .discrete(Action.names), timeLimit: configuration.length, rewards: 0...1)
  }

  private let length: Int
  private var elapsed = 0
  private var code: UInt8 = 0

  init(plan configuration: Configuration) { length = configuration.length }

  mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    (elapsed, code) = (0, UInt8(random.integer(in: 0..<2)))
  }

  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: Action) -> Transition {
    elapsed += 1
    let isLast = elapsed == length
    return Transition(reward: isLast && action.rawValue == code ? 1 : 0, outcome: isLast ? .terminated : .running)
  }

  func observe(into row: inout ObservationRow) { row.write(elapsed == 0 ? code : 2, to: 0) }
}

@Suite("PPO with a memory")
struct PPOMemoryTests {
  private func recipe() throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "test/Recall", RecallTask.self, configuration: .init())
  }

  private func configuration(_ memory: PolicyMemory) -> PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.slots = 8
    configuration.steps = 64
    configuration.sequenceSteps = 16
    configuration.memory = memory
    configuration.memoryUnits = 16
    configuration.hiddenLayers = [16, 16]
    configuration.learningRate = 5e-3
    return configuration
  }

  private func meanReturn(_ memory: PolicyMemory) throws -> Double {
    let recipe = try recipe()
    let (agent, _) = try Training.ppo(recipe, configuration(memory), steps: 40_000)
    return try Evaluation.run(recipe, episodes: 100, seed: 9, workers: Workers(count: 1)) {
      agent.makePolicy(slots: $0, choice: .mode)
    }.meanReturn
  }

  @Test("it recalls what it saw five steps ago, which nothing without one can", arguments: [PolicyMemory.gru, .lstm])
  func recall(memory: PolicyMemory) throws {
    #expect(try meanReturn(memory) >= 0.95)
    #expect(try meanReturn(.none) <= 0.7)
  }

  @Test(
    "one worker and three give the same bits, and so does a run that is resumed", arguments: [PolicyMemory.gru, .lstm])
  func bits(memory: PolicyMemory) throws {
    let (recipe, configuration) = (try recipe(), configuration(memory))
    let recorder = Recorder(saving: 2)
    let whole = try Training.ppo(recipe, configuration, steps: 2560, workers: 1, observer: recorder)
    let threads = try Training.ppo(recipe, configuration, steps: 2560, workers: 3)
    #expect(whole.session.save(whole.agent).safetensors() == threads.session.save(threads.agent).safetensors())
    let saved = try SavedState(safetensors: try #require(recorder.state).safetensors(), name: "test")
    let resumed = try Training.ppo(recipe, configuration, steps: 2560, workers: 2, resuming: saved)
    #expect(whole.session.save(whole.agent).safetensors() == resumed.session.save(resumed.agent).safetensors())
  }

  @Test("what the learner computes for an unchanged policy is what the policy did: every ratio is 1, up to rounding")
  func ratios() throws {
    var configuration = configuration(.gru)
    configuration.epochs = 1
    configuration.minibatches = 1
    let recorder = Recorder()
    _ = try Training.ppo(try recipe(), configuration, steps: 1024, observer: recorder)
    let divergences = recorder.metric("policy/approximateKL")
    #expect(!divergences.isEmpty)
    for divergence in divergences { #expect(abs(divergence) < 1e-6) }
  }

  @Test("sequences that do not divide a rollout, and guests that imitate single steps, are refused")
  func refusals() throws {
    var configuration = configuration(.gru)
    configuration.sequenceSteps = 24
    let error = #expect(throws: UserError.self) { try Training.ppo(try recipe(), configuration, steps: 512) }
    #expect(error?.reason == "8 slots x 64 steps cannot be cut into sequences of 24 for 4 minibatches")
    var robustify = RobustifyConfiguration()
    robustify.learner.memory = .gru
    #expect(throws: UserError.self) { try robustify.validate() }
  }
}
