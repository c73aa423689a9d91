import Groundwork
import PolicyGradient
import ReinforcementLearning
import RewardModels
import Testing

@Suite("PPO")
struct PPOTests {
  var small: PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.slots = 8
    configuration.batches = 4
    configuration.steps = 16
    configuration.hiddenLayers = [16]
    configuration.learningRate = 5e-3
    return configuration
  }

  /// A digest of the checkpoint's bytes: arrays that differ would be printed element by element.
  func state(_ result: (agent: PPO, session: TrainingSession)) -> UInt64 {
    result.session.save(result.agent).safetensors().reduce(14_695_981_039_346_656_037) { hash, byte in
      (hash ^ UInt64(byte)) &* 1_099_511_628_211
    }
  }

  @Test("it learns the identity task to 95 % of the optimum within 10,000 steps")
  func identity() throws {
    let recipe = try Training.identity()
    let (agent, _) = try Training.ppo(recipe, small, steps: 10_000)
    let evaluation = try Evaluation.run(recipe, episodes: 50, seed: 9, workers: Workers(count: 1)) {
      agent.makePolicy(slots: $0, choice: .mode)
    }
    #expect(evaluation.meanReturn >= 9.5)
  }

  @Test("it learns to track a number with a continuous action to within 0.02 a step in 40,000 steps")
  func tracking() throws {
    let recipe = try EnvironmentRecipe(id: "test/Tracking", TrackingTask.self, configuration: .init())
    var configuration = small
    configuration.entropyCoefficient = 0
    configuration.hiddenLayers = [32, 32]
    let (agent, _) = try Training.ppo(recipe, configuration, steps: 40_000)
    let evaluation = try Evaluation.run(recipe, episodes: 50, seed: 9, workers: Workers(count: 1)) {
      agent.makePolicy(slots: $0, choice: .mode)
    }
    #expect(evaluation.meanReturn > -0.2)
  }

  @Test("one worker and three give the same bits", arguments: ["environment", "environment+0.1*count+0.1*rnd"])
  func workers(reward: String) throws {
    let recipe = try Training.cartPole()
    let one = try Training.ppo(recipe, small, reward: reward, steps: 1024, workers: 1)
    let three = try Training.ppo(recipe, small, reward: reward, steps: 1024, workers: 3)
    #expect(state(one) == state(three))
  }

  @Test(
    "a reward design that reads signals, with weight 0, does not change what a policy with scaled observations learns")
  func scaledObservationsBesideSignals() throws {
    let recipe = try EnvironmentRecipe(id: "test/Hinted", HintedTask.self, configuration: .init())
    var configuration = small
    configuration.normalizesObservations = true
    func parameters(_ reward: String) throws -> [UInt8] {
      var state = SavedState()
      try Training.ppo(recipe, configuration, reward: reward, steps: 1024).agent.save(to: &state)
      return state.get(prefix: "parameters").safetensors()
    }
    // Rows with a signal are longer: whoever steps through them with the length of rows without one reads nonsense.
    let plain = try parameters("environment")
    #expect(try parameters("environment+0*potential(signal=hint,scale=1)") == plain)
  }

  @Test("another seed gives other parameters")
  func seeds() throws {
    let recipe = try Training.cartPole()
    let one = try Training.ppo(recipe, small, steps: 512, seed: 1)
    let two = try Training.ppo(recipe, small, steps: 512, seed: 2)
    #expect(state(one) != state(two))
  }

  @Test(
    "a run that is resumed ends on the bits of one that was not",
    arguments: ["environment", "environment+0.1*count", "environment+0.1*rnd+potential(signal=angle)"], [false, true])
  func resume(reward: String, normalizes: Bool) throws {
    let recipe = try Training.cartPole()
    var configuration = small
    configuration.normalizesObservations = normalizes
    configuration.normalizesRewards = normalizes
    configuration.separatesComponents = normalizes
    let recorder = Recorder(saving: 3)
    let whole = try Training.ppo(recipe, configuration, reward: reward, steps: 1280, observer: recorder)
    let saved = try #require(recorder.state)
    // Through the file's bytes, as a killed process would find it.
    let restored = try SavedState(safetensors: saved.safetensors(), name: "test")
    let resumed = try Training.ppo(recipe, configuration, reward: reward, steps: 1280, resuming: restored)
    #expect(state(whole) == state(resumed))
  }

  @Test("components with a value head each still learn the identity task")
  func heads() throws {
    let recipe = try Training.identity()
    var configuration = small
    configuration.separatesComponents = true
    let (agent, _) = try Training.ppo(recipe, configuration, reward: "environment+0.1*count", steps: 10_000)
    let evaluation = try Evaluation.run(recipe, episodes: 50, seed: 9, workers: Workers(count: 1)) {
      agent.makePolicy(slots: $0, choice: .mode)
    }
    #expect(evaluation.meanReturn >= 9.5)
  }

  @Test("a shared network learns the identity task too")
  func shared() throws {
    let recipe = try Training.identity()
    var configuration = small
    configuration.sharesNetwork = true
    let (agent, _) = try Training.ppo(recipe, configuration, steps: 10_000)
    let evaluation = try Evaluation.run(recipe, episodes: 50, seed: 9, workers: Workers(count: 1)) {
      agent.makePolicy(slots: $0, choice: .mode)
    }
    #expect(evaluation.meanReturn >= 9.5)
  }

  @Test("the learning rate falls linearly to zero over the budget")
  func annealing() throws {
    let recorder = Recorder()
    _ = try Training.ppo(try Training.identity(), small, steps: 512, observer: recorder)
    let rates = recorder.metric("optimizer/learningRate")
    #expect(rates.count == 4)
    for (index, rate) in rates.enumerated() { #expect(abs(rate - 5e-3 * (1 - Double(index) / 4)) < 1e-8) }
  }

  @Test("a clip range that is annealed falls linearly to zero over the budget, and stays where it is otherwise")
  func clipAnnealing() throws {
    var configuration = small
    for isAnnealed in [false, true] {
      configuration.annealsClipRange = isAnnealed
      let recorder = Recorder()
      _ = try Training.ppo(try Training.identity(), configuration, steps: 512, observer: recorder)
      let ranges = recorder.metric("policy/clipRange")
      #expect(ranges.count == 4)
      for (index, range) in ranges.enumerated() {
        #expect(abs(range - (isAnnealed ? 0.2 * (1 - Double(index) / 4) : 0.2)) < 1e-7)
      }
    }
  }

  @Test("the surrogate is clipped by the annealed range: the first iteration learns as without, later ones otherwise")
  func clipAnnealingLearns() throws {
    let recipe = try Training.identity()
    var annealed = small
    annealed.learningRate = 2e-2
    annealed.annealsLearningRate = false
    var constant = annealed
    annealed.annealsClipRange = true
    func digest(_ configuration: PPOConfiguration, _ steps: Int) throws -> UInt64 {
      state(try Training.ppo(recipe, configuration, steps: steps))
    }
    #expect(try digest(annealed, 128) == digest(constant, 128))
    #expect(try digest(annealed, 256) != digest(constant, 256))
    // Of two iterations the second has half the range: the same as a run that is resumed with it.
    let recorder = Recorder(saving: 1)
    let whole = try Training.ppo(recipe, annealed, steps: 256, observer: recorder)
    constant.clipRange = 0.1
    let resumed = try Training.ppo(recipe, constant, steps: 256, resuming: recorder.state)
    #expect(state(whole) == state(resumed))
  }

  @Test("epochs stop when the KL divergence passes its target")
  func targetKL() throws {
    var configuration = small
    configuration.targetKL = 1e-9
    let recorder = Recorder()
    _ = try Training.ppo(try Training.identity(), configuration, steps: 512, observer: recorder)
    #expect(recorder.metric("optimizer/epochs").allSatisfy { $0 < 4 })
  }

  @Test("a loss that is not a number stops the run and says where")
  func divergence() throws {
    let recipe = try EnvironmentRecipe(
      id: "test/Poisoned", IdentityTask.self, configuration: .init(length: 10, isPoisoned: true))
    let error = #expect(throws: UserError.self) { _ = try Training.ppo(recipe, small, steps: 1024) }
    let reason = try #require(error?.reason)
    #expect(reason.hasPrefix("the loss is not a number at step 128 "))
  }

  @Test("minibatches that do not divide a rollout are refused with the numbers that do")
  func minibatches() throws {
    var configuration = PPOConfiguration()
    configuration.steps = 3
    configuration.slots = 128
    configuration.minibatches = 5
    let error = #expect(throws: UserError.self) {
      _ = try Training.ppo(try Training.identity(), configuration, steps: 512)
    }
    #expect(
      error?.description
        == """
        a rollout of 384 = 3 steps x 128 slots cannot be split into 5 minibatches: remainder 4. Use 1, 2, 3, 4, \
        6, 8, 12, 16, 24, 32, 48 or 64 (--set agent.minibatches=)
        """
    )
  }

  static let tooLarge: [(String, @Sendable (inout PPOConfiguration) -> Void)] = [
    ("agent.slots cannot be 1000000000", { $0.slots = 1_000_000_000 }),
    ("agent.steps cannot be 100000000", { $0.steps = 100_000_000 }),
    ("agent.epochs cannot be \(Int.max)", { $0.epochs = .max }),
    ("agent.memoryUnits cannot be 100000", { $0.memoryUnits = 100_000 }),
    ("an element of agent.hiddenLayers cannot be 1000000000", { $0.hiddenLayers = [1_000_000_000] }),
    ("an element of agent.hiddenLayers cannot be 0", { $0.hiddenLayers = [64, 0] }),
    ("agent.hiddenLayers cannot be 40 layers", { $0.hiddenLayers = Array(repeating: 1, count: 40) }),
    ("the networks have", { $0.hiddenLayers = [60_000, 60_000] }),
    ("a rollout of 1000000 steps x 65536 slots has", { ($0.slots, $0.steps) = (65_536, 1_000_000) }),
    ("a rollout of 4000 steps x 65536 slots has", { ($0.slots, $0.steps, $0.minibatches) = (65_536, 4_000, 1) }),
  ]

  @Test("sizes that would not fit are refused by name before anything is made", arguments: tooLarge.indices)
  func sizes(_ index: Int) throws {
    let (reason, change) = PPOTests.tooLarge[index]
    var configuration = PPOConfiguration()
    change(&configuration)
    let error = #expect(throws: UserError.self) {
      _ = try Training.ppo(try Training.identity(), configuration, steps: 512)
    }
    #expect(error?.reason.hasPrefix(reason) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("a checkpoint of other layers is refused by the name of the block")
  func shapes() throws {
    let recipe = try Training.identity()
    let recorder = Recorder(saving: 1)
    _ = try Training.ppo(recipe, small, steps: 256, observer: recorder)
    var other = small
    other.hiddenLayers = [32]
    let saved = try #require(recorder.state)
    let error = #expect(throws: UserError.self) {
      _ = try Training.ppo(recipe, other, steps: 256, resuming: saved)
    }
    #expect(error?.reason.contains("policy.") == true)
  }
}
