import Groundwork
public import ReinforcementLearning

/// How a simulation chooses among the edges of a node.
public enum TreeSelection: String, Sendable, Codable, CaseIterable {
  /// `Q(s, a) + c sqrt(ln N(s) / N(s, a))`, untried actions first (Kocsis and Szepesvari 2006, UCB1).
  case uct
  /// `Q(s, a) + c P(s, a) sqrt(N(s)) / (1 + N(s, a))` with equal priors P (Rosin 2011; Silver et al. 2016).
  case puct
}

/// How several threads search for one decision.
public enum SearchParallelism: String, Sendable, Codable, CaseIterable {
  /// One tree under a lock, which playouts do not hold; virtual losses keep the threads apart.
  case tree
  /// A tree for each thread; visits and returns at the root are added up.
  case root
}

/// Who moves for the opponent that an environment holds.
public enum OpponentModel: String, Sendable, Codable, CaseIterable {
  /// The planner itself, for both sides: it expects the best replies.
  case selfPlay
  /// The environment's own opponent, met again and again with other draws.
  case environment
}

/// The settings of the `mcts` agent.
public struct MCTSConfiguration: Codable, Hashable, Sendable {
  /// Simulations for each decision; 0 for no limit but `seconds`.
  public var simulations = 200
  /// Seconds for each decision; 0 for no limit but `simulations`. Results then depend on the machine.
  public var seconds = 0.0
  /// Nodes that a tree may have; once there are so many, simulations end at the nodes there are.
  public var maximumNodes = 1_000_000
  /// How a simulation chooses among actions: `uct` or `puct`.
  public var selection = TreeSelection.uct
  /// Weight of exploration (c), 0 or more; sqrt 2 is UCB1's for returns in 0...1.
  public var explorationConstant = 1.414_213_562_373_095_1
  /// Whether c is multiplied by the spread of the returns seen so far, for returns of any size; only where one player
  /// plays (games are searched with c as it is).
  public var normalizesValues = true
  /// Random playouts that are averaged at each new leaf, at least 1.
  public var rollouts = 1
  /// The most steps of a playout, at least 0; what comes later counts 0.
  public var rolloutLimit = 100
  /// Discount of later rewards (gamma), in 0...1; left out: 1 for two players, 0.99 for one.
  public var discount: Double?
  /// Whether exact values of finished subtrees are backed up (deterministic environments only).
  public var solver = true
  /// Whether states with the same digest at the same time of the episode share their statistics.
  public var transpositions = false
  /// Whether the part of the tree below the action taken is kept for the next decision (deterministic environments
  /// only).
  public var reusesTree = false
  /// Continuous actions: a node visited N times tries at most ceil(coefficient * N^exponent) (k, alpha; Couetoux 2011).
  public var wideningCoefficient = 1.0
  /// Exponent of that rule, in 0..<1.
  public var wideningExponent = 0.5
  /// Share of Dirichlet noise in the root's priors (epsilon), in 0...1; `puct` only.
  public var dirichletFraction = 0.0
  /// Concentration of that noise (alpha), above 0.
  public var dirichletConcentration = 0.3
  /// Who moves for an opponent inside the environment: `selfPlay` or `environment`.
  public var opponentModel = OpponentModel.selfPlay
  /// Threads that search for one decision together; results differ from run to run with more than 1.
  public var searchThreads = 1
  /// How they share the work: `tree` or `root`.
  public var parallelism = SearchParallelism.tree
  /// Simulations that end in the worst return, which a thread counts for a path it is on; 0 or more.
  public var virtualLoss = 1
  /// While training: `mode` takes the best action, `sample` draws in proportion to visits.
  public var choice = ActionChoice.mode
  /// Environments stepped side by side while training (N), at least 1.
  public var environments = 16
  /// Batches that they are shared out to; must divide `environments`.
  public var batches = 2
  /// Steps of every environment in an iteration (T), at least 1.
  public var steps = 32

  /// 200 simulations of UCT with the solver.
  public init() {}

  /// Refuses what would not fit into memory in an environment of such rows and snapshots.
  ///
  /// - Parameter snapshotBytes: Of a state, without what its arrays hold.
  /// - Throws: `UserError` that names the settings.
  func checkSizes(rowBytes: Int, snapshotBytes: Int, actions: Int) throws(UserError) {
    try SizeLimit.checkCollection(
      steps: steps, slots: environments, rowBytes: rowBytes,
      fix: "Use fewer of either (--set agent.steps=, --set agent.environments=)")
    // A decision's simulations add a node each, if any.
    let nodes = simulations > 0 && !reusesTree ? min(maximumNodes, simulations + 2) : maximumNodes
    let trees = parallelism == .root ? searchThreads : 1
    try SizeLimit.check(
      "\(batches * trees) trees of \(nodes) nodes have",
      SizeLimit.product(batches * trees, nodes, snapshotBytes + 40 * (actions + 1)), "bytes",
      most: SizeLimit.collectionBytes, fix: "Use fewer nodes (--set agent.maximumNodes=)")
  }

  /// - Throws: `UserError` for values that no search can have.
  func check() throws(UserError) {
    func count(_ key: String, _ value: Int, _ range: ClosedRange<Int>) -> Check {
      Check("agent." + key, value, in: range)
    }
    func number(_ key: String, _ value: Double, _ range: ClosedRange<Double>) -> Check {
      Check("agent." + key, value, in: range)
    }
    if simulations == 0 && seconds == 0 {
      throw UserError(
        "a search without a budget never ends: agent.simulations and agent.seconds are both 0",
        fix: "Set one of them (--set agent.simulations=200)")
    }
    try Check.all([
      count("simulations", simulations, 0...SizeLimit.simulations.upperBound), number("seconds", seconds, 0...3600),
      count("maximumNodes", maximumNodes, 1...1 << 28), number("explorationConstant", explorationConstant, 0...1e6),
      count("rollouts", rollouts, SizeLimit.simulations), count("rolloutLimit", rolloutLimit, 0...1 << 30),
      number("discount", discount ?? 1, 0...1), number("wideningCoefficient", wideningCoefficient, 1e-6...1e6),
      Check(
        "agent.wideningExponent", wideningExponent, (0..<1).contains(wideningExponent),
        "Use a number from 0 to below 1"),
      number("dirichletFraction", dirichletFraction, 0...1),
      number("dirichletConcentration", dirichletConcentration, 1e-3...1e6),
      count("searchThreads", searchThreads, 1...256),
      count("virtualLoss", virtualLoss, 0...1000), count("environments", environments, SizeLimit.slots),
      count("batches", batches, SizeLimit.slots), count("steps", steps, SizeLimit.rolloutSteps),
    ])
    if dirichletFraction > 0 && selection == .uct {
      throw UserError(
        "agent.dirichletFraction is noise in priors, which uct does not have",
        fix: "Use --set agent.selection=puct, or leave it at 0")
    }
  }
}
