import ReinforcementLearning

/// The way down: selection, expansion and the one step that a simulation takes in the environment.
extension UCTSearch {
  /// Goes from the root to a node without visits, to the end of the episode, or to a proven node.
  @inline(__always) func descend(_ lane: Lane, _ random: inout RandomSource) -> Leaf {
    rules.isOpenLoop ? descendInOpenLoop(lane, &random) : descendByStates(lane, &random)
  }

  /// Every node's state is kept, so one simulation takes one step.
  private func descendByStates(_ lane: Lane, _ random: inout RandomSource) -> Leaf {
    var node = 0
    var depth = 0
    while true {
      let pointer = tree.node(node)
      if pointer.pointee.outcome != .running { return Leaf(node: node, depth: depth, value: 0, isProven: true) }
      if pointer.pointee.isProven {
        return Leaf(node: node, depth: depth, value: Double(pointer.pointee.proven), isProven: true)
      }
      if pointer.pointee.visits == 0 || depth == Lane.pathCapacity { return Leaf(node: node, depth: depth) }
      let edge = choose(node, snapshot: tree.base &+ node, lane, &random)
      let memory = tree.memory.pointee
      let child = Int(memory.children[edge])
      if child < 0 && memory.nodeCount >= nodeLimit { return Leaf(node: node, depth: depth) }
      lane.path[depth] = Lane.Step(
        node: Int32(truncatingIfNeeded: node),
        offset: Int32(truncatingIfNeeded: edge) &- memory.nodes[node].firstEdge, reward: memory.rewards[edge])
      depth &+= 1
      node = child >= 0 ? child : addChild(of: node, edge, lane, depth)
    }
  }

  /// Takes the step of an edge; the new node's number, or that of the node which stands for the same state.
  @inline(__always) private func addChild(of node: Int, _ edge: Int, _ lane: Lane, _ depth: Int) -> Int {
    let child = tree.addNode(parent: node, edge: edge)
    let index = tree.base &+ child
    if index >= arena.capacity { arena.reserve(index + 1) }
    let transition = step(from: tree.base &+ node, to: index, edge, lane)
    lane.path[depth &- 1].reward = transition.reward
    tree.memory.pointee.rewards[edge] = transition.reward
    tree.node(child).pointee.outcome = transition.outcome
    guard rules.sharesStates, transition.outcome == .running, let digest = arena.digest(index) else { return child }
    let key = TranspositionTable.key(digest: digest, elapsed: arena.elapsed(index))
    guard let known = transpositions.find(key, orInsert: child) else { return child }
    tree.memory.pointee.nodeCount &-= 1
    tree.memory.pointee.children[edge] = Int32(truncatingIfNeeded: known)
    return known
  }

  @inline(__always) private func step(from source: Int, to target: Int, _ edge: Int, _ lane: Lane) -> Transition {
    let memory = tree.memory.pointee
    if rules.vectorWidth == 0 {
      return arena.advance(source, to: target, action: Int(memory.actions[edge]), lane.scratch)
    }
    for element in 0..<rules.vectorWidth {
      lane.scratch.actions.continuous[element] = memory.vectors[edge &* rules.vectorWidth &+ element]
    }
    return arena.advance(source, to: target, lane.scratch)
  }

  /// Steps a copy of the root with fresh draws; an edge's reward and a node's end are only this simulation's.
  private func descendInOpenLoop(_ lane: Lane, _ random: inout RandomSource) -> Leaf {
    let state = lane.stateIndex
    arena.copy(rootIndex, to: state)
    arena.reseed(state, random.next())
    var node = 0
    var depth = 0
    while tree.node(node).pointee.visits > 0 && depth < Lane.pathCapacity {
      let edge = choose(node, snapshot: state, lane, &random)
      let memory = tree.memory.pointee
      let child = Int(memory.children[edge])
      if child < 0 && memory.nodeCount >= nodeLimit { return Leaf(node: node, depth: depth) }
      let transition = step(from: state, to: state, edge, lane)
      memory.rewards[edge] = transition.reward
      lane.path[depth] = Lane.Step(
        node: Int32(truncatingIfNeeded: node),
        offset: Int32(truncatingIfNeeded: edge) &- memory.nodes[node].firstEdge, reward: transition.reward)
      depth &+= 1
      node = child >= 0 ? child : tree.addNode(parent: node, edge: edge)
      if transition.outcome != .running { return Leaf(node: node, depth: depth, value: 0) }
    }
    return Leaf(node: node, depth: depth)
  }

  // MARK: Selection

  /// The edge that the simulation takes from a node; gives the node its edges if it has none.
  @inline(__always) private func choose(
    _ node: Int, snapshot: Int, _ lane: Lane, _ random: inout RandomSource
  ) -> Int {
    let pointer = tree.node(node)
    if rules.vectorWidth > 0 {
      if Int(pointer.pointee.edgeCount) < rules.wideningLimit(visits: Int(pointer.pointee.visits)) {
        return widen(node, &random)
      }
    } else if !pointer.pointee.isExpanded {
      expand(node, snapshot: snapshot, lane, &random)
    }
    let memory = tree.memory.pointee
    let parent = memory.nodes + node
    let first = Int(parent.pointee.firstEdge)
    let count = Int(parent.pointee.edgeCount)
    if rules.isOpenLoop && rules.playout.hasMasks { return chooseLegal(node, snapshot: snapshot, lane, &random) }
    if rules.usesPriors { return chooseByPriors(parent.pointee, memory) }
    let tried = Int(parent.pointee.triedCount)
    if tried < count {
      // A random one of the untried actions is next, so that no order of actions is favoured.
      let other = first &+ random.integer(in: tried..<count)
      let action = memory.actions[first &+ tried]
      memory.actions[first &+ tried] = memory.actions[other]
      memory.actions[other] = action
      parent.pointee.triedCount = Int32(truncatingIfNeeded: tried &+ 1)
      return first &+ tried
    }
    if rules.sharesStates { refreshMeans(first..<first &+ count, memory) }
    let factor = explorationFactor * tables.rootLogarithm(parent.pointee.visits)
    var best = first
    var bestScore = -Float.infinity
    for edge in first..<first &+ count {
      let score = memory.means[edge] + factor * memory.widths[edge]
      if score > bestScore {
        bestScore = score
        best = edge
      }
    }
    return best
  }

  /// c, times the spread of the returns where that is asked for.
  @inline(__always) var explorationFactor: Float {
    guard rules.scalesExploration else { return rules.exploration }
    let spread = Float(progress.pointee.highest - progress.pointee.lowest)
    return spread > 0 && spread.isFinite ? rules.exploration * spread : rules.exploration
  }

  /// Where nodes are shared, what an edge is worth is what its child is worth by all that passed through it.
  private func refreshMeans(_ edges: Range<Int>, _ memory: SearchTree.Memory) {
    for edge in edges where memory.children[edge] >= 0 {
      let child = memory.nodes + Int(memory.children[edge])
      if child.pointee.isProven { memory.widths[edge] = 0 } else if child.pointee.visits == 0 { continue }
      let value =
        child.pointee.isProven ? Double(child.pointee.proven) : child.pointee.total / Double(child.pointee.visits)
      memory.means[edge] = memory.rewards[edge] + Float(rules.discount * value)
    }
  }

  /// `Q + c P sqrt(N) / (1 + n)`; an untried action's Q is 0.
  private func chooseByPriors(_ node: SearchTree.Node, _ memory: SearchTree.Memory) -> Int {
    let first = Int(node.firstEdge)
    let edges = first..<first + Int(node.edgeCount)
    if rules.sharesStates { refreshMeans(edges, memory) }
    let factor = explorationFactor * Float(node.visits).squareRoot()
    var best = first
    var bestScore = -Float.infinity
    for edge in edges {
      let child = Int(memory.children[edge])
      let isProven = child >= 0 && memory.nodes[child].isProven
      let bonus = isProven ? 0 : factor * memory.priors[edge] / Float(1 &+ memory.visits[edge])
      let score = memory.means[edge] + bonus
      if score > bestScore {
        bestScore = score
        best = edge
      }
    }
    return best
  }

  /// The same rules among the actions that are legal in this simulation, where chance decides which are.
  private func chooseLegal(_ node: Int, snapshot: Int, _ lane: Lane, _ random: inout RandomSource) -> Int {
    let memory = tree.memory.pointee
    let first = Int(memory.nodes[node].firstEdge)
    let mask = lane.scratch.mask
    arena.legalActions(snapshot, into: mask)
    let visits = memory.nodes[node].visits
    let factor =
      explorationFactor * (rules.usesPriors ? Float(visits).squareRoot() : tables.rootLogarithm(visits))
    var best = first
    var bestScore = -Float.infinity
    var untried = 0
    for action in 0..<mask.count where mask[action] {
      let edge = first + action
      if !rules.usesPriors && memory.visits[edge] == 0 {
        // A random one of the untried actions: the k-th replaces the choice with probability 1 / k.
        untried += 1
        if random.integer(in: 0..<untried) == 0 { best = edge }
        bestScore = .infinity
        continue
      }
      let bonus =
        rules.usesPriors ? memory.priors[edge] / Float(1 &+ memory.visits[edge]) : memory.widths[edge]
      let score = memory.means[edge] + factor * bonus
      if score > bestScore {
        bestScore = score
        best = edge
      }
    }
    return best
  }

  // MARK: Expansion

  /// Gives a node an edge for each legal action, or for every action where chance decides which are legal.
  private func expand(_ node: Int, snapshot: Int, _ lane: Lane, _ random: inout RandomSource) {
    let mask = lane.scratch.mask
    let takesAll = !rules.playout.hasMasks || rules.isOpenLoop
    var count = rules.actionCount
    if !takesAll {
      arena.legalActions(snapshot, into: mask)
      count = 0
      for isLegal in mask { count &+= isLegal ? 1 : 0 }
      precondition(count > 0, "a running episode has a legal action")
    }
    let first = tree.expand(node, count: count)
    let memory = tree.memory.pointee
    var edge = first
    for action in 0..<rules.actionCount where takesAll || mask[action] {
      memory.actions[edge] = Int32(truncatingIfNeeded: action)
      edge &+= 1
    }
    guard rules.usesPriors else { return }
    if !rules.isOpenLoop {
      for last in stride(from: count - 1, through: 1, by: -1) {
        let other = first + random.integer(in: 0..<last + 1)
        (memory.actions[first + last], memory.actions[other]) = (memory.actions[other], memory.actions[first + last])
      }
    }
    for edge in first..<first + count { memory.priors[edge] = 1 / Float(count) }
    if node == 0 { addNoise(&random) }
  }

  /// Mixes Dirichlet noise into the root's equal priors.
  func addNoise(_ random: inout RandomSource) {
    let fraction = Float(rules.configuration.dirichletFraction)
    let edges = tree.edges(of: 0)
    guard rules.usesPriors, fraction > 0, !edges.isEmpty else { return }
    let noise = random.dirichlet(edges.count, concentration: rules.configuration.dirichletConcentration)
    for (edge, share) in zip(edges, noise) {
      tree.memory.pointee.priors[edge] = (1 - fraction) / Float(edges.count) + fraction * Float(share)
    }
  }

  /// A random action of the root, for a search that had no simulation to try one.
  func anyEdge(_ random: inout RandomSource) -> Int {
    if rules.vectorWidth > 0 { return tree.edges(of: 0).first ?? widen(0, &random) }
    let lane = lanes[0]
    if !tree.node(0).pointee.isExpanded { expand(0, snapshot: rootIndex, lane, &random) }
    let edges = tree.edges(of: 0)
    guard rules.isOpenLoop && rules.playout.hasMasks else { return random.integer(in: edges) }
    arena.legalActions(rootIndex, into: lane.scratch.mask)
    let legal = edges.filter { lane.scratch.mask[$0 - edges.lowerBound] }
    return legal[random.integer(in: 0..<legal.count)]
  }

  /// A new random vector for a node of continuous actions.
  private func widen(_ node: Int, _ random: inout RandomSource) -> Int {
    let edge = tree.appendEdge(to: node)
    let vectors = tree.memory.pointee.vectors + edge * rules.vectorWidth
    for element in 0..<rules.vectorWidth {
      let (low, high) = (rules.playout.low[element], rules.playout.high[element])
      vectors[element] = low + (high - low) * random.uniformFloat()
    }
    tree.node(node).pointee.triedCount = tree.node(node).pointee.edgeCount
    return edge
  }
}
