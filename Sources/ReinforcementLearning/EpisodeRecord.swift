/// An episode that ended.
public struct EpisodeRecord: Sendable, Hashable {
  /// The slot's number in the run.
  public var slot: Int
  /// The step of the rollout in which it ended.
  public var time: Int
  /// The episode's number in its slot, from 0.
  public var episode: Int
  /// What the episode was reset with: with the actions, all that it takes to step it again.
  public var seed: UInt64
  /// Steps.
  public var length: Int
  /// The undiscounted sum of the environment's rewards.
  public var environmentReturn: Double
  /// Whether any transition was a success, be that a measure of the task or not.
  public var success: Bool
  /// How it ended: terminated or truncated. An episode that a director gave up counts as truncated.
  public var outcome: Outcome
  /// Actions in order, `width` numbers each; empty where the batch does not record them.
  public var actions: [Float]
  /// The specification's measures in its order; NaN for one that whoever made the record did not know.
  public var measures: [Double]
  /// By measure in the same order, the values after 1, 2, 5, 10, ... steps; empty for a measure without a curve, and
  /// empty altogether where none has one.
  public var curves: [[Double]]
  /// Whether it was cut because the environment broke, for a record without measures; nil where nobody looked.
  public var isFault: Bool?

  /// A record of those values; without measures it gets those that return, length, success and `isFault` give when a
  /// session counts it.
  public init(
    slot: Int, time: Int, episode: Int, seed: UInt64, length: Int, environmentReturn: Double, success: Bool,
    outcome: Outcome, actions: [Float], measures: [Double] = [], curves: [[Double]] = [],
    isFault: Bool? = nil
  ) {
    self.slot = slot
    self.time = time
    self.episode = episode
    self.seed = seed
    self.length = length
    self.environmentReturn = environmentReturn
    self.success = success
    self.outcome = outcome
    self.actions = actions
    self.measures = measures
    self.curves = curves
    self.isFault = isFault
  }

  /// The same record with the measures that return, length and success give, when it has none: for agents that keep
  /// the record of their episodes by themselves.
  func withMeasures(of specification: Specification) -> EpisodeRecord {
    guard measures.isEmpty else { return self }
    var record = self
    record.measures = specification.measures.map { measure in
      switch EpisodeHistory.Entry(measure, traced: 0) {
      case .environmentReturn: environmentReturn
      case .length: Double(length)
      case .success: success ? 1 : 0
      case .traced: measure.isFault ? isFault.map { $0 ? 1 : 0 } ?? .nan : .nan
      }
    }
    return record
  }
}
