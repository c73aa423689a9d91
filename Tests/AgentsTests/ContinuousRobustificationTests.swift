import Environments
import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

@testable import Archives
import PlainAgents
@testable import PolicyGradient

/// The backward algorithm with vectors of numbers as actions, and observations normalised by what was seen.
@Suite("Robustification of continuous control")
struct ContinuousRobustificationTests {
  private static func recipe() throws -> EnvironmentRecipe {
    try EnvironmentRecipe(
      id: "control/MountainCarContinuous", MountainCarContinuous.self,
      configuration: MountainCarContinuous.Configuration())
  }

  private static func session(
    _ recipe: EnvironmentRecipe, steps: Int, workers: Int = 1, observer: (any TrainingObserver)? = nil
  ) throws -> (session: TrainingSession, rewards: [RewardComponent]) {
    let design = try RewardDesign("environment", among: RewardModels.all, in: recipe, seed: 1)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: 1, workers: Workers(count: workers),
      observer: observer)
    return (session, design.components)
  }

  /// What the first phase finds in the episode of seed 0.
  private static func explored(_ recipe: EnvironmentRecipe) throws -> Replay {
    let (session, rewards) = try session(recipe, steps: 100_000)
    let agent = try Training.born(GoExplore.self, GoExploreConfiguration(), in: recipe, rewards: rewards, seed: 1)
    try agent.train(in: session)
    return try Replay(of: recipe, seed: 0, actions: agent.bestActions)
  }

  private static func configuration(_ path: String) -> RobustifyConfiguration {
    var configuration = RobustifyConfiguration()
    configuration.demonstrations = path
    // The published values for the robot, and as many steps back as fit them.
    configuration.window = 40
    configuration.retreat = 20
    configuration.episodesPerStart = 1
    configuration.imitationCoefficient = 1
    configuration.imitationValueCoefficient = 0.1
    configuration.learner.normalizesObservations = true
    configuration.learner.slots = 16
    configuration.learner.learningRate = 5e-4
    return configuration
  }

  private static func train(
    _ recipe: EnvironmentRecipe, _ configuration: RobustifyConfiguration, steps: Int, workers: Int = 1,
    observer: (any TrainingObserver)? = nil, resuming state: SavedState? = nil
  ) throws -> (agent: Robustification, state: [UInt8]) {
    let (session, rewards) = try session(recipe, steps: steps, workers: workers, observer: observer)
    let agent = try Training.born(Robustification.self, configuration, in: recipe, rewards: rewards, resuming: state)
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return (agent, session.save(agent).safetensors())
  }

  @Test("what exploration finds from one start of the mountain car becomes a policy that succeeds from all of them")
  func mountainCar() throws {
    let recipe = try Self.recipe()
    let replay = try Self.explored(recipe)
    #expect(replay.success)
    let path = "/tmp/forage-demonstration-throttle.json"
    try replay.write(to: path)
    defer { try? Files.remove(path) }
    let workers = Workers(count: 1)
    let open = try Evaluation.run(recipe, episodes: 100, seed: 5, workers: workers) {
      OpenLoopPolicy([replay], slots: $0)
    }
    #expect(open.successRate < 0.75)
    let (agent, _) = try Self.train(recipe, Self.configuration(path), steps: 300_000)
    let robust = try Evaluation.run(recipe, episodes: 100, seed: 5, workers: workers) {
      agent.makePolicy(slots: $0, choice: .sample)
    }
    #expect(robust.successRate >= 0.9)
  }

  @Test("with normalised observations one worker and three give the same bits, and so does a resumed run")
  func bits() throws {
    let recipe = try Self.recipe()
    let path = "/tmp/forage-demonstration-throttle-bits.json"
    try Self.explored(recipe).write(to: path)
    defer { try? Files.remove(path) }
    let recorder = Recorder(saving: 3)
    let one = try Self.train(recipe, Self.configuration(path), steps: 16_384, observer: recorder)
    let three = try Self.train(recipe, Self.configuration(path), steps: 16_384, workers: 3)
    #expect(one.state == three.state)
    let saved = try SavedState(safetensors: try #require(recorder.state).safetensors(), name: "test")
    let resumed = try Self.train(recipe, Self.configuration(path), steps: 16_384, resuming: saved)
    #expect(one.state == resumed.state)
  }

  @Test("normalised rewards are refused with what scales them instead")
  func rewards() throws {
    var configuration = Self.configuration("none.json")
    configuration.learner.normalizesRewards = true
    let error = #expect(throws: UserError.self) { try configuration.validate() }
    #expect(error?.reason.contains("demonstrationReturn") == true)
  }
}
