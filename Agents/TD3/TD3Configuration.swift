import Groundwork

/// What `agent.KEY` sets for TD3. The defaults are those of the paper and of Stable-Baselines3, but for many slots.
public struct TD3Configuration: Codable, Hashable, Sendable, OffPolicySettings {
  /// Environments stepped side by side (N), at least 1.
  public var slots = 8
  /// Batches that the slots are shared out to, which is how many workers can collect at the same time; must divide
  /// `slots`.
  public var batches = 2
  /// Steps of every environment between two turns of learning, at least 1.
  public var steps = 8
  /// Transitions of the slots that are kept; the oldest are given up.
  public var bufferSize = 1_000_000
  /// Environment steps of random actions before the first update; 0 with demonstrations to learn from at once.
  public var learningStarts = 1_000
  /// Steps for which each of those random actions is held, so that they lead somewhere, at least 1.
  public var explorationHold = 1
  /// The share of steps with such an action while it learns, 0 to 1; hindsight's authors took 0.3. 0 leaves exploring
  /// to the policy.
  public var explorationShare = 0.0
  /// Deviation of the noise that is added to actions within -1...1 while they are collected.
  public var explorationNoise = 0.1
  /// Updates an environment step.
  public var updateRatio = 1.0
  /// Transitions of a minibatch.
  public var batchSize = 256
  /// Steps whose rewards are added up before a value follows (n). Above 1 they are the behaviour's, not the policy's.
  public var returnSteps = 1
  /// What a reward one step later is worth (gamma).
  public var discount = 0.99
  /// How far targets move towards critics and actor whenever they move (tau), 0 to 1.
  public var targetRate = 0.005
  /// Deviation of the noise that smooths the actions of targets.
  public var targetNoise = 0.2
  /// What that noise is cut to.
  public var targetNoiseLimit = 0.5
  /// Updates of the critics for one of the actor and the targets (d), at least 1.
  public var policyDelay = 2
  /// Adam's step size, of actor and critics.
  public var learningRate = 1e-3
  /// Whether observations are brought to a running mean of 0 and variance of 1, and cut to 10.
  public var normalizesObservations = false
  /// Units of the hidden layers of actor and critics.
  public var hiddenLayers = [256, 256]
  /// The share of drawn transitions that are told again with a goal that their episode achieved later (hindsight), 0
  /// to 1; above 0 only where rewards depend on a goal.
  public var hindsight = 0.0
  /// Replay files, runs or directories of replays, separated by commas, that are learnt from beside what is collected
  /// and are never given up; of a directory of replays those that succeeded. Empty for none.
  public var demonstrations = ""

  /// The defaults.
  public init() {}

  /// - Throws: `UserError` for a value out of its range, or values that cannot work together.
  func validate() throws(UserError) {
    try Check.all(
      checks + [
        Check("agent.explorationHold", explorationHold, in: 1...1_000_000),
        Check("agent.explorationShare", explorationShare, in: 0...1),
        Check("agent.explorationNoise", explorationNoise, in: 0...10), Check("agent.targetRate", targetRate, in: 0...1),
        Check("agent.targetNoise", targetNoise, in: 0...10),
        Check("agent.targetNoiseLimit", targetNoiseLimit, in: 0...10),
        Check("agent.policyDelay", policyDelay, in: 1...1_000),
      ])
    try checkCollection()
  }
}
