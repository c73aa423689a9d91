public import Groundwork
public import ReinforcementLearning

/// A run's own settings: its budget, its seed, and when it is evaluated and saved.
///
/// None but `steps` and `seed` changes what is learnt.
public struct RunSettings: Codable, Hashable, Sendable {
  /// Budget in environment steps, at least 1; the iteration that passes it is finished.
  public var steps = 200_000
  /// Determines everything: parameters, episodes, actions.
  public var seed: UInt64 = 0
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

  /// Refuses what no run can be made of.
  public func validate() throws(UserError) {
    func require(_ holds: Bool, _ key: String, _ value: some CustomStringConvertible, _ fix: String) throws(UserError) {
      guard holds else { throw UserError("\(key) cannot be \(value)", fix: fix) }
    }
    try require(steps >= 1, "steps", steps, "Use a whole number from 1 (--steps)")
    try require(evaluations >= 0, "evaluations", evaluations, "Use 0 for none (--set evaluations=0)")
    try require(evaluationEpisodes >= 1, "evaluationEpisodes", evaluationEpisodes, "Use a whole number from 1")
    try require(finalEpisodes >= 1, "finalEpisodes", finalEpisodes, "Use a whole number from 1")
    try require(
      checkpointSeconds >= 0 && checkpointSeconds.isFinite, "checkpointSeconds", checkpointSeconds,
      "Use a number from 0")
    try require(keptCheckpoints >= 0, "keptCheckpoints", keptCheckpoints, "Use a whole number from 0")
  }

  /// Seed of the episodes of evaluation `number` (0 for those during training, 1 for the last one); far from
  /// every training run's, which use small seeds themselves.
  public func evaluationSeed(_ number: Int) -> UInt64 {
    RandomSource.mixed(seed, 0x4556_414c, UInt64(number))
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
