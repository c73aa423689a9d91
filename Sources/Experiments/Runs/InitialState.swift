public import Groundwork

/// What a run begins with that another one has learnt: networks, the optimizer's moments, statistics of observations, a
/// tuned temperature.
public struct InitialState: Sendable {
  /// How `run.json` names it, so that a run is determined by more than a path.
  public struct Record: Codable, Hashable, Sendable {
    /// The step of the checkpoint that it was read from.
    public var step: Int
    /// Of its arrays.
    public var digest: String
  }

  /// Under the names that `Agent.adopt` expects.
  public let state: SavedState
  /// The step that it was read from, and its digest.
  public let record: Record

  private static let kept = [
    "parameters.", "adam.", "observations.", "background", "temperature.", "temperatureOptimizer.",
  ]

  /// Reads what a run has learnt.
  ///
  /// - Parameters:
  ///   - path: A run's directory, or a checkpoint's.
  ///   - step: The checkpoint of that step; nil for the latest.
  /// - Throws: `UserError` when there is no such run or checkpoint, it is damaged, or its agent has no networks.
  public init(reading path: String, step: Int? = nil) throws(UserError) {
    let checkpoint: Checkpoint
    if Files.exists(path + "/checkpoint.json") {
      checkpoint = try Checkpoint(reading: path)
    } else {
      checkpoint = try RunDirectory(opening: path).checkpoint(step: step)
    }
    var state = SavedState()
    for prefix in ["agent", "agent.learner"] where state.names.isEmpty {
      let part = checkpoint.state.get(prefix: prefix)
      guard part.names.contains(where: { $0.hasPrefix("parameters.") }) else { continue }
      for name in part.names where InitialState.kept.contains(where: name.hasPrefix) {
        state.set(name, part.entries[name]!)
      }
    }
    guard !state.names.isEmpty else {
      throw UserError(
        "'\(path)' holds nothing that another run could begin with: its agent has no networks",
        fix: "Name a run of an agent that has, such as ppo (--from)")
    }
    self.state = state
    record = Record(step: checkpoint.step, digest: ByteDigest(state.safetensors()).description)
  }

  /// The same state as before.
  ///
  /// - Throws: `UserError` when what lies there now is another.
  init(reading path: String, recorded record: Record) throws(UserError) {
    try self.init(reading: path, step: record.step)
    guard self.record == record else {
      throw UserError(
        "'\(path)' is not what the run was begun with: its checkpoint of step \(record.step) is another",
        fix: "Restore it from a copy, or begin a new run with what is there now (--from)")
    }
  }
}
