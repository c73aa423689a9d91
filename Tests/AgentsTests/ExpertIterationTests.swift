import Groundwork
import NeuralNetworks
import ReinforcementLearning
import RewardModels
import Testing

@testable import Search
@testable import Environments

/// Two players take one, two or three of the matches in turn; who takes the last one wins. A multiple of four is lost.
struct MatchesGame: Environment {
  struct Configuration: Codable, Hashable, Sendable { var matches = 9 }
  enum Action: UInt8, DiscreteAction { case one, two, three }

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("matches", shape: [1], element: .uint8, kind: .categorical([16]), range: 0...15)],
      actions: .discrete(Action.names), hasIllegalActions: true, timeLimit: 20, rewards: -1...1, players: 2)
  }

  var left: Int
  private let start: Int

  init(plan configuration: Configuration) {
    start = configuration.matches
    left = start
  }

  mutating func reset(seed: UInt64) { left = start - Int(seed % 4) }
  mutating func reseed(_ seed: UInt64) {}

  mutating func step(_ action: Action) -> Transition {
    left -= Int(action.rawValue) + 1
    precondition(left >= 0, "more matches than there are")
    return left == 0 ? Transition(reward: 1, outcome: .terminated, success: true) : Transition(reward: 0)
  }

  func observe(into row: inout ObservationRow) { row.write(UInt8(left), to: 0) }
  func legalActions(into mask: inout MutableSpan<Bool>) {
    for action in 0..<3 { mask[action] = action < left }
  }
}

@Suite("Expert iteration")
struct ExpertIterationTests {
  var small: ExpertIterationConfiguration {
    var configuration = ExpertIterationConfiguration()
    configuration.slots = 16
    configuration.steps = 8
    configuration.simulations = 8
    configuration.bufferSize = 1024
    configuration.learningStarts = 128
    configuration.minibatch = 64
    configuration.hiddenLayers = [32]
    configuration.learningRate = 5e-3
    return configuration
  }

  func matches() throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "test/Matches", MatchesGame.self, configuration: .init())
  }

  func train(
    _ recipe: EnvironmentRecipe, _ configuration: ExpertIterationConfiguration, steps: Int, workers: Int = 1,
    observer: (any TrainingObserver)? = nil, resuming state: SavedState? = nil
  ) throws -> (agent: ExpertIteration, session: TrainingSession) {
    let design = try RewardDesign("environment", among: RewardModels.all, in: recipe, seed: 1)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: 1, workers: Workers(count: workers),
      observer: observer)
    let agent = try Training.born(
        ExpertIteration.self, configuration, in: recipe, rewards: design.components, seed: 1, resuming: state)
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return (agent, session)
  }

  func digest(_ result: (agent: ExpertIteration, session: TrainingSession)) -> UInt64 {
    result.session.save(result.agent).safetensors().reduce(14_695_981_039_346_656_037) { hash, byte in
      (hash ^ UInt64(byte)) &* 1_099_511_628_211
    }
  }

  @Test("value targets are returns, n-step returns, and outcomes whose sign turns with the mover")
  func targets() {
    let episode = Unfinished(
      rows: [0, 0, 0], policies: [1, 1, 1], masks: [], rewards: [0, 0, 1], values: [0.25, 0.5, -0.5])
    #expect(episode.targets(steps: 0, discount: -1, end: 0) == [1, -1, 1])
    #expect(episode.targets(steps: 0, discount: 0.5, end: nil) == [])
    #expect(episode.targets(steps: 0, discount: 0.5, end: 0) == [0.25, 0.5, 1])
    // v_2 two steps on, -0.5 · 0.5²; then what comes after the end, 4, behind the last reward of 1.
    let running: [Float] = [-0.125]
    let ended: [Float] = [-0.125, 1.5, 3]
    #expect(episode.targets(steps: 2, discount: 0.5, end: nil) == running)
    #expect(episode.targets(steps: 2, discount: 0.5, end: 4) == ended)
  }

  @Test("in the game of matches the network learns who wins and the winning move, within 20,000 steps", arguments: [
    NetworkSearchSettings.Rule.gumbel, .puct,
  ])
  func game(rule: NetworkSearchSettings.Rule) throws {
    var configuration = small
    configuration.search = rule
    configuration.discount = 1
    configuration.valueSteps = 0
    configuration.drawnSteps = 2
    let recipe = try matches()
    let (agent, _) = try train(recipe, configuration, steps: 20_000)
    let workspace = agent.network.workspace(rows: 1)
    for left in 1...9 {
      var row = [UInt8](repeating: 0, count: 64)
      row[0] = UInt8(left)
      let output = row.withUnsafeBytes {
        agent.network.forward(agent.parameters, InputRows($0.baseAddress!, stride: 64), rows: 1, workspace)
      }
      #expect((output[3] > 0) == (left % 4 != 0), "\(left) matches")
      if left % 4 != 0 {
        let legal = min(3, left)
        #expect((0..<legal).max { output[$0] < output[$1] } == left % 4 - 1, "\(left) matches")
      }
    }
  }

  @Test("with one player it reaches 95 % of the optimum of the chain within 6,000 steps")
  func chain() throws {
    let recipe = try EnvironmentRecipe(id: "domain/Chain", Chain.self, configuration: .init())
    var configuration = small
    configuration.discount = 0.8
    let (agent, _) = try train(recipe, configuration, steps: 6000)
    let evaluation = try Evaluation.run(recipe, episodes: 50, seed: 9, workers: Workers(count: 1)) {
      agent.makePolicy(slots: $0, choice: .mode)
    }
    #expect(evaluation.meanReturn >= 0.95)
  }

  @Test("one worker and three give the same bits")
  func workers() throws {
    let one = try train(try matches(), small, steps: 1024, workers: 1)
    let three = try train(try matches(), small, steps: 1024, workers: 3)
    #expect(digest(one) == digest(three))
  }

  @Test("a run that is resumed ends on the bits of one that was not", arguments: [0, 3])
  func resume(valueSteps: Int) throws {
    var configuration = small
    configuration.valueSteps = valueSteps
    let recorder = Recorder(saving: 5)
    let whole = try train(try matches(), configuration, steps: 1280, observer: recorder)
    let saved = try SavedState(safetensors: #require(recorder.state).safetensors(), name: "test")
    let resumed = try train(try matches(), configuration, steps: 1280, resuming: saved)
    #expect(digest(whole) == digest(resumed))
  }

  @Test("looking for wins, a search of two simulations under an untrained network takes the win and sees the loss")
  func looksForWins() throws {
    var rules = ConnectFour.Configuration()
    rules.opponent = .none
    let recipe = try EnvironmentRecipe(id: "board/ConnectFour", ConnectFour.self, configuration: rules)
    func search(_ moves: [Int], looksForWins: Bool) throws -> NetworkSearch {
      let agent = try Training.born(ExpertIteration.self, small, in: recipe)
      let model = SimulatorModel(
        recipe, network: agent.network, parameters: agent.parameters, roots: 1, simulations: 2,
        looksForWins: looksForWins)
      let scratch = SnapshotArena.Scratch(recipe.specification)
      model.arena.start(0, seed: 1)
      for move in moves { _ = model.arena.advance(0, to: 0, action: move, scratch) }
      var settings = small.searchSettings(players: 2, simulations: 2, explores: false)
      settings.discount = -1
      let search = NetworkSearch(settings, roots: 1, actions: 7)
      var random = RandomSource(seed: 1)
      search.run(model, random: &random)
      return search
    }
    // Three of mine in the last column: the fourth wins.
    let won = try search([6, 0, 6, 0, 6, 1], looksForWins: true)
    #expect(won.actions[0] == 6)
    #expect(abs(won.values[0] - 1) < 1e-4)
    // The other has three in the lowest row, open at both ends: whatever I do, it wins in the next move.
    let lost = try search([6, 2, 6, 3, 0, 4], looksForWins: true)
    #expect(lost.actionValues(root: 0)[lost.actions[0]] == -1)
    let blind = try search([6, 2, 6, 3, 0, 4], looksForWins: false)
    #expect(blind.actionValues(root: 0)[blind.actions[0]] > -1)
  }

  @Test("a reward design with other components is refused")
  func rewards() throws {
    #expect(throws: UserError.self) {
      try Training.born(
        ExpertIteration.self, small, in: matches(),
        rewards: [RewardComponent("environment"), RewardComponent("count")], seed: 1)
    }
  }
}
