public import Groundwork
public import LanguageModels

/// Supplies the reward that an agent learns from; the environment's own, which evaluation reports, it never touches.
///
/// Three verbs: `watch` what a batch goes through, answer `reward(of:)` without changing anything, and `learn`.
/// Rewards are written before their weights (`RewardComponent.weight`), which whoever sums them applies last.
///
/// All that a model draws comes from the source that it is handed or from its setting's seed, so a resumed run goes on
/// exactly. One whose judge is slow (a person, a language model) takes answers in at *recorded steps*: what it has
/// asked and taken in, and at which step, is part of what `save(to:)` keeps, and a run that is resumed or repeated
/// takes the same answers in at the same steps.
///
/// A file that a setting names is read when the configuration is decoded, and the configuration is encoded with the
/// file's text: so a run's `run.json` holds all that determines it.
public protocol RewardModel: Sendable {
  /// Every field has a default and a doc line.
  associatedtype Configuration: Codable & Hashable & Sendable

  /// What such a model writes and reads, known without one.
  ///
  /// - Throws: `UserError` for a configuration that cannot work with those fields.
  static func outline(_ configuration: Configuration, for specification: Specification) throws -> RewardOutline

  /// The configuration with what it takes over from the agent filled in, so that a run records it.
  ///
  /// - Parameter agentDiscount: The agent's discount (gamma); nil where it has none.
  /// - Returns: Also a line for the person, where the two do not fit.
  static func settled(
    _ configuration: Configuration, agentDiscount: Double?
  ) -> (configuration: Configuration, remark: String?)

  /// A model in its initial state.
  ///
  /// - Throws: `UserError` for a configuration that cannot work in that setting.
  init(_ configuration: Configuration, in setting: RewardSetting) throws

  /// Takes in what the batches went through, in order, and writes the rewards as they were at each moment.
  ///
  /// What depends on the sequence (counts, episodic memories, normalisers) changes here and only here. The rollouts
  /// are the parallel parts of one collection and go on from those of the one before. By default nothing changes, and
  /// `reward(of:)` is asked.
  ///
  /// - Parameter scores: `[components, steps, slots]` for each rollout.
  mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws

  /// What the model as it stands gives for transitions, which changes nothing: relabelling, replays and viewers ask it.
  ///
  /// - Parameter scores: `[components, transitions]`.
  /// - Throws: `UserError` when it does not relabel and the transitions are not episodes from their starts.
  func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) throws

  /// Learns from the rollouts that were just watched, once a collection; returns what should be logged. The design
  /// names the metrics of a second term of the same model apart, and logs what language models' servers answered.
  mutating func learn(from rollouts: [Rollout], random: inout RandomSource, workers: Workers) throws -> [Metric]

  /// Whom it asks, its own or the program's; nil for nobody. What its server answered is logged once, whoever else asks
  /// the same one.
  var languageModel: (any LanguageModel)? { get }

  /// How often what it pays for a transition was learnt anew, so that rewards in a learner's store are to be asked for
  /// again. 0 for ever for one whose rewards belong to the moment (novelty) or never change.
  var revision: Int { get }

  /// Saves everything that a resumed run needs.
  func save(to state: inout SavedState)

  /// Puts the model where it was saved; called before the resumed run's first `watch`.
  ///
  /// - Throws: `UserError` when something is missing or of another shape.
  mutating func restore(from state: SavedState) throws

  /// Holds what it keeps outside of the saved state against what it was restored from, before a training goes on; who
  /// only looks on does not ask.
  ///
  /// - Throws: `UserError` where that is not what it was.
  func checkRecords() throws

  /// Refuses what a training would find out later, before anything of it is written: a model that cannot answer. Who
  /// only looks on does not ask.
  ///
  /// - Throws: `UserError` with what is missing.
  func prepare() throws

  /// Refuses what other runs left and a new one cannot begin with, before anything of it is written. Who goes on or
  /// only looks on does not ask: a run keeps what it has learnt from.
  ///
  /// - Throws: `UserError` with what is wrong there.
  func checkSources() throws

  /// What a person should know of a training that has ended, a line each: that nothing was learnt, for example.
  var shortfalls: [String] { get }
}

extension RewardModel {
  /// Default: takes nothing over from the agent.
  public static func settled(
    _ configuration: Configuration, agentDiscount: Double?
  ) -> (configuration: Configuration, remark: String?) { (configuration, nil) }

  /// Default: nothing depends on the sequence, so every rollout's steps are asked of `reward(of:)`.
  public mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    for (rollout, score) in zip(rollouts, scores) {
      try reward(of: Transitions(rollout), into: score, workers: workers)
    }
  }

  /// Default: learns nothing.
  public mutating func learn(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] { [] }

  /// Default: nobody.
  public var languageModel: (any LanguageModel)? { nil }
  /// Default: 0.
  public var revision: Int { 0 }
  /// Default: keeps nothing.
  public func save(to state: inout SavedState) {}
  /// Default: needs nothing.
  public mutating func restore(from state: SavedState) throws {}
  /// Default: keeps nothing outside.
  public func checkRecords() throws {}
  /// Default: nothing is known beforehand.
  public func prepare() throws {}
  /// Default: learns from no other run.
  public func checkSources() throws {}
  /// Default: nothing.
  public var shortfalls: [String] { [] }
}

/// What a reward model writes and reads.
public struct RewardOutline: Sendable, Hashable {
  /// The parts it writes, in order.
  public var components: [RewardComponent]
  /// Names of the signals that it reads beside the policy's fields.
  public var signals: [String]
  /// Whether any transition can be asked by itself. A model whose rewards depend on the episode so far does not relabel
  /// and can be asked for whole episodes only.
  public var relabels: Bool
  /// Parameters of its networks, those that do not learn included.
  public var parameters: Int
  /// Whether it may have to wait for answers of somebody outside of the program, a language model for example.
  public var awaitsAnswers: Bool
  /// Whether it asks and takes answers in through the run's store of labels, which one term of a design can.
  public var keepsLabels: Bool

  /// A model that writes those components, reads no signal and relabels, unless it is said otherwise.
  public init(
    _ components: [RewardComponent], signals: [String] = [], relabels: Bool = true, parameters: Int = 0,
    awaitsAnswers: Bool = false, keepsLabels: Bool = false
  ) {
    self.components = components
    self.parameters = parameters
    self.signals = signals
    self.relabels = relabels
    self.awaitsAnswers = awaitsAnswers
    self.keepsLabels = keepsLabels
  }
}

/// One named part of a reward design.
public struct RewardComponent: Sendable, Hashable {
  /// What metrics and records call it: `reward/NAME`.
  public var name: String
  /// What its numbers are to be multiplied by (`RewardScores.weigh`).
  public var weight: Double
  /// Whether its return ends with the episode; an exploration reward's may go on (RND).
  public var isEpisodic: Bool
  /// Its own discount (gamma), where it has one.
  public var discount: Double?

  /// A component that ends with the episode and has the agent's discount, unless it is said otherwise.
  public init(_ name: String, weight: Double = 1, isEpisodic: Bool = true, discount: Double? = nil) {
    self.name = name
    self.weight = weight
    self.isEpisodic = isEpisodic
    self.discount = discount
  }
}

/// Where a reward model is born: what it may know of the run, and what it is granted.
///
/// Whatever a model may be granted (a language model, a store of labels) is a typed property here, nil when it is not.
public struct RewardSetting: Sendable {
  /// The run's environment.
  public var recipe: EnvironmentRecipe
  /// The term's own, derived from the run's.
  public var seed: UInt64
  /// The run's, of which episodes' seeds are made.
  public var runSeed: UInt64
  /// What the program grants.
  public var services: Services

  /// A setting without services, unless some are granted.
  ///
  /// - Parameter runSeed: nil for the same.
  public init(recipe: EnvironmentRecipe, seed: UInt64, runSeed: UInt64? = nil, services: Services = Services()) {
    self.recipe = recipe
    self.seed = seed
    self.runSeed = runSeed ?? seed
    self.services = services
  }

  /// The environment's shapes and limits: the recipe's.
  public var specification: Specification { recipe.specification }
}

/// The components' values of some transitions: `[components, transitions]`, those of a rollout `[components, steps,
/// slots]`.
public final class RewardScores: @unchecked Sendable {
  /// How many.
  public let components: Int
  /// Elements of one component: transitions, or steps x slots.
  public let count: Int
  private let values: UnsafeMutablePointer<Float>
  private let owner: RewardScores?

  /// Room for that many values of each component, all 0; freed with the object.
  public init(components: Int, count: Int) {
    self.components = components
    self.count = count
    values = .allocate(capacity: max(1, components * count))
    values.initialize(repeating: 0, count: max(1, components * count))
    owner = nil
  }

  init(part first: Int, components: Int, of owner: RewardScores) {
    precondition(first + components <= owner.components, "there are not so many components")
    self.components = components
    self.owner = owner
    count = owner.count
    values = owner.values + first * owner.count
  }

  deinit { if owner == nil { values.deallocate() } }

  /// One component's values.
  public subscript(component: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(component >= 0 && component < components, "there is no such component")
    return UnsafeMutableBufferPointer(start: values + component * count, count: count)
  }
}
