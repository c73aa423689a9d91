import Groundwork
import ReinforcementLearning

/// The searches for one slot after the other, or for one slot only when its tree is kept.
final class Planner {
  private let rules: SearchRules
  /// One, or one for each thread where each has a tree of its own.
  private let searches: [UCTSearch]
  private let workers: Workers?
  /// Whether the slot's environment moves for an opponent that the plan does not contain.
  private let removesOpponent: Bool
  private let rows: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)
  /// The node that the last decision leads to, and the time of the episode at which it was made.
  private var expected: (node: Int, elapsed: Int)?
  var statistics = MCTSPolicy.Statistics()
  /// The last decision: a number, or a vector.
  private(set) var action: Int32 = 0
  private(set) var vector: [Float]

  /// - Parameter recipe: Of the environment to act in.
  /// - Throws: `UserError` where that environment cannot be searched with this configuration.
  init(_ configuration: MCTSConfiguration, recipe: EnvironmentRecipe) throws(UserError) {
    let alone = configuration.opponentModel == .selfPlay ? recipe.selfPlay : nil
    removesOpponent = alone != nil
    let planned = alone ?? recipe
    let rules = try SearchRules(configuration, planned.specification)
    self.rules = rules
    let threads = configuration.searchThreads
    let sharesTree = configuration.parallelism == .tree
    searches = (0..<(sharesTree ? 1 : threads)).map { _ in
      UCTSearch(rules, recipe: planned, lanes: sharesTree ? threads : 1)
    }
    workers = threads > 1 ? Workers(count: threads) : nil
    vector = [Float](repeating: 0, count: rules.vectorWidth)
    let bytes = searches[0].arena.layout.rowBytes
    func row() -> UnsafeMutableRawPointer {
      let row = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      row.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      return row
    }
    rows = (row(), row())
    if rules.sharesStates {
      searches[0].arena.start(searches[0].rootIndex, seed: 0)
      if searches[0].arena.digest(searches[0].rootIndex) == nil {
        throw UserError(
          "transpositions need a digest of states, which '\(recipe.id)' does not have",
          fix: "Use --set agent.transpositions=false")
      }
    }
  }

  deinit {
    rows.0.deallocate()
    rows.1.deallocate()
  }

  /// Whether a tree serves more than one decision.
  var keepsTree: Bool { rules.configuration.reusesTree && !rules.isOpenLoop }

  /// Makes the next decision start with an empty tree.
  func forget() { expected = nil }

  /// Plans the next action of a slot.
  func decide(slot: Int, of batch: BatchView, choice: ActionChoice, seed: UInt64) {
    var random = RandomSource(seed: seed)
    let main = searches[0]
    if !reuse(slot: slot, of: batch, &random) {
      load(slot: slot, of: batch, into: main, at: main.rootIndex)
      main.start(seed: random.next())
    }
    for other in searches.dropFirst() {
      other.arena.copy(main.rootIndex, of: main.arena, to: other.rootIndex)
      other.start(seed: random.next())
    }
    search(&random)
    count(main)
    let edge = choose(main, choice, &random)
    let memory = main.tree.memory.pointee
    if rules.vectorWidth == 0 {
      action = memory.actions[edge]
    } else {
      for element in 0..<rules.vectorWidth { vector[element] = memory.vectors[edge * rules.vectorWidth + element] }
    }
    let child = Int(memory.children[edge])
    expected = keepsTree && child >= 0 ? (child, main.arena.elapsed(main.rootIndex)) : nil
  }

  private func load(slot: Int, of batch: BatchView, into search: UCTSearch, at index: Int) {
    search.arena.load(slot: slot, of: batch, to: index)
    guard removesOpponent else { return }
    precondition(search.arena.adopt(index), "'\(batch.id)' has an opponent that cannot be taken out in mid-episode")
  }

  // MARK: Budgets and threads

  private func search(_ random: inout RandomSource) {
    let configuration = rules.configuration
    let budget = configuration.simulations > 0 ? configuration.simulations : Int.max / 2
    let end = configuration.seconds > 0 ? Clock.seconds + configuration.seconds : nil
    let isOver: @Sendable () -> Bool = { end.map { Clock.seconds >= $0 } ?? false }
    if let workers, searches.count == 1 {
      searches[0].run(simulations: budget, seed: random.next(), on: workers, shouldStop: isOver)
    } else if let workers {
      let seed = random.next()
      let share = (budget + searches.count - 1) / searches.count
      workers.perform(searches.count) { number in
        var random = RandomSource(seed: seed, purpose: .search, index: number)
        Planner.run(searches[number], simulations: share, isTimed: end != nil, isOver, &random)
      }
      for other in searches.dropFirst() { searches[0].absorb(other) }
    } else {
      Planner.run(searches[0], simulations: budget, isTimed: end != nil, isOver, &random)
    }
  }

  private static func run(
    _ search: UCTSearch, simulations: Int, isTimed: Bool, _ isOver: () -> Bool, _ random: inout RandomSource
  ) {
    if !isTimed { return search.run(simulations: simulations, random: &random) }
    var left = simulations
    while left > 0 && !search.isSolved && !isOver() {
      search.run(simulations: min(left, 16), random: &random)
      left -= 16
    }
  }

  // MARK: Decisions

  private func choose(_ search: UCTSearch, _ choice: ActionChoice, _ random: inout RandomSource) -> Int {
    let tree = search.tree
    let memory = tree.memory.pointee
    let isGame = rules.specification.players == 2
    let edges = tree.edges(of: 0).filter { memory.visits[$0] > 0 }
    // A budget of one simulation only visits the root: any legal action then.
    guard let best = tree.bestEdge(of: 0, discount: rules.discount, isGame: isGame) else {
      return search.anyEdge(&random)
    }
    if choice == .mode || search.isSolved { return best }
    var left = random.integer(in: 0..<edges.reduce(0) { $0 + Int(memory.visits[$1]) })
    for edge in edges {
      left -= Int(memory.visits[edge])
      if left < 0 { return edge }
    }
    return best
  }

  private func count(_ search: UCTSearch) {
    let root = search.tree.node(0).pointee
    statistics.decisions += 1
    statistics.simulations += search.progress.pointee.simulations
    statistics.depth += search.progress.pointee.depthTotal
    statistics.deepest = max(statistics.deepest, search.progress.pointee.deepest)
    if root.isProven { statistics.solved += 1 }
    statistics.value += root.isProven ? Double(root.proven) : root.total / Double(max(1, root.visits))
  }

  // MARK: Reuse

  /// Goes on with the last tree where the slot stands at a state that it knows: after the action that was decided on
  /// and, where the environment's own opponent has answered, after a reply.
  private func reuse(slot: Int, of batch: BatchView, _ random: inout RandomSource) -> Bool {
    guard let expected else { return false }
    let search = searches[0]
    let present = search.lanes[0].stateIndex
    load(slot: slot, of: batch, into: search, at: present)
    let tree = search.tree
    guard search.arena.elapsed(present) == expected.elapsed + 1 else { return false }
    let candidates =
      removesOpponent
      ? tree.edges(of: expected.node).map { Int(tree.memory.pointee.children[$0]) }.filter { $0 >= 0 } : [expected.node]
    for node in candidates where tree.node(node).pointee.outcome == .running {
      guard search.looksAlike(tree.base + node, present, rows) else { continue }
      search.makeRoot(node)
      // The slot's own copy knows the true time of the episode.
      search.arena.copy(present, to: search.rootIndex)
      search.arena.reseed(search.rootIndex, random.next())
      search.addNoise(&random)
      statistics.reused += 1
      return true
    }
    return false
  }
}
