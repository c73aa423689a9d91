import Groundwork

/// The settings of `PolicyGoExplore`; the defaults are the published ones for Atari, whose episodes take thousands of
/// steps. What a gridworld of hundreds needs differs, and the catalog's presets say so.
public struct PolicyGoExploreConfiguration: Codable, Hashable, Sendable {
  /// How the network is told its goal.
  public enum GoalInput: String, Codable, Hashable, Sendable, CaseIterable {
    /// The goal's own numbers, one-hot where they are few: published, for games whose frame shows the player.
    case absolute
    /// How the goal's numbers differ from those of the present cell: for observations from the agent's own view.
    case relative
    /// Both.
    case both
  }

  /// What tells cells apart: empty for what the environment declares, or an expression over its fields such as
  /// `position/2, carried` (`CellExpression`).
  public var cell = ""
  /// How the network is told its goal.
  public var goalInput = GoalInput.absolute
  /// Cells of the trajectory, from the next one on, any of which counts as reached (`soft_traj_win_size`), 1 to 1000.
  public var window = 10
  /// A cell is chosen with weight 1 / (1 + this x the actions that ended in it).
  public var actionWeight = 0.5
  /// The reward for reaching a cell of the trajectory.
  public var subgoalReward = 1.0
  /// The reward for reaching its last one.
  public var finalReward = 3.0
  /// The environment's reward of a step is clipped to plus and minus this.
  public var gameRewardLimit = 2.0
  /// Steps to the next cell beyond those that the stored trajectory took after which an episode is abandoned.
  public var subgoalSteps = 1000
  /// Steps explored without a new cell after which an episode is abandoned.
  public var newCellSteps = 1000
  /// Steps after which an exploring policy is given another goal.
  public var explorationGoalSteps = 100
  /// Probability that an episode explores with random actions, not with goals for the policy.
  public var randomShare = 0.5
  /// Mean number of steps for which a random action is held, at least 1.
  public var meanHold = 20.0
  /// Probability that an exploring policy's goal is a cell beside the present one that the archive lacks, where there
  /// is one.
  public var unknownNeighbourProbability = 0.1
  /// Else the probability that it is any cell beside it; else it is drawn as the trajectories' ends are.
  public var neighbourProbability = 0.25
  /// An overdue policy's logits are divided by 1 + (this x steps overdue)^2, which raises its entropy
  /// (`inc_ent_fac`).
  public var heatRate = 0.01
  /// Steps without a new cell from which on an exploring policy is overdue; one that follows a trajectory is when it
  /// takes longer to the next cell than the trajectory did.
  public var explorationPatience = 50
  /// Weight of the self-imitation of the policy (`sil_coef`); 0 for none.
  public var imitationCoefficient = 0.1
  /// Weight of its value term.
  public var imitationValueCoefficient = 0.01
  /// Steps imitated in each minibatch, up to 256.
  public var imitationBatch = 64
  /// Trajectories of the archive that are imitated in an iteration, drawn as goals are.
  public var imitationTrajectories = 16
  /// An evaluated policy's logits are divided by this: the published code doubles them.
  public var evaluationTemperature = 0.5
  /// The learner.
  public var learner = PPOConfiguration()

  /// The published values: the learner has 16 slots, a clip range of 0.1, an entropy coefficient of 10^-4 and a
  /// learning rate that does not fall.
  public init() {
    learner.slots = 16
    learner.entropyCoefficient = 1e-4
    learner.clipRange = 0.1
    learner.annealsLearningRate = false
  }

  /// - Throws: `UserError` for values that cannot work together.
  func validate() throws {
    try learner.validate(path: "agent.learner.")
    guard learner.memory == .none else {
      throw UserError(
        "go-explore-policy imitates single steps, of which a memory knows nothing",
        fix: "Leave learner.memory at none, or use ppo")
    }
    let shares = [
      ("randomShare", randomShare), ("unknownNeighbourProbability", unknownNeighbourProbability),
      ("neighbourProbability", neighbourProbability),
    ]
    let weights = [
      ("actionWeight", actionWeight), ("subgoalReward", subgoalReward), ("finalReward", finalReward),
      ("gameRewardLimit", gameRewardLimit), ("heatRate", heatRate), ("imitationCoefficient", imitationCoefficient),
      ("imitationValueCoefficient", imitationValueCoefficient),
    ]
    try Check.all(
      [
        Check("agent.window", window, in: 1...1000), Check("agent.subgoalSteps", subgoalSteps, in: 1...1_000_000),
        Check("agent.newCellSteps", newCellSteps, in: 1...1_000_000),
        Check("agent.explorationGoalSteps", explorationGoalSteps, in: 1...1_000_000),
        Check("agent.explorationPatience", explorationPatience, in: 0...1_000_000),
        Check("agent.imitationBatch", imitationBatch, in: 1...SelfImitation.mostSteps),
        Check("agent.imitationTrajectories", imitationTrajectories, in: 1...10_000),
        Check("agent.meanHold", meanHold, in: 1...1e9),
        Check("agent.evaluationTemperature", evaluationTemperature, in: 1e-3...1e3),
      ] + shares.map { Check("agent." + $0.0, $0.1, in: 0...1) }
        + weights.map { Check("agent." + $0.0, $0.1, in: 0...1e6) })
    guard !learner.separatesComponents, !learner.normalizesRewards, !learner.normalizesObservations,
      !learner.omitsBackground
    else {
      throw UserError(
        "go-explore-policy scales neither rewards nor observations, which it reads whole, and learns from one reward",
        fix:
          "Leave learner.separatesComponents, .normalizesRewards, .normalizesObservations and .omitsBackground false")
    }
  }
}
