public import Encoders
import Groundwork

/// The parameters of process-guided search and of its self-training.
public struct ProcessSearchConfiguration: Codable, Hashable, Sendable {
  /// Which node a search expands next.
  public enum Order: String, Codable, Sendable, CaseIterable {
    /// The one that the judge's values point at.
    case guided
    /// Level by level, of each the `beam` states that the judge values most (Tree of Thoughts' breadth-first variant:
    /// Yao et al., 2023): a baseline with the same proposer and judge.
    case beam
    /// The oldest, with all its successors: the baseline that needs neither.
    case breadthFirst
  }

  /// What acts in an evaluation.
  public enum Actor: String, Codable, Sendable, CaseIterable {
    /// A search at the start of each episode, whose solution is carried out; without one, the proposer.
    case search
    /// The proposer alone, without any search.
    case proposer
  }

  // The search.
  /// Rounds of a search, at least 1.
  public var iterations = 50
  /// Simulator steps after which a search begins no further round; 0: no such limit.
  public var searchSteps = 0
  /// Which node a search expands next.
  public var order = Order.guided
  /// Proposals of an expansion, at least 1.
  public var branch = 3
  /// States of a level that the order `beam` keeps, at least 1.
  public var beam = 5
  /// The weight of exploration in the selection (c).
  public var explorationConstant = 0.7
  /// What an unvisited node's value is raised by in the selection (INF).
  public var unvisitedBonus = 1.0
  /// The value from which a complete solution ends the search, 0 to 1.
  public var endGate = 0.9
  /// Steps of the greedy roll-forward, 0 for none.
  public var rollForwardSteps = 3
  /// How much the greatest value of a roll-forward weighs, 0 to 1 (alpha).
  public var rollForwardWeight = 0.5
  /// What the proposer's logarithms of probabilities are divided by, above 0.
  public var temperature = 1.0
  /// Whether a complete solution's value is the environment's success; else it is the judge's.
  public var verifiesLeaves = true
  /// Whether states that a search has met before are left out, where the environment has a digest.
  public var usesDigests = true
  /// What acts in an evaluation.
  public var evaluation = Actor.search

  // The self-training.
  /// Problems searched in an iteration; a multiple of `batches`.
  public var problems = 64
  /// Groups of problems that are searched in lockstep, which is how many workers can search at the same time; part of
  /// the configuration, never of the machine.
  public var batches = 8
  /// Verified solutions of a problem after which its search ends in training; an evaluation wants one.
  public var solutions = 1
  /// Whether the networks learn; without, the same search goes on untrained.
  public var learns = true
  /// Whether the proposer alone is tried on each iteration's problems, before it learns from them.
  public var measuresProposer = true
  /// Partial solutions without a verified continuation that the judge learns from, per verified one.
  public var negatives = 2.0
  /// The newest examples that are kept of each kind.
  public var memory = 50_000
  /// Optimizer steps of an iteration, at most.
  public var updates = 100
  /// How often an iteration draws each of the proposer's examples, at most (on average): the first solutions are few,
  /// and a proposer that knows them by heart proposes nothing else.
  public var passes = 256.0
  /// Examples of each kind in an optimizer step.
  public var minibatch = 256
  /// Adam's step size.
  public var learningRate = 1e-3
  /// Units of the hidden layers of both networks.
  public var hiddenLayers = [128, 128]
  /// How both networks read images of codes.
  public var imageEncoder = ImageEncoder.dense

  /// A guided search of 50 rounds with three proposals each, which learns from 64 problems an iteration.
  public init() {}

  /// Refuses what would not fit into memory in an environment of such rows and snapshots.
  ///
  /// - Parameters:
  ///   - rowBytes: Of an observation, the networks' examples.
  ///   - snapshotBytes: Of a state, without what its arrays hold.
  /// - Throws: `UserError` that names the settings.
  func checkSizes(rowBytes: Int, snapshotBytes: Int, actions: Int) throws(UserError) {
    try SizeLimit.check(
      "\(memory) examples have", memory * (rowBytes + 5 * actions), "bytes", most: SizeLimit.collectionBytes,
      fix: "Use fewer (--set agent.memory=)")
    // A round's new states: proposals of one state, of a beam of them, or all successors of one.
    let width =
      switch order {
      case .guided: branch + rollForwardSteps
      case .beam: beam * branch
      case .breadthFirst: actions
      }
    let fix = "Use fewer (--set agent.iterations=, --set agent.problems=, --set agent.branch=, --set agent.beam=)"
    let states = "searches of \(problems) problems in \(iterations) rounds of up to \(width) states have"
    try SizeLimit.check(
      states, SizeLimit.product(problems, iterations, width, rowBytes + snapshotBytes + actions + 128), "bytes",
      most: SizeLimit.collectionBytes, fix: fix)
  }

  /// - Throws: `UserError` for values that cannot work.
  func validate() throws {
    func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> Check {
      Check("agent." + name, value, in: range)
    }
    func number(_ name: String, _ value: Double, _ range: ClosedRange<Double>) -> Check {
      Check("agent." + name, value, in: range)
    }
    try Check.all(
      [
        whole("iterations", iterations, 1...1_000_000), whole("branch", branch, 1...10_000),
        whole("beam", beam, 1...100_000), whole("problems", problems, SizeLimit.slots),
        whole("batches", batches, SizeLimit.slots), whole("solutions", solutions, 1...1_000_000),
        whole("memory", memory, 1...100_000_000), whole("minibatch", minibatch, SizeLimit.minibatch),
        whole("searchSteps", searchSteps, SizeLimit.steps), whole("rollForwardSteps", rollForwardSteps, 0...10_000),
        whole("updates", updates, 0...1_000_000),
      ] + Check.layers("agent.hiddenLayers", hiddenLayers) + [
        number("explorationConstant", explorationConstant, 0...1e6), number("unvisitedBonus", unvisitedBonus, 0...1e6),
        number("endGate", endGate, 0...1), number("rollForwardWeight", rollForwardWeight, 0...1),
        number("temperature", temperature, 1e-3...1e3), number("negatives", negatives, 0...1e6),
        number("passes", passes, 0...1e6), number("learningRate", learningRate, 0...1e3),
      ])
    guard order == .guided || verifiesLeaves else {
      throw UserError(
        "only the guided order can end on the judge's word",
        fix: "Let the environment verify (--set agent.verifiesLeaves=true)")
    }
    guard problems % batches == 0 else {
      throw UserError(
        "\(problems) problems cannot be shared out to \(batches) batches",
        fix: "Use a number that divides them (--set agent.batches=)")
    }
  }
}
