import Catalog
import Groundwork
import ReinforcementLearning
import Testing

/// What `docs/extending.md` shows: an environment, a reward model and an agent, a file each, in `Examples`.
@Suite("Examples of the documentation") struct ExampleTests {
  private let agents = AgentListing("tabular-q", TabularQ.self, configuration: TabularQ.Configuration(), summary: "")
  private let rewards = [
    Catalog.rewards[0],
    RewardListing("near", NearReward.self, configuration: NearReward.Configuration(), summary: "", source: ""),
  ]

  /// Trains; gives the agent, the session and the last metrics.
  private func train(
    _ recipe: EnvironmentRecipe, reward: String, steps: Int
  ) throws -> (agent: any Agent, session: TrainingSession, log: Log) {
    let design = try RewardDesign(reward, among: rewards, in: recipe, seed: 3)
    let agent = try agents.recipe().makeAgent(in: recipe, rewards: design.components, seed: 3)
    let log = Log()
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: 3, workers: Workers(count: 1), observer: log)
    try agent.train(in: session)
    return (agent, session, log)
  }

  @Test("the agent learns the chain: success on 50 of 50 episodes after 20,000 steps")
  func chain() throws {
    let recipe = try Catalog.environment("domain/Chain").recipe()
    let (agent, _, _) = try train(recipe, reward: "environment", steps: 20_000)
    let evaluation = try Evaluation.run(recipe, episodes: 50, seed: 7, workers: Workers(count: 1)) {
      try agent.makePolicy(slots: $0, choice: .mode)
    }
    #expect(evaluation.successRate == 1)
  }

  @Test("the environment trains under the reward model, which pays between 0 and 1 a step")
  func thermostat() throws {
    let listing = EnvironmentListing(
      "domain/Thermostat", Thermostat.self, configuration: Thermostat.Configuration(), summary: "")
    let (_, _, log) = try train(
      listing.recipe(changes: ["timeLimit": 60]), reward: "environment+0.5*near(signal=distance)", steps: 2_048)
    let paid = try #require(log.metrics.first { $0.name == "reward/near" }).value
    #expect(paid > 0 && paid <= 0.5 * 60)
    #expect(log.metrics.contains { $0.name == "episode/return" && $0.value > 0 })
  }

  @Test("a session that was saved and restored ends on the same bits")
  func resume() throws {
    let recipe = try Catalog.environment("domain/Chain").recipe()
    let (first, whole, _) = try train(recipe, reward: "environment", steps: 4_096)
    let (half, session, _) = try train(recipe, reward: "environment", steps: 2_048)
    let state = session.save(half)
    let design = try RewardDesign("environment", among: rewards, in: recipe, seed: 3)
    let agent = try agents.recipe().makeAgent(
      in: recipe, rewards: design.components, seed: 3, restoring: state.get(prefix: "agent"))
    let resumed = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: 4_096, seed: 3, workers: Workers(count: 1))
    try resumed.restore(from: state)
    try agent.train(in: resumed)
    #expect(resumed.save(agent) == whole.save(first))
  }

  @Test("what cannot work is refused with its name and a fix")
  func refusals() throws {
    let recipe = try Catalog.environment("domain/Chain").recipe()
    #expect(throws: UserError.self) {
      _ = try RewardDesign("near(signal=nowhere)", among: rewards, in: recipe, seed: 0)
    }
    #expect(throws: UserError.self) { _ = try Thermostat.plan(Thermostat.Configuration(power: 5)) }
  }

  /// Keeps the last iteration's metrics.
  final class Log: TrainingObserver {
    var metrics: [Metric] = []

    func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) throws -> Bool {
      metrics = report.metrics
      return true
    }
  }
}

extension Thermostat.Configuration {
  init(power: Double) {
    self.init()
    self.power = power
  }
}
