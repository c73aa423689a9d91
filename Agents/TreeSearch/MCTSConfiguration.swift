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

  /// - Throws: `UserError` for values that no search can have.
  func check() throws(UserError) {
    func check(_ key: String, _ value: some CustomStringConvertible, _ holds: Bool, _ range: String) throws(UserError) {
      if !holds { throw UserError("agent.\(key) cannot be \(value)", fix: "Use \(range) (--set agent.\(key)=)") }
    }
    func count(_ key: String, _ value: Int, from least: Int, to most: Int = 1 << 24) throws(UserError) {
      try check(key, value, (least...most).contains(value), "a whole number from \(least) to \(most)")
    }
    func number(_ key: String, _ value: Double, _ range: ClosedRange<Double>) throws(UserError) {
      try check(key, value, range.contains(value), "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    try count("simulations", simulations, from: 0)
    try number("seconds", seconds, 0...3600)
    if simulations == 0 && seconds == 0 {
      throw UserError(
        "a search without a budget never ends: agent.simulations and agent.seconds are both 0",
        fix: "Set one of them (--set agent.simulations=200)")
    }
    try count("maximumNodes", maximumNodes, from: 1, to: 1 << 28)
    try number("explorationConstant", explorationConstant, 0...1e6)
    try count("rollouts", rollouts, from: 1)
    try count("rolloutLimit", rolloutLimit, from: 0, to: 1 << 30)
    if let discount { try number("discount", discount, 0...1) }
    try number("wideningCoefficient", wideningCoefficient, 1e-6...1e6)
    try check("wideningExponent", wideningExponent, (0..<1).contains(wideningExponent), "a number from 0 to below 1")
    try number("dirichletFraction", dirichletFraction, 0...1)
    try number("dirichletConcentration", dirichletConcentration, 1e-3...1e6)
    try count("searchThreads", searchThreads, from: 1, to: 256)
    try count("virtualLoss", virtualLoss, from: 0, to: 1000)
    try count("environments", environments, from: 1)
    try count("batches", batches, from: 1)
    try count("steps", steps, from: 1)
    if dirichletFraction > 0 && selection == .uct {
      throw UserError(
        "agent.dirichletFraction is noise in priors, which uct does not have",
        fix: "Use --set agent.selection=puct, or leave it at 0")
    }
  }
}
