@testable import Search
import Groundwork
import ReinforcementLearning
import Testing

@Suite("UCT") struct UCTSearchTests {
  /// Squares in the order in which they were taken, and the value for who moves next.
  static let positions: [(moves: [Int], value: Float)] = [
    // o.. / .x. / ..x, noughts to move: a corner holds the draw.
    ([4, 0, 8], 0),
    // oox / .x. / ..x, noughts to move: crosses threaten twice.
    ([4, 0, 8, 1, 2], -1),
    // .x. / ... / ..o, crosses to move.
    ([1, 8], 1),
  ]

  @Test("the solver proves tic-tac-toe positions and plays one of their best moves", arguments: positions)
  func solved(_ position: (moves: [Int], value: Float)) throws {
    var task = NoughtsTask(plan: .init(moves: position.moves))
    task.reset(seed: 0)
    #expect(NoughtsTask.value(of: task) == Int(position.value))
    let search = try Searching.search(
      Searching.noughts(position.moves), Searching.configuration(10_000) { $0.rollouts = 20 })
    #expect(search.isSolved)
    #expect(search.tree.node(0).pointee.proven == position.value)
    let action = try #require(Searching.action(search))
    #expect(NoughtsTask.value(of: action, in: task) == Int(position.value))
  }

  @Test("every node that the solver proves has the value that trying everything finds, states shared or not",
    arguments: [true, false])
  func everyProof(_ isShared: Bool) throws {
    let search = try Searching.search(
      Searching.noughts([4, 0]), Searching.configuration(20_000) { $0.transpositions = isShared })
    var row = [UInt8](repeating: 0, count: max(9, search.arena.layout.rowBytes))
    var checked = 0
    for node in 0..<search.tree.nodeCount {
      let proven = search.tree.node(node).pointee.proven
      guard !proven.isNaN, search.tree.node(node).pointee.outcome == .running else { continue }
      row.withUnsafeMutableBytes { search.arena.observe(search.tree.base + node, into: $0.baseAddress!) }
      var task = NoughtsTask(plan: .init())
      task.board = Array(row[0..<9])
      #expect(NoughtsTask.value(of: task) == Int(proven))
      checked += 1
    }
    #expect(checked > 20)
  }

  @Test("without the solver as many simulations pass the root as were asked for, each through one edge after the first")
  func counts() throws {
    let search = try Searching.search(Searching.noughts(), Searching.configuration(1_000) { $0.solver = false })
    #expect(search.tree.node(0).pointee.visits == 1_000)
    let memory = search.tree.memory.pointee
    #expect(search.tree.edges(of: 0).reduce(0) { $0 + memory.visits[$1] } == 999)
    for node in 0..<search.tree.nodeCount where search.tree.node(node).pointee.isExpanded {
      let through = search.tree.edges(of: node).reduce(0) { $0 + memory.visits[$1] }
      #expect(through == search.tree.node(node).pointee.visits - 1)
    }
  }

  @Test("an edge's total is its rewards and the negated total of what follows")
  func totals() throws {
    let search = try Searching.search(Searching.noughts(), Searching.configuration(3_000) { $0.solver = false })
    let memory = search.tree.memory.pointee
    for edge in 0..<memory.edgeCount where memory.children[edge] >= 0 {
      let child = memory.nodes[Int(memory.children[edge])]
      let expected = Double(memory.rewards[edge]) * Double(memory.visits[edge]) - child.total
      #expect(abs(memory.totals[edge] - expected) < 1e-9)
    }
  }

  @Test("no action is favoured by its number: the first ones tried differ from seed to seed")
  func order() throws {
    var counts = [Int](repeating: 0, count: 9)
    for seed in 0..<900 {
      let search = try Searching.search(
        Searching.noughts(), Searching.configuration(2), seed: UInt64(seed))
      counts[try #require(Searching.action(search))] += 1
    }
    // 100 each are expected, with a standard deviation of 9.4.
    #expect(counts.allSatisfy { (55...145).contains($0) })
  }

  @Test("the same seed gives the same search")
  func deterministic() throws {
    func visits() throws -> [Int32] {
      let search = try Searching.search(Searching.noughts(), Searching.configuration(500))
      return search.tree.edges(of: 0).map { search.tree.memory.pointee.visits[$0] }
    }
    #expect(try visits() == visits())
  }

  @Test("self-play ends in a draw and its returns add up to nothing", arguments: [TreeSelection.uct, .puct])
  func selfPlay(_ selection: TreeSelection) throws {
    let recipe = try Searching.noughts()
    let evaluation = try Searching.evaluate(
      recipe, Searching.configuration(3_000) { $0.selection = selection }, episodes: 3)
    // A drawn game's nine rewards are all 0; a won one's last is 1.
    #expect(evaluation.returns == [0, 0, 0])
    #expect(evaluation.lengths == [9, 9, 9])
  }

  @Test("discounting prefers the near reward exactly when it is worth more", arguments: [0.7, 0.95])
  func discount(_ discount: Double) throws {
    // 1 after four steps against 0.5 now: 0.7^3 = 0.343, 0.95^3 = 0.857.
    let search = try Searching.search(
      Searching.corridor(), Searching.configuration(4_000) { $0.discount = discount; $0.transpositions = true })
    #expect(Searching.action(search) == (discount < 0.8 ? 0 : 1))
  }

  @Test("what lies behind the time limit is worth nothing")
  func timeLimit() throws {
    for limit in [3, 4] {
      let search = try Searching.search(
        Searching.corridor(.init(timeLimit: limit)),
        Searching.configuration(4_000) { $0.discount = 0.9; $0.transpositions = true })
      #expect(search.isSolved)
      #expect(abs(search.tree.node(0).pointee.proven - (limit == 3 ? 0.5 : 0.729)) < 1e-6)
      #expect(Searching.action(search) == (limit == 3 ? 0 : 1))
    }
  }

  @Test("a tree that is full goes on searching in the nodes it has")
  func full() throws {
    let search = try Searching.search(
      Searching.noughts(), Searching.configuration(2_000) { $0.maximumNodes = 50; $0.solver = false })
    #expect(search.tree.nodeCount == 50)
    #expect(search.tree.node(0).pointee.visits == 2_000)
  }

  @Test("priors' noise adds up to one and moves the search's attention")
  func noise() throws {
    let search = try Searching.search(
      Searching.noughts(),
      Searching.configuration(200) {
        $0.selection = .puct
        $0.dirichletFraction = 0.5
        $0.dirichletConcentration = 0.1
      })
    let priors = search.tree.edges(of: 0).map { search.tree.memory.pointee.priors[$0] }
    #expect(abs(priors.reduce(0, +) - 1) < 1e-5)
    #expect(priors.allSatisfy { $0 >= 0.5 / 9 - 1e-6 })
    #expect(priors.max()! > 0.2)
  }

  @Test("what cannot be searched is refused")
  func refused() throws {
    #expect(throws: UserError.self) { try Searching.configuration(0).check() }
    #expect(throws: UserError.self) { try Searching.configuration(9) { $0.dirichletFraction = 0.2 }.check() }
    #expect(throws: UserError.self) { try Searching.configuration(9) { $0.discount = 1.5 }.check() }
    let shared = Searching.configuration(9) { $0.transpositions = true }
    #expect(throws: UserError.self) { try Planner(shared, recipe: Searching.gamble()) }
    let matches = try EnvironmentRecipe(id: "test/Matches", MatchesGame.self, configuration: .init())
    #expect(throws: UserError.self, "no digest") { try Planner(shared, recipe: matches) }
    let learnt = [RewardComponent("rnd")]
    #expect(throws: UserError.self) {
      try Training.born(
        MCTS.self, Searching.configuration(9), in: Searching.corridor(), rewards: learnt, seed: 1)
    }
  }
}
