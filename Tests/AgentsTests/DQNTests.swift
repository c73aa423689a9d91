import Groundwork
import NeuralNetworks
import ReinforcementLearning
import Testing

@testable import OffPolicy

@Suite("DQN")
struct DQNTests {
  var small: DQNConfiguration {
    var configuration = DQNConfiguration()
    configuration.slots = 4
    configuration.batches = 2
    configuration.steps = 4
    configuration.bufferSize = 4_000
    configuration.learningStarts = 200
    configuration.explorationSteps = 1_000
    configuration.hiddenLayers = [32]
    configuration.batchSize = 64
    configuration.learningRate = 3e-3
    configuration.targetInterval = 50
    configuration.discount = 0.5
    return configuration
  }

  @Test("it learns the identity task to 95 % of the optimum within 3,000 steps", arguments: [false, true])
  func identity(_ isPrioritized: Bool) throws {
    let recipe = try Training.identity()
    var configuration = small
    configuration.priorityExponent = isPrioritized ? 0.6 : 0
    let agent = try Learners.train(DQN.self, configuration, in: recipe, steps: 3_000).agent
    #expect(try Learners.evaluate(agent, in: recipe).meanReturn >= 9.5)
  }

  @Test("the gradient of its loss is that of central differences", arguments: [false, true])
  func gradient(_ isDouble: Bool) throws {
    var configuration = small
    configuration.learningStarts = 1_000
    configuration.isDouble = isDouble
    let recipe = try Training.cartPole()
    let agent = try Learners.train(DQN.self, configuration, in: recipe, steps: 200).agent
    let minibatch = agent.makeMinibatch(recipe.specification)
    var random = RandomSource(seed: 8)
    minibatch.draw(from: agent.store, returnSteps: 3, discount: 0.9, hindsight: 0, random: &random)
    let weights = (0..<minibatch.count).map { Float($0 % 3) }
    // With double targets the choice of the next action moves with the network, too: the targets are flat but for
    // where it changes, so steps are small.
    Learners.checkGradient(of: agent.trainee, step: 3e-4, tolerance: 0.05) {
      agent.accumulate(minibatch, weights: weights, Workers(count: 1))
    }
  }

  @Test("one worker and two give the same bits, and a resumed run those of one that was never stopped")
  func bits() throws {
    let recipe = try Training.cartPole()
    var configuration = small
    configuration.priorityExponent = 0.6
    configuration.returnSteps = 3
    configuration.bufferSize = 200
    let recorder = Recorder(saving: 21)
    let one = try Learners.train(DQN.self, configuration, in: recipe, steps: 600, workers: 1, observer: recorder)
    let two = try Learners.train(DQN.self, configuration, in: recipe, steps: 600, workers: 2)
    let resumed = try Learners.train(DQN.self, configuration, in: recipe, steps: 600, resuming: recorder.state)
    #expect(Learners.digest(one) == Learners.digest(two))
    #expect(Learners.digest(one) == Learners.digest(resumed))
  }

  @Test("transitions are drawn in proportion to their priorities, and weights take it back")
  func priorities() throws {
    let recipe = try Training.cartPole()
    let store = try ExperienceStore(slots: 2, size: 10, in: AgentSetting(recipe, seed: 1))
    let buffer = try #require(store.collected)
    var sampler = PrioritySampler(slots: 2, capacity: 5)
    let collector = try Collector(recipe: recipe, slots: 2, batches: 1, steps: 3, seed: 1)
    var policies = [UniformPolicy(recipe.specification)]
    let workers = Workers(count: 1)
    var random = RandomSource(seed: 2)
    // Three turns of three steps in a ring of five: it goes round.
    for _ in 0..<3 {
      _ = try collector.collect(&policies, workers: workers)
      store.append(collector.rollouts, [RewardScores(components: 1, count: 6)])
      sampler.add(steps: 3, to: buffer)
      for number in 0..<buffer.count {
        #expect(abs(sampler.chance(of: number, in: buffer) - 1 / Double(buffer.count)) < 1e-12)
      }
    }
    let errors: [Float] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    sampler.update(Array(0..<10), errors: errors, exponent: 1, in: buffer)
    var drawn = [Double](repeating: 0, count: 10)
    for _ in 0..<2_000 {
      let (numbers, weights) = sampler.draw(10, from: buffer, importance: 1, random: &random)
      for (number, weight) in zip(numbers, weights) {
        drawn[number] += 1
        // In proportion to one over the chance, the rarest drawn counting 1.
        let rarest = numbers.map { errors[$0] }.min()!
        #expect(abs(weight - (rarest + 1e-4) / (errors[number] + 1e-4)) < 1e-4)
      }
    }
    for number in 0..<10 { #expect(abs(drawn[number] / 20_000 - Double(errors[number]) / 45) < 0.01) }
  }

  @Test("actions are drawn at random less and less often, from the start of learning on")
  func exploration() throws {
    let agent = try Training.born(DQN.self, small, in: Training.cartPole())
    #expect(agent.exploration(at: 0) == 1 && agent.exploration(at: 200) == 1)
    #expect(abs(agent.exploration(at: 700) - 0.525) < 1e-9 && abs(agent.exploration(at: 5_000) - 0.05) < 1e-9)
  }

  @Test("a loss that is not a number stops the run and says where")
  func divergence() throws {
    let recipe = try EnvironmentRecipe(
      id: "test/Poisoned", IdentityTask.self, configuration: .init(length: 10, isPoisoned: true))
    let error = #expect(throws: UserError.self) { _ = try Learners.train(DQN.self, small, in: recipe, steps: 400) }
    #expect(error?.reason.hasPrefix("the loss is not a number at step 208 (values nan") == true, "\(error as Any)")
  }

  @Test("vectors, and priorities of what is told again, are refused")
  func refusals() throws {
    let error = #expect(throws: UserError.self) { _ = try Training.born(DQN.self, small, in: Learners.tracking()) }
    #expect(error?.reason.hasPrefix("agent 'test' requires numbered actions") == true)
    var configuration = small
    configuration.priorityExponent = 0.5
    configuration.hindsight = 0.5
    let second = #expect(throws: UserError.self) {
      _ = try Training.born(DQN.self, configuration, in: Training.cartPole())
    }
    #expect(second?.reason.hasPrefix("priorities are of transitions as they were") == true)
  }
}
