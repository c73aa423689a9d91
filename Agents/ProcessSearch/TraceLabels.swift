/// What a search that found verified solutions teaches: values of its partial solutions, and the steps of its shortest
/// traces.
///
/// Values follow ReST-MCTS*'s rule from V(root) = 0 down the tree:
///
///     V(child) = max(0, V(parent) + (1 - V(parent)) s / m)
///
/// where m, the fewest steps to a verified solution, is 1 at the solution and 1 more at each step before it, so that
/// the k-th of L steps of a shortest trace is worth k / L. States that were reached in several ways are one state here:
/// m is counted over all steps that the search took, so in a maze, where every dead end can be left again, it is the
/// length of the shortest verified trace. s is 1 for a step that comes nearer to the solution, -1 for any other; where
/// a state has no verified continuation, m is what its parent's right successor has, so a wrong step loses what the
/// right one would have gained.
///
/// Source: Zhang et al., ReST-MCTS*, 2024, equation 1 and the labels of its program.
struct TraceLabels {
  struct Value: Hashable {
    var node: Int
    /// 0 to 1
    var label: Float
    /// Whether a verified solution follows from it.
    var isVerified: Bool
  }

  struct Step: Hashable {
    var node: Int
    var action: Int
  }

  /// Partial solutions in the order of their making, neither the root nor complete ones.
  private(set) var values: [Value] = []
  /// The steps of all shortest verified traces, each once.
  private(set) var steps: [Step] = []

  init(_ forest: SearchForest, tree: Int) {
    let tree = forest.trees[tree]
    guard !tree.solved.isEmpty else { return }
    let nodes = tree.queue.map { Int($0) }
    // Nodes by their place in the queue, in which parents come before their children.
    var places: [Int: Int] = [:]
    for (place, node) in nodes.enumerated() { places[node] = place }
    var edges: [(from: Int, action: Int, to: Int)] = []
    for (place, node) in nodes.enumerated() where place > 0 {
      edges.append((places[Int(forest[node].parent)]!, Int(forest[node].action), place))
    }
    for link in tree.links { edges.append((places[Int(link.from)]!, Int(link.action), places[Int(link.to)]!)) }

    let distances = TraceLabels.distances(nodes.map { forest[$0].isSolved }, edges.map { ($0.from, $0.to) })
    var labels = [Float](repeating: 0, count: nodes.count)
    var remaining = [Float](repeating: 1, count: nodes.count)
    remaining[0] = Float(distances[0])
    for (place, node) in nodes.enumerated() where place > 0 {
      let parent = places[Int(forest[node].parent)]!
      let isVerified = distances[place] < .max
      if isVerified {
        remaining[place] = Float(distances[place])
      } else {
        remaining[place] = distances[parent] < .max ? max(1, remaining[parent] - 1) : remaining[parent]
      }
      let sign: Float = isVerified && distances[place] < distances[parent] ? 1 : -1
      labels[place] = max(0, labels[parent] + (1 - labels[parent]) * sign / remaining[place])
      if !forest[node].hasEnded { values.append(Value(node: node, label: labels[place], isVerified: isVerified)) }
    }

    // Along the shortest traces from the root: each step lowers the distance by one.
    var isOnTrace = [Bool](repeating: false, count: nodes.count)
    isOnTrace[0] = distances[0] < .max
    for edge in edges.sorted(by: { (distances[$0.from], $0.from, $0.to) > (distances[$1.from], $1.from, $1.to) })
    where isOnTrace[edge.from] && distances[edge.to] < .max && distances[edge.to] + 1 == distances[edge.from] {
      isOnTrace[edge.to] = true
      steps.append(Step(node: nodes[edge.from], action: edge.action))
    }
  }

  /// The fewest steps to a solved node, counted from 1 there; `Int.max` where there is no way.
  static func distances(_ isSolved: [Bool], _ edges: [(from: Int, to: Int)]) -> [Int] {
    var predecessors = [[Int]](repeating: [], count: isSolved.count)
    for edge in edges { predecessors[edge.to].append(edge.from) }
    var distances = isSolved.map { $0 ? 1 : Int.max }
    var frontier = isSolved.indices.filter { isSolved[$0] }
    while !frontier.isEmpty {
      var next: [Int] = []
      for node in frontier {
        for from in predecessors[node] where distances[from] == .max {
          distances[from] = distances[node] + 1
          next.append(from)
        }
      }
      frontier = next
    }
    return distances
  }
}
