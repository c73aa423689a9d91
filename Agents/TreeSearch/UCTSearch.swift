import RealModule
import ReinforcementLearning

/// Monte Carlo tree search with random playouts: UCT, or PUCT with equal priors.
///
/// One simulation goes down the tree by the selection rule, adds one node, plays at random from it to the end and
/// adds the return to all that it passed. Where the environment is deterministic every node keeps its state; where
/// it is not, each simulation steps down from the root again with fresh draws and a node stands for the actions that
/// lead to it (open loop), so that its value is an average over what chance does.
///
/// The solver (Winands, Bjornsson and Saito 2008) backs exact values up: the end of an episode is worth nothing more,
/// a node is proven when one of its actions cannot be beaten or all of them are proven, and a proven root ends the
/// search.
///
/// - Source: Kocsis and Szepesvari 2006; the order of events is OpenSpiel's `mcts.py`: the root counts as visited
///   by its own playout, and a leaf gets its edges on its second visit.
final class UCTSearch: @unchecked Sendable {
  /// What one thread needs for one simulation at a time.
  final class Lane {
    /// One edge of the path from the root.
    struct Step {
      var node: Int32
      /// The edge's place among the node's, which stays when they move.
      var offset: Int32
      var reward: Float
    }

    /// Simulations go no deeper than this.
    static let pathCapacity = 4096
    let path = UnsafeMutablePointer<Step>.allocate(capacity: Lane.pathCapacity)
    let scratch: SnapshotArena.Scratch
    /// Snapshots that playouts change; in an open loop the second is the state that the path has led to.
    let playoutIndex: Int
    let stateIndex: Int

    init(_ specification: Specification, number: Int) {
      scratch = SnapshotArena.Scratch(specification)
      playoutIndex = 2 * number
      stateIndex = 2 * number + 1
    }

    deinit { path.deallocate() }

    /// The number of an edge of the path.
    @inline(__always) func edge(at depth: Int, _ memory: SearchTree.Memory) -> Int {
      Int(memory.nodes[Int(path[depth].node)].firstEdge &+ path[depth].offset)
    }
  }

  /// Where a simulation ended.
  struct Leaf {
    var node: Int
    /// Edges from the root.
    var depth: Int
    /// Its value without a playout: of a proven or finished state.
    var value: Double?
    /// Whether that value is exact, so that the solver may go on from it.
    var isProven = false
  }

  /// What the returns so far were like, and what the search did.
  struct Progress {
    var lowest = Double.infinity
    var highest = -Double.infinity
    var simulations = 0
    var depthTotal = 0
    var deepest = 0
  }

  let rules: SearchRules
  let arena: SnapshotArena
  let tree: SearchTree
  let lanes: [Lane]
  let progress = UnsafeMutablePointer<Progress>.allocate(capacity: 1)
  let tables = SearchTables.shared
  /// Nodes that the tree may have; beyond that, simulations end at the nodes there are.
  let nodeLimit: Int
  var transpositions = TranspositionTable()

  /// - Parameter recipe: What is planned in; its specification is the rules'.
  init(_ rules: SearchRules, recipe: EnvironmentRecipe, lanes count: Int = 1) {
    self.rules = rules
    lanes = (0..<count).map { Lane(rules.specification, number: $0) }
    let simulations = rules.configuration.simulations
    // Threads must not find the arena moved under them, so it does not grow while they search.
    nodeLimit =
      count == 1 || simulations > 0
      ? rules.configuration.maximumNodes : min(1 << 17, rules.configuration.maximumNodes)
    let nodes = simulations > 0 ? simulations + 2 : count == 1 ? 1024 : nodeLimit
    let expected = min(nodes, count == 1 ? 1 << 16 : nodeLimit)
    arena = recipe.makeArena(capacity: 2 * count + (rules.isOpenLoop ? 1 : expected))
    tree = SearchTree(
      nodes: expected, edges: expected * SearchTree.aligned(max(1, min(rules.actionCount, 16))),
      vectorWidth: rules.vectorWidth, base: 2 * count)
    progress.initialize(to: Progress())
  }

  deinit { progress.deallocate() }

  /// The snapshot of the root, for the caller to load; `start` comes after.
  var rootIndex: Int { tree.base }

  /// Forgets the last search: the root's snapshot is the state to search from.
  ///
  /// - Parameter seed: What the root's copy draws from now on, which is not what the real one will draw.
  func start(seed: UInt64) {
    tree.clear()
    progress.pointee = Progress()
    arena.reseed(rootIndex, seed)
    guard rules.sharesStates else { return }
    transpositions.removeAll()
    if let digest = arena.digest(rootIndex) {
      _ = transpositions.find(
        TranspositionTable.key(digest: digest, elapsed: arena.elapsed(rootIndex)), orInsert: 0)
    }
  }

  /// Whether nothing is left to find out.
  var isSolved: Bool { tree.node(0).pointee.isProven }

  /// Runs simulations until there are that many, or the root is proven.
  func run(simulations: Int, random: inout RandomSource) {
    let lane = lanes[0]
    for _ in 0..<simulations {
      if isSolved { return }
      let leaf = descend(lane, &random)
      let value =
        leaf.value ?? playout(from: rules.isOpenLoop ? lane.stateIndex : tree.base &+ leaf.node, lane, &random)
      backUp(leaf, value: value, lane)
    }
  }

  // MARK: The parts of a simulation

  /// The mean return of random playouts from a state.
  @inline(__always) func playout(from source: Int, _ lane: Lane, _ random: inout RandomSource) -> Double {
    var sum = 0.0
    for _ in 0..<rules.configuration.rollouts {
      arena.copy(source, to: lane.playoutIndex)
      if rules.isOpenLoop { arena.reseed(lane.playoutIndex, random.next()) }
      sum += arena.playout(lane.playoutIndex, rules: rules.playout, lane.scratch, random: &random)
    }
    return rules.configuration.rollouts == 1 ? sum : sum / Double(rules.configuration.rollouts)
  }

  /// Adds a return to everything on the path, from the leaf to the root, and lets the solver draw its conclusions.
  @inline(__always) func backUp(_ leaf: Leaf, value leafValue: Double, _ lane: Lane) {
    let memory = tree.memory.pointee
    var value = leafValue
    var isSolving = rules.usesSolver && leaf.isProven
    let end = memory.nodes + leaf.node
    end.pointee.visits &+= 1
    end.pointee.total += value
    if end.pointee.visits == 1 { end.pointee.rawValue = Float(value) }
    if isSolving { end.pointee.proven = Float(value) }
    var depth = leaf.depth
    var (lowest, highest) = (progress.pointee.lowest, progress.pointee.highest)
    while depth > 0 {
      depth &-= 1
      let step = lane.path[depth]
      let node = memory.nodes + Int(step.node)
      let edge = Int(node.pointee.firstEdge &+ step.offset)
      value = Double(step.reward) + rules.discount * value
      let visits = memory.visits[edge] &+ 1
      let total = memory.totals[edge] + value
      memory.visits[edge] = visits
      memory.totals[edge] = total
      let child = memory.nodes + Int(memory.children[edge])
      if child.pointee.isProven {
        memory.means[edge] = step.reward + Float(rules.discount) * child.pointee.proven
        memory.widths[edge] = 0
      } else {
        memory.means[edge] = Float(total / Double(visits))
        memory.widths[edge] = tables.inverseRoot(visits)
      }
      node.pointee.visits &+= 1
      node.pointee.total += value
      lowest = min(lowest, value)
      highest = max(highest, value)
      if isSolving { isSolving = prove(node, memory) }
    }
    progress.pointee.lowest = lowest
    progress.pointee.highest = highest
    progress.pointee.simulations &+= 1
    progress.pointee.depthTotal &+= leaf.depth
    if leaf.depth > progress.pointee.deepest { progress.pointee.deepest = leaf.depth }
  }

  /// Proves a node if its edges allow it.
  private func prove(_ node: UnsafeMutablePointer<SearchTree.Node>, _ memory: SearchTree.Memory) -> Bool {
    if node.pointee.isProven { return true }
    var best = -Float.infinity
    var isComplete = true
    let first = Int(node.pointee.firstEdge)
    for edge in first..<first &+ Int(node.pointee.edgeCount) {
      let child = Int(memory.children[edge])
      if child >= 0 && memory.nodes[child].isProven {
        best = max(best, memory.rewards[edge] + Float(rules.discount) * memory.nodes[child].proven)
      } else {
        isComplete = false
      }
    }
    guard isComplete || best >= rules.unbeatable else { return false }
    node.pointee.proven = best
    return true
  }
}
