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
  /// c of the selection.
  public var explorationConstant = 0.7
  /// What an unvisited node's value is raised by in the selection (INF).
  public var unvisitedBonus = 1.0
  /// The value from which a complete solution ends the search, 0 to 1.
  public var endGate = 0.9
  /// Steps of the greedy roll-forward, 0 for none.
  public var rollForwardSteps = 3
  /// alpha: how much the greatest value of a roll-forward weighs, 0 to 1.
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

  /// The paper's values for the search, as far as it gives them.
  public init() {}

  /// - Throws: `UserError` for values that cannot work.
  func validate() throws {
    for (value, name) in [
      (iterations, "iterations"), (branch, "branch"), (beam, "beam"), (problems, "problems"), (batches, "batches"),
      (solutions, "solutions"), (memory, "memory"), (minibatch, "minibatch"),
    ] where value < 1 {
      throw UserError("agent.\(name) cannot be \(value)", fix: "Use a whole number from 1 (--set agent.\(name)=)")
    }
    for (value, name) in [(searchSteps, "searchSteps"), (rollForwardSteps, "rollForwardSteps"), (updates, "updates")]
    where value < 0 {
      throw UserError("agent.\(name) cannot be \(value)", fix: "Use a whole number from 0 (--set agent.\(name)=)")
    }
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
    for (value, name, range) in [
      (explorationConstant, "explorationConstant", 0...1e6), (unvisitedBonus, "unvisitedBonus", 0...1e6),
      (endGate, "endGate", 0...1), (rollForwardWeight, "rollForwardWeight", 0...1),
      (temperature, "temperature", 1e-3...1e3),
      (negatives, "negatives", 0...1e6), (passes, "passes", 0...1e6), (learningRate, "learningRate", 0...1e3),
    ] as [(Double, String, ClosedRange<Double>)] where !range.contains(value) {
      throw UserError(
        "agent.\(name) is \(value)", fix: "Use \(range.lowerBound) to \(range.upperBound) (--set agent.\(name)=)")
    }
  }
}
