public import NeuralNetworks
public import ReinforcementLearning

/// The environment itself as a search's world: snapshots are stepped, and a network reads their observations.
///
/// The network's output is `[logits, value]`. Where steps draw random numbers it is an open loop. Roots are reseeded,
/// so that a plan cannot see the future of the slot that it was copied from.
public final class SimulatorModel: SearchModel {
  /// Numbered actions of the environment.
  public let actions: Int
  /// Whether the environment's steps draw random numbers.
  public let isOpenLoop: Bool
  /// Where the roots' states go: `rootIndex(root)`.
  public let arena: SnapshotArena
  /// The network's parameters; the learner replaces them.
  public var parameters: Parameters
  private let network: Network
  private let workspace: Workspace<Float>
  private let scratch: SnapshotArena.Scratch
  private let roots: Int
  /// Snapshots of a root: one a node, or the root's and the running simulation's.
  private let stride: Int
  /// Whether the value is squashed to -1...1: in a game that one wins or loses.
  private let squashesValue: Bool
  private let rowBytes: Int
  private let rows: UnsafeMutableRawPointer
  private let values: UnsafeMutablePointer<Float>
  private let masks: UnsafeMutablePointer<Bool>?
  private let pathMask: UnsafeMutableBufferPointer<Bool>
  private var random = RandomSource(seed: 0)
  /// Looks one move ahead for the end of a game: the reward that wins it; nil where it does not look.
  private let winningReward: Float?
  /// The winning move of a row; -1 without one. `[roots]`
  private var winningMoves: [Int]

  /// - Parameters:
  ///   - recipe: The environment that is simulated; of a two-player game the one without an opponent.
  ///   - network: Reads the policy's fields of a row, gives `[actions + 1]`.
  ///   - looksForWins: Whether every new position of a two-player game is searched one move deep for a move that ends
  ///     it with the highest reward there is. Such a position is worth that reward and its prior is that move, whatever
  ///     the network says: a network that overlooks the end of a game misleads a search of few simulations, which
  ///     spends them where its prior points. The smallest case of the solver backup of `UCTSearch`. Without effect
  ///     where steps draw random numbers.
  public init(
    _ recipe: EnvironmentRecipe, network: Network, parameters: Parameters, roots: Int, simulations: Int,
    looksForWins: Bool = false
  ) {
    let specification = recipe.specification
    precondition(specification.actions.isDiscrete, "a search over vectors")
    precondition(network.outputCount == specification.actions.count + 1, "the network gives logits and a value")
    actions = specification.actions.count
    isOpenLoop = specification.isStochastic
    squashesValue = specification.players == 2
    self.network = network
    self.parameters = parameters
    self.roots = roots
    stride = isOpenLoop ? 2 : simulations + 1
    let looksForWins = looksForWins && squashesValue && !isOpenLoop
    winningReward = looksForWins ? Float(specification.rewards.upperBound) : nil
    winningMoves = [Int](repeating: -1, count: roots)
    // One more, to try moves in.
    arena = recipe.makeArena(capacity: roots * stride + 1)
    workspace = network.workspace(rows: roots)
    scratch = SnapshotArena.Scratch(specification)
    rowBytes = arena.layout.rowBytes
    rows = .allocate(byteCount: roots * rowBytes, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: roots * rowBytes)
    values = .allocate(capacity: roots)
    values.initialize(repeating: 0, count: roots)
    pathMask = .allocate(capacity: actions)
    pathMask.initialize(repeating: true)
    if specification.hasIllegalActions {
      masks = .allocate(capacity: roots * actions)
      masks!.initialize(repeating: true, count: roots * actions)
    } else {
      masks = nil
    }
  }

  deinit {
    rows.deallocate()
    values.deallocate()
    masks?.deallocate()
    pathMask.deallocate()
  }

  /// The snapshot of a root.
  public func rootIndex(_ root: Int) -> Int { root * stride }

  /// Copies a slot as a root and gives it other random numbers.
  ///
  /// - Parameter adopts: Whether the slot's environment has another configuration: an opponent inside.
  /// - Returns: False when the environment cannot go on under this one.
  public func load(
    slot: Int, of batch: BatchView, root: Int, adopts: Bool, random: inout RandomSource
  ) -> Bool {
    let index = rootIndex(root)
    arena.load(slot: slot, of: batch, to: index)
    if adopts && !arena.adopt(index) { return false }
    arena.reseed(index, random.next())
    return true
  }

  /// Sets the stream that an open loop reseeds its simulations from.
  public func reseed(_ seed: UInt64) { if isOpenLoop { random = RandomSource(seed: seed) } }

  /// Observes and evaluates the first roots' states.
  public func evaluateRoots(_ count: Int) -> SearchEvaluation {
    for root in 0..<count { observe(rootIndex(root), row: root) }
    return evaluate(count)
  }

  /// Steps snapshots to the leaves and evaluates those that did not terminate, in one call of the network.
  public func expand(_ leaves: UnsafeMutableBufferPointer<SearchLeaf>) -> SearchEvaluation {
    var count = 0
    for place in 0..<leaves.count {
      let leaf = leaves[place]
      let first = Int(leaf.root) &* stride
      let state: Int
      if isOpenLoop {
        state = first &+ 1
      } else {
        state = first &+ Int(leaf.node)
        let transition = arena.advance(first &+ Int(leaf.parent), to: state, action: Int(leaf.action), scratch)
        leaves[place].reward = transition.reward
        leaves[place].outcome = transition.outcome
        guard transition.outcome != .terminated else {
          leaves[place].row = -1
          continue
        }
      }
      observe(state, row: count)
      leaves[place].row = Int32(truncatingIfNeeded: count)
      count &+= 1
    }
    return evaluate(count)
  }

  @inline(__always) private func observe(_ index: Int, row: Int) {
    arena.observe(index, into: rows + row &* rowBytes)
    if let masks {
      arena.legalActions(index, into: UnsafeMutableBufferPointer(start: masks + row &* actions, count: actions))
    }
    if let winningReward { winningMoves[row] = winningMove(index, row: row, reward: winningReward) }
  }

  private func winningMove(_ index: Int, row: Int, reward: Float) -> Int {
    let spare = roots &* stride
    for action in 0..<actions where masks.map({ $0[row &* actions &+ action] }) ?? true {
      let transition = arena.advance(index, to: spare, action: action, scratch)
      if transition.outcome == .terminated && transition.reward >= reward { return action }
    }
    return -1
  }

  private func evaluate(_ count: Int) -> SearchEvaluation {
    let outputs = network.forward(parameters, InputRows(rows, stride: rowBytes), rows: count, workspace).baseAddress!
    let width = actions + 1
    for row in 0..<count { values[row] = outputs[row &* width &+ actions] }
    if squashesValue && count > 0 { Float.activate(count, .tanh, values, into: values) }
    if let winningReward {
      for row in 0..<count where winningMoves[row] >= 0 {
        values[row] = winningReward
        let logits = outputs + row &* width
        for action in 0..<actions { logits[action] = action == winningMoves[row] ? 0 : -20 }
      }
    }
    return SearchEvaluation(
      logits: outputs, logitStride: width, values: values, valueStride: 1, legal: masks.map { UnsafePointer($0) })
  }

  // MARK: Open loop

  /// Copies the root's state for a simulation and reseeds the copy.
  public func restart(root: Int) {
    let first = root * stride
    arena.copy(first, to: first + 1)
    arena.reseed(first + 1, random.next())
  }

  /// Steps that copy in place.
  public func follow(root: Int, action: Int) -> Transition {
    arena.advance(root * stride + 1, to: root * stride + 1, action: action, scratch)
  }

  /// The legal actions where that copy stands, `[actions]`, valid until the next call; nil when all are always legal.
  public func legalActions(root: Int) -> UnsafePointer<Bool>? {
    guard masks != nil else { return nil }
    arena.legalActions(root * stride + 1, into: pathMask)
    return UnsafePointer(pathMask.baseAddress!)
  }
}
