import Environments
import GridworldEnvironments
import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

@testable import PolicyGradient

@Suite("Policy-based Go-Explore")
struct PolicyGoExploreTests {
  static let noise: JSON = ["stickyActionProbability": 0.25, "layoutSeed": 1]

  static func recipe(_ level: String) throws -> EnvironmentRecipe {
    let entry = try #require(Gridworld.levels.first { $0.id == level })
    return try EnvironmentRecipe(id: "gridworld/\(level)", Gridworld.self, configuration: entry.configuration)
      .changing(noise)
  }

  /// What the catalog's preset is for gridworlds, with fewer steps an iteration for quick tests.
  static func configuration(_ change: (inout PolicyGoExploreConfiguration) -> Void = { _ in })
    -> PolicyGoExploreConfiguration
  {
    var configuration = PolicyGoExploreConfiguration()
    configuration.goalInput = .both
    configuration.meanHold = 2
    configuration.subgoalSteps = 40
    configuration.newCellSteps = 60
    configuration.explorationGoalSteps = 20
    configuration.explorationPatience = 20
    configuration.heatRate = 0.05
    configuration.evaluationTemperature = 1
    configuration.learner.minibatches = 8
    configuration.learner.learningRate = 1e-3
    configuration.learner.clipRange = 0.2
    configuration.learner.entropyCoefficient = 0.005
    configuration.learner.activation = .relu
    change(&configuration)
    return configuration
  }

  static func train(
    _ recipe: EnvironmentRecipe, _ configuration: PolicyGoExploreConfiguration, steps: Int, workers: Int = 1,
    observer: (any TrainingObserver)? = nil, resuming state: SavedState? = nil
  ) throws -> (agent: PolicyGoExplore, state: [UInt8]) {
    let design = try RewardDesign("environment", among: RewardModels.all, in: recipe, seed: 1)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: 1, workers: Workers(count: workers),
      signals: try PolicyGoExplore.signals(configuration, in: recipe.specification), observer: observer)
    let agent = try Training.born(
      PolicyGoExplore.self, configuration, in: recipe, rewards: design.components, seed: 1, resuming: state)
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return (agent, session.save(agent).safetensors())
  }

  // MARK: Rules

  @Test("any of the next ten cells counts as reached, and the goal is then the one after the farthest")
  func window() {
    // Cell 7 comes twice within the window, cell 30 lies beyond it.
    let cells: [Int32] = [0, 1, 2, 7, 4, 5, 6, 7, 8, 9, 10, 30, 12]
    var follower = TrajectoryFollower(cells: cells, steps: (0..<13).map { 2 * $0 }, window: 10, at: 0)
    #expect(follower.goal == 1)
    #expect(follower.arrive(30) == .elsewhere && follower.goal == 1)
    #expect(follower.arrive(-1) == .elsewhere)
    #expect(follower.arrive(7) == .onTheWay && follower.goal == 8)
    // What lies behind does not count, and what was beyond the window now lies in it.
    #expect(follower.arrive(4) == .elsewhere && follower.goal == 8)
    #expect(follower.arrive(30) == .onTheWay && follower.goal == 12)
    #expect(follower.arrive(12) == .final && follower.isFinished)
    #expect(follower.arrive(12) == .elsewhere && follower.goal == 12)
  }

  @Test("the last cell counts however far it is, and an episode that begins there has arrived")
  func lastCell() {
    let cells = (0..<30).map { Int32($0) }
    var follower = TrajectoryFollower(cells: cells, steps: cells, window: 10, at: 0)
    #expect(follower.arrive(29) == .final)
    #expect(TrajectoryFollower(cells: cells, steps: cells, window: 10, at: 29).isFinished)
    #expect(TrajectoryFollower(cells: [5], steps: [0], window: 10, at: 5).isFinished)
    // An episode that begins elsewhere goes to the first cell.
    #expect(TrajectoryFollower(cells: cells, steps: cells, window: 10, at: -1).goal == 0)
  }

  @Test("a goal is expected as soon as the stored trajectory reached it from the cell before")
  func expectedSteps() {
    var follower = TrajectoryFollower(cells: [0, 1, 2, 3], steps: [0, 4, 5, 12], window: 10, at: 0)
    #expect(follower.expectedSteps == 4)
    _ = follower.arrive(2)
    #expect(follower.expectedSteps == 7)
    let rules = GoalRules(PolicyGoExploreConfiguration())
    #expect(!rules.isLost(steps: 1007, expected: 7) && rules.isLost(steps: 1008, expected: 7))
  }

  @Test("a cell of the trajectory pays 1, its last one 3, and the environment's reward is cut to plus and minus 2")
  func rewards() {
    let rules = GoalRules(PolicyGoExploreConfiguration())
    #expect(rules.reward(game: 0.25, .elsewhere) == 0.25)
    #expect(rules.reward(game: 0.25, .onTheWay) == 1.25)
    #expect(rules.reward(game: 0, .final) == 3)
    #expect(rules.reward(game: 100, .final) == 5)
    #expect(rules.reward(game: -100, .onTheWay) == -1)
  }

  @Test("an overdue policy's logits are divided by 1 + (0.01 x steps overdue)^2")
  func temperature() {
    let rules = GoalRules(PolicyGoExploreConfiguration())
    #expect(rules.temperature(stepsOverdue: -5) == 1 && rules.temperature(stepsOverdue: 0) == 1)
    #expect(rules.temperature(stepsOverdue: 50) == 1.25)
    #expect(rules.temperature(stepsOverdue: 100) == 2)
    #expect(rules.temperature(stepsOverdue: 300) == 10)
    // While a trajectory is followed the delay counts, while exploring the steps since the last new cell.
    var episode = GoalEpisode(rowBytes: 0, key: [0])
    episode.follower = TrajectoryFollower(cells: [0, 1], steps: [0, 6], window: 10, at: 0)
    (episode.phase, episode.stepsToGoal, episode.stepsSinceNew) = (.following, 106, 250)
    #expect(episode.temperature(rules) == 2)
    episode.phase = .exploringByPolicy
    #expect(episode.temperature(rules) == 5)
    episode.phase = .exploringAtRandom
    #expect(episode.temperature(rules) == 1)
  }

  // MARK: The archive

  /// An episode through cells with keys of one number; each step is in the next of them.
  static func trace(_ keys: [Int32], rewards: [Float] = []) -> EpisodeTrace {
    var trace = EpisodeTrace(rowBytes: 1, key: [keys[0]])
    for (step, key) in keys.dropFirst().enumerated() {
      let row: [UInt8] = [UInt8(step)]
      row.withUnsafeBytes { trace.act(row: $0.baseAddress!, mask: nil, action: Int32(step % 3)) }
      [key].withUnsafeBufferPointer {
        trace.arrive($0.baseAddress!, reward: step < rewards.count ? rewards[step] : 0, success: false)
      }
    }
    return trace
  }

  static func archive() -> GoalArchive { GoalArchive(keyWidth: 1, rowBytes: 1, actionCount: 3, actionWeight: 0.5) }

  @Test("a cell is drawn with weight 1 / (1 + 0.5 x the actions that ended in it)")
  func weights() throws {
    var archive = Self.archive()
    var random = RandomSource(seed: 5)
    #expect(archive.draw(&random) == nil)
    // The start, two actions into cell 1, six into cell 2.
    var trace = Self.trace([10, 11, 11, 12, 12, 12, 12, 12, 12])
    archive.merge(&trace)
    archive.updateWeights()
    #expect((0..<3).map { archive.cells[$0].actions } == [0, 2, 6])
    #expect((0..<3).map { archive.weight(of: $0) } == [1, 0.5, 0.25])
    var counts = [0, 0, 0]
    for _ in 0..<70_000 { counts[try #require(archive.draw(&random))] += 1 }
    // 40,000, 20,000 and 10,000 within five deviations.
    for (count, share) in zip(counts, [4.0 / 7, 2.0 / 7, 1.0 / 7]) {
      let deviation = (70_000 * share * (1 - share)).squareRoot()
      #expect(abs(Double(count) - 70_000 * share) < 5 * deviation)
    }
    // Merged a second time, an episode that went on counts its new actions only.
    archive.merge(&trace)
    #expect((0..<3).map { archive.cells[$0].actions } == [0, 2, 6])
  }

  @Test("a cell keeps the trajectory that scores more, or as much in fewer steps")
  func acceptance() {
    var archive = Self.archive()
    var slow = Self.trace([10, 11, 12, 13])
    archive.merge(&slow)
    #expect(archive.cells[3].path == [0, 1, 2, 3] && archive.cells[3].best.length == 3)
    #expect(archive.cells[1].path == [0, 1])
    var fast = Self.trace([10, 13])
    archive.merge(&fast)
    #expect(archive.cells[3].path == [0, 3] && archive.cells[3].best.length == 1)
    var worse = Self.trace([10, 13], rewards: [-1])
    archive.merge(&worse)
    #expect(archive.cells[3].best.score == 0)
    // The reward comes two steps after the cell was entered: the way ends with it.
    var rich = Self.trace([10, 12, 13, 13, 13, 13], rewards: [0, 0, 0, 2, 0])
    archive.merge(&rich)
    #expect(archive.cells[3].path == [0, 2, 3] && archive.cells[3].best.length == 4 && archive.cells[3].best.score == 2)
    #expect(archive.cells[3].trajectory?.length == 4 && archive.best == 3)
    // Cells 0 and 1 are from the first episode, 2 and 3 from the last.
    #expect(archive.trajectories.count == 2)
  }

  @Test("an archive that is saved and restored is the same, its shared trajectories shared")
  func savedArchive() throws {
    var archive = Self.archive()
    for keys: [Int32] in [[10, 11, 12, 13, 12], [10, 13, 14], [10, 12, 15, 12]] {
      var trace = Self.trace(keys)
      archive.merge(&trace)
    }
    var state = SavedState()
    archive.save(to: &state)
    var restored = Self.archive()
    try restored.restore(from: SavedState(safetensors: state.safetensors(), name: "test"))
    var again = SavedState()
    restored.save(to: &again)
    #expect(state.safetensors() == again.safetensors())
    #expect(restored.trajectories.count == archive.trajectories.count && restored.cells[4].path == [0, 3, 4])
  }

  @Test("a stored trajectory is imitated as if its cells had been followed: returns of 1 a cell and 3 for the last")
  func imitation() throws {
    let recipe = try Self.recipe("MultiRoom-N2-S4")
    var settings = Self.configuration()
    settings.cell = "position[0]"
    let space = try GoalSpace(settings, recipe.specification)
    var archive = GoalArchive(
      keyWidth: 1, rowBytes: space.rowBytes, actionCount: recipe.specification.actions.count, actionWeight: 0)
    var trace = EpisodeTrace(rowBytes: space.rowBytes, key: [1])
    let row = [UInt8](repeating: 0, count: space.rowBytes)
    // Two steps to the second cell, one to the third, which is the only one that is drawn.
    for (action, key) in [(0, 1), (1, 2), (2, 3)] as [(Int32, Int32)] {
      row.withUnsafeBytes { trace.act(row: $0.baseAddress!, mask: nil, action: action) }
      [key].withUnsafeBufferPointer { trace.arrive($0.baseAddress!, reward: 0, success: false) }
    }
    archive.merge(&trace)
    archive.updateWeights()
    let imitation = SelfImitation(
      coefficient: 1, valueCoefficient: 1, batch: 8, specification: space.specification, rowBytes: space.layout.rowBytes
    )
    var random = RandomSource(seed: 3)
    var wanted: [Float] = []
    var same = random
    for _ in 0..<20 {
      switch archive.draw(&same) {
      case 1: wanted += [1.5, 3]
      case 2: wanted += [1.25, 2.5, 3]
      default: break
      }
    }
    TrajectoryImitation(space: space, rules: GoalRules(settings), window: 1, discount: 0.5)
      .fill(imitation, from: archive, trajectories: 20, random: &random)
    #expect(imitation.returns == wanted && imitation.candidates.count == wanted.count)
  }

  @Test("a goal is shown as codes: the cell's own numbers, and how they differ from the present cell's")
  func encoding() throws {
    let specification = try Self.recipe("MultiRoom-N2-S4").specification
    var settings = PolicyGoExploreConfiguration()
    settings.cell = "position, carried[0]"
    settings.goalInput = .both
    let space = try GoalSpace(settings, specification)
    let row = UnsafeMutableRawPointer.allocate(byteCount: space.layout.rowBytes, alignment: 8)
    defer { row.deallocate() }
    let place = try #require(space.layout.place("goalCodes"))
    space.encoder.write(goal: [5, 20, 4], present: [7, 2, 4], into: row)
    let codes = (0..<6).map { Int(row.load(fromByteOffset: place.offset + $0, as: UInt8.self)) }
    #expect(codes == [5, 13, 20, 30, 4, 1])
    #expect(space.rowBytes <= place.offset && space.signals == ["position", "carried"])
    // Beside a cell lie those one step along its first part, inside the grid.
    #expect(space.encoder.neighbours(of: [0, 3, 4]) == [[1, 3, 4], [0, 2, 4], [0, 4, 4]])
  }

  // MARK: Training

  @Test("the learner sees the probabilities with which a heated policy drew its actions")
  func heatedProbabilities() throws {
    let recorder = Recorder()
    _ = try Self.train(
      try Self.recipe("MultiRoom-N2-S4"),
      Self.configuration {
        $0.learner.epochs = 1
        $0.learner.minibatches = 1
        $0.learner.learningRate = 1e-2
      }, steps: 81_920, observer: recorder)
    // One minibatch: nothing has changed since the actions were drawn.
    #expect(recorder.metric("policy/approximateKL").allSatisfy { abs($0) < 1e-5 })
    #expect(try #require(recorder.metric("policy/entropy").last) < 1.9)
  }

  @Test("one worker and three give the same bits")
  func workers() throws {
    let recipe = try Self.recipe("MultiRoom-N4-S5")
    let one = try Self.train(recipe, Self.configuration { $0.learner.batches = 4 }, steps: 16_384, workers: 1)
    let three = try Self.train(recipe, Self.configuration { $0.learner.batches = 4 }, steps: 16_384, workers: 3)
    #expect(one.state == three.state)
    #expect(one.agent.cellCount > 10)
  }

  @Test("a run that is resumed ends on the bits of one that was not", arguments: [1, 5])
  func resume(after iteration: Int) throws {
    let recipe = try Self.recipe("MultiRoom-N4-S5")
    let recorder = Recorder(saving: iteration)
    let whole = try Self.train(recipe, Self.configuration(), steps: 16_384, observer: recorder)
    let saved = try SavedState(safetensors: try #require(recorder.state).safetensors(), name: "test")
    let resumed = try Self.train(recipe, Self.configuration(), steps: 16_384, resuming: saved)
    #expect(whole.state == resumed.state)
  }

  @Test("it needs no simulator, declares the signals that its cell reads, and says what it cannot do")
  func refusals() throws {
    let recipe = AgentRecipe(id: "test", PolicyGoExplore.self, configuration: Self.configuration())
    let rooms = try Self.recipe("MultiRoom-N2-S4").specification
    #expect(try recipe.needs(in: rooms).names == ["signals"])
    #expect(try recipe.signals(in: rooms) == PolicyGoExplore.signals(Self.configuration(), in: rooms))
    let seen = AgentRecipe(id: "test", PolicyGoExplore.self, configuration: Self.configuration { $0.cell = "code" })
    #expect(try seen.needs(in: Training.identity().specification).names == [])
    let continuous = try EnvironmentRecipe(id: "test/Tracking", TrackingTask.self, configuration: .init())
    #expect(throws: UserError.self) { try Self.train(continuous, Self.configuration { $0.cell = "goal" }, steps: 2048) }
    // An environment that declares no cell, and one that names it by hand.
    #expect(throws: UserError.self) { try Self.train(try Training.identity(), Self.configuration(), steps: 2048) }
    _ = try Self.train(try Training.identity(), Self.configuration { $0.cell = "code" }, steps: 2048)
    #expect(throws: UserError.self) {
      try Self.train(try Self.recipe("MultiRoom-N2-S4"), Self.configuration { $0.window = 0 }, steps: 2048)
    }
  }

  @Test("six rooms under sticky actions: successes after 200,000 steps, where PPO has none")
  func learning() throws {
    let recipe = try Self.recipe("MultiRoom-N6")
    let (agent, _) = try Self.train(recipe, Self.configuration(), steps: 200_000)
    let workers = Workers(count: 1)
    let signals = try PolicyGoExplore.signals(agent.configuration, in: recipe.specification)
    let result = try Evaluation.run(recipe, episodes: 100, seed: 5, workers: workers, signals: signals) {
      agent.makePolicy(slots: $0, choice: .sample)
    }
    // Of twelve runs the worst had 0.24, the mean 0.51, the best 0.73.
    #expect(result.successRate >= 0.15)
    var settings = PPOConfiguration()
    (settings.slots, settings.minibatches, settings.learningRate) = (16, 8, 1e-3)
    let (ppo, _) = try Training.ppo(recipe, settings, steps: 200_000)
    let plain = try Evaluation.run(recipe, episodes: 100, seed: 5, workers: workers) {
      ppo.makePolicy(slots: $0, choice: .sample)
    }
    #expect(plain.successRate == 0)

    // The policy that is watched steps one episode after the other by hand.
    let batch = recipe.makeBatch(slots: 1, seed: 0)
    let rollout = batch.makeRollout(steps: 1, signals: signals)
    var policy = agent.makePolicy(slots: 1, choice: .sample)
    var random = RandomSource(seed: 9)
    var successes = 0
    for episode in 0..<20 {
      batch.start(slot: 0, seed: UInt64(episode))
      rollout.forgetBefore()
      for _ in 0..<119 {
        batch.observe(rollout)
        try policy.act(on: rollout, at: 0, in: batch.view, random: &random)
        let action = Float(rollout.actions.discrete[0])
        let transition = try batch.walk(slot: 0, actions: [action])[0]
        rollout.outcomes[0] = transition.outcome.rawValue
        rollout.carry()
        if transition.success { successes += 1 }
        if transition.outcome != .running { break }
      }
    }
    #expect(successes >= 1)
  }
}
