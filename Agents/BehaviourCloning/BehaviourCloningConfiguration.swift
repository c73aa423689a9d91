import Groundwork

/// What `agent.KEY` sets for behaviour cloning.
public struct BehaviourCloningConfiguration: Codable, Hashable, Sendable {
  /// Replay files, runs or directories of replays, separated by commas; of a directory of replays those that
  /// succeeded, or the best where none did. A resumed run has them in its checkpoint.
  public var demonstrations = ""
  /// Updates between two lines of the log. The budget counts updates: no step is taken.
  public var updates = 100
  /// Transitions of a minibatch.
  public var batchSize = 256
  /// Adam's step size.
  public var learningRate = 1e-3
  /// Units of the hidden layers.
  public var hiddenLayers = [256, 256]

  /// The defaults.
  public init() {}

  /// - Throws: `UserError` for a value out of its range.
  func validate() throws(UserError) {
    try Check.all(
      [
        Check("agent.updates", updates, in: 1...1_000_000),
        Check("agent.batchSize", batchSize, in: SizeLimit.minibatch),
        Check("agent.learningRate", learningRate, in: 1e-12...1),
      ] + Check.layers("agent.hiddenLayers", hiddenLayers))
  }

  /// Rows of a piece of a gradient.
  var pieceRows: Int { LearnerScratch.pieceRows(of: batchSize) }
}
