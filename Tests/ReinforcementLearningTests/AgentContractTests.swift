import Groundwork
import ReinforcementLearning
import Synchronization
import Testing

/// Keeps the state of every iteration and the metrics of the last.
private final class Witness: TrainingObserver {
  private(set) var states: [SavedState] = []
  private(set) var metrics: [Metric] = []

  func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) -> Bool {
    states.append(save())
    metrics = report.metrics
    return true
  }
}

@Suite struct AgentContractTests {
  private let ucb = AgentRecipe(id: "ucb1", PolicyAgent<UCB1>.self, configuration: .init())

  private func bandit(_ pulls: Int = 200) throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "bandit/Two", TwoArmedBandit.self, configuration: .init(pulls: pulls))
  }

  private func train(_ pulls: Int, iterations: Int, resuming state: SavedState? = nil) throws -> Witness {
    let (recipe, witness) = (try bandit(pulls), Witness())
    let session = TrainingSession(
      recipe: recipe, rewardModel: try ConstantReward.design(in: recipe), totalSteps: iterations * 16 * 128, seed: 1,
      workers: Workers(count: 2), observer: witness)
    let agent = try ucb.makeAgent(
      in: recipe, rewards: [RewardComponent("environment")], seed: 1, restoring: state?.get(prefix: "agent"))
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return witness
  }

  @Test("UCB1, one file and one listing, pulls the better arm nearly always by the end and is evaluated from scratch")
  func bandits() throws {
    let agent = try ucb.makeAgent(in: try bandit(), rewards: [RewardComponent("environment")], seed: 1)
    let ended = Mutex(0)
    let evaluation = try Evaluation.run(
      try bandit(), episodes: 200, seed: 2, workers: Workers(count: 2),
      whenEnded: { more in ended.withLock { $0 += more } }
    ) { try agent.makePolicy(slots: $0, choice: .mode) }
    #expect(ended.withLock { $0 } == 200)
    // 0.7 a pull is the best there is, 0.5 is chance.
    #expect((0.63...0.70).contains(evaluation.meanReturn / 200))
    #expect(try train(200, iterations: 4).metrics.contains { $0.name == "episode/return" && $0.value > 120 })
  }

  @Test("a policy's memory is saved with the run: a resumed run ends on the same bits", arguments: [50, 64, 128, 200])
  func resume(pulls: Int) throws {
    let whole = try train(pulls, iterations: 5)
    let saved = try SavedState(safetensors: whole.states[1].safetensors(), name: "test")
    let resumed = try train(pulls, iterations: 5, resuming: saved)
    #expect(resumed.states.last == whole.states.last)
  }

  @Test(
    "what starts an episode, and what the last action was and brought, is told at every time, the rollout's first too")
  func lastStep() throws {
    let recipe = try CountingEnvironment.recipe { $0.length = 4 }
    let batch = recipe.makeBatch(slots: 2, seed: 1)
    let rollout = batch.makeRollout(steps: 3)
    batch.reset(rollout)
    var starts: [Bool] = []
    var rewards: [Float] = []
    var actions: [Int] = []
    for round in 0..<3 {
      if round > 0 { rollout.carry() }
      rollout.fillActions()
      for time in 0..<3 {
        starts.append(rollout.startsEpisode(time: time, slot: 1))
        rewards.append(rollout.lastReward(time: time, slot: 1))
        actions.append(rollout.lastAction(time: time, slot: 1))
        batch.step(rollout, at: time)
      }
    }
    #expect(starts == [true, false, false, false, true, false, false, false, true])
    #expect(actions == [-1, 1, 2, 0, 1, 2, 0, 1, 2])
    #expect(rewards == [0, 1, 2.1, 0.2, 1.3, 2, 0.1, 1.2, 2.3])
    batch.reset(rollout)
    #expect(rollout.startsEpisode(time: 0, slot: 1) && rollout.lastReward(time: 0, slot: 1) == 0)
  }

  @Test("what a policy says of its steps is kept where somebody asked for it")
  func outputs() throws {
    let recipe = try bandit()
    let collector = try Collector(recipe: recipe, slots: 4, batches: 2, steps: 3, signals: [], seed: 1)
    let setting = AgentSetting(recipe, seed: 1)
    var policies = try collector.batches.map { try UCB1(.init(), in: setting, slots: $0.slots, choice: .sample) }
    _ = try collector.collect(&policies, workers: Workers(count: 1))
    let indices = try #require(collector.rollouts[0].output("index"))
    #expect((0..<4).allSatisfy { indices[$0].isInfinite })
    // In the third step both arms have been pulled once.
    #expect((8..<12).allSatisfy { indices[$0].isFinite && indices[$0] > 1 })
    #expect(collector.rollouts[0].output("logProbability") == nil)
  }

  @Test("a policy that fails ends the collection and the evaluation with its error")
  func failure() throws {
    struct Failing: Policy {
      mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) throws {
        if time == 2 { throw UserError("slot \(batch.firstSlot) has no answer") }
        for slot in 0..<rollout.slots { rollout.setAction([0], time: time, slot: slot) }
      }
    }
    let recipe = try bandit()
    let collector = try Collector(recipe: recipe, slots: 4, batches: 2, steps: 8, signals: [], seed: 1)
    var policies = [Failing(), Failing()]
    let error = #expect(throws: UserError.self) { try collector.collect(&policies, workers: Workers(count: 2)) }
    #expect(error?.reason == "slot 0 has no answer")
    #expect(throws: UserError.self) {
      try Evaluation.run(recipe, episodes: 3, seed: 1, workers: Workers(count: 1)) { _ in Failing() }
    }
  }
}
