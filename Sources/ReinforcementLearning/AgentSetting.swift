public import Labels
public import LanguageModels

/// The world that an agent is born in: the environment, the reward design's components, the seed, and what it was granted
/// of what it declared to need. What it did not declare is nil, and cannot be had another way.
public struct AgentSetting: Sendable {
  /// The environment: its specification and its batches, and neither copies of states nor signals that were not granted.
  public let recipe: EnvironmentRecipe
  /// The components of the reward design that it learns from.
  public let rewards: [RewardComponent]
  public let seed: UInt64
  /// Copies of states; nil without `Needs.simulator`.
  public let simulator: Simulator?
  /// nil without `Needs.languageModel`. Its answers are taken in at recorded steps (see `LanguageModel`).
  public let languageModel: (any LanguageModel)?
  /// nil without `Needs.labels`.
  public let labels: (any LabelStore)?
  /// Recorded episodes; nil without `Needs.demonstrations`. In a resumed run those of its checkpoint.
  public let demonstrations: [Replay]?
  /// The signals that its policies may read, in training and evaluation; empty without `Needs.signals`.
  public let signals: [String]

  public var specification: Specification { recipe.specification }

  /// A world for an agent that needs no more than what is given here.
  ///
  /// - Parameters:
  ///   - needs: What is granted of the environment and the services.
  public init(
    _ recipe: EnvironmentRecipe, rewards: [RewardComponent] = [RewardComponent("environment")], seed: UInt64,
    needs: Needs = [], services: Services = Services(), demonstrations: [Replay]? = nil, signals: [String] = []
  ) {
    self.recipe = recipe.limited(toSignals: signals)
    self.rewards = rewards
    self.seed = seed
    simulator = needs.contains(.simulator) ? Simulator(recipe) : nil
    languageModel = needs.contains(.languageModel) ? services.languageModel : nil
    labels = needs.contains(.labels) ? services.labels : nil
    self.demonstrations = needs.contains(.demonstrations) ? demonstrations : nil
    self.signals = signals
  }

  /// The same world with other rewards, for an agent inside an agent.
  public func with(rewards: [RewardComponent]) -> AgentSetting {
    AgentSetting(copying: self, rewards: rewards)
  }

  private init(copying other: AgentSetting, rewards: [RewardComponent]) {
    recipe = other.recipe
    self.rewards = rewards
    seed = other.seed
    simulator = other.simulator
    languageModel = other.languageModel
    labels = other.labels
    demonstrations = other.demonstrations
    signals = other.signals
  }
}
