@testable import Search
import Catalog
import Environments
import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

/// Proposes every open action alike, in a random order.
private final class UniformProposer: StepProposer {
  func propose(_ states: PartialSolutions, count: Int, temperature: Double, into proposals: inout StepProposals) {
    for state in 0..<states.count {
      let open = states.openActions(of: state)
      var actions = open.indices.filter { open[$0] }
      var random = RandomSource(seed: states.seed(of: state))
      random.shuffle(&actions)
      for action in actions.prefix(count) {
        proposals.add(.init(action: action, probability: 1 / Float(actions.count)), to: state)
      }
    }
  }
}

/// The true value of a state of the Game of 24 (0 where 24 is out of reach, else the part of the steps done), give or
/// take a uniform error that depends on the state alone.
private final class OracleJudge: StepJudge {
  let signals = ["remaining", "solvable"]
  private let noise: Double

  init(noise: Double) { self.noise = noise }

  func score(_ states: PartialSolutions, into values: UnsafeMutableBufferPointer<Float>) {
    let solvable = states.layout.place("solvable")!
    let remaining = states.layout.place("remaining")!
    for state in 0..<states.count {
      let row = states.row(of: state)
      let value = Rollout.read(row, solvable) > 0 ? 1 - Rollout.read(row, remaining) / 3 : 0
      var random = RandomSource(seed: states.seed(of: state))
      values[state] = Float(value + random.uniform(-noise, noise))
    }
  }
}

/// Keeps what it was told about the states, as a language model would read them.
private final class ReadingJudge: StepJudge {
  let signals = ["text"]
  private(set) var texts: [String] = []

  func score(_ states: PartialSolutions, into values: UnsafeMutableBufferPointer<Float>) {
    for state in 0..<states.count {
      texts.append(states.text(of: state))
      values[state] = 0.5
    }
  }
}

@Suite("Process search") struct ProcessSearchTests {
  func game() throws -> EnvironmentRecipe { try Catalog.environment("puzzle/GameOf24").recipe() }

  var small: ProcessSearchConfiguration {
    var configuration = ProcessSearchConfiguration()
    configuration.problems = 16
    configuration.batches = 4
    configuration.iterations = 20
    configuration.updates = 10
    configuration.hiddenLayers = [32]
    return configuration
  }

  func train(
    _ recipe: EnvironmentRecipe, _ configuration: ProcessSearchConfiguration, reward: String = "environment",
    steps: Int,
    seed: UInt64 = 1, workers: Int = 1, observer: (any TrainingObserver)? = nil, resuming state: SavedState? = nil
  ) throws -> (agent: ProcessSearch, session: TrainingSession) {
    let design = try RewardDesign(reward, among: RewardModels.all, in: recipe, seed: seed)
    let session = TrainingSession(
      recipe: recipe, rewardModel: design, totalSteps: steps, seed: seed, workers: Workers(count: workers),
      observer: observer)
    let agent = try Training.born(
        ProcessSearch.self, configuration, in: recipe, rewards: design.components, seed: seed, resuming: state)
    if let state { try session.restore(from: state) }
    try agent.train(in: session)
    return (agent, session)
  }

  func bytes(_ result: (agent: ProcessSearch, session: TrainingSession)) -> UInt64 {
    var digest = StateDigest()
    digest.add(result.session.save(result.agent).safetensors())
    return digest.value
  }

  func search(
    _ count: Int, judge: any StepJudge, _ change: (inout ProcessSearchConfiguration) -> Void
  ) throws -> [ProcessSearchResult] {
    var configuration = ProcessSearchConfiguration()
    change(&configuration)
    let searcher = ProcessSearcher(
      try game(), configuration: configuration, proposer: UniformProposer(), judge: judge)
    return try searcher.search(episodes: (0..<count).map { UInt64($0) })
  }

  @Test("one worker and three give the same bits")
  func workers() throws {
    let one = try train(try game(), small, steps: 4000, workers: 1)
    let three = try train(try game(), small, steps: 4000, workers: 3)
    #expect(one.session.iteration > 1 && bytes(one) == bytes(three))
  }

  @Test("a run that is resumed ends on the bits of one that was not")
  func resume() throws {
    let recorder = Recorder(saving: 2)
    let whole = try train(try game(), small, steps: 6000, observer: recorder)
    #expect(whole.session.iteration > 2)
    let saved = try SavedState(safetensors: try #require(recorder.state).safetensors(), name: "test")
    let resumed = try train(try game(), small, steps: 6000, resuming: saved)
    #expect(bytes(whole) == bytes(resumed))
  }

  @Test("a solution that a search reports solves the episode of its seed when it is played")
  func solutions() throws {
    let recipe = try game()
    let results = try search(30, judge: OracleJudge(noise: 0)) { $0.branch = 6 }
    #expect(results.count { $0.isSolved } > 25)
    let arena = recipe.makeArena(capacity: 1)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    for (seed, result) in results.enumerated() where result.isSolved {
      arena.start(0, seed: UInt64(seed))
      var last = Transition(reward: 0)
      for action in result.actions { last = arena.advance(0, to: 0, action: action, scratch) }
      #expect(last.success && result.actions.count == 3)
    }
  }

  @Test("what a search of one problem finds does not depend on the other problems beside it")
  func independence() throws {
    let recipe = try game()
    func make() -> ProcessSearcher {
      ProcessSearcher(recipe, configuration: .init(), proposer: UniformProposer(), judge: OracleJudge(noise: 0.1))
    }
    let together = try make().search(episodes: Array(0..<8))
    for seed in 0..<8 {
      let alone = try make().search(episodes: [UInt64(seed)])
      #expect(alone == [together[seed]])
    }
  }

  @Test("without limits a search is complete: it solves every problem even where the judge says nothing")
  func completeness() throws {
    final class Silent: StepJudge {
      func score(_ states: PartialSolutions, into values: UnsafeMutableBufferPointer<Float>) {
        for state in 0..<states.count { values[state] = 0 }
      }
    }
    let results = try search(12, judge: Silent()) { $0.iterations = 100_000 }
    #expect(results.count { $0.isSolved } == 12)
  }

  @Test(
    """
    a value that errs by less than 0.2 saves a search two thirds of breadth-first search's expansions and nine \
    tenths of its steps
    """,
    arguments: [0, 0.1, 0.19])
  func noise(_ noise: Double) throws {
    let guided = try search(60, judge: OracleJudge(noise: noise)) {
      $0.iterations = 1_000
      $0.branch = 6
    }
    let breadth = try search(60, judge: OracleJudge(noise: noise)) {
      $0.order = .breadthFirst
      $0.iterations = 100_000
    }
    #expect(guided.count { $0.isSolved } == 60 && breadth.count { $0.isSolved } == 60)
    #expect(3 * sum(guided, \.expansions) < sum(breadth, \.expansions))
    #expect(10 * sum(guided, \.steps) < sum(breadth, \.steps))
  }

  @Test(
    """
    with the same proposals, six a state, a search solves more than a tree of thoughts with fewer expansions and \
    steps
    """,
    arguments: [0, 0.1, 0.19])
  func treeOfThoughts(_ noise: Double) throws {
    let guided = try search(60, judge: OracleJudge(noise: noise)) { $0.branch = 6 }
    // A wider beam expands more and cannot solve more: what was not proposed is lost to it.
    let beam = try search(60, judge: OracleJudge(noise: noise)) {
      $0.order = .beam
      $0.branch = 6
      $0.beam = 36
    }
    #expect(guided.count { $0.isSolved } > 50 && beam.count { $0.isSolved } < 40)
    #expect(sum(guided, \.expansions) < sum(beam, \.expansions))
    #expect(sum(guided, \.steps) < sum(beam, \.steps))
  }

  func sum(_ results: [ProcessSearchResult], _ value: (ProcessSearchResult) -> Int) -> Int {
    results.map(value).reduce(0, +)
  }

  @Test("a beam expands no more than its width of a level, the states of the greatest value")
  func beam() throws {
    var configuration = ProcessSearchConfiguration()
    configuration.order = .beam
    configuration.branch = 48
    configuration.beam = 2
    let searcher = ProcessSearcher(
      try game(), configuration: configuration, proposer: UniformProposer(), judge: OracleJudge(noise: 0.1))
    let results = try searcher.search(episodes: Array(0..<10))
    #expect(results.count { $0.expansions > 1 + 2 + 2 } == 0)
    let forest = searcher.forest
    for tree in forest.trees {
      let children = Array(forest.children(Int(tree.root)))
      let expanded = children.filter { forest[$0].asked > 0 }
      let others = children.filter { forest[$0].asked == 0 }
      #expect(expanded.count == 2)
      #expect(expanded.map { forest[$0].value }.min()! >= others.map { forest[$0].value }.max()!)
    }
  }

  @Test("a proposer that has nothing more to say ends the search without an answer, not the search of its children")
  func silence() throws {
    /// Proposes the first three actions of a state, once.
    final class Terse: StepProposer {
      func propose(_ states: PartialSolutions, count: Int, temperature: Double, into proposals: inout StepProposals) {
        for state in 0..<states.count {
          let open = states.openActions(of: state)
          for action in 0..<min(3, open.count) where open[action] {
            proposals.add(.init(action: action, probability: 0.3), to: state)
          }
        }
      }
    }
    var configuration = ProcessSearchConfiguration()
    configuration.iterations = 10_000
    configuration.rollForwardSteps = 0
    configuration.usesDigests = false
    let searcher = ProcessSearcher(
      try game(), configuration: configuration, proposer: Terse(), judge: OracleJudge(noise: 0.1))
    let results = try searcher.search(episodes: Array(0..<20))
    for (tree, result) in results.enumerated() where !result.isSolved {
      // Everything that was proposed has been tried: up to three actions at each state of each level.
      let nodes = searcher.forest.trees[tree].queue.map { searcher.forest[Int($0)] }
      #expect(nodes.count { !$0.hasEnded && $0.asked == 0 } == 0)
      #expect(result.rounds < 10_000 && result.actions.isEmpty)
    }
    #expect(results.count { !$0.isSolved } > 0)
  }

  @Test("where nothing is verified, the gate lets through what the judge believes, right or wrong")
  func gate() throws {
    let exact = try search(30, judge: OracleJudge(noise: 0)) {
      $0.verifiesLeaves = false
      $0.branch = 6
      $0.iterations = 300
    }
    #expect(exact.count { $0.isSolved } > 25)
    // A solved end is the only state that an exact judge gives 1.
    #expect(exact.count { $0.isSolved != !$0.actions.isEmpty } == 0)
    let credulous = try search(30, judge: OracleJudge(noise: 1)) {
      $0.verifiesLeaves = false
      $0.branch = 6
      $0.iterations = 300
    }
    #expect(credulous.contains { !$0.isSolved && !$0.actions.isEmpty })
  }

  @Test("a judge can read the states in words, with the steps that led to them")
  func texts() throws {
    let judge = ReadingJudge()
    _ = try search(1, judge: judge) { $0.iterations = 1 }
    // The root is judged first, then its successors.
    #expect(judge.texts.count > 1 && judge.texts[0].hasSuffix("\nsteps: ") && !judge.texts[0].contains(" = "))
    let lines = judge.texts[1].split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("text: make 24 from ") && lines[0].contains(" = "))
    #expect(lines[1].hasPrefix("steps: ") && lines[1].count == "steps: a+b".count)
  }

  @Test("labels along a chain of three verified steps are 1/3 and 2/3; a wrong step loses what the right one gains")
  func labels() throws {
    var configuration = ProcessSearchConfiguration()
    configuration.branch = 48
    configuration.iterations = 40
    let searcher = ProcessSearcher(
      try game(), configuration: configuration, proposer: UniformProposer(), judge: OracleJudge(noise: 0))
    let result = try searcher.search(episodes: [3])[0]
    #expect(result.isSolved)
    let labels = TraceLabels(searcher.forest, tree: 0)
    #expect(!labels.steps.isEmpty)
    for value in labels.values {
      let depth = Int(searcher.forest[value.node].depth)
      if value.isVerified {
        #expect(abs(value.label - Float(depth) / 3) < 1e-6)
      } else {
        // After a right first step V is 1/3 and m is 2: 1/3 - (1 - 1/3) / 2 = 0, but for rounding; after a wrong one
        // it stays 0.
        #expect((0..<1e-6).contains(value.label))
      }
    }
  }

  @Test("distances to a solution are counted over all steps, the shortest first, and 1 at the solution")
  func distances() {
    // 0 -> 1 -> 2 -> 3 (solved), 0 -> 4 -> 3, and 5 that leads nowhere.
    let distances = TraceLabels.distances(
      [false, false, false, true, false, false], [(0, 1), (1, 2), (2, 3), (0, 4), (4, 3), (0, 5)])
    #expect(distances == [3, 3, 2, 1, 2, .max])
  }

  @Test(
    """
    40,000 simulator steps of self-training raise the search's success by 0.3 and the proposer's by 0.1, on \
    problems that are held out
    """
  )
  func learning() throws {
    var game = GameOf24.Configuration()
    game.problems = .heldOut
    let heldOut = try EnvironmentRecipe(id: "puzzle/GameOf24", GameOf24.self, configuration: game)
    func successes(_ agent: ProcessSearch) throws -> (search: Double, proposer: Double) {
      let searcher = ProcessSearcher(
        heldOut, configuration: agent.configuration, proposer: NetworkProposer(agent.networks, agent.parameters),
        judge: NetworkJudge(agent.networks, agent.parameters))
      let seeds = (0..<200).map { UInt64($0) }
      let proposed = try searcher.playProposer(episodes: seeds).count { $0.isSolved }
      return (Double(try searcher.search(episodes: seeds).count { $0.isSolved }) / 200, Double(proposed) / 200)
    }
    game.problems = .training
    let training = try EnvironmentRecipe(id: "puzzle/GameOf24", GameOf24.self, configuration: game)
    let before = try successes(train(training, .init(), steps: 0).agent)
    let after = try successes(train(training, .init(), steps: 40_000).agent)
    #expect(after.search > before.search + 0.3)
    #expect(after.proposer > before.proposer + 0.1)
  }

  @Test("environments and rewards that it cannot use are refused with what to do")
  func refusals() throws {
    for id in ["control/Pendulum", "domain/DistractorChain"] {
      #expect(throws: UserError.self) { _ = try train(try Catalog.environment(id).recipe(), small, steps: 100) }
    }
    let recipe = try game()
    let error = #expect(throws: UserError.self) {
      _ = try train(recipe, small, reward: "environment+0.1*count", steps: 100)
    }
    #expect(
      error?.reason
        == "agent 'test' requires the environment's own reward, and the design gives 'environment', 0.1 of 'count'")
  }
}
