@testable import Search
import Environments
import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

@Suite("The mcts agent") struct MCTSTests {
  @Test("chance is averaged over: a sure 0.6 is better than 1 half of the time")
  func gamble() throws {
    // 3 for certain is best; the risky action's mean is 2.5. An average over 100 decisions: a few may go astray.
    let evaluation = try Searching.evaluate(Searching.gamble(), Searching.configuration(2_000), episodes: 20)
    #expect(evaluation.episodes.allSatisfy { $0.actions[0] == 0 })
    #expect(evaluation.episodes.reduce(0) { $0 + $1.actions.count { $0 == 0 } } >= 95)
  }

  @Test("where chance decides what is legal, only legal actions are taken", arguments: [TreeSelection.uct, .puct])
  func masks(_ selection: TreeSelection) throws {
    // An illegal action would end the process.
    let evaluation = try Searching.evaluate(
      Searching.gamble(isMasked: true), Searching.configuration(100) { $0.selection = selection }, episodes: 20)
    #expect(evaluation.episodes.count == 20)
    let single = try Searching.evaluate(Searching.gamble(isMasked: true), Searching.configuration(1), episodes: 20)
    #expect(single.episodes.count == 20)
  }

  @Test("the planner cannot see what the real slot will draw: other futures, the same decisions")
  func future() throws {
    let recipe = try Searching.gamble(isGuess: true)
    let planner = try Planner(Searching.configuration(50), recipe: recipe)
    var coins = Set<Float>()
    for seed in 0..<8 {
      let (one, two) = (
        recipe.makeBatch(slots: 1, seed: UInt64(seed)), recipe.makeBatch(slots: 1, seed: UInt64(seed + 100))
      )
      for batch in [one, two] { batch.reset(batch.makeRollout(steps: 1)) }
      planner.decide(slot: 0, of: one.view, choice: .mode, seed: 7)
      let first = planner.action
      planner.decide(slot: 0, of: two.view, choice: .mode, seed: 7)
      #expect(planner.action == first)
      let rollout = one.makeRollout(steps: 1)
      one.step(rollout, at: 0)
      coins.insert(rollout.rewards[0])
    }
    // The futures did differ.
    #expect(coins.count == 2)
    // Five guesses in each of 200 episodes: 500 right ones are expected, with a standard deviation of 16.
    let evaluation = try Searching.evaluate(recipe, Searching.configuration(50), episodes: 200)
    #expect((420...580).contains(evaluation.returns.reduce(0, +)))
  }

  @Test("states without a digest are refused with transpositions before anything acts in them")
  func refusal() throws {
    let recipe = try EnvironmentRecipe(id: "control/CartPole", CartPole.self, configuration: .init())
    func agent(_ transpositions: Bool) throws -> MCTS {
      try Training.born(
        MCTS.self, Searching.configuration(10) { $0.transpositions = transpositions }, in: recipe)
    }
    _ = try agent(false)
    let error = #expect(throws: UserError.self) { try agent(true) }
    #expect(error?.reason == "transpositions need a digest of states, which 'control/CartPole' does not have")
  }

  @Test("MiniCatch is won more often than not")
  func catching() throws {
    let recipe = try EnvironmentRecipe(id: "domain/MiniCatch", MiniCatch.self, configuration: .init())
    let evaluation = try Searching.evaluate(recipe, Searching.configuration(100), episodes: 10)
    #expect(evaluation.meanReturn > 0)
  }

  @Test("progressive widening swings the pendulum up far better than chance does")
  func pendulum() throws {
    let recipe = try EnvironmentRecipe(id: "control/Pendulum", Pendulum.self, configuration: .init())
    let configuration = Searching.configuration(60) {
      $0.rolloutLimit = 20
      $0.wideningCoefficient = 1
    }
    let planned = try Searching.evaluate(recipe, configuration, episodes: 3)
    let random = try Evaluation.run(recipe, episodes: 30, seed: 1, workers: Workers(count: 1)) { _ in
      UniformPolicy(recipe.specification)
    }
    #expect(planned.meanReturn > 0.6 * random.meanReturn)
  }

  @Test("a node of continuous actions has as many as widening allows")
  func widening() throws {
    let recipe = try EnvironmentRecipe(id: "control/Pendulum", Pendulum.self, configuration: .init())
    let search = try Searching.search(
      recipe, Searching.configuration(400) { $0.wideningCoefficient = 1.5; $0.wideningExponent = 0.5 })
    for node in 0..<search.tree.nodeCount where search.tree.node(node).pointee.isExpanded {
      let visits = Double(search.tree.node(node).pointee.visits)
      #expect(Double(search.tree.edges(of: node).count) <= (1.5 * visits.squareRoot()).rounded(.up))
    }
    #expect(search.tree.edges(of: 0).count == 30)
  }

  @Test("decisions do not depend on the number of workers")
  func workers() throws {
    let recipe = try EnvironmentRecipe(id: "domain/MiniCatch", MiniCatch.self, configuration: .init())
    let one = try Searching.evaluate(recipe, Searching.configuration(20), episodes: 60, workers: 1)
    let two = try Searching.evaluate(recipe, Searching.configuration(20), episodes: 60, workers: 2)
    #expect(one == two)
  }

  @Test("a kept tree goes on from the state that the action led to", arguments: [false, true])
  func reuse(_ isShared: Bool) throws {
    let recipe = try Searching.noughts()
    let configuration = Searching.configuration(500) {
      $0.reusesTree = true
      $0.transpositions = isShared
    }
    let planner = try Planner(configuration, recipe: recipe)
    let batch = recipe.makeBatch(slots: 1, seed: 3)
    let rollout = batch.makeRollout(steps: 9)
    batch.reset(rollout)
    for time in 0..<9 where rollout.outcomes[max(0, time - 1)] == 0 {
      planner.decide(slot: 0, of: batch.view, choice: .mode, seed: UInt64(time))
      #expect(rollout.mask(time: time, slot: 0)![Int(planner.action)])
      rollout.actions.discrete[time] = planner.action
      batch.step(rollout, at: time)
    }
    #expect(planner.statistics.reused >= 4)
    #expect((0..<9).allSatisfy { rollout.rewards[$0] == 0 })
  }

  @Test("a subtree that becomes the tree keeps its statistics and its states")
  func makeRoot() throws {
    let search = try Searching.search(Searching.noughts(), Searching.configuration(3_000) { $0.solver = false })
    let edge = try #require(search.tree.bestEdge(of: 0, discount: -1, isGame: true))
    let memory = search.tree.memory.pointee
    let (visits, total) = (memory.visits[edge], memory.totals[edge])
    let action = Int(memory.actions[edge])
    search.makeRoot(Int(memory.children[edge]))
    #expect(search.tree.node(0).pointee.visits == visits)
    #expect(search.tree.node(0).pointee.total == -total)
    var mask = [Bool](repeating: true, count: 9)
    mask.withUnsafeMutableBufferPointer { search.arena.legalActions(search.rootIndex, into: $0) }
    #expect(mask == (0..<9).map { $0 != action })
    // Every node's state is one step from its parent's.
    for node in 1..<search.tree.nodeCount where search.tree.node(node).pointee.outcome == .running {
      let parent = Int(search.tree.node(node).pointee.parent)
      let parentEdge = Int(search.tree.node(node).pointee.parentEdge)
      let taken = Int(search.tree.memory.pointee.actions[parentEdge])
      let scratch = search.lanes[0].stateIndex
      _ = search.arena.advance(search.tree.base + parent, to: scratch, action: taken, search.lanes[0].scratch)
      #expect(search.arena.digest(scratch) == search.arena.digest(search.tree.base + node))
    }
  }

  @Test(
    "threads on one tree or on a tree each prove what one thread proves", arguments: [SearchParallelism.tree, .root])
  func parallel(_ parallelism: SearchParallelism) throws {
    let recipe = try Searching.noughts([1, 8])
    let planner = try Planner(
      Searching.configuration(20_000) { $0.searchThreads = 3; $0.parallelism = parallelism }, recipe: recipe)
    let batch = recipe.makeBatch(slots: 1, seed: 3)
    batch.reset(batch.makeRollout(steps: 1))
    planner.decide(slot: 0, of: batch.view, choice: .mode, seed: 1)
    #expect(planner.statistics.solved == 1)
    #expect(planner.statistics.value == 1)
    var task = NoughtsTask(plan: .init(moves: [1, 8]))
    task.reset(seed: 0)
    #expect(NoughtsTask.value(of: Int(planner.action), in: task) == 1)
  }

  @Test("virtual losses leave nothing behind", arguments: [0, 1, 5])
  func virtualLoss(_ loss: Int) throws {
    let recipe = try Searching.noughts()
    let configuration = Searching.configuration(4_000) {
      $0.solver = false
      $0.virtualLoss = loss
      $0.searchThreads = 2
    }
    let search = UCTSearch(try SearchRules(configuration, recipe.specification), recipe: recipe, lanes: 2)
    search.arena.start(search.rootIndex, seed: 0)
    search.start(seed: 1)
    search.run(simulations: 4_000, seed: 2, on: Workers(count: 2)) { false }
    #expect(search.tree.node(0).pointee.visits == 4_000)
    let memory = search.tree.memory.pointee
    for edge in 0..<memory.edgeCount where memory.children[edge] >= 0 {
      let child = memory.nodes[Int(memory.children[edge])]
      #expect(child.visits == memory.visits[edge])
      #expect(
        abs(memory.totals[edge] - Double(memory.rewards[edge]) * Double(memory.visits[edge]) + child.total) < 1e-6)
    }
  }

  @Test("a budget in seconds ends a search")
  func seconds() throws {
    let recipe = try Searching.gamble()
    for threads in [1, 2] {
      let planner = try Planner(
        Searching.configuration(0) { $0.seconds = 0.02; $0.searchThreads = threads }, recipe: recipe)
      let batch = recipe.makeBatch(slots: 1, seed: 3)
      batch.reset(batch.makeRollout(steps: 1))
      let clock = ContinuousClock()
      let start = clock.now
      planner.decide(slot: 0, of: batch.view, choice: .mode, seed: 1)
      #expect(clock.now - start < .seconds(5))
      #expect(planner.statistics.simulations > 16)
    }
  }

  @Test("training collects with the planner and counts what its searches did")
  func training() throws {
    let recipe = try Searching.corridor()
    let configuration = Searching.configuration(200) {
      $0.environments = 2
      $0.batches = 1
      $0.steps = 20
    }
    let recorder = Recorder()
    let session = TrainingSession(
      recipe: recipe, rewardModel: try RewardDesign("environment", among: RewardModels.all, in: recipe, seed: 1),
      totalSteps: 80, seed: 1,
      workers: Workers(count: 1), observer: recorder)
    let agent = try Training.born(MCTS.self, configuration, in: recipe)
    try agent.train(in: session)
    #expect(recorder.reports.count == 2)
    #expect(recorder.metric("search/simulations").allSatisfy { $0 > 50 && $0 <= 200 })
    #expect(recorder.metric("episode/return").last! > 0.9)
  }
}
