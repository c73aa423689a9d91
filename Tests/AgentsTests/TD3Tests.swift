import Groundwork
import NeuralNetworks
import ReinforcementLearning
import Testing

@testable import OffPolicy

@Suite("TD3")
struct TD3Tests {
  var small: TD3Configuration {
    var configuration = TD3Configuration()
    configuration.slots = 4
    configuration.batches = 2
    configuration.steps = 4
    configuration.bufferSize = 4_000
    configuration.learningStarts = 200
    configuration.hiddenLayers = [32, 32]
    configuration.batchSize = 64
    configuration.learningRate = 2e-3
    configuration.targetRate = 0.02
    return configuration
  }

  /// An agent with experience that has learnt nothing, and a minibatch of it.
  private func learner() throws -> (TD3, Minibatch) {
    var configuration = small
    configuration.learningStarts = 1_000
    configuration.hiddenLayers = [24]
    let recipe = try Learners.reach()
    let agent = try Learners.train(TD3.self, configuration, in: recipe, steps: 200).agent
    let minibatch = agent.makeMinibatch(recipe.specification)
    var random = RandomSource(seed: 8)
    minibatch.draw(from: agent.store, returnSteps: 1, discount: 0.9, hindsight: 0, random: &random)
    agent.drawNoise()
    for trainee in [agent.actor, agent.critics.trainee] {
      for index in trainee.parameters.values.indices { trainee.parameters.values[index] += Float(random.normal()) * 0.2 }
    }
    return (agent, minibatch)
  }

  @Test("the gradients of both losses are those of central differences")
  func gradients() throws {
    let (agent, minibatch) = try learner()
    let workers = Workers(count: 1)
    Learners.checkGradient(of: agent.critics.trainee) {
      agent.accumulateCritics(minibatch, workers).critic / Double(minibatch.count)
    }
    Learners.checkGradient(of: agent.actor) {
      agent.accumulateActor(minibatch, workers).actor / Double(minibatch.count)
    }
  }

  @Test("the actor and the targets move with every second update of the critics")
  func delay() throws {
    let (agent, minibatch) = try learner()
    let workers = Workers(count: 1)
    let (actor, targets) = (agent.actor.parameters, agent.critics.targets)
    _ = try agent.update(minibatch, step: 0, workers: workers)
    #expect(agent.actor.parameters == actor && agent.critics.targets == targets)
    _ = try agent.update(minibatch, step: 0, workers: workers)
    #expect(agent.actor.parameters != actor && agent.critics.targets != targets)
    #expect(agent.actorTarget != agent.actor.parameters)
  }

  @Test("random actions take the share of the steps that is wanted and are held; a policy that is shown has none")
  func explorationShare() throws {
    let recipe = try Learners.reach()
    for hold in [1, 4] {
      var configuration = small
      configuration.explorationNoise = 0
      (configuration.learningStarts, configuration.updateRatio) = (0, 0)
      (configuration.explorationShare, configuration.explorationHold) = (0.3, hold)
      let agent = try Learners.train(TD3.self, configuration, in: recipe, steps: 4_000).agent
      let held = try #require(agent.store.collected).transitions
      // Networks that have learnt nothing say some hundredths.
      let isRandom = (0..<held.count).map { abs(held.continuousAction($0)[0]) > 0.05 }
      let share = Double(isRandom.count(where: \.self)) / Double(held.count)
      #expect(abs(share - 0.3 * 0.95) < 0.05, "\(share)")
      let evaluation = try Evaluation.run(recipe, episodes: 20, seed: 9, workers: Workers(count: 1)) {
        agent.makePolicy(slots: $0, choice: .sample)
      }
      let shown = evaluation.episodes.flatMap(\.actions)
      #expect(!shown.isEmpty && shown.allSatisfy { abs($0) < 0.05 })
    }
  }

  @Test("it learns to track a number to within 0.1 a step in 3,000 steps")
  func tracking() throws {
    let recipe = try Learners.tracking()
    let agent = try Learners.train(TD3.self, small, in: recipe, steps: 3_000).agent
    #expect(try Learners.evaluate(agent, in: recipe).meanReturn > -0.1 * 10)
  }

  @Test("noise is added to what is collected, and to nothing that is shown or judged")
  func noise() throws {
    let recipe = try Learners.reach()
    var configuration = small
    configuration.explorationNoise = 0.5
    (configuration.learningStarts, configuration.updateRatio) = (0, 0)
    let agent = try Learners.train(TD3.self, configuration, in: recipe, steps: 2_000).agent
    let held = try #require(agent.store.collected).transitions
    #expect((0..<held.count).count(where: { abs(held.continuousAction($0)[0]) > 0.3 }) > held.count / 4)
    let evaluation = try Evaluation.run(recipe, episodes: 20, seed: 9, workers: Workers(count: 1)) {
      agent.makePolicy(slots: $0, choice: .sample)
    }
    // Networks that have learnt nothing say some hundredths.
    #expect(evaluation.episodes.flatMap(\.actions).allSatisfy { abs($0) < 0.05 })
  }

  @Test("one worker and two give the same bits, and a resumed run those of one that was never stopped")
  func bits() throws {
    let recipe = try Learners.reach()
    var configuration = small
    configuration.hindsight = 0.5
    configuration.returnSteps = 2
    configuration.updateRatio = 0.3
    let recorder = Recorder(saving: 21)
    let one = try Learners.train(TD3.self, configuration, in: recipe, steps: 500, workers: 1, observer: recorder)
    let two = try Learners.train(TD3.self, configuration, in: recipe, steps: 500, workers: 2)
    let resumed = try Learners.train(TD3.self, configuration, in: recipe, steps: 500, resuming: recorder.state)
    #expect(Learners.digest(one) == Learners.digest(two))
    #expect(Learners.digest(one) == Learners.digest(resumed))
  }

  @Test("a loss that is not a number stops the run and says where")
  func divergence() throws {
    let error = #expect(throws: UserError.self) {
      _ = try Learners.train(TD3.self, small, in: Learners.reach(isPoisoned: true), steps: 400)
    }
    #expect(error?.reason.hasPrefix("the loss is not a number at step 208 (critic nan") == true, "\(error as Any)")
  }
}
