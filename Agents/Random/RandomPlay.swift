public import ReinforcementLearning

/// The baseline that every learner must beat: a legal action at random, and nothing learnt.
///
/// It still runs the whole machinery of training, so a reward design's own metrics (how many places it counted,
/// how its predictor's error falls) can be watched under a policy that does not change.
extension UniformPolicy: LearningPolicy {
  /// How experience is collected; there is nothing else to set.
  public struct Configuration: CollectionConfiguration {
    /// Environments stepped side by side (N), at least 1.
    public var slots = 16
    /// Batches that they are shared out to; must divide `slots`.
    public var batches = 2
    /// Steps of every environment in an iteration (T), at least 1.
    public var steps = 128

    /// The defaults.
    public init() {}
  }

  /// - Parameter choice: Without meaning here: no action is more likely than another.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) {
    self.init(setting.specification)
  }
}
