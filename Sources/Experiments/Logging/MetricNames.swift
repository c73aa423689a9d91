public import ReinforcementLearning

/// The names under which other tools know our metrics.
///
/// Metrics have one name here, `topic/nameInCamelCase`. In event files and in `progress.csv` they also carry
/// the names of Stable-Baselines3 and CleanRL, so that dashboards made for either show our runs unchanged.
/// A metric without an entry (for example `reward/<component>`) keeps its own name everywhere.
public enum MetricNames {
  /// What one metric of ours is called elsewhere.
  public struct Alias: Sendable, Hashable {
    /// Our name.
    public var name: MetricName
    /// Stable-Baselines3's, where it has one.
    public var stableBaselines: String?
    /// CleanRL's, where it has one.
    public var cleanRL: String?
    /// What our value is multiplied by to become Stable-Baselines3's: it logs the entropy as a loss, negated.
    public var stableBaselinesFactor = 1.0
  }

  /// All aliases, by topic.
  public static let aliases: [Alias] = [
    // What the training episodes were like: means over the last 100 episodes there.
    Alias(name: .episode("return"), stableBaselines: "rollout/ep_rew_mean", cleanRL: "charts/episodic_return"),
    Alias(name: .episode("length"), stableBaselines: "rollout/ep_len_mean", cleanRL: "charts/episodic_length"),
    Alias(name: .episode("success"), stableBaselines: "rollout/success_rate"),
    Alias(name: .episodeCount, stableBaselines: "time/episodes"),
    Alias(name: .evaluation("return"), stableBaselines: "eval/mean_reward"),
    Alias(name: .evaluation("length"), stableBaselines: "eval/mean_ep_length"),
    Alias(name: .evaluation("success"), stableBaselines: "eval/success_rate"),
    // The policy.
    Alias(name: .policyLoss, stableBaselines: "train/policy_gradient_loss", cleanRL: "losses/policy_loss"),
    Alias(name: .policyEntropy, stableBaselines: "train/entropy_loss", cleanRL: "losses/entropy",
      stableBaselinesFactor: -1),
    Alias(name: .policyApproximateKL, stableBaselines: "train/approx_kl", cleanRL: "losses/approx_kl"),
    Alias(name: .policyOldApproximateKL, cleanRL: "losses/old_approx_kl"),
    Alias(name: .policyClipFraction, stableBaselines: "train/clip_fraction", cleanRL: "losses/clipfrac"),
    Alias(name: .policyClipRange, stableBaselines: "train/clip_range"),
    Alias(name: .policyStandardDeviation, stableBaselines: "train/std"),
    Alias(name: .policyExplorationRate, stableBaselines: "rollout/exploration_rate", cleanRL: "charts/epsilon"),
    Alias(name: .policyEntropyCoefficient, stableBaselines: "train/ent_coef", cleanRL: "losses/alpha"),
    Alias(name: .policyEntropyCoefficientLoss, stableBaselines: "train/ent_coef_loss", cleanRL: "losses/alpha_loss"),
    Alias(name: .actorLoss, stableBaselines: "train/actor_loss", cleanRL: "losses/actor_loss"),
    // The value function.
    Alias(name: .valueLoss, stableBaselines: "train/value_loss", cleanRL: "losses/value_loss"),
    Alias(name: .valueExplainedVariance, stableBaselines: "train/explained_variance",
      cleanRL: "losses/explained_variance"),
    Alias(name: .valueClipRange, stableBaselines: "train/clip_range_vf"),
    Alias(name: .criticLoss, stableBaselines: "train/critic_loss", cleanRL: "losses/qf_loss"),
    Alias(name: .criticTemporalDifferenceLoss, cleanRL: "losses/td_loss"),
    Alias(name: .criticValue, cleanRL: "losses/q_values"),
    // The optimizer and the clock.
    Alias(name: .lossTotal, stableBaselines: "train/loss"),
    Alias(name: .optimizerLearningRate, stableBaselines: "train/learning_rate", cleanRL: "charts/learning_rate"),
    Alias(name: .optimizerUpdates, stableBaselines: "train/n_updates"),
    Alias(name: .speedStepsPerSecond, stableBaselines: "time/fps", cleanRL: "charts/SPS"),
    Alias(name: .speedWallSeconds, stableBaselines: "time/time_elapsed"),
    Alias(name: .speedIterations, stableBaselines: "time/iterations"),
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: aliases.map { ($0.name.text, $0) })

  /// The tags under which a value is written to an event file: both aliases, or our name where there is none.
  public static func eventTags(of name: String, value: Double) -> [(tag: String, value: Double)] {
    guard let alias = byName[name] else { return [(name, value)] }
    var tags: [(tag: String, value: Double)] = []
    if let tag = alias.stableBaselines { tags.append((tag, value * alias.stableBaselinesFactor)) }
    if let tag = alias.cleanRL { tags.append((tag, value)) }
    return tags
  }

  /// The column of `progress.csv`: Stable-Baselines3's name, or ours where it has none.
  public static func column(of name: String, value: Double) -> (name: String, value: Double) {
    guard let alias = byName[name], let column = alias.stableBaselines else { return (name, value) }
    return (column, value * alias.stableBaselinesFactor)
  }
}
