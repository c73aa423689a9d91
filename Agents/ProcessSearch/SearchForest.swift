import ReinforcementLearning

/// The trees of several searches, one a problem, over one arena: nodes, their states, observation rows and open
/// actions have the same numbers.
///
/// Not thread-safe: each lane of an agent has a forest. The first `trees x rolled` numbers are room for the states of
/// the greedy roll-forwards, which belong to no tree.
final class SearchForest {
  struct Node {
    /// -1 for a root.
    var parent: Int32
    var action: Int32
    var tree: Int32
    var depth: Int32
    /// -1 for none; the others follow by `nextSibling`.
    var firstChild: Int32 = -1
    var lastChild: Int32 = -1
    var nextSibling: Int32 = -1
    /// N
    var visits: Int32 = 0
    /// V, 0 to 1
    var value: Float = 0
    /// What the judge said of it when it was made, before V was mixed and averaged.
    var judged: Float = 0
    /// How often it has been given proposals.
    var asked: Int32 = 0
    /// The environment's rewards from the root on.
    var total: Float = 0
    var outcome = Outcome.running
    /// Whether no further proposals will come: every action is taken, or the proposer had none.
    var isClosed = false
    /// Whether the episode ended with the step to it.
    var hasEnded = false
    /// Whether the environment said that the task was done.
    var isSolved = false
    /// Whether nothing is left to try at it or below.
    var isExhausted = false
  }

  /// One problem's search.
  struct Tree {
    var root: Int32
    /// What its draws come from.
    var seed: UInt64
    var draws: UInt64 = 0
    /// Rounds, states whose successors were made (roll-forward included), simulator steps.
    var rounds = 0
    var expansions = 0
    var steps = 0
    /// Nodes that the environment verified.
    var solved: [Int32] = []
    /// What the search stopped at: verified, or over the end gate where nothing is verified.
    var answer: Int32 = -1
    var isDone = false
    /// Nodes of states by digest; only looked up, never iterated.
    var seen: [UInt64: Int32] = [:]
    /// Steps to states that the tree had already, as pairs of nodes with the action.
    var links: [Link] = []
    /// Nodes in the order of their making, and how many of them a search by levels has looked at.
    var queue: [Int32] = []
    var taken = 0
    /// The rest of the level that a beam search expands, the next one last.
    var beam: [Int32] = []
    /// Steps that led to the root.
    var prefix: [Int] = []
  }

  /// A step to a state that was there already.
  struct Link {
    var from: Int32
    var action: Int32
    var to: Int32
  }

  let arena: SnapshotArena
  let actionCount: Int
  /// Scratch states of a tree.
  let rolled: Int
  private(set) var nodes: [Node] = []
  var trees: [Tree] = []
  /// `[capacity, rowBytes]`
  private(set) var rows: UnsafeMutableRawPointer
  /// `[capacity, actions]`
  private(set) var open: UnsafeMutablePointer<Bool>
  private var capacity: Int
  private let scratch: SnapshotArena.Scratch
  private let usesDigests: Bool

  init(_ recipe: EnvironmentRecipe, signals: [String], rolled: Int, usesDigests: Bool) {
    capacity = 256
    arena = recipe.makeArena(capacity: capacity, signals: signals)
    actionCount = recipe.specification.actions.count
    scratch = SnapshotArena.Scratch(recipe.specification)
    rows = .allocate(byteCount: capacity * arena.layout.rowBytes, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: capacity * arena.layout.rowBytes)
    open = .allocate(capacity: capacity * actionCount)
    open.initialize(repeating: false, count: capacity * actionCount)
    self.rolled = rolled
    self.usesDigests = usesDigests
  }

  deinit {
    rows.deallocate()
    open.deallocate()
  }

  /// Forgets all trees and makes room for the roots of others, numbered from 0.
  func clear(trees count: Int) {
    nodes.removeAll(keepingCapacity: true)
    trees.removeAll(keepingCapacity: true)
    for tree in 0..<count {
      for _ in 0..<rolled { _ = allocate(Node(parent: -1, action: -1, tree: Int32(tree), depth: 0)) }
    }
  }

  /// The number of the `step`-th scratch state of a tree.
  func scratchNode(_ tree: Int, _ step: Int) -> Int { tree * rolled + step }

  /// Adds a tree, whose root's state the caller puts into the arena under the number that it is given.
  func addTree(seed: UInt64, load: (Int) -> Void) {
    let root = allocate(Node(parent: -1, action: -1, tree: Int32(trees.count), depth: 0))
    load(root)
    var tree = Tree(root: Int32(root), seed: seed)
    show(root)
    if usesDigests, let digest = arena.digest(root) { tree.seen[digest] = Int32(root) }
    tree.queue.append(Int32(root))
    trees.append(tree)
  }

  private func allocate(_ node: Node) -> Int {
    nodes.append(node)
    if nodes.count > capacity { grow() }
    return nodes.count - 1
  }

  private func grow() {
    let larger = capacity * 2
    arena.reserve(larger)
    let rowBytes = arena.layout.rowBytes
    let newRows = UnsafeMutableRawPointer.allocate(byteCount: larger * rowBytes, alignment: 64)
    newRows.initializeMemory(as: UInt8.self, repeating: 0, count: larger * rowBytes)
    newRows.copyMemory(from: rows, byteCount: capacity * rowBytes)
    rows.deallocate()
    rows = newRows
    let newOpen = UnsafeMutablePointer<Bool>.allocate(capacity: larger * actionCount)
    newOpen.initialize(repeating: false, count: larger * actionCount)
    newOpen.update(from: open, count: capacity * actionCount)
    open.deallocate()
    open = newOpen
    capacity = larger
  }

  /// Writes a state's observation row and legal actions.
  private func show(_ node: Int) {
    arena.observe(node, into: rows + node * arena.layout.rowBytes)
    arena.legalActions(node, into: openActions(node))
  }

  func openActions(_ node: Int) -> UnsafeMutableBufferPointer<Bool> {
    UnsafeMutableBufferPointer(start: open + node * actionCount, count: actionCount)
  }

  func hasOpenActions(_ node: Int) -> Bool { openActions(node).contains(true) }

  subscript(node: Int) -> Node {
    get { nodes[node] }
    _modify { yield &nodes[node] }
  }

  /// Steps a copy of a node's state with an action that is thereby no longer open.
  ///
  /// - Returns: The new child, or nil when the tree had the state already.
  func expand(_ node: Int, action: Int) -> Int? {
    openActions(node)[action] = false
    let tree = Int(nodes[node].tree)
    let child = allocate(child(of: node, action, tree))
    let transition = arena.advance(node, to: child, action: action, scratch)
    trees[tree].steps += 1
    if !transition.success, usesDigests, transition.outcome == .running, let digest = arena.digest(child) {
      if let known = trees[tree].seen[digest] {
        trees[tree].links.append(Link(from: Int32(node), action: Int32(action), to: known))
        nodes.removeLast()
        return nil
      }
      trees[tree].seen[digest] = Int32(child)
    }
    link(child, to: node)
    finish(child, transition)
    return child
  }

  private func child(of node: Int, _ action: Int, _ tree: Int) -> Node {
    Node(
      parent: Int32(node), action: Int32(action), tree: Int32(tree), depth: nodes[node].depth + 1,
      total: nodes[node].total)
  }

  /// Steps a tree's root itself: the walk of a proposer without a search.
  func walk(_ tree: Int, action: Int) -> Transition {
    let root = Int(trees[tree].root)
    let transition = arena.advance(root, to: root, action: action, scratch)
    trees[tree].steps += 1
    trees[tree].prefix.append(action)
    finish(root, transition)
    return transition
  }

  /// Writes a state's legal actions, those that have been tried included.
  func legalActions(_ node: Int) -> UnsafeMutableBufferPointer<Bool> {
    arena.legalActions(node, into: scratch.mask)
    return scratch.mask
  }

  /// Steps into a scratch state, from a node or another scratch state.
  func roll(_ source: Int, to target: Int, action: Int) {
    let tree = Int(nodes[target].tree)
    let transition = arena.advance(source, to: target, action: action, scratch)
    trees[tree].steps += 1
    nodes[target] = child(of: source, action, tree)
    finish(target, transition)
    if nodes[target].isSolved { trees[tree].solved.removeLast() }
  }

  /// Makes the last of a chain of scratch states, which the environment verified, part of the tree.
  func graft(_ last: Int) {
    var chain = [last]
    while nodes[chain.last!].parent < trees.count * rolled { chain.append(Int(nodes[chain.last!].parent)) }
    var parent = Int(nodes[chain.last!].parent)
    for source in chain.reversed() {
      let tree = Int(nodes[source].tree)
      var node = nodes[source]
      node.parent = Int32(parent)
      openActions(parent)[Int(node.action)] = false
      let child = allocate(node)
      arena.copy(source, to: child)
      (rows + child * arena.layout.rowBytes).copyMemory(
        from: rows + source * arena.layout.rowBytes, byteCount: arena.layout.rowBytes)
      openActions(child).baseAddress!.update(from: openActions(source).baseAddress!, count: actionCount)
      if usesDigests, !node.hasEnded, let digest = arena.digest(child), trees[tree].seen[digest] == nil {
        trees[tree].seen[digest] = Int32(child)
      }
      link(child, to: parent)
      nodes[parent].asked = max(1, nodes[parent].asked)
      if node.isSolved { trees[tree].solved.append(Int32(child)) }
      parent = child
    }
  }

  private func link(_ child: Int, to parent: Int) {
    if nodes[parent].firstChild < 0 {
      nodes[parent].firstChild = Int32(child)
    } else {
      nodes[Int(nodes[parent].lastChild)].nextSibling = Int32(child)
    }
    nodes[parent].lastChild = Int32(child)
    trees[Int(nodes[child].tree)].queue.append(Int32(child))
  }

  private func finish(_ node: Int, _ transition: Transition) {
    show(node)
    nodes[node].outcome = transition.outcome
    nodes[node].total += transition.reward
    guard transition.success || transition.outcome != .running else { return }
    nodes[node].hasEnded = true
    nodes[node].isSolved = transition.success
    openActions(node).update(repeating: false)
    if transition.success { trees[Int(nodes[node].tree)].solved.append(Int32(node)) }
  }

  /// The children of a node in the order of their making.
  func children(_ node: Int) -> some Sequence<Int> {
    sequence(state: Int(nodes[node].firstChild)) { [self] next in
      guard next >= 0 else { return nil }
      defer { next = Int(nodes[next].nextSibling) }
      return next
    }
  }

  /// The actions from the root to a node.
  func path(to node: Int) -> [Int] {
    var actions: [Int] = []
    let prefix = trees[Int(nodes[node].tree)].prefix
    var node = node
    while nodes[node].parent >= 0 {
      actions.append(Int(nodes[node].action))
      node = Int(nodes[node].parent)
    }
    return prefix + actions.reversed()
  }
}
