@testable import Search
import ReinforcementLearning
import Testing

/// The order in which OpenSpiel's `best_child` prefers the children of a root, case by case.
@Suite("The edge to play") struct BestEdgeTests {
  /// An edge's visits, total return and proven value.
  typealias Candidate = (visits: Int32, total: Double, proven: Float?)

  /// Which of the edges is played.
  private func best(_ candidates: [Candidate], isGame: Bool = true) -> Int? {
    let tree = SearchTree(nodes: 8, edges: 8)
    let first = tree.expand(0, count: candidates.count)
    for (offset, candidate) in candidates.enumerated() {
      tree.memory.pointee.visits[first + offset] = candidate.visits
      tree.memory.pointee.totals[first + offset] = candidate.total
      let child = tree.addNode(parent: 0, edge: first + offset)
      // The child's value is its own mover's: the sign turns on the way up.
      if let proven = candidate.proven { tree.node(child).pointee.proven = -proven }
    }
    return tree.bestEdge(of: 0, discount: -1, isGame: isGame).map { $0 - first }
  }

  @Test("the most visited one while nothing is proven")
  func mostVisited() { #expect(best([(50, 30, nil), (40, 40, nil)]) == 0) }

  @Test("a proven win rather than the most visited one")
  func winOverVisits() { #expect(best([(50, 30, nil), (40, 40, 1)]) == 1) }

  @Test("the best rather than a good proven value")
  func bestOverGood() { #expect(best([(50, 30, 0.5), (40, 40, 0.8)]) == 1) }

  @Test("a bad rather than the worst proven value")
  func badOverWorst() { #expect(best([(50, 30, -0.5), (40, 40, -0.8)]) == 0) }

  @Test("a small proven gain rather than one that only promises more")
  func positiveOverPromising() { #expect(best([(50, 40, nil), (10, 1, 0.1)]) == 1) }

  @Test("the most visited one rather than a proven loss")
  func visitsOverLoss() { #expect(best([(50, 30, nil), (40, 40, -1)]) == 0) }

  @Test("the most visited one rather than a proven draw")
  func visitsOverDraw() { #expect(best([(50, 40, nil), (40, 20, 0)]) == 0) }

  @Test("what is not proven rather than the most visited loss")
  func uncertaintyOverLoss() { #expect(best([(50, 30, -1), (40, 20, nil)]) == 1) }

  @Test("of proven losses the one that took longest to prove")
  func slowestLoss() { #expect(best([(50, 10, -1), (60, 15, -1), (40, 20, -1)]) == 1) }

  @Test("returns decide between equal visits, and the first of equals is taken")
  func ties() {
    #expect(best([(40, 10, nil), (40, 20, nil)]) == 1)
    #expect(best([(40, 20, nil), (40, 20, nil)]) == 0)
  }

  @Test("for one player a proven value counts only beside other proven values")
  func onePlayer() {
    #expect(best([(50, 30, nil), (40, 40, 1)], isGame: false) == 0)
    #expect(best([(50, 30, 0.5), (40, 40, 1)], isGame: false) == 1)
  }

  @Test("an edge that was never tried is never played")
  func untried() {
    #expect(best([(0, 0, nil), (1, -1, nil)]) == 1)
    #expect(best([(0, 0, nil)]) == nil)
  }
}
