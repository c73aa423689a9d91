import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// How fast an agent trains: collection, advantages and updates together.
struct TrainingBench {
  /// Seconds of one measurement.
  let seconds: Double
  let repeats: Int
  let workers: Int

  struct Result: Sendable {
    var name: String
    var stepsPerSecond: Double

    var json: JSON { ["name": .string(name), "stepsPerSecond": .number(stepsPerSecond.rounded())] }
  }

  /// The agents that have a training benchmark.
  static let agents = ["ppo", "go-explore"]

  /// - Returns: Nil when the program was asked to stop.
  func run(_ agent: String) throws -> Result? { try agent == "ppo" ? ppo() : goExplore() }

  /// Go-Explore's first phase, as it is in gridworld by default: choosing cells, exploring from copies, the archive.
  private func goExplore() throws -> Result? {
    let id = "gridworld/KeyCorridorS6R3"
    let environment = try Catalog.environment(id).recipe(changes: ["layoutSeed": 1])
    let agent = try Catalog.agent("go-explore").recipe(changes: ["meanHold": 2])
    return try median("go-explore \(id)", environment, agent)
  }

  /// PPO in CartPole: 64 environments x 128 steps, 4 epochs of 4 minibatches, two networks of 64-64 units with tanh.
  private func ppo() throws -> Result? {
    let recipe = try Catalog.environment("control/CartPole").recipe()
    let agent = try Catalog.agent("ppo").recipe(changes: [
      "slots": 64, "batches": 4, "steps": 128, "epochs": 4, "minibatches": 4, "hiddenLayers": [64, 64],
      "activation": "tanh", "sharesNetwork": false,
    ])
    return try median("ppo control/CartPole 64x128", recipe, agent)
  }

  private func median(_ name: String, _ recipe: EnvironmentRecipe, _ agent: AgentRecipe) throws -> Result? {
    var rates: [Double] = []
    for _ in 0..<repeats {
      guard let rate = try stepsPerSecond(recipe, agent) else { return nil }
      rates.append(rate)
    }
    rates.sort()
    return Result(name: name, stepsPerSecond: rates[rates.count / 2])
  }

  private func stepsPerSecond(_ recipe: EnvironmentRecipe, _ agent: AgentRecipe) throws -> Double? {
    let stopwatch = Stopwatch(seconds: seconds)
    let plan = try Catalog.plan(
      try RunDescription(environment: recipe, agent: agent, reward: "environment", run: RunSettings()))
    let rewardModel = try plan.makeRewardModel()
    let session = TrainingSession(
      recipe: recipe, rewardModel: rewardModel, totalSteps: 1_000_000_000, seed: 1,
      workers: Workers(count: workers), signals: plan.signals, observer: stopwatch)
    do {
      try plan.makeAgent().train(in: session)
    } catch is TrainingStopped {}
    return Interruption.wasRequested ? nil : stopwatch.stepsPerSecond
  }
}

/// Counts the steps after a first iteration that warms up, until its time is over.
private final class Stopwatch: TrainingObserver {
  private let seconds: Double
  private var start: (step: Int, time: Double)?
  private(set) var stepsPerSecond = 0.0

  init(seconds: Double) { self.seconds = seconds }

  func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) throws -> Bool {
    let now = Clock.seconds
    guard let start else {
      start = (report.step, now)
      return true
    }
    stepsPerSecond = Double(report.step - start.step) / (now - start.time)
    return now - start.time < seconds && !Interruption.wasRequested
  }
}
