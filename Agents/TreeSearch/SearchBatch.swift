import ReinforcementLearning

/// The trees of a batch of roots, in arrays `[roots, nodes, actions]` that are allocated once.
///
/// Not `SearchTree`: here every simulation adds at most one node to every tree, so all trees have room for as many
/// nodes as there are simulations and are searched in lockstep, their new leaves evaluated together.
final class SearchBatch {
  /// An edge on the path of the running simulation.
  struct Step {
    var node: Int32
    var action: Int32
    var reward: Float
  }

  let roots: Int
  /// Nodes of a tree: one a simulation, and the root.
  let nodes: Int
  let actions: Int
  /// Blocks of eight actions.
  let blocks: Int
  /// Lanes of a row, 8 x blocks.
  let width: Int

  // By edge, `[roots, nodes, blocks]`.
  private let logits: UnsafeMutablePointer<Lanes>
  private let prior: UnsafeMutablePointer<Lanes>
  private let value: UnsafeMutablePointer<Lanes>
  private let visits: UnsafeMutablePointer<Lanes>
  /// Number of the child, -1 before it exists; `[roots, nodes, width]`.
  let child: UnsafeMutablePointer<Int32>
  // By node, `[roots, nodes]`.
  /// Mean of the returns, the network's value among them.
  let nodeValue: UnsafeMutablePointer<Float>
  /// The network's value; 0 where the episode terminated.
  let networkValue: UnsafeMutablePointer<Float>
  let nodeVisits: UnsafeMutablePointer<Float>
  /// The reward of the edge that leads to the node.
  let reward: UnsafeMutablePointer<Float>
  /// Whether the episode ends there.
  let isEnd: UnsafeMutablePointer<Bool>
  // By root.
  let nodeCount: UnsafeMutablePointer<Int32>
  let depth: UnsafeMutablePointer<Int32>
  /// `[roots, nodes]`
  let path: UnsafeMutablePointer<Step>
  /// One row of numbers that a rule works in.
  let scratch: UnsafeMutablePointer<Lanes>
  /// 1/n for n up to the number of nodes.
  private let reciprocals: UnsafeMutablePointer<Float>

  init(roots: Int, nodes: Int, actions: Int) {
    (self.roots, self.nodes, self.actions) = (roots, nodes, actions)
    blocks = ActionRow.blocks(actions)
    width = blocks * 8
    func allocate<Element>(_ count: Int, _ zero: Element) -> UnsafeMutablePointer<Element> {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
      let pointer = raw.bindMemory(to: Element.self, capacity: count)
      pointer.initialize(repeating: zero, count: count)
      return pointer
    }
    let all = roots * nodes
    logits = allocate(all * blocks, Lanes())
    prior = allocate(all * blocks, Lanes())
    value = allocate(all * blocks, Lanes())
    visits = allocate(all * blocks, Lanes())
    child = allocate(all * width, -1)
    nodeValue = allocate(all, 0)
    networkValue = allocate(all, 0)
    nodeVisits = allocate(all, 0)
    reward = allocate(all, 0)
    isEnd = allocate(all, false)
    nodeCount = allocate(roots, 0)
    depth = allocate(roots, 0)
    path = allocate(all, Step(node: 0, action: 0, reward: 0))
    scratch = allocate(blocks, Lanes())
    reciprocals = allocate(nodes + 2, 0)
    for count in 1..<(nodes + 2) { reciprocals[count] = 1 / Float(count) }
  }

  deinit {
    logits.deallocate()
    prior.deallocate()
    value.deallocate()
    visits.deallocate()
    child.deallocate()
    nodeValue.deallocate()
    networkValue.deallocate()
    nodeVisits.deallocate()
    reward.deallocate()
    isEnd.deallocate()
    nodeCount.deallocate()
    depth.deallocate()
    path.deallocate()
    scratch.deallocate()
    reciprocals.deallocate()
  }

  /// The actions of the node at `index` = root x nodes + node.
  @inline(__always) func row(_ index: Int) -> ActionRow {
    let start = index &* blocks
    return ActionRow(
      blocks: blocks, logits: logits + start, prior: prior + start, value: value + start, visits: visits + start)
  }

  /// Fills a new node with what the network says about it.
  ///
  /// - Parameter legal: `[actions]`; nil when all are.
  @inline(__always) func open(
    _ index: Int, logits source: UnsafePointer<Float>, value estimate: Float, legal: UnsafePointer<Bool>?
  ) {
    let row = row(index)
    setLogits(row, source, legal)
    for block in 0..<blocks {
      row.value[block] = Lanes()
      row.visits[block] = Lanes()
    }
    (child + index &* width).update(repeating: -1, count: width)
    nodeValue[index] = estimate
    networkValue[index] = estimate
    nodeVisits[index] = 1
    isEnd[index] = false
  }

  /// Writes logits and prior, without the actions that are not legal.
  @inline(__always) func setLogits(_ row: ActionRow, _ source: UnsafePointer<Float>, _ legal: UnsafePointer<Bool>?) {
    let target = UnsafeMutableRawPointer(row.logits).assumingMemoryBound(to: Float.self)
    if let legal {
      for action in 0..<actions { target[action] = legal[action] ? source[action] : ActionRow.excluded }
    } else {
      target.update(from: source, count: actions)
    }
    for lane in actions..<width { target[lane] = ActionRow.excluded }
    row.normalize()
  }

  /// A new node where the episode terminated: its value is 0, and it is never expanded.
  @inline(__always) func openEnd(_ index: Int) {
    nodeValue[index] = 0
    networkValue[index] = 0
    nodeVisits[index] = 1
    isEnd[index] = true
  }

  /// Adds a return to every edge and node of a root's path: `G <- r + discount · G` from the last edge up.
  ///
  /// - Parameter leafValue: G behind the last edge.
  @inline(__always) func backUp(root: Int, leafValue: Float, discount: Float) {
    var total = leafValue
    let first = root &* nodes
    let steps = path + first
    let values = UnsafeMutableRawPointer(value).assumingMemoryBound(to: Float.self)
    let counts = UnsafeMutableRawPointer(visits).assumingMemoryBound(to: Float.self)
    var place = Int(depth[root])
    while place > 0 {
      place &-= 1
      let step = steps[place]
      let index = first &+ Int(step.node)
      let edge = index &* width &+ Int(step.action)
      total = step.reward + discount * total
      let count = counts[edge] + 1
      counts[edge] = count
      values[edge] += (total - values[edge]) * reciprocals[Int(count)]
      let nodeCount = nodeVisits[index] + 1
      nodeVisits[index] = nodeCount
      nodeValue[index] += (total - nodeValue[index]) * reciprocals[Int(nodeCount)]
    }
  }
}
