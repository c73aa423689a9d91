import Groundwork

/// Parameters of robustification by the backward algorithm.
///
/// The published values are for games of thousands of steps; what a gridworld of a hundred needs differs, and the
/// catalog's presets say so.
public struct RobustifyConfiguration: Codable, Hashable, Sendable {
  /// Replay files, runs, comparisons or directories of replays, separated by commas; of a directory of replays those
  /// that succeeded, or the best where none did. A resumed run has them in its checkpoint.
  public var demonstrations = ""
  /// Start points that episodes are drawn from at a time (`nrstartsteps`; 160 for Atari, 40 for the robot).
  public var window = 160
  /// Share of a window's start points from which episodes must succeed for it to move towards the start
  /// (`move_threshold`; 0.1, and 0.2 in the original backward algorithm).
  public var moveThreshold = 0.1
  /// How far a window that does not reach that share moves back towards the end, steps.
  public var retreat = 100
  /// Episodes that must have started in a window before it moves, for each of its start points.
  public var episodesPerStart = 2
  /// Steps that an episode may lag behind its demonstration, or be ahead of it, before its score is held against it.
  public var lag = 50
  /// Steps that an episode may take for each step of the demonstration that remains; `lag` comes on top. Noise makes
  /// episodes longer: 1 in a game whose clock runs by itself.
  public var slack = 2.0
  /// After a success in an episode that goes on, exp(u x this) more steps are played, u uniform in [0, 1), so that
  /// the value does not learn that success is an end.
  public var extraStepsExponent = 1.75
  /// Rewards are scaled so that a demonstration's return is this, on average; 0 leaves them as they are.
  public var demonstrationReturn = 1.0
  /// Weight of the self-imitation of the policy (`sil_coef`); 0 for none.
  public var imitationCoefficient = 0.1
  /// Weight of its value term.
  public var imitationValueCoefficient = 0.01
  /// Steps of demonstrations imitated in each minibatch, up to 256.
  public var imitationBatch = 64
  /// The learner.
  public var learner = PPOConfiguration()

  /// The published values, the learner's too: a discount of 0.999, a clip range of 0.1, a learning rate of 10^-4, an
  /// entropy coefficient of 10^-5.
  public init() {
    learner.discount = 0.999
    learner.clipRange = 0.1
    learner.learningRate = 1e-4
    learner.entropyCoefficient = 1e-5
  }

  /// - Throws: `UserError` for values that cannot work together.
  func validate() throws {
    try learner.validate(path: "agent.learner.")
    guard learner.memory == .none else {
      throw UserError(
        "robustify imitates single steps, of which a memory knows nothing",
        fix: "Leave learner.memory at none, or use ppo")
    }
    try Check.all([
      Check("agent.window", window, in: 1...1_000_000),
      Check(
        "agent.moveThreshold", moveThreshold, moveThreshold > 0 && moveThreshold <= 1, "Use a number above 0, up to 1"),
      Check("agent.retreat", retreat, in: 0...1_000_000_000),
      Check("agent.episodesPerStart", episodesPerStart, in: 1...1_000_000),
      Check("agent.lag", lag, in: 0...1_000_000_000), Check("agent.slack", slack, in: 1...1e9),
      Check("agent.extraStepsExponent", extraStepsExponent, in: 0...20),
      Check("agent.demonstrationReturn", demonstrationReturn, in: 0...1e12),
      Check("agent.imitationCoefficient", imitationCoefficient, in: 0...1e6),
      Check("agent.imitationValueCoefficient", imitationValueCoefficient, in: 0...1e6),
      Check("agent.imitationBatch", imitationBatch, in: 1...SelfImitation.mostSteps),
    ])
    guard !learner.separatesComponents, !learner.normalizesRewards else {
      throw UserError(
        "robustify learns from one reward, which demonstrationReturn scales",
        fix: "Leave learner.separatesComponents and learner.normalizesRewards false")
    }
  }
}
