import Groundwork
import NeuralNetworks
import ReinforcementLearning
import Testing

@testable import OffPolicy

@Suite("Learning from demonstrations alone")
struct ImitationTests {
  /// Episodes of the reach task as its expert plays them, and now and then as nobody should.
  ///
  /// - Parameter mistakes: Of ten episodes, in how many the expert's actions are turned round.
  private func replays(_ count: Int, mistakes: Int = 0, in recipe: EnvironmentRecipe) throws -> [Replay] {
    try (0..<count).map { number in
      var task = ReachTask(plan: .init())
      task.reset(seed: UInt64(number))
      var actions: [Float] = []
      for _ in 0..<10 {
        let action = task.expertAction()[0] * (number % 10 < mistakes ? -1 : 1)
        actions.append(action)
        var vector = SIMD16<Float>.zero
        vector[0] = action
        _ = task.step(VectorAction(vector))
      }
      return try Replay(of: recipe, seed: UInt64(number), actions: actions)
    }
  }

  private func born<A: Agent>(
    _ type: A.Type, _ configuration: A.Configuration, in recipe: EnvironmentRecipe, _ replays: [Replay]
  ) throws -> A {
    try A(
      configuration, in: AgentSetting(recipe, seed: 1, needs: .demonstrations, demonstrations: replays))
  }

  private func session(
    _ recipe: EnvironmentRecipe, steps: Int, workers: Int = 1, observer: (any TrainingObserver)? = nil
  ) throws -> TrainingSession {
    try Learners.session(recipe, steps: steps, workers: workers, observer: observer)
  }

  @Test("behaviour cloning does what 30 demonstrations do after 1,000 updates")
  func cloning() throws {
    let recipe = try Learners.reach()
    var configuration = BehaviourCloningConfiguration()
    configuration.hiddenLayers = [32, 32]
    configuration.batchSize = 64
    let agent = try born(BehaviourCloning.self, configuration, in: recipe, replays(30, in: recipe))
    let session = try session(recipe, steps: 1_000)
    try agent.train(in: session)
    #expect(session.step == 1_000)
    // The goal is up to 2 away, and a step half a unit: the expert needs 2 on average.
    let expert = try replays(50, in: recipe).reduce(0) { $0 + $1.environmentReturn } / 50
    #expect(try Learners.evaluate(agent, in: recipe, episodes: 100).meanReturn > expert - 0.6)
  }

  @Test("IQL does better than what it was shown: of ten demonstrations four run away from the goal")
  func implicit() throws {
    let recipe = try Learners.reach()
    let shown = try replays(40, mistakes: 4, in: recipe)
    var configuration = IQLConfiguration()
    configuration.hiddenLayers = [64, 64]
    configuration.batchSize = 128
    configuration.learningRate = 1e-3
    configuration.discount = 0.9
    configuration.expectile = 0.8
    configuration.demonstrationReturn = 0
    let agent = try born(IQL.self, configuration, in: recipe, shown)
    try agent.train(in: session(recipe, steps: 2_500))
    var plain = BehaviourCloningConfiguration()
    plain.hiddenLayers = [64, 64]
    plain.batchSize = 128
    let clone = try born(BehaviourCloning.self, plain, in: recipe, shown)
    try clone.train(in: session(recipe, steps: 2_500))
    let best = try Learners.evaluate(agent, in: recipe, episodes: 100).meanReturn
    let same = try Learners.evaluate(clone, in: recipe, episodes: 100).meanReturn
    #expect(best > same + 0.5, "\(best) after IQL, \(same) after cloning")
  }

  @Test("the gradients of all losses are those of central differences")
  func gradients() throws {
    let recipe = try Learners.reach()
    var random = RandomSource(seed: 8)
    // Not the expert's: it stands still at the goal, and of rows that are alike one kink of a unit is a kink of the loss.
    let shown = try (0..<10).map { number in
      try Replay(of: recipe, seed: UInt64(number), actions: (0..<10).map { _ in Float(random.uniform(-0.9, 0.9)) })
    }
    let workers = Workers(count: 1)
    func shake(_ trainees: [Trainee<LearnerScratch>]) {
      for trainee in trainees {
        for index in trainee.parameters.values.indices {
          trainee.parameters.values[index] += Float(random.normal()) * 0.2
        }
      }
    }
    var plain = BehaviourCloningConfiguration()
    plain.hiddenLayers = [24]
    let clone = try born(BehaviourCloning.self, plain, in: recipe, shown)
    let minibatch = clone.makeMinibatch(recipe.specification)
    minibatch.draw(from: clone.store, returnSteps: 1, discount: 0.9, hindsight: 0, random: &random)
    shake([clone.actor])
    Learners.checkGradient(of: clone.actor) { clone.accumulate(minibatch, workers).actor / Double(minibatch.count) }
    var configuration = IQLConfiguration()
    configuration.hiddenLayers = [24]
    configuration.demonstrationReturn = 10
    let agent = try born(IQL.self, configuration, in: recipe, shown)
    shake([agent.actor, agent.value, agent.critics.trainee])
    agent.critics.targets = agent.critics.trainee.parameters
    Learners.checkGradient(of: agent.value) {
      agent.accumulateValue(minibatch, workers).value / Double(minibatch.count)
    }
    Learners.checkGradient(of: agent.critics.trainee) {
      agent.accumulateCritics(minibatch, workers).critic / Double(minibatch.count)
    }
    Learners.checkGradient(of: agent.actor) {
      agent.accumulateActor(minibatch, workers).actor / Double(minibatch.count)
    }
  }

  @Test("rewards are scaled for a demonstration's return to be what is wanted")
  func scale() throws {
    let recipe = try Learners.reach()
    let shown = try replays(10, in: recipe)
    let mean = shown.reduce(0) { $0 + abs($1.environmentReturn) } / 10
    let agent = try born(IQL.self, .init(), in: recipe, shown)
    #expect(abs(Double(agent.rewardScale) * mean - 100) < 1e-3)
  }

  @Test("one worker and two give the same bits, and a resumed run those of one that was never stopped")
  func bits() throws {
    let recipe = try Learners.reach()
    let shown = try replays(10, in: recipe)
    var configuration = IQLConfiguration()
    configuration.hiddenLayers = [32]
    configuration.updates = 10
    func run<A: Agent>(
      _ type: A.Type, _ configuration: A.Configuration, workers: Int, observer: Recorder? = nil,
      from state: SavedState? = nil
    ) throws -> UInt64 {
      let agent = try born(type, configuration, in: recipe, shown)
      let session = try session(recipe, steps: 55, workers: workers, observer: observer)
      if let state {
        try agent.restore(from: state.get(prefix: "agent"))
        try session.restore(from: state)
      }
      try agent.train(in: session)
      #expect(session.step == 55)
      return Learners.digest((agent, session))
    }
    let recorder = Recorder(saving: 3)
    let one = try run(IQL.self, configuration, workers: 1, observer: recorder)
    #expect(try run(IQL.self, configuration, workers: 2) == one)
    #expect(try run(IQL.self, configuration, workers: 1, from: recorder.state) == one)
    var plain = BehaviourCloningConfiguration()
    plain.hiddenLayers = [32]
    plain.updates = 10
    let other = Recorder(saving: 3)
    let clone = try run(BehaviourCloning.self, plain, workers: 1, observer: other)
    #expect(try run(BehaviourCloning.self, plain, workers: 2) == clone)
    #expect(try run(BehaviourCloning.self, plain, workers: 1, from: other.state) == clone)
  }

  @Test("demonstrations of another environment, or that do not replay, are refused")
  func foreign() throws {
    let recipe = try Learners.reach()
    var replay = try replays(1, in: recipe)[0]
    replay.environment = "test/Other"
    let error = #expect(throws: UserError.self) {
      _ = try born(BehaviourCloning.self, .init(), in: recipe, [replay])
    }
    #expect(
      error?.reason == "demonstration 1 of 1 was recorded in 'test/Other', the run is of 'test/Reach'")
    replay.environment = recipe.id
    replay.actions[2] = 0.123
    let second = #expect(throws: UserError.self) {
      _ = try born(IQL.self, .init(), in: recipe, [replay])
    }
    #expect(second?.reason.hasPrefix("demonstration 1 of 1 does not replay: step 3") == true)
  }
}
