public import ReinforcementLearning

/// The baseline that every learner must beat: a legal action at random, and nothing learnt.
///
/// It still runs the whole machinery of training, so a reward design's own metrics (how many places it counted,
/// how its predictor's error falls) can be watched under a policy that does not change.
extension UniformPolicy: LearningPolicy {
  /// There is nothing else to set.
  public typealias Configuration = CollectionSettings

  /// - Parameter choice: Without meaning here: no action is more likely than another.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) {
    self.init(setting.specification)
  }
}
