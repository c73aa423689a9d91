import Groundwork
import RealModule
public import ReinforcementLearning

/// Tree search guided by a network, for a batch of roots in lockstep.
///
/// Every simulation goes down all trees, each to a new leaf, steps all leaves, evaluates them in one call of the
/// network and backs their values up. After `init` a search allocates nothing.
///
/// A search belongs to one thread. Split roots into several searches, as many as the configuration says, and give
/// them to `Workers`: results then do not depend on how many there are.
public final class NetworkSearch {
  /// As they were given.
  public let settings: NetworkSearchSettings
  /// The most roots of a search.
  public let roots: Int
  /// Actions of the model.
  public let actionCount: Int
  let trees: SearchBatch
  private let gumbel: GumbelRule
  private let puct: PUCTRule
  /// g of the roots' actions, `[roots, blocks]`.
  private let noise: UnsafeMutablePointer<Lanes>
  /// The improved policy of the roots, `[roots, width]`.
  private let policies: UnsafeMutablePointer<Lanes>
  private let leaves: UnsafeMutablePointer<SearchLeaf>
  /// Considered visit counts, `[maximumConsidered + 1, simulations]`.
  private let prescribed: [Float]
  /// Actions that take part in sequential halving, `[roots]`.
  private var considered: [Int]
  /// PUCT's rate by a node's visits.
  private let rates: [Float]
  /// Logits of all nodes before any action is excluded; only an open loop with illegal actions needs them.
  private var unmasked: [Float] = []
  /// The action to take, `[roots]`.
  public private(set) var actions: [Int]
  /// The value of the improved policy, `[roots]`, for the mover.
  public private(set) var values: [Float]

  /// Room for `roots` trees of `simulations + 1` nodes with an edge for each action: all memory that a search takes.
  public init(_ settings: NetworkSearchSettings, roots: Int, actions: Int) {
    precondition(roots > 0 && actions > 0 && settings.simulations > 0, "a search of no roots, actions or simulations")
    self.settings = settings
    self.roots = roots
    actionCount = actions
    trees = SearchBatch(roots: roots, nodes: settings.simulations + 1, actions: actions)
    gumbel = GumbelRule(
      valueScale: Float(settings.valueScale), visitOffset: Float(settings.visitOffset),
      rescalesValues: settings.rescalesValues)
    puct = PUCTRule(
      explorationOffset: Float(settings.explorationOffset), explorationBase: Float(settings.explorationBase))
    let blocks = trees.blocks
    noise = .allocate(capacity: roots * blocks)
    noise.initialize(repeating: Lanes(), count: roots * blocks)
    policies = .allocate(capacity: roots * blocks)
    policies.initialize(repeating: Lanes(), count: roots * blocks)
    leaves = .allocate(capacity: roots)
    prescribed = SequentialHalving.table(
      maximum: min(settings.maximumConsidered, actions), simulations: settings.simulations)
    considered = [Int](repeating: 0, count: roots)
    rates = (0...(settings.simulations + 1)).map(puct.explorationRate)
    self.actions = [Int](repeating: 0, count: roots)
    values = [Float](repeating: 0, count: roots)
  }

  deinit {
    noise.deallocate()
    policies.deallocate()
    leaves.deallocate()
  }

  /// The improved policy of a root, `[actions]`: softmax(logits + sigma), or PUCT's shares of the visits.
  public func policy(root: Int) -> UnsafePointer<Float> {
    UnsafePointer(UnsafeMutableRawPointer(policies + root * trees.blocks).assumingMemoryBound(to: Float.self))
  }

  /// The network's policy of a root, `[actions]`.
  public func prior(root: Int) -> UnsafePointer<Float> { floats(trees.row(root * trees.nodes).prior) }

  /// The visit counts of a root's actions, `[actions]`.
  public func visits(root: Int) -> UnsafePointer<Float> { floats(trees.row(root * trees.nodes).visits) }

  /// The values of a root's actions, `[actions]`; 0 where there is no visit.
  public func actionValues(root: Int) -> UnsafePointer<Float> { floats(trees.row(root * trees.nodes).value) }

  /// g + logit of a root's actions, `[actions]`; what Gumbel search would act on without simulations.
  public func noisyLogits(root: Int) -> [Float] {
    let logits = floats(trees.row(root * trees.nodes).logits)
    let noise = floats(noise + root * trees.blocks)
    return (0..<actionCount).map { noise[$0] + logits[$0] }
  }

  private func floats(_ lanes: UnsafeMutablePointer<Lanes>) -> UnsafePointer<Float> {
    UnsafePointer(UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Float.self))
  }

  /// Searches from the states that the model holds at its roots.
  ///
  /// - Parameters:
  ///   - count: Roots to search; the first ones.
  ///   - random: For the noise at the roots and, with PUCT, for the drawn action.
  public func run(_ model: some SearchModel, roots count: Int? = nil, random: inout RandomSource) {
    let count = count ?? roots
    precondition(count <= roots && model.actions == actionCount, "a search of other roots or actions")
    openRoots(model, count, &random)
    for simulation in 0..<settings.simulations {
      var new = 0
      for root in 0..<count {
        if descend(root, simulation, model, into: leaves + new) { new += 1 }
      }
      expand(model, new)
    }
    for root in 0..<count { finish(root, &random) }
  }

  private func openRoots(_ model: some SearchModel, _ count: Int, _ random: inout RandomSource) {
    let evaluation = model.evaluateRoots(count)
    for root in 0..<count {
      let index = root * trees.nodes
      let legal = evaluation.legal.map { $0 + root * actionCount }
      let logits = evaluation.logits + root * evaluation.logitStride
      trees.open(index, logits: logits, value: evaluation.values[root * evaluation.valueStride], legal: legal)
      if model.isOpenLoop && legal != nil { keepUnmasked(index, logits) }
      trees.nodeCount[root] = 1
      var valid = actionCount
      if let legal { valid = (0..<actionCount).reduce(0) { $0 + (legal[$1] ? 1 : 0) } }
      considered[root] = min(valid, settings.maximumConsidered)
      switch settings.rule {
      case .gumbel: drawGumbel(root, &random)
      case .puct: mixDirichlet(trees.row(index), legal, &random)
      }
    }
  }

  private func drawGumbel(_ root: Int, _ random: inout RandomSource) {
    let scale = Float(settings.gumbelScale)
    let target = UnsafeMutableRawPointer(noise + root * trees.blocks).assumingMemoryBound(to: Float.self)
    for action in 0..<actionCount { target[action] = scale == 0 ? 0 : scale * GumbelRule.noise(random.uniform()) }
  }

  /// `(1 - fraction) · P + fraction · Dirichlet(alpha)` over the legal actions of a root.
  private func mixDirichlet(_ row: ActionRow, _ legal: UnsafePointer<Bool>?, _ random: inout RandomSource) {
    let fraction = Float(settings.dirichletFraction)
    guard fraction > 0 else { return }
    let prior = UnsafeMutableRawPointer(row.prior).assumingMemoryBound(to: Float.self)
    let share = UnsafeMutableRawPointer(trees.scratch).assumingMemoryBound(to: Float.self)
    var total = 0.0
    for action in 0..<actionCount {
      let drawn = legal?[action] ?? true ? random.gamma(settings.dirichletAlpha) : 0
      share[action] = Float(drawn)
      total += drawn
    }
    guard total > 0 else { return }
    for action in 0..<actionCount {
      prior[action] = (1 - fraction) * prior[action] + fraction * share[action] / Float(total)
    }
  }

  /// Goes down one tree to a new edge.
  ///
  /// - Returns: Whether `leaf` was written and waits for its evaluation; else the simulation ended at a known node and
  ///   is backed up.
  @inline(__always)
  private func descend(
    _ root: Int, _ simulation: Int, _ model: some SearchModel, into leaf: UnsafeMutablePointer<SearchLeaf>
  ) -> Bool {
    let first = root &* trees.nodes
    let steps = trees.path + first
    let isOpenLoop = model.isOpenLoop
    if isOpenLoop { model.restart(root: root) }
    var node = 0
    var depth = 0
    while true {
      let index = first &+ node
      let row = trees.row(index)
      if isOpenLoop, let legal = model.legalActions(root: root) { mask(row, index, legal) }
      let action = choose(root, simulation, index, isRoot: node == 0, row)
      let child = Int(trees.child[index &* trees.width &+ action])
      steps[depth] = SearchBatch.Step(node: Int32(node), action: Int32(action), reward: 0)
      depth &+= 1
      trees.depth[root] = Int32(depth)
      if isOpenLoop {
        let transition = model.follow(root: root, action: action)
        steps[depth &- 1].reward = transition.reward
        if transition.outcome == .terminated {
          trees.backUp(root: root, leafValue: 0, discount: Float(settings.discount))
          return false
        }
        if child >= 0 && (transition.outcome == .truncated || depth >= settings.maximumDepth) {
          trees.backUp(root: root, leafValue: trees.networkValue[first &+ child], discount: Float(settings.discount))
          return false
        }
      }
      if child < 0 {
        let new = trees.nodeCount[root]
        trees.nodeCount[root] = new &+ 1
        trees.child[index &* trees.width &+ action] = new
        leaf.pointee = SearchLeaf(root: Int32(root), parent: Int32(node), action: Int32(action), node: new)
        return true
      }
      if !isOpenLoop {
        steps[depth &- 1].reward = trees.reward[first &+ child]
        if trees.isEnd[first &+ child] || depth >= settings.maximumDepth {
          trees.backUp(root: root, leafValue: trees.networkValue[first &+ child], discount: Float(settings.discount))
          return false
        }
      }
      node = child
    }
  }

  @inline(__always)
  private func choose(_ root: Int, _ simulation: Int, _ index: Int, isRoot: Bool, _ row: ActionRow) -> Int {
    switch settings.rule {
    case .gumbel:
      guard isRoot else {
        return gumbel.interiorAction(row, networkValue: trees.networkValue[index], scratch: trees.scratch)
      }
      return gumbel.rootAction(
        row, networkValue: trees.networkValue[index], noise: noise + root &* trees.blocks,
        prescribed: prescribed[considered[root] &* settings.simulations &+ simulation], scratch: trees.scratch)
    case .puct:
      let visits = trees.nodeVisits[index]
      return puct.action(
        row, nodeValue: trees.nodeValue[index], nodeVisits: visits, rate: rates[min(Int(visits), rates.count &- 1)],
        scratch: trees.scratch)
    }
  }

  /// Steps and evaluates the new leaves, opens their nodes and backs their values up.
  private func expand(_ model: some SearchModel, _ count: Int) {
    guard count > 0 else { return }
    let isOpenLoop = model.isOpenLoop
    let evaluation = model.expand(UnsafeMutableBufferPointer(start: leaves, count: count))
    let discount = Float(settings.discount)
    for place in 0..<count {
      let leaf = leaves[place]
      let root = Int(leaf.root)
      let index = root &* trees.nodes &+ Int(leaf.node)
      if leaf.row < 0 {
        trees.openEnd(index)
      } else {
        let row = Int(leaf.row)
        let logits = evaluation.logits + row &* evaluation.logitStride
        trees.open(
          index, logits: logits, value: evaluation.values[row &* evaluation.valueStride],
          legal: evaluation.legal.map { $0 + row &* actionCount })
        if isOpenLoop && evaluation.legal != nil { keepUnmasked(index, logits) }
        // A time limit cuts the plan there: what would have come is the network's value.
        if leaf.outcome == .truncated && !isOpenLoop { trees.isEnd[index] = true }
      }
      if !isOpenLoop {
        trees.reward[index] = leaf.reward
        trees.path[root &* trees.nodes &+ Int(trees.depth[root]) &- 1].reward = leaf.reward
      }
      trees.backUp(root: root, leafValue: trees.networkValue[index], discount: discount)
    }
  }

  private func keepUnmasked(_ index: Int, _ logits: UnsafePointer<Float>) {
    if unmasked.isEmpty { unmasked = [Float](repeating: 0, count: roots * trees.nodes * actionCount) }
    for action in 0..<actionCount { unmasked[index * actionCount + action] = logits[action] }
  }

  /// Excludes what is not legal in this simulation, although it may have been in an earlier one.
  private func mask(_ row: ActionRow, _ index: Int, _ legal: UnsafePointer<Bool>) {
    unmasked.withUnsafeBufferPointer { trees.setLogits(row, $0.baseAddress! + index * actionCount, legal) }
  }

  /// Writes the action, the improved policy and its value.
  private func finish(_ root: Int, _ random: inout RandomSource) {
    let index = root * trees.nodes
    let row = trees.row(index)
    let policy = policies + root * trees.blocks
    switch settings.rule {
    case .gumbel:
      actions[root] = gumbel.rootAction(
        row, networkValue: trees.networkValue[index], noise: noise + root * trees.blocks,
        prescribed: row.visitTotals.largest, scratch: trees.scratch)
      gumbel.improvedPolicy(row, networkValue: trees.networkValue[index], into: policy)
      let mixed = gumbel.mixedValue(row, networkValue: trees.networkValue[index], visits: row.visitTotals.sum)
      var sum = Lanes()
      for block in 0..<trees.blocks {
        sum +=
          policy[block]
          * row.value[block].replacing(with: Lanes(repeating: mixed), where: row.visits[block] .<= Lanes())
      }
      values[root] = total(sum)
    case .puct:
      let scale = 1 / row.visitTotals.sum
      for block in 0..<trees.blocks { policy[block] = row.visits[block] * scale }
      actions[root] = draw(row, &random)
      values[root] = trees.nodeValue[index]
    }
  }

  /// An action in proportion to its visits to the power of 1/temperature; the most visited at temperature 0.
  private func draw(_ row: ActionRow, _ random: inout RandomSource) -> Int {
    guard settings.temperature > 0 else { return argmax(row.visits, blocks: trees.blocks) }
    let visits = floats(row.visits)
    let largest = Double(row.visitTotals.largest)
    func weight(_ action: Int) -> Double { Double.pow(Double(visits[action]) / largest, 1 / settings.temperature) }
    var left = random.uniform() * (0..<actionCount).reduce(0) { $0 + weight($1) }
    var last = 0
    for action in 0..<actionCount where visits[action] > 0 {
      last = action
      left -= weight(action)
      if left < 0 { break }
    }
    return last
  }
}
