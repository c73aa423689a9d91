/// The decision at the end of a search.
extension SearchTree {
  /// What makes an edge the better one to play, in this order.
  struct Rank: Comparable {
    /// The proven value; 0 while nothing is proven, so that a proven loss is worse than not knowing.
    var proven: Float
    var visits: Int32
    var total: Double

    static func < (a: Rank, b: Rank) -> Bool { (a.proven, a.visits, a.total) < (b.proven, b.visits, b.total) }
  }

  /// The exact value of an edge; nil while its child is not proven.
  func provenValue(of edge: Int, discount: Double) -> Float? {
    let child = Int(memory.pointee.children[edge])
    guard child >= 0, node(child).pointee.isProven else { return nil }
    return memory.pointee.rewards[edge] + Float(discount) * node(child).pointee.proven
  }

  /// The edge to play from a node: by its proven value, then its visits, then its total return; the first among equals.
  ///
  /// - Parameter isGame: Whether values are those of a zero-sum game, in which 0 is a fair guess for what is not
  ///   proven. If not, proven values count only when all edges have one, since nothing is known of the others'.
  /// - Returns: Nil when the node has no edges that were tried.
  func bestEdge(of node: Int, discount: Double, isGame: Bool) -> Int? {
    let edges = edges(of: node)
    let comparesProven = isGame || edges.allSatisfy { provenValue(of: $0, discount: discount) != nil }
    var best: (edge: Int, rank: Rank)?
    for edge in edges where memory.pointee.visits[edge] > 0 {
      let proven = comparesProven ? provenValue(of: edge, discount: discount) ?? 0 : 0
      let rank = Rank(proven: proven, visits: memory.pointee.visits[edge], total: memory.pointee.totals[edge])
      if best == nil || best!.rank < rank { best = (edge, rank) }
    }
    return best?.edge
  }
}
