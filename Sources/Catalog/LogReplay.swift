import BanditEnvironments
public import Bandits
import Groundwork
import ReinforcementLearning

/// What an agent would choose at every decision of a log when it has learnt from those before it.
public enum LogReplay {
  /// Copies of the agent that choose side by side: the share of them that choose an arm is its probability. An
  /// estimate, but not a biased one, and estimates of a policy's value are linear in it.
  public static let copies = 64

  /// - Parameters:
  ///   - agent: With settings in parentheses.
  ///   - log: What the file holds.
  ///   - path: The log's file.
  ///   - episode: Which of the file's episodes the log is, as `LogTable.Episodes` reads it.
  ///   - seed: Of the agent's own draws.
  ///   - shouldStop: Asked after every few hundred decisions.
  /// - Returns: nil when it was stopped.
  /// - Throws: `UserError` for an agent that the catalog does not have, that does not learn from a log (random play is
  ///   asked for all the same, as what others are held against) or that cannot play numbered arms.
  public static func target(
    of agent: String, in log: OffPolicyLog, path: String, episode: String = "", seed: UInt64,
    shouldStop: () -> Bool = { false }
  ) throws -> OffPolicyTarget? {
    let name = try NamedSettings(parsing: agent, example: "--agent 'lin-ucb(exploration=0.5)'")
    let listing = try Catalog.agent(name.name)
    guard listing.learnsFromLogs || listing.id == "random" else {
      throw UserError(
        "'\(listing.id)' does not learn from a log: it would be asked untrained, as it was born",
        fix: "Use one that does (ucb1, thompson, lin-ucb, ...), or --target-file with what a trained one chose")
    }
    guard log.decisions.count * log.arms <= OffPolicyLog.most else {
      throw UserError(
        "\(log.decisions.count) decisions of \(log.arms) arms are more than \(OffPolicyLog.most) probabilities",
        fix: "Use fewer rows")
    }
    var configuration = LoggedBandit.Configuration()
    configuration.log = path
    configuration.arms = log.arms
    configuration.episode = episode
    let recipe = try EnvironmentRecipe(id: "bandit/Logged", LoggedBandit.self, configuration: configuration)
    let made = try listing.recipe(changes: name.changes(section: "agent")).makeAgent(
      in: recipe, rewards: [RewardComponent("environment")], seed: seed)
    var policy = try made.makePolicy(slots: copies, choice: .sample)
    let batch = recipe.makeBatch(slots: copies, seed: seed)
    batch.recording = .none
    let rollout = batch.makeRollout(steps: min(256, log.decisions.count))
    rollout.reserveOutputs(policy.outputs)
    var random = RandomSource(seed: seed, purpose: .collection, index: 0)
    batch.reset(rollout)
    var probabilities = [Float](repeating: 0, count: log.decisions.count * log.arms)
    var number = 0
    while number < log.decisions.count {
      for time in 0..<rollout.steps where number < log.decisions.count {
        try policy.act(on: rollout, at: time, in: batch.view, random: &random)
        for slot in 0..<copies {
          let place = time * copies + slot
          probabilities[number * log.arms + Int(rollout.actions.discrete[place])] += 1 / Float(copies)
          // What the log pulled is what is learnt from.
          rollout.actions.discrete[place] = Int32(log.decisions[number].arm)
        }
        batch.step(rollout, at: time)
        number += 1
      }
      if number < log.decisions.count { rollout.carry() }
      if shouldStop() { return nil }
    }
    return OffPolicyTarget(probabilities, arms: log.arms)
  }
}
