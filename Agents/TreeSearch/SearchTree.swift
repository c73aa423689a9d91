import ReinforcementLearning

/// One tree of a search, as arrays of nodes and edges that refer to each other by number.
///
/// A node is a state, an edge a legal action in it. The state of node `n` is the snapshot `base + n` of the arena that
/// the search uses; a search that steps down from its root again each time (open loop) keeps only the root's. What
/// the numbers mean is the search's business (UCT, PUCT, Gumbel); the tree only keeps them.
///
/// Every value is the mover's at the node that it belongs to, and an edge's value that of the node which it leaves:
/// `reward + discount * value of the child`, where the discount is negative if two players take turns.
///
/// Not a class hierarchy of nodes: nothing is allocated for a simulation as long as the capacity suffices, and a hot
/// loop reads the arrays through one pointer (`memory`), so that no access is checked for exclusivity. One thread at a
/// time changes a tree, or all hold the search's lock.
final class SearchTree: @unchecked Sendable {
  /// A state that the search has reached.
  struct Node {
    /// Sum of the returns that were backed up through this node, its own evaluation's included.
    var total = 0.0
    /// Simulations that came here, N(s); its own evaluation counts as one.
    var visits: Int32 = 0
    /// The first of its edges; -1 before it is expanded.
    var firstEdge: Int32 = -1
    var edgeCount: Int32 = 0
    /// Edges for which room was set aside; a multiple of `SearchTree.edgeAlignment`.
    var edgeCapacity: Int32 = 0
    /// Edges that were tried: the first ones, where a search tries them in order.
    var triedCount: Int32 = 0
    /// The node and the edge that first led here; -1 at the root.
    var parent: Int32 = -1
    var parentEdge: Int32 = -1
    /// What the evaluation of this state said.
    var rawValue: Float = 0
    /// The exact value of this state, when the solver has found it; not a number before.
    var proven: Float = .nan
    /// How the episode stood on arrival; nothing follows unless it is running.
    var outcome: Outcome = .running

    @inline(__always) var isExpanded: Bool { firstEdge >= 0 }
    @inline(__always) var isProven: Bool { !proven.isNaN }
  }

  /// The arrays and how much of them is in use. A hot loop copies this struct, which loads what it uses once.
  struct Memory {
    /// `[nodes]`
    var nodes: UnsafeMutablePointer<Node>
    var nodeCount = 0
    var nodeCapacity: Int

    /// The number of the action, `[edges]`; for vectors the edge's row of `vectors` is the action.
    var actions: UnsafeMutablePointer<Int32>
    /// Prior probability P(s, a) or logit, as the search likes, `[edges]`.
    var priors: UnsafeMutablePointer<Float>
    /// N(s, a), `[edges]`
    var visits: UnsafeMutablePointer<Int32>
    /// Sum of the returns through the edge, W(s, a), `[edges]`.
    var totals: UnsafeMutablePointer<Double>
    /// Reward of the step, `[edges]`; the last one seen where dynamics are stochastic.
    var rewards: UnsafeMutablePointer<Float>
    /// The node that the edge leads to, -1 before there is one, `[edges]`.
    var children: UnsafeMutablePointer<Int32>
    /// W / N or the proven value, kept up to date by the backup, `[edges]`; minus infinity in the room between
    /// `edgeCount` and `edgeCapacity`, so that vector loops need no masks.
    var means: UnsafeMutablePointer<Float>
    /// 1 / sqrt(N), 0 for a proven edge, `[edges]`.
    var widths: UnsafeMutablePointer<Float>
    /// Action vectors, `[edges, vectorWidth]`.
    var vectors: UnsafeMutablePointer<Float>
    var vectorWidth: Int
    var edgeCount = 0
    var edgeCapacity: Int
  }

  /// A node's edges begin at a multiple of this.
  static let edgeAlignment = 8

  /// Number of the root's snapshot in the arena.
  let base: Int
  let memory: UnsafeMutablePointer<Memory>

  /// - Parameters:
  ///   - nodes: Nodes to make room for, at least 1; more are made room for as they are needed.
  ///   - edges: Edges to make room for.
  ///   - vectorWidth: Length of an action vector; 0 for discrete actions.
  ///   - base: Number of the root's snapshot.
  init(nodes: Int, edges: Int, vectorWidth: Int = 0, base: Int = 0) {
    self.base = base
    let nodes = max(1, nodes)
    let edges = SearchTree.aligned(max(1, edges))
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: Memory(
        nodes: .allocate(capacity: nodes), nodeCapacity: nodes, actions: .allocate(capacity: edges),
        priors: .allocate(capacity: edges), visits: .allocate(capacity: edges), totals: .allocate(capacity: edges),
        rewards: .allocate(capacity: edges), children: .allocate(capacity: edges), means: .allocate(capacity: edges),
        widths: .allocate(capacity: edges), vectors: .allocate(capacity: max(1, edges * vectorWidth)),
        vectorWidth: vectorWidth, edgeCapacity: edges))
    addRoot()
  }

  deinit {
    let memory = memory.pointee
    memory.nodes.deallocate()
    memory.actions.deallocate()
    memory.priors.deallocate()
    memory.visits.deallocate()
    memory.totals.deallocate()
    memory.rewards.deallocate()
    memory.children.deallocate()
    memory.means.deallocate()
    memory.widths.deallocate()
    memory.vectors.deallocate()
    self.memory.deallocate()
  }

  static func aligned(_ count: Int) -> Int { (count + edgeAlignment - 1) / edgeAlignment * edgeAlignment }

  @inline(__always) var nodeCount: Int { memory.pointee.nodeCount }

  /// The node of that number, to read or change; valid until a node is added.
  @inline(__always) func node(_ number: Int) -> UnsafeMutablePointer<Node> { memory.pointee.nodes + number }

  /// The numbers of a node's edges; empty before it is expanded.
  @inline(__always) func edges(of node: Int) -> Range<Int> {
    let node = memory.pointee.nodes + node
    let first = max(0, Int(node.pointee.firstEdge))
    return first..<first &+ Int(node.pointee.edgeCount)
  }

  /// Forgets everything but the root, which is as new.
  func clear() {
    memory.pointee.nodeCount = 0
    memory.pointee.edgeCount = 0
    addRoot()
  }

  private func addRoot() {
    memory.pointee.nodes.initialize(to: Node())
    memory.pointee.nodeCount = 1
  }

  /// A node behind an edge; its number.
  @inline(__always) func addNode(parent: Int, edge: Int) -> Int {
    let number = memory.pointee.nodeCount
    if number == memory.pointee.nodeCapacity { reserve(nodes: number + 1) }
    var node = Node()
    node.parent = Int32(truncatingIfNeeded: parent)
    node.parentEdge = Int32(truncatingIfNeeded: edge)
    (memory.pointee.nodes + number).initialize(to: node)
    memory.pointee.nodeCount = number &+ 1
    memory.pointee.children[edge] = Int32(truncatingIfNeeded: number)
    return number
  }

  /// Gives a node `count` edges without statistics and returns the number of the first; the caller sets `actions` (or
  /// `vectors`) and, where it uses them, `priors`.
  @inline(__always) func expand(_ node: Int, count: Int, capacity: Int = 0) -> Int {
    let room = SearchTree.aligned(max(count, capacity, 1))
    let first = memory.pointee.edgeCount
    if first + room > memory.pointee.edgeCapacity { reserve(edges: first + room) }
    let memory = memory.pointee
    let pointer = memory.nodes + node
    pointer.pointee.firstEdge = Int32(truncatingIfNeeded: first)
    pointer.pointee.edgeCount = Int32(truncatingIfNeeded: count)
    pointer.pointee.edgeCapacity = Int32(truncatingIfNeeded: room)
    for edge in first..<first &+ room {
      memory.visits[edge] = 0
      memory.totals[edge] = 0
      memory.rewards[edge] = 0
      memory.children[edge] = -1
      memory.means[edge] = edge < first &+ count ? 0 : -.infinity
      memory.widths[edge] = 0
    }
    self.memory.pointee.edgeCount = first &+ room
    return first
  }

  /// One edge more for a node that has edges, as progressive widening wants; its number. When their room is used up,
  /// all of the node's edges move to other numbers.
  func appendEdge(to node: Int) -> Int {
    let old = self.node(node).pointee
    if !old.isExpanded { return expand(node, count: 1) }
    let count = Int(old.edgeCount)
    if count == Int(old.edgeCapacity) {
      let first = expand(node, count: count, capacity: 2 * count)
      let memory = memory.pointee
      let source = Int(old.firstEdge)
      func move<Element>(_ array: UnsafeMutablePointer<Element>, _ width: Int = 1) {
        (array + first * width).update(from: array + source * width, count: count * width)
      }
      move(memory.actions)
      move(memory.priors)
      move(memory.visits)
      move(memory.totals)
      move(memory.rewards)
      move(memory.children)
      move(memory.means)
      move(memory.widths)
      move(memory.vectors, memory.vectorWidth)
      for edge in first..<first + count {
        let child = Int(memory.children[edge])
        if child >= 0 && Int(memory.nodes[child].parent) == node { memory.nodes[child].parentEdge = Int32(edge) }
      }
    }
    let edge = Int(self.node(node).pointee.firstEdge) + count
    self.node(node).pointee.edgeCount += 1
    memory.pointee.means[edge] = 0
    return edge
  }

  /// Makes room for at least that many nodes and edges.
  func reserve(nodes: Int = 0, edges: Int = 0) {
    var new = memory.pointee
    func grow<Element>(_ array: inout UnsafeMutablePointer<Element>, used: Int, to capacity: Int) {
      let larger = UnsafeMutablePointer<Element>.allocate(capacity: max(1, capacity))
      larger.moveInitialize(from: array, count: used)
      array.deallocate()
      array = larger
    }
    if nodes > new.nodeCapacity {
      new.nodeCapacity = max(nodes, 2 * new.nodeCapacity)
      grow(&new.nodes, used: new.nodeCount, to: new.nodeCapacity)
    }
    if edges > new.edgeCapacity {
      new.edgeCapacity = SearchTree.aligned(max(edges, 2 * new.edgeCapacity))
      let (used, capacity) = (new.edgeCount, new.edgeCapacity)
      grow(&new.actions, used: used, to: capacity)
      grow(&new.priors, used: used, to: capacity)
      grow(&new.visits, used: used, to: capacity)
      grow(&new.totals, used: used, to: capacity)
      grow(&new.rewards, used: used, to: capacity)
      grow(&new.children, used: used, to: capacity)
      grow(&new.means, used: used, to: capacity)
      grow(&new.widths, used: used, to: capacity)
      grow(&new.vectors, used: used * new.vectorWidth, to: capacity * new.vectorWidth)
    }
    memory.pointee = new
  }
}
