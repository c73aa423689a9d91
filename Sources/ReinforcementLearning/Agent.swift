public import Groundwork
public import Labels
public import LanguageModels

/// How a policy turns what it prefers into an action.
public enum ActionChoice: String, Sendable, Codable, CaseIterable {
  /// Draws from the policy's distribution.
  case sample
  /// Takes the most likely action.
  case mode
}

/// Learns to act in an environment.
///
/// An agent is born in its world: when `init` returns it can be restored, asked for policies, or trained. What it needs
/// beyond its own slots it declares, and finds in its setting.
public protocol Agent: AnyObject, SendableMetatype {
  /// Every field has a default and a doc line with its symbol.
  associatedtype Configuration: Codable & Hashable & Sendable

  /// What it requires with that configuration; nothing by default but one player.
  static func requirements(_ configuration: Configuration) -> Requirements

  /// The signals that its policies read when they act, for an agent that declares `Needs.signals`.
  ///
  /// - Throws: `UserError` for a configuration that names what that environment lacks.
  static func signals(_ configuration: Configuration, in specification: Specification) throws -> [String]

  /// Refuses values that no world could make right; `init` refuses them, too. Nothing by default.
  ///
  /// For agents that cannot be made without files: their ranges can be described all the same.
  static func check(_ configuration: Configuration) throws

  /// What a person should know of a configuration that works but not as it reads, a line each; nothing by default.
  ///
  /// - Parameter steps: The run's budget.
  static func remarks(_ configuration: Configuration, steps: Int) -> [String]

  /// - Parameter setting: A world that meets its requirements.
  /// - Throws: `UserError` for a configuration that cannot work, or not in that world.
  init(_ configuration: Configuration, in setting: AgentSetting) throws

  /// Takes over what another run's agent has learnt, instead of what it was born with: the arrays under `parameters.`,
  /// `adam.`, `observations.`, `background`, `temperature.` and `temperatureOptimizer.` that it saved. Counters,
  /// streams and all else stay as they are.
  ///
  /// - Throws: `UserError` that names the first array which does not fit, or by default for any.
  func adopt(_ state: SavedState) throws

  /// Settings that mean something else under another budget, such as a rate that falls over it, as a person types them
  /// or in a few words; a run that has none and is trained longer ends on the bits of one that was begun so.
  static func budgetSettings(_ configuration: Configuration) -> [String]

  /// Trains until the session's budget is spent or the session throws `TrainingStopped`.
  func train(in session: TrainingSession) throws

  /// A policy of what has been learnt so far, for a batch of `slots` slots.
  func makePolicy(slots: Int, choice: ActionChoice) throws -> any Policy

  /// Saves everything that a resumed run needs, network parameters under their layers' names.
  func save(to state: inout SavedState)

  /// Puts the agent where it stood when it was saved; called once, before anything else is asked of it.
  ///
  /// - Throws: `UserError` when what it needs is missing or of another shape.
  func restore(from state: SavedState) throws
}

extension Agent {
  /// Default: one player, and nothing else.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements() }
  /// Default: nothing can be taken over.
  public func adopt(_ state: SavedState) throws {
    throw UserError(
      "this agent takes over nothing that another run has learnt", fix: "Use an agent with networks, such as ppo")
  }
  /// Default: none.
  public static func budgetSettings(_ configuration: Configuration) -> [String] { [] }
  /// Default: none.
  public static func signals(_ configuration: Configuration, in specification: Specification) throws -> [String] { [] }
  /// Default: nothing to say.
  public static func remarks(_ configuration: Configuration, steps: Int) -> [String] { [] }
  /// Default: nothing that `init` does not do by itself.
  public static func check(_ configuration: Configuration) throws {}
}

/// The world that an agent is born in: the environment, the reward design's components, the seed, and what it was
/// granted of what it declared to need. What it did not declare is nil, and cannot be had another way.
public struct AgentSetting: Sendable {
  /// The environment: its specification and its batches, and neither copies of states nor signals that were not
  /// granted.
  public let recipe: EnvironmentRecipe
  /// The components of the reward design that it learns from.
  public let rewards: [RewardComponent]
  /// The run's; an agent draws from streams that it derives of this (`RandomSource(seed:purpose:index:)`).
  public let seed: UInt64
  /// Copies of states; nil without `Needs.simulator`.
  public let simulator: Simulator?
  /// The environment's own expert; nil without `Needs.expert`.
  public let expert: Expert?
  /// nil without `Needs.languageModel`. Its answers are taken in at recorded steps (see `LanguageModel`).
  public let languageModel: (any LanguageModel)?
  /// nil without `Needs.labels`.
  public let labels: (any LabelStore)?
  /// Recorded episodes; nil without `Needs.demonstrations`. In a resumed run those of its checkpoint.
  public let demonstrations: [Replay]?
  /// The signals that its policies may read, in training and evaluation; empty without `Needs.signals`.
  public let signals: [String]

  /// The environment's shapes and limits: the recipe's.
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
    expert = needs.contains(.expert) ? Expert() : nil
    languageModel = needs.contains(.languageModel) ? services.languageModel : nil
    labels = needs.contains(.labels) ? services.labels : nil
    self.demonstrations = needs.contains(.demonstrations) ? demonstrations : nil
    self.signals = signals
  }
}
