import Groundwork

/// What `agent.KEY` sets for implicit Q-learning; the defaults are those of the paper for control.
public struct IQLConfiguration: Codable, Hashable, Sendable {
  /// Replay files, runs or directories of replays, separated by commas: all that they hold, failures too. A resumed run
  /// has them in its checkpoint.
  public var demonstrations = ""
  /// Updates between two lines of the log. The budget counts updates: no step is taken.
  public var updates = 100
  /// Transitions of a minibatch.
  public var batchSize = 256
  /// Adam's step size, of all networks.
  public var learningRate = 3e-4
  /// What a reward one step later is worth (gamma).
  public var discount = 0.99
  /// How far targets move towards the critics at each update (tau of the averaging), 0 to 1.
  public var targetRate = 0.005
  /// Which expectile of the critics' values the state's value is (tau): 0.5 the mean, towards 1 the best action of the
  /// demonstrations.
  public var expectile = 0.7
  /// How much better actions are imitated more (beta): a weight is exp(beta * advantage).
  public var inverseTemperature = 3.0
  /// What a weight is cut to.
  public var mostWeight = 100.0
  /// Rewards are scaled so that a demonstration's absolute return is this, on average; 0 leaves them as they are.
  public var demonstrationReturn = 100.0
  /// Units of the hidden layers of all networks.
  public var hiddenLayers = [256, 256]

  /// The defaults.
  public init() {}

  /// - Throws: `UserError` for a value out of its range.
  func validate() throws(UserError) {
    try Check.all(
      [
        Check("agent.updates", updates, in: 1...1_000_000),
        Check("agent.batchSize", batchSize, in: SizeLimit.minibatch),
        Check("agent.learningRate", learningRate, in: 1e-12...1), Check("agent.discount", discount, in: 0...1),
        Check("agent.targetRate", targetRate, in: 0...1), Check("agent.expectile", expectile, in: 0...1),
        Check("agent.inverseTemperature", inverseTemperature, in: 0...1e6),
        Check("agent.mostWeight", mostWeight, in: 0...1e30),
        Check("agent.demonstrationReturn", demonstrationReturn, in: 0...1e12),
      ] + Check.layers("agent.hiddenLayers", hiddenLayers))
  }

  /// Rows of a piece of a gradient.
  var pieceRows: Int { LearnerScratch.pieceRows(of: batchSize) }
}
