import Archives
import Bandits
public import Experiments
public import Groundwork
import OffPolicy
import PolicyGradient
import ReinforcementLearning

/// A training whose speed `forage bench --training` measures.
public struct TrainingListing: Sendable {
  /// The agent's id, by which the command line asks for it.
  public let agent: String
  /// What it is called in the results, for example `ppo control/CartPole 64x128`.
  public let name: String
  private let make: @Sendable () throws -> RunPlan

  /// - Parameters:
  ///   - configuration: The agent's default configuration; no preset is applied.
  ///   - environmentChanges: Changes to the environment's default configuration.
  ///   - change: Changes to the agent's.
  init<A: Agent>(
    _ agent: String, _ type: A.Type, _ configuration: A.Configuration, _ title: String = "", environment: String,
    environmentChanges: JSON = .object([:]), _ change: @escaping @Sendable (inout A.Configuration) -> Void
  ) {
    self.agent = agent
    name = "\(agent) \(environment)" + (title.isEmpty ? "" : " \(title)")
    make = {
      var configuration = configuration
      change(&configuration)
      let recipe = try Catalog.environment(environment).recipe(changes: environmentChanges)
      let reward = try RewardDesignRecipe(
        RewardSpecification(parsing: "environment"), among: Catalog.rewards, for: recipe.specification)
      return try RunPlan(
        environment: recipe, agent: AgentRecipe(id: agent, type, configuration: configuration), reward: reward,
        run: RunSettings())
    }
  }

  /// The run that is measured; its budget is the caller's business.
  public func plan() throws -> RunPlan { try make() }
}

extension Catalog {
  /// Every training that has a benchmark; another one costs one entry here.
  public static let trainings: [TrainingListing] = [
    // 64 environments x 128 steps, 4 epochs of 4 minibatches, two networks of 64-64 units with tanh.
    TrainingListing("ppo", PPO.self, PPOConfiguration(), "64x128", environment: "control/CartPole") {
      $0.slots = 64
      $0.batches = 4
      $0.steps = 128
      $0.epochs = 4
      $0.minibatches = 4
      $0.hiddenLayers = [64, 64]
      $0.activation = .tanh
      $0.sharesNetwork = false
    },
    // An update a step: 39 observations, minibatches of 256, an actor and two critics of 256-256 units.
    TrainingListing("sac", SAC.self, SACConfiguration(), "256x256", environment: "metaworld/reach-v3") {
      $0.learningStarts = 256
      $0.bufferSize = 100_000
    },
    // The first phase, as it is in gridworld by default: choosing cells, exploring from copies, the archive.
    TrainingListing(
      "go-explore", GoExplore.self, GoExploreConfiguration(), environment: "gridworld/KeyCorridorS6R3",
      environmentChanges: ["layoutSeed": 1]
    ) { $0.meanHold = 2 },
    // A thousand repetitions of ten arms and 10,000 pulls, one a slot.
    TrainingListing(
      "ucb1", PolicyAgent<UpperConfidence>.self, UpperConfidence.Configuration(), "1000x10000",
      environment: "bandit/Bernoulli", environmentChanges: ["horizon": 10_000]
    ) {
      $0.slots = 1_000
      $0.batches = 20
      $0.steps = 500
    },
    TrainingListing(
      "thompson", PolicyAgent<BanditPolicy<BetaThompson>>.self, BanditPolicy<BetaThompson>.Configuration(),
      "1000x10000", environment: "bandit/Bernoulli", environmentChanges: ["horizon": 10_000]
    ) {
      $0.slots = 1_000
      $0.batches = 20
      $0.steps = 500
    },
  ]

  /// The training benchmark of that agent.
  ///
  /// - Throws: `UserError` with the nearest agents that have one.
  public static func training(_ agent: String) throws(UserError) -> TrainingListing {
    if let found = trainings.first(where: { $0.agent == agent.lowercased() }) { return found }
    let agents = trainings.map(\.agent)
    throw UserError.unknown(
      "training benchmark", agent, among: agents, hint: "There is one for \(agents.joined(separator: " and "))")
  }
}
