public import ReinforcementLearning
import RealModule

/// What came of the search for one problem.
public struct ProcessSearchResult: Sendable, Hashable {
  /// Whether the environment verified the answer: the episode's success.
  public var isSolved: Bool
  /// The answer's actions from the root: the solution, or what the end gate let through; empty without an answer.
  public var actions: [Int]
  /// Rounds of selection and expansion.
  public var rounds: Int
  /// States whose successors were made, the roll-forwards' included.
  public var expansions: Int
  /// Simulator steps.
  public var steps: Int
}

/// Process-guided tree search (the search of ReST-MCTS*) on several problems side by side, in lockstep, so that
/// proposer and judge are asked about a batch of states at a time.
///
/// A round of one problem: (1) from the root, go to the child with the greatest V + c sqrt(2 ln N_parent / N), an
/// unvisited one by V + `unvisitedBonus`, until a node that has not been expanded; (2) step to `branch` proposed
/// successors and judge them; (3) from the best one, follow the greedy proposals `rollForwardSteps` steps and mix:
/// V <- (1 - alpha) V + alpha max(values on the way), N <- N + 1; (4) up to the root: N <- N + 1, and V becomes the
/// mean of the children's values weighted by their visits. The search ends at the first complete solution whose value
/// is at least `endGate`.
///
/// Where this goes beyond the published search:
/// - A complete solution's value is the environment's own success, 1 or 0 (`verifiesLeaves`), and only complete ones
///   are held against the gate, since a partial solution one step from the end of twenty is rightly worth 0.95.
/// - Asking again competes with the children: a node with untried actions is expanded once more where the judge's word
///   on it + c sqrt(2 ln N / times asked) is greater than every child's bound, and in the mean of (4) that word weighs
///   as much as a child that was visited as often. A state is not worthless since its first proposals were, and the
///   search is complete.
/// - A node under which nothing is left to try is passed over.
/// - States that were met before (by digest) are not searched twice.
///
/// What is drawn for a problem depends on its own seed: the other problems of the batch make no difference to it.
///
/// Source: Zhang et al., "ReST-MCTS*: LLM self-training via process reward guided tree search", NeurIPS 2024.
public final class ProcessSearcher: @unchecked Sendable {
  private let configuration: ProcessSearchConfiguration
  private let proposer: any StepProposer
  private let judge: any StepJudge
  private let actionNames: [String]
  let forest: SearchForest
  /// Whether proposals are drawn; else the most probable ones are taken.
  var samples = true
  /// Verified solutions of a problem after which its search ends.
  var wantedSolutions = 1

  private var proposals = StepProposals()
  private var indices: [Int32] = []
  private var seeds: [UInt64] = []
  private var values: [Float] = []

  /// - Parameter recipe: An environment with discrete actions whose steps draw nothing.
  public init(
    _ recipe: EnvironmentRecipe, configuration: ProcessSearchConfiguration, proposer: any StepProposer,
    judge: any StepJudge
  ) {
    guard case .discrete(let names) = recipe.specification.actions else {
      preconditionFailure("process search needs discrete actions")
    }
    self.configuration = configuration
    self.proposer = proposer
    self.judge = judge
    actionNames = names
    forest = SearchForest(
      recipe, signals: Array(Set(proposer.signals + judge.signals)).sorted(),
      rolled: max(1, configuration.rollForwardSteps), usesDigests: configuration.usesDigests)
  }

  /// Searches the episodes of these seeds from their start.
  public func search(episodes seeds: [UInt64]) throws -> [ProcessSearchResult] {
    forest.clear(trees: seeds.count)
    for seed in seeds {
      forest.addTree(seed: seed) { node in
        forest.arena.start(node, seed: seed)
        forest.arena.reseed(node, seed)
      }
    }
    return try search()
  }

  /// Searches from where slots of a batch stand.
  ///
  /// - Parameter seeds: One a slot: what the search draws from, and what its copies are reseeded with.
  public func search(slots: [Int], of batch: BatchView, seeds: [UInt64]) throws -> [ProcessSearchResult] {
    forest.clear(trees: slots.count)
    for (slot, seed) in zip(slots, seeds) {
      forest.addTree(seed: seed) { node in
        forest.arena.load(slot: slot, of: batch, to: node)
        forest.arena.reseed(node, seed)
      }
    }
    return try search()
  }

  /// The proposer's next step where slots of a batch stand, without a search; any legal one where it proposes none.
  ///
  /// - Parameter temperature: 0 for the most probable step.
  func proposeSteps(slots: [Int], of batch: BatchView, seeds: [UInt64], temperature: Double) throws -> [Int] {
    forest.clear(trees: slots.count)
    for (slot, seed) in zip(slots, seeds) {
      forest.addTree(seed: seed) { node in
        forest.arena.load(slot: slot, of: batch, to: node)
        forest.arena.reseed(node, seed)
      }
    }
    let roots = forest.trees.map { Int($0.root) }
    try propose(roots, count: 1, temperature: temperature)
    return roots.indices.map { proposals[$0].first?.action ?? forest.openActions(roots[$0]).firstIndex(of: true) ?? 0 }
  }

  /// Plays episodes from their start by the proposer alone, its most probable step each time.
  func playProposer(episodes seeds: [UInt64]) throws -> [ProposedEpisode] {
    forest.clear(trees: seeds.count)
    for seed in seeds {
      forest.addTree(seed: seed) { node in
        forest.arena.start(node, seed: seed)
        forest.arena.reseed(node, seed)
      }
    }
    while true {
      let going = forest.trees.indices.filter { !forest[Int(forest.trees[$0].root)].hasEnded }
      if going.isEmpty { break }
      try propose(going.map { Int(forest.trees[$0].root) }, count: 1, temperature: 0)
      for (index, tree) in going.enumerated() {
        let open = forest.openActions(Int(forest.trees[tree].root))
        _ = forest.walk(tree, action: proposals[index].first?.action ?? open.firstIndex(of: true) ?? 0)
      }
    }
    return forest.trees.map { tree in
      let node = forest[Int(tree.root)]
      return ProposedEpisode(actions: tree.prefix, total: node.total, isSolved: node.isSolved, outcome: node.outcome)
    }
  }

  private func search() throws -> [ProcessSearchResult] {
    if configuration.order == .guided { try score(forest.trees.map { Int($0.root) }) }
    while true {
      var leaves: [Int] = []
      for tree in forest.trees.indices where !forest.trees[tree].isDone {
        if let leaf = select(tree) { leaves.append(leaf) } else { forest.trees[tree].isDone = true }
      }
      if leaves.isEmpty { break }
      let children = try expand(leaves)
      try judge(children.flatMap(\.self))
      if configuration.order == .guided {
        try rollForward(children.compactMap(best))
        for leaf in leaves { backUp(leaf) }
      }
      for leaf in leaves { finishRound(Int(forest[leaf].tree)) }
    }
    return forest.trees.map { tree in
      ProcessSearchResult(
        isSolved: tree.answer >= 0 && forest[Int(tree.answer)].isSolved,
        actions: tree.answer >= 0 ? forest.path(to: Int(tree.answer)) : [], rounds: tree.rounds,
        expansions: tree.expansions, steps: tree.steps)
    }
  }

  // MARK: The phases of a round

  /// The node to expand next; nil when the search has ended.
  private func select(_ tree: Int) -> Int? {
    let rounds = forest.trees[tree].rounds
    if rounds >= configuration.iterations { return nil }
    if configuration.searchSteps > 0 && forest.trees[tree].steps >= configuration.searchSteps { return nil }
    switch configuration.order {
    case .guided: break
    case .breadthFirst: return nextInLine(tree)
    case .beam: return nextOfBeam(tree)
    }
    var node = Int(forest.trees[tree].root)
    while !forest[node].isExhausted {
      if forest[node].hasEnded {
        // Only reached where leaves are not verified: the judge's word decides.
        if forest[node].value >= Float(configuration.endGate) {
          forest.trees[tree].answer = Int32(node)
          return nil
        }
        forest[node].isExhausted = true
        node = Int(forest.trees[tree].root)
        continue
      }
      guard forest[node].asked > 0 else { return node }
      guard let choice = mostPromising(node) else {
        forest[node].isExhausted = true
        node = Int(forest.trees[tree].root)
        continue
      }
      if choice == node { return node }
      node = choice
    }
    return nil
  }

  /// The child to go on to; the node itself where further proposals promise more; nil where nothing is left to try.
  private func mostPromising(_ node: Int) -> Int? {
    let logarithm = 2 * Double.log(Double(max(1, forest[node].visits)))
    func bound(_ value: Float, _ visits: Int32) -> Double {
      if visits == 0 { return Double(value) + configuration.unvisitedBonus }
      return Double(value) + configuration.explorationConstant * (logarithm / Double(visits)).squareRoot()
    }
    var best: (node: Int, score: Double)?
    for child in forest.children(node) where !forest[child].isExhausted {
      let score = bound(forest[child].value, forest[child].visits)
      if score > best?.score ?? -.infinity { best = (child, score) }
    }
    if !forest[node].isClosed && forest.hasOpenActions(node) {
      let score = bound(forest[node].judged, forest[node].asked)
      if score > best?.score ?? -.infinity { best = (node, score) }
    }
    return best?.node
  }

  /// Breadth-first search's next node: the oldest one that was not expanded.
  private func nextInLine(_ tree: Int) -> Int? {
    while forest.trees[tree].taken < forest.trees[tree].queue.count {
      let node = Int(forest.trees[tree].queue[forest.trees[tree].taken])
      forest.trees[tree].taken += 1
      if !forest[node].hasEnded { return node }
    }
    return nil
  }

  /// Beam search's next node: of those made since the last level, the ones that the judge values most, best first.
  private func nextOfBeam(_ tree: Int) -> Int? {
    if forest.trees[tree].beam.isEmpty {
      let level = forest.trees[tree].queue[forest.trees[tree].taken...].filter { !forest[Int($0)].hasEnded }
      forest.trees[tree].taken = forest.trees[tree].queue.count
      // Nodes are numbered in the order of their making, which decides between equal values.
      let ranked = level.sorted { (-forest[Int($0)].value, $0) < (-forest[Int($1)].value, $1) }
      forest.trees[tree].beam = ranked.prefix(configuration.beam).reversed()
    }
    return forest.trees[tree].beam.popLast().map { Int($0) }
  }

  /// Steps to the proposed successors of each leaf; returns the new nodes.
  private func expand(_ leaves: [Int]) throws -> [[Int]] {
    let asksProposer = configuration.order != .breadthFirst
    if asksProposer {
      try propose(leaves, count: configuration.branch, temperature: samples ? configuration.temperature : 0)
    }
    return leaves.enumerated().map { index, leaf in
      let tree = Int(forest[leaf].tree)
      forest[leaf].asked += 1
      forest.trees[tree].expansions += 1
      let actions =
        asksProposer
        ? proposals[index].map(\.action) : forest.openActions(leaf).indices.filter { forest.openActions(leaf)[$0] }
      if asksProposer && actions.isEmpty { forest[leaf].isClosed = true }
      var children: [Int] = []
      for action in actions {
        precondition(forest.openActions(leaf)[action], "a proposer named an action that is not open")
        guard let child = forest.expand(leaf, action: action) else { continue }
        children.append(child)
        // Breadth-first search ends within an expansion; the others have their children judged together.
        if !asksProposer && forest[child].isSolved && forest.trees[tree].solved.count >= wantedSolutions { break }
      }
      return children
    }
  }

  /// V of new nodes: the environment's success where they are complete, else the judge's.
  private func judge(_ children: [Int]) throws {
    let asked = children.filter { child in
      guard forest[child].hasEnded && configuration.verifiesLeaves else { return true }
      forest[child].value = forest[child].isSolved ? 1 : 0
      forest[child].isExhausted = true
      return false
    }
    guard configuration.order != .breadthFirst else { return }
    try score(asked)
  }

  private func score(_ nodes: [Int]) throws {
    guard !nodes.isEmpty else { return }
    if values.count < nodes.count { values = [Float](repeating: 0, count: nodes.count * 2) }
    try withStates(nodes) { states in
      try values.withUnsafeMutableBufferPointer {
        try judge.score(states, into: UnsafeMutableBufferPointer(rebasing: $0[..<nodes.count]))
      }
    }
    for (index, node) in nodes.enumerated() {
      forest[node].judged = min(1, max(0, values[index]))
      forest[node].value = forest[node].judged
    }
  }

  private func best(_ children: [Int]) -> Int? {
    var best: Int?
    for child in children where forest[child].value > best.map({ forest[$0].value }) ?? -1 { best = child }
    return best
  }

  /// Follows the greedy proposals from each of the nodes and mixes what it saw into the node's value.
  private func rollForward(_ nodes: [Int]) throws {
    struct Roll {
      var node: Int
      var last: Int
      var greatest: Float
    }
    var rolls = nodes.map { Roll(node: $0, last: $0, greatest: forest[$0].value) }
    for step in 0..<configuration.rollForwardSteps {
      let going = rolls.indices.filter { !forest[rolls[$0].last].hasEnded && forest.hasOpenActions(rolls[$0].last) }
      if going.isEmpty { break }
      try propose(going.map { rolls[$0].last }, count: 1, temperature: 0)
      var reached: [Int] = []
      for (index, roll) in going.enumerated() {
        guard let action = proposals[index].first?.action else { continue }
        let tree = Int(forest[rolls[roll].node].tree)
        let target = forest.scratchNode(tree, step)
        forest.roll(rolls[roll].last, to: target, action: action)
        forest.trees[tree].expansions += 1
        rolls[roll].last = target
        reached.append(target)
      }
      try judge(reached)
      for roll in going { rolls[roll].greatest = max(rolls[roll].greatest, forest[rolls[roll].last].value) }
    }
    let alpha = Float(configuration.rollForwardWeight)
    for roll in rolls {
      forest[roll.node].visits += 1
      if roll.last != roll.node {
        forest[roll.node].value = (1 - alpha) * forest[roll.node].value + alpha * roll.greatest
        if forest[roll.last].isSolved && configuration.verifiesLeaves { forest.graft(roll.last) }
      }
    }
  }

  private func backUp(_ leaf: Int) {
    var node = leaf
    while node >= 0 {
      forest[node].visits += 1
      var count = Float(forest[node].asked)
      var sum = forest[node].judged * count
      for child in forest.children(node) {
        sum += forest[child].value * Float(forest[child].visits)
        count += Float(forest[child].visits)
      }
      if count > 0 { forest[node].value = sum / count }
      node = Int(forest[node].parent)
    }
  }

  private func finishRound(_ tree: Int) {
    forest.trees[tree].rounds += 1
    guard configuration.verifiesLeaves, let first = forest.trees[tree].solved.first else { return }
    forest.trees[tree].answer = first
    if forest.trees[tree].solved.count >= wantedSolutions { forest.trees[tree].isDone = true }
  }

  // MARK: Asking

  private func propose(_ nodes: [Int], count: Int, temperature: Double) throws {
    proposals.clear(count: nodes.count)
    try withStates(nodes) {
      try proposer.propose($0, count: count, temperature: temperature, into: &proposals)
    }
  }

  private func withStates(_ nodes: [Int], _ body: (PartialSolutions) throws -> Void) rethrows {
    indices.removeAll(keepingCapacity: true)
    seeds.removeAll(keepingCapacity: true)
    for node in nodes {
      let tree = Int(forest[node].tree)
      indices.append(Int32(node))
      forest.trees[tree].draws += 1
      seeds.append(RandomSource.seed(forest.trees[tree].seed, purpose: .proposals, index: forest.trees[tree].draws))
    }
    let forest = forest
    try indices.withUnsafeBufferPointer { indices in
      try seeds.withUnsafeBufferPointer { seeds in
        try body(
          PartialSolutions(
            count: nodes.count, layout: forest.arena.layout, rows: UnsafeRawPointer(forest.rows),
            indices: indices.baseAddress!, open: UnsafePointer(forest.open), actionNames: actionNames,
            history: { forest.path(to: $0) }, seeds: seeds.baseAddress!))
      }
    }
  }
}

/// An episode that the proposer played alone.
struct ProposedEpisode {
  var actions: [Int]
  var total: Float
  var isSolved: Bool
  var outcome: Outcome
}
