public import Encoders
import Groundwork

/// What `agent.KEY` sets for DQN.
public struct DQNConfiguration: Codable, Hashable, Sendable, OffPolicySettings {
  /// Environments stepped side by side (N), at least 1.
  public var slots = 8
  /// Batches that the slots are shared out to, which is how many workers can collect at the same time; must divide
  /// `slots`.
  public var batches = 2
  /// Steps of every environment between two turns of learning, at least 1.
  public var steps = 8
  /// Transitions of the slots that are kept; the oldest are given up.
  public var bufferSize = 100_000
  /// Environment steps of random actions before the first update.
  public var learningStarts = 1_000
  /// Updates an environment step.
  public var updateRatio = 0.25
  /// Transitions of a minibatch.
  public var batchSize = 64
  /// Steps whose rewards are added up before a value follows (n).
  public var returnSteps = 1
  /// What a reward one step later is worth (gamma).
  public var discount = 0.99
  /// Whether the online network chooses the next action that the target network values (double Q-learning).
  public var isDouble = true
  /// Updates between two copies of the online network to the target network, at least 1.
  public var targetInterval = 500
  /// How much more often transitions are drawn whose error was large (alpha); 0 draws all equally often.
  public var priorityExponent = 0.0
  /// How much of that is taken back by smaller steps (beta), 0 to 1.
  public var importanceExponent = 0.4
  /// How often an action is drawn at random (epsilon), when learning starts.
  public var explorationStart = 1.0
  /// The same once `explorationSteps` are over, and where an evaluation draws.
  public var explorationEnd = 0.05
  /// Steps over which the one falls linearly to the other.
  public var explorationSteps = 10_000
  /// Adam's step size.
  public var learningRate = 1e-3
  /// The gradient is scaled down to this norm; 0 never.
  public var maximumGradientNorm = 10.0
  /// Units of the hidden layers.
  public var hiddenLayers = [128, 128]
  /// How images of codes are read.
  public var imageEncoder = ImageEncoder.dense
  /// The share of drawn transitions that are told again with a goal that their episode achieved later (hindsight), 0
  /// to 1; above 0 only where rewards depend on a goal.
  public var hindsight = 0.0

  /// The defaults.
  public init() {}

  /// It learns from none.
  var demonstrations: String { "" }

  /// - Throws: `UserError` for a value out of its range, or values that cannot work together.
  func validate() throws(UserError) {
    try Check.all(
      checks + [
        Check("agent.targetInterval", targetInterval, in: 1...1_000_000_000),
        Check("agent.priorityExponent", priorityExponent, in: 0...10),
        Check("agent.importanceExponent", importanceExponent, in: 0...1),
        Check("agent.explorationStart", explorationStart, in: 0...1),
        Check("agent.explorationEnd", explorationEnd, in: 0...1),
        Check("agent.explorationSteps", explorationSteps, in: SizeLimit.steps),
        Check("agent.maximumGradientNorm", maximumGradientNorm, in: 0...1e9),
      ])
    try checkCollection()
    guard priorityExponent == 0 || hindsight == 0 else {
      throw UserError(
        "priorities are of transitions as they were, and hindsight tells them again",
        fix: "Use --set agent.priorityExponent=0 or --set agent.hindsight=0")
    }
  }
}
