public import Groundwork
public import ReinforcementLearning

/// A run's own settings: its budget, its seed, and when it is evaluated and saved.
///
/// None but `steps`, `seed` and `from` changes what is learnt.
public struct RunSettings: Codable, Hashable, Sendable {
  /// Budget in environment steps, at least 1; the iteration that passes it is finished.
  public var steps = 200_000
  /// Determines everything: parameters, episodes, actions.
  public var seed: UInt64 = 0
  /// The run whose policy this one begins with: its directory for the latest checkpoint, or that of a checkpoint; nil
  /// (or `none`) for one that has learnt nothing yet. Networks, the optimizer's moments and the statistics of
  /// observations are taken over; counters, random streams and all else are new.
  public var from: String?
  /// How many evaluations are spread over the training, 0 for none; one more precedes it.
  public var evaluations = 20
  /// Episodes of each of them.
  public var evaluationEpisodes = 20
  /// Episodes of the last evaluation, whose figures a comparison reports.
  public var finalEpisodes = 100
  /// Whether evaluation draws from the policy or takes its most likely action.
  public var evaluationChoice = ActionChoice.sample
  /// Seconds of wall clock between checkpoints, from 0.
  public var checkpointSeconds = 10.0
  /// Checkpoints that are kept beside the last one, from 0.
  public var keptCheckpoints = 2

  /// The defaults.
  public init() {}

  /// The keys, in order.
  public static let keys = Settings.keys(of: RunSettings())

  /// Whether those keys exist and take values of those types; whether a run can be made of them is not asked.
  public static func takes(_ changes: JSON) -> Bool {
    // Several runs to begin with are several values: nobody's directory is a list.
    if let from = changes["from"]?.string, from.contains(",") { return false }
    return (try? Settings.apply(changes, to: RunSettings(), of: "the run")) != nil
  }

  /// Refuses what no run can be made of.
  public func validate() throws(UserError) {
    try Check.all([
      Check("run.steps", steps, in: 1...1_000_000_000_000_000, fix: "--steps"),
      Check("run.evaluations", evaluations, in: 0...1_000_000),
      Check("run.evaluationEpisodes", evaluationEpisodes, in: SizeLimit.episodes),
      Check("run.finalEpisodes", finalEpisodes, in: SizeLimit.episodes),
      Check("run.checkpointSeconds", checkpointSeconds, in: 0...1e9),
      Check("run.keptCheckpoints", keptCheckpoints, in: 0...1_000_000),
    ])
  }

  /// Seed of the episodes of evaluation `number` (0 for those during training, 1 for the last one); far from
  /// every training run's, which use small seeds themselves.
  public func evaluationSeed(_ number: Int) -> UInt64 {
    RandomSource.seed(seed, purpose: .evaluationEpisodes, index: UInt64(number))
  }

  /// Whether an evaluation is due when training went from one step to another: at `evaluations` evenly spaced
  /// steps, the last at the end of the budget.
  public func isEvaluationDue(from before: Int, to step: Int) -> Bool {
    guard evaluations > 0 else { return false }
    func passed(_ step: Int) -> Int {
      Int(UInt128(min(step, steps)) * UInt128(evaluations) / UInt128(steps))
    }
    return passed(step) > passed(before)
  }
}
