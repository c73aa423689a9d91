import ReinforcementLearning

/// Going on with a part of the last tree.
extension UCTSearch {
  /// Makes a node the root and forgets everything that it does not lead to. States move to their new numbers.
  ///
  /// - Complexity: O(nodes + edges) that there are, and a copied snapshot for each node that stays.
  func makeRoot(_ newRoot: Int) {
    precondition(!rules.isOpenLoop, "an open-loop tree keeps no states")
    let old = tree.memory.pointee
    var kept = [Bool](repeating: false, count: old.nodeCount)
    var stack = [newRoot]
    kept[newRoot] = true
    while let node = stack.popLast() {
      for edge in tree.edges(of: node) where old.children[edge] >= 0 && !kept[Int(old.children[edge])] {
        kept[Int(old.children[edge])] = true
        stack.append(Int(old.children[edge]))
      }
    }
    // The new root becomes 0 and the others follow in their order. The old root is not kept, so no number rises, and
    // a state is never written over before it has moved.
    var numbers = [Int32](repeating: -1, count: old.nodeCount)
    var order = [newRoot]
    numbers[newRoot] = 0
    for node in 0..<old.nodeCount where kept[node] && node != newRoot {
      numbers[node] = Int32(order.count)
      order.append(node)
    }
    let keptRoot = lanes[0].playoutIndex
    arena.copy(tree.base + newRoot, to: keptRoot)
    for (number, node) in order.enumerated().dropFirst() where number != node {
      arena.copy(tree.base + node, to: tree.base + number)
    }
    arena.copy(keptRoot, to: tree.base)
    copyNodes(order, numbers)
    progress.pointee.simulations = 0
    progress.pointee.depthTotal = 0
    progress.pointee.deepest = 0
    guard rules.sharesStates else { return }
    transpositions.removeAll()
    for node in 0..<tree.nodeCount where tree.node(node).pointee.outcome == .running {
      guard let digest = arena.digest(tree.base + node) else { continue }
      let key = TranspositionTable.key(digest: digest, elapsed: arena.elapsed(tree.base + node))
      _ = transpositions.find(key, orInsert: node)
    }
  }

  /// Builds the tree of the nodes in `order` anew, whose new numbers are `numbers`.
  private func copyNodes(_ order: [Int], _ numbers: [Int32]) {
    let other = SearchTree(
      nodes: tree.memory.pointee.nodeCapacity, edges: tree.memory.pointee.edgeCapacity, vectorWidth: rules.vectorWidth)
    let old = tree.memory.pointee
    for node in order {
      let number = Int(numbers[node])
      if number > 0 { other.memory.pointee.nodeCount = number + 1 }
      var copy = old.nodes[node]
      let edges = tree.edges(of: node)
      copy.firstEdge = -1
      copy.parent = -1
      copy.parentEdge = -1
      (other.memory.pointee.nodes + number).initialize(to: copy)
      guard !edges.isEmpty else { continue }
      let first = other.expand(number, count: edges.count, capacity: Int(copy.edgeCapacity))
      let new = other.memory.pointee
      for (offset, edge) in edges.enumerated() {
        let target = first + offset
        new.actions[target] = old.actions[edge]
        new.priors[target] = old.priors[edge]
        new.visits[target] = old.visits[edge]
        new.totals[target] = old.totals[edge]
        new.rewards[target] = old.rewards[edge]
        new.children[target] = old.children[edge] < 0 ? -1 : numbers[Int(old.children[edge])]
        new.means[target] = old.means[edge]
        new.widths[target] = old.widths[edge]
        for element in 0..<rules.vectorWidth {
          new.vectors[target * rules.vectorWidth + element] = old.vectors[edge * rules.vectorWidth + element]
        }
      }
    }
    for node in 0..<other.nodeCount {
      for edge in other.edges(of: node) {
        let child = Int(other.memory.pointee.children[edge])
        guard child > 0, other.node(child).pointee.parent < 0 else { continue }
        other.node(child).pointee.parent = Int32(node)
        other.node(child).pointee.parentEdge = Int32(edge)
      }
    }
    // The arrays must change hands before `other` frees its own.
    withExtendedLifetime(other) { swap(&tree.memory.pointee, &other.memory.pointee) }
  }

  /// Whether the states of two snapshots look alike: by digest where there is one, and by what a policy observes.
  func looksAlike(_ a: Int, _ b: Int, _ rows: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)) -> Bool {
    if arena.digest(a) != arena.digest(b) { return false }
    arena.observe(a, into: rows.0)
    arena.observe(b, into: rows.1)
    for byte in 0..<arena.layout.rowBytes
    where rows.0.load(fromByteOffset: byte, as: UInt8.self) != rows.1.load(fromByteOffset: byte, as: UInt8.self) {
      return false
    }
    return true
  }
}
