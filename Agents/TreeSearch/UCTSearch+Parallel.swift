import Groundwork
import ReinforcementLearning
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A lock for moments: it spins, and after a while lets others run.
final class SpinLock: Sendable {
  private let isHeld = Atomic<Bool>(false)

  @inline(__always) func lock() {
    var spins = 0
    while isHeld.exchange(true, ordering: .acquiring) {
      while isHeld.load(ordering: .relaxed) {
        spins &+= 1
        if spins > 64 { sched_yield() }
      }
    }
  }

  @inline(__always) func unlock() { isHeld.store(false, ordering: .releasing) }
}

/// Several threads on one tree.
extension UCTSearch {
  /// Runs simulations on all lanes at once until that many have begun, the root is proven or `shouldStop` says so.
  ///
  /// The tree is locked on the way down and up; playouts, which take longest, run side by side. A thread counts
  /// `virtualLoss` simulations with the worst return for each edge that it is on, so that others look elsewhere
  /// (Chaslot, Winands and van den Herik 2008). What comes out depends on who was faster.
  ///
  /// - Parameter seed: Of the lanes' own streams.
  func run(simulations: Int, seed: UInt64, on workers: Workers, shouldStop: @Sendable () -> Bool) {
    let lock = SpinLock()
    let begun = Atomic<Int>(0)
    workers.perform(lanes.count) { number in
      let lane = lanes[number]
      var random = RandomSource(seed: seed, purpose: .search, index: number)
      while begun.add(1, ordering: .relaxed).newValue <= simulations && !shouldStop() {
        lock.lock()
        if isSolved {
          lock.unlock()
          return
        }
        let leaf = descend(lane, &random)
        let loss = addVirtualLoss(leaf, lane)
        // In an open loop the state is the lane's own; else the playout copies the leaf's, which others may read too,
        // and which must not move meanwhile.
        if leaf.value == nil && !rules.isOpenLoop { arena.copy(tree.base + leaf.node, to: lane.stateIndex) }
        lock.unlock()
        let value = leaf.value ?? playout(from: lane.stateIndex, lane, &random)
        lock.lock()
        removeVirtualLoss(loss, leaf, lane)
        backUp(leaf, value: value, lane)
        lock.unlock()
      }
    }
  }

  /// Counts the path as lost `virtualLoss` times; the return that each of them was given.
  private func addVirtualLoss(_ leaf: Leaf, _ lane: Lane) -> Double {
    let count = Int32(rules.configuration.virtualLoss)
    let worst = progress.pointee.lowest.isFinite ? progress.pointee.lowest : 0
    guard count > 0 else { return worst }
    let memory = tree.memory.pointee
    for depth in 0..<leaf.depth {
      let edge = lane.edge(at: depth, memory)
      memory.visits[edge] &+= count
      memory.totals[edge] += Double(count) * worst
      // A proven edge keeps its exact value.
      if memory.widths[edge] == 0 && memory.visits[edge] > count { continue }
      memory.means[edge] = Float(memory.totals[edge] / Double(memory.visits[edge]))
      memory.widths[edge] = tables.inverseRoot(memory.visits[edge])
    }
    return worst
  }

  private func removeVirtualLoss(_ worst: Double, _ leaf: Leaf, _ lane: Lane) {
    let count = Int32(rules.configuration.virtualLoss)
    guard count > 0 else { return }
    let memory = tree.memory.pointee
    for depth in 0..<leaf.depth {
      let edge = lane.edge(at: depth, memory)
      memory.visits[edge] &-= count
      memory.totals[edge] -= Double(count) * worst
    }
  }

  /// Adds the root statistics of a search of the same state to this one's.
  func absorb(_ other: UCTSearch) {
    let theirs = other.tree.memory.pointee
    if !tree.node(0).pointee.isExpanded && rules.vectorWidth == 0 && other.tree.node(0).pointee.isExpanded {
      let edges = other.tree.edges(of: 0)
      let first = tree.expand(0, count: edges.count)
      for (offset, edge) in edges.enumerated() { tree.memory.pointee.actions[first + offset] = theirs.actions[edge] }
    }
    for edge in other.tree.edges(of: 0) {
      let target: Int
      if rules.vectorWidth > 0 {
        target = tree.appendEdge(to: 0)
        for element in 0..<rules.vectorWidth {
          tree.memory.pointee.vectors[target * rules.vectorWidth + element] =
            theirs.vectors[edge * rules.vectorWidth + element]
        }
      } else {
        guard let own = tree.edges(of: 0).first(where: { tree.memory.pointee.actions[$0] == theirs.actions[edge] })
        else { continue }
        target = own
      }
      let mine = tree.memory.pointee
      mine.visits[target] += theirs.visits[edge]
      mine.totals[target] += theirs.totals[edge]
      if mine.visits[target] > 0 { mine.means[target] = Float(mine.totals[target] / Double(mine.visits[target])) }
      // What the other search has proven is proven; nobody goes down there again, so the node needs no state.
      let known = Int(theirs.children[edge])
      guard known >= 0, other.tree.node(known).pointee.isProven else { continue }
      let child = mine.children[target] >= 0 ? Int(mine.children[target]) : tree.addNode(parent: 0, edge: target)
      tree.node(child).pointee.proven = other.tree.node(known).pointee.proven
      tree.memory.pointee.rewards[target] = theirs.rewards[edge]
    }
    if other.isSolved && !isSolved { tree.node(0).pointee.proven = other.tree.node(0).pointee.proven }
    tree.node(0).pointee.visits += other.tree.node(0).pointee.visits
    tree.node(0).pointee.total += other.tree.node(0).pointee.total
    progress.pointee.simulations += other.progress.pointee.simulations
    progress.pointee.depthTotal += other.progress.pointee.depthTotal
  }
}
