import Groundwork
import NeuralNetworks
import ReinforcementLearning
import Testing

@testable import OffPolicy

@Suite("SAC")
struct SACTests {
  var small: SACConfiguration {
    var configuration = SACConfiguration()
    configuration.slots = 4
    configuration.batches = 2
    configuration.steps = 4
    configuration.bufferSize = 4_000
    configuration.learningStarts = 200
    configuration.hiddenLayers = [32, 32]
    configuration.batchSize = 64
    configuration.learningRate = 2e-3
    configuration.targetRate = 0.02
    configuration.temperature = 0.2
    return configuration
  }

  /// An agent with experience that has learnt nothing, and a minibatch of it.
  private func learner(_ change: (inout SACConfiguration) -> Void = { _ in }) throws -> (SAC, Minibatch) {
    var configuration = small
    configuration.learningStarts = 1_000
    configuration.hiddenLayers = [24]
    change(&configuration)
    let recipe = try Learners.reach()
    let agent = try Learners.train(SAC.self, configuration, in: recipe, steps: 200).agent
    let minibatch = agent.makeMinibatch(recipe.specification)
    var random = RandomSource(seed: 8)
    minibatch.draw(from: agent.store, returnSteps: 1, discount: 0.9, hindsight: 0, random: &random)
    agent.drawNoise()
    // Larger weights than at the start, so that nothing is flat.
    for trainee in [agent.actor, agent.critics.trainee] {
      for index in trainee.parameters.values.indices { trainee.parameters.values[index] += Float(random.normal()) * 0.2 }
    }
    return (agent, minibatch)
  }

  @Test("the gradient of the critics' loss is that of central differences")
  func criticGradient() throws {
    let (agent, minibatch) = try learner()
    let workers = Workers(count: 1)
    Learners.checkGradient(of: agent.critics.trainee) {
      agent.accumulateCritics(minibatch, workers).critic / Double(minibatch.count)
    }
  }

  @Test("the gradient of the actor's loss is that of central differences, through action and entropy")
  func actorGradient() throws {
    let (agent, minibatch) = try learner()
    let workers = Workers(count: 1)
    Learners.checkGradient(of: agent.actor) {
      agent.accumulateActor(minibatch, workers).actor / Double(minibatch.count)
    }
  }

  @Test("the temperature falls where there is more entropy than is wanted, and rises where there is less")
  func temperature() throws {
    for (wanted, falls) in [(-1e3, true), (1e3, false)] {
      let (agent, minibatch) = try learner { $0.targetEntropy = wanted }
      let before = agent.temperature
      _ = try agent.update(minibatch, step: 0, workers: Workers(count: 1))
      #expect((agent.temperature < before) == falls)
    }
  }

  @Test("it learns to track a number to within 0.1 a step in 3,000 steps")
  func tracking() throws {
    let recipe = try Learners.tracking()
    let agent = try Learners.train(SAC.self, small, in: recipe, steps: 3_000).agent
    #expect(try Learners.evaluate(agent, in: recipe).meanReturn > -0.1 * 10)
  }

  @Test("with hindsight it reaches goals that are paid for nothing else, in 3,000 steps")
  func hindsight() throws {
    let recipe = try Learners.reach(length: 12)
    var configuration = small
    configuration.hindsight = 0.8
    configuration.discount = 0.9
    let agent = try Learners.train(SAC.self, configuration, in: recipe, steps: 3_000).agent
    let evaluation = try Learners.evaluate(agent, in: recipe)
    #expect(evaluation.meanReturn > -4)
  }

  @Test("one worker and two give the same bits, with several steps, hindsight and scaled observations")
  func workers() throws {
    let recipe = try Learners.reach()
    var configuration = small
    configuration.hindsight = 0.5
    configuration.returnSteps = 3
    configuration.normalizesObservations = true
    let one = try Learners.train(SAC.self, configuration, in: recipe, steps: 500, workers: 1)
    let two = try Learners.train(SAC.self, configuration, in: recipe, steps: 500, workers: 2)
    #expect(Learners.digest(one) == Learners.digest(two))
  }

  @Test("a resumed run ends on the bits of one that was never stopped", arguments: [3, 20])
  func resume(_ iteration: Int) throws {
    let recipe = try Learners.reach()
    var configuration = small
    configuration.explorationHold = 3
    configuration.normalizesObservations = true
    configuration.updateRatio = 0.3
    configuration.bufferSize = 300
    let recorder = Recorder(saving: iteration)
    let whole = try Learners.train(SAC.self, configuration, in: recipe, steps: 600, observer: recorder)
    let resumed = try Learners.train(SAC.self, configuration, in: recipe, steps: 600, resuming: recorder.state)
    #expect(Learners.digest(whole) == Learners.digest(resumed))
  }

  @Test("another run's networks are taken over, and those of other layers are refused by name")
  func adopts() throws {
    let recipe = try Learners.reach()
    let trained = try Learners.train(SAC.self, small, in: recipe, steps: 300).agent
    var state = SavedState()
    trained.save(to: &state)
    let fresh = try Training.born(SAC.self, small, in: recipe, seed: 2)
    try fresh.adopt(state)
    #expect(fresh.actor.parameters == trained.actor.parameters && fresh.critics.targets == trained.critics.targets)
    #expect(fresh.temperature == trained.temperature && fresh.temperature != Float(small.temperature))
    var fixed = small
    fixed.learnsTemperature = false
    let settled = try Training.born(SAC.self, fixed, in: recipe)
    let own = settled.temperature
    try settled.adopt(state)
    #expect(settled.temperature == own, "one that is not tuned is the configuration's")
    var wide = small
    wide.hiddenLayers = [33, 32]
    let other = try Training.born(SAC.self, wide, in: recipe)
    let error = #expect(throws: UserError.self) { try other.adopt(state) }
    #expect(error?.reason.contains("'actor.0.weight' in the checkpoint has shape") == true)
  }

  @Test("updates are as many as the ratio says, from the start of learning on")
  func ratio() throws {
    var configuration = small
    configuration.updateRatio = 0.3
    configuration.learningStarts = 160
    let recorder = Recorder()
    _ = try Learners.train(SAC.self, configuration, in: Learners.reach(), steps: 320, observer: recorder)
    // Turns of 16 steps: the tenth is the first that learns.
    #expect(recorder.metric("optimizer/updates").last == Double(Int(11 * 16 * 0.3)))
  }

  @Test("a loss that is not a number stops the run and says where")
  func divergence() throws {
    let error = #expect(throws: UserError.self) {
      _ = try Learners.train(SAC.self, small, in: Learners.reach(isPoisoned: true), steps: 400)
    }
    #expect(error?.reason.hasPrefix("the loss is not a number at step 208 (critic nan") == true, "\(error as Any)")
  }

  @Test("a run that is too short for an update is said to learn nothing")
  func tooShort() {
    var configuration = SACConfiguration()
    #expect(SAC.remarks(configuration, steps: 1_000).isEmpty && SAC.remarks(configuration, steps: 960).count == 1)
    #expect(
      SAC.remarks(configuration, steps: 500) == [
        "nothing is learnt in 500 steps: with agent.learningStarts=1000 and agent.updateRatio=1.0 no update falls due. "
          + "Take more steps (--steps), or --set one of them"
      ])
    configuration.updateRatio = 0
    #expect(SAC.remarks(configuration, steps: 1_000_000).count == 1)
    (configuration.updateRatio, configuration.learningStarts) = (0.001, 0)
    #expect(SAC.remarks(configuration, steps: 900).count == 1 && SAC.remarks(configuration, steps: 1_100).isEmpty)
    #expect(TD3.remarks(TD3Configuration(), steps: 64).count == 1)
    #expect(DQN.remarks(DQNConfiguration(), steps: 64).count == 1)
    // The turn that ends at 1,024 steps is followed by 64 updates.
    var slow = TD3Configuration()
    slow.policyDelay = 64
    #expect(TD3.remarks(slow, steps: 1_000).isEmpty)
    slow.policyDelay = 65
    #expect(
      TD3.remarks(slow, steps: 1_000) == [
        "the actor stays as it began in 1000 steps: it moves once in agent.policyDelay=65 updates, and no more "
          + "than 64 fall due. Take more steps (--steps), or set less"
      ])
  }

  @Test("what it cannot work with is refused with the reason and what to change")
  func refusals() throws {
    var hindsight = small
    hindsight.hindsight = 0.5
    let cases: [(EnvironmentRecipe, SACConfiguration, String)] = [
      (
        try Training.cartPole(), small,
        "agent 'test' requires vectors of actions within finite limits, and those of 'control/CartPole' are numbered. "
          + "Use an agent that takes them, such as dqn"
      ),
      (
        try Learners.tracking(), hindsight,
        "rewards of 'test/Tracking' do not depend on a goal that the policy sees, so that nothing can be told again. "
          + "Use --set agent.hindsight=0, or an environment such as fetch/Reach"
      ),
    ]
    for (recipe, configuration, message) in cases {
      let error = #expect(throws: UserError.self) { _ = try Training.born(SAC.self, configuration, in: recipe) }
      #expect(error?.description == message)
    }
    let changes: [(String, (inout SACConfiguration) -> Void)] = [
      ("agent.updateRatio cannot be 65", { $0.updateRatio = 65 }),
      ("agent.batchSize cannot be 0", { $0.batchSize = 0 }),
      ("agent.returnSteps cannot be 0", { $0.returnSteps = 0 }),
      ("agent.discount cannot be nan", { $0.discount = .nan }),
      ("5 slots cannot be shared out to 2 batches", { $0.slots = 5 }),
      ("agent.bufferSize cannot be 100000001", { $0.bufferSize = 100_000_001 }),
      ("the networks have", { $0.hiddenLayers = [60_000, 60_000] }),
    ]
    for (reason, change) in changes {
      var configuration = small
      change(&configuration)
      let error = #expect(throws: UserError.self) {
        _ = try Training.born(SAC.self, configuration, in: Learners.reach())
      }
      #expect(error?.reason.hasPrefix(reason) == true, "\(error as Any)")
    }
    // Sixteen observations a row: the rows of 100 million steps would take 20 GB.
    var large = small
    large.bufferSize = 100_000_000
    let error = #expect(throws: UserError.self) {
      _ = try Training.born(SAC.self, large, in: Learners.reach().changing(["frameStack": 16]))
    }
    #expect(error?.reason.hasPrefix("the store of 100000000 transitions has") == true, "\(error as Any)")
  }
}
