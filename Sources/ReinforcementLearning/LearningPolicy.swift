public import Groundwork

/// A configuration that says how a policy's experience is collected.
public protocol CollectionConfiguration: Codable, Hashable, Sendable {
  /// How.
  var collection: CollectionSettings { get }
}

extension CollectionConfiguration {
  /// Default: the defaults, which nobody can change then.
  public var collection: CollectionSettings { CollectionSettings() }
}

/// How a policy's experience is collected: alone the configuration of a policy that has nothing else to set, or shared
/// by those that have (`JointConfiguration`).
public struct CollectionSettings: CollectionConfiguration, ConfigurationPart {
  /// Environments stepped side by side (N), at least 1.
  public var slots = 16
  /// Batches that they are shared out to; must divide `slots`. Part of the configuration, never of the machine.
  public var batches = 2
  /// Steps of every environment in an iteration (T), at least 1.
  public var steps = 128

  /// Sixteen, in two batches so that two workers have something to do.
  public init() {}

  /// Itself.
  public var collection: CollectionSettings { self }
}

extension JointConfiguration: CollectionConfiguration where Shared: CollectionConfiguration {
  /// That of the shared part.
  public var collection: CollectionSettings { shared.collection }
}

/// A policy that learns inside the episode, if at all: a bandit algorithm, a policy with a memory, a rule. It is listed
/// like an agent, and `PolicyAgent` runs it.
///
/// What it learns is its memory of each slot, so every slot, and every evaluation, begins knowing nothing.
public protocol LearningPolicy: Policy, SendableMetatype {
  /// Every field has a default and a doc line with its symbol.
  associatedtype Configuration: CollectionConfiguration

  /// What it requires with that configuration; by default nothing, and it may play both sides.
  static func requirements(_ configuration: Configuration) -> Requirements

  /// The signals that it reads when it acts, for one that declares `Needs.signals`.
  static func signals(_ configuration: Configuration, in specification: Specification) throws -> [String]

  /// - Parameters:
  ///   - setting: A world that meets its requirements.
  ///   - slots: Slots of its batch.
  ///   - choice: Whether it draws from what it prefers, where it makes that difference.
  init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws
}

extension LearningPolicy {
  /// Default: nothing, and two players may take turns.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(players: .both) }
  /// Default: none.
  public static func signals(_ configuration: Configuration, in specification: Specification) throws -> [String] { [] }
}

/// Runs a policy that learns inside the episode: collects steps, counts and logs them. The policy's memory is saved
/// with the run; what is evaluated are fresh policies.
public final class PolicyAgent<P: LearningPolicy>: Agent {
  /// The policy's own.
  public typealias Configuration = P.Configuration

  private let configuration: Configuration
  private let setting: AgentSetting

  /// The policy's own.
  public static func requirements(_ configuration: Configuration) -> Requirements { P.requirements(configuration) }

  /// The policy's own.
  public static func signals(_ configuration: Configuration, in specification: Specification) throws -> [String] {
    try P.signals(configuration, in: specification)
  }

  /// Refuses sizes of collections that are out of range.
  public static func check(_ configuration: Configuration) throws {
    let collection = configuration.collection
    try Check.all([
      Check("agent.slots", collection.slots, in: SizeLimit.slots),
      Check("agent.batches", collection.batches, in: SizeLimit.slots),
      Check("agent.steps", collection.steps, in: SizeLimit.rolloutSteps),
    ])
    guard collection.slots % collection.batches == 0 else {
      throw UserError(
        "\(collection.slots) slots cannot be shared out to \(collection.batches) batches",
        fix: "Use a number that divides them (--set agent.batches=)")
    }
  }

  /// An agent around that policy, one of which is made as a test.
  ///
  /// - Throws: `UserError` when `slots`, `batches` or `steps` is below 1, and what the policy's `init` throws.
  public init(_ configuration: Configuration, in setting: AgentSetting) throws {
    try Self.check(configuration)
    try SizeLimit.checkCollection(
      steps: configuration.collection.steps, slots: configuration.collection.slots,
      rowBytes: ObservationLayout(setting.specification).rowBytes)
    self.configuration = configuration
    self.setting = setting
    // What the policy refuses is refused now.
    _ = try P(configuration, in: setting, slots: 1, choice: .sample)
  }

  /// Collects and ends an iteration, until the budget is spent; the policies keep what they remember of their slots.
  public func train(in session: TrainingSession) throws {
    let collection = configuration.collection
    let collector = try session.makeCollector(
      slots: collection.slots, batches: collection.batches, steps: collection.steps)
    var policies = try collector.batches.map {
      try P(configuration, in: setting, slots: $0.slots, choice: .sample)
    }
    while !session.isFinished {
      try session.collect(&policies)
      try session.endIteration(of: self, metrics: [])
    }
  }

  /// A fresh policy, which knows nothing of what those in training have seen.
  public func makePolicy(slots: Int, choice: ActionChoice) throws -> any Policy {
    try P(configuration, in: setting, slots: slots, choice: choice)
  }

  /// Saves the demonstrations, where it has any; memories are the collector's to save.
  public func save(to state: inout SavedState) {
    if let replays = setting.demonstrations { DemonstrationFiles.save(replays, to: &state) }
  }

  /// Nothing: demonstrations came with the setting, memories come with the collector.
  public func restore(from state: SavedState) throws {}
}
