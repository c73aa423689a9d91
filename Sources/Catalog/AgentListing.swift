public import Groundwork
public import ReinforcementLearning

/// An agent as the catalog lists it: its id, its default configuration, its presets, and how to make it of another.
public struct AgentListing: Sendable {
  /// What an agent's configuration is where an environment's id begins so and nobody says otherwise.
  public struct Preset: Sendable, Hashable {
    /// The beginning of the ids.
    public let prefix: String
    /// What the values were chosen on: tasks and budget, as far as it is recorded.
    public let chosenOn: String
    /// The seeds of the runs that they were chosen by; nil where none were, or nobody wrote them down.
    public let seeds: ClosedRange<UInt64>?
    /// What it changes in the default configuration, as a document.
    public let changes: JSON
  }

  /// What `--agent` calls it, for example `go-explore`: lower case, no two alike.
  public let id: String
  /// One line for `forage list`.
  public let summary: String
  /// What it requires by default.
  public let requirements: Requirements
  /// Whether it learns inside the episode, if at all, so that an episode is the whole of its life, and from nothing but
  /// what the environment pays there.
  public let isPolicy: Bool
  /// Whether it can learn from a log of pulls: those of bandit algorithms that know of nothing else.
  public let learnsFromLogs: Bool
  private let describe: @Sendable () -> (configuration: JSON, keys: [String])
  private let describePresets: @Sendable () -> [Preset]
  private let make: @Sendable (String, JSON) throws -> AgentRecipe
  private let change: @Sendable (JSON) throws -> Void
  private let outlined: @Sendable (String, JSON) throws -> [SettingOutline]
  /// The names of its type, for the documentation that is compiled in (`Settings.names(of:)`).
  public let typeNames: [String]

  /// An entry of the catalog.
  ///
  /// - Parameters:
  ///   - configuration: The default, before presets and changes.
  ///   - summary: One line for `forage list`.
  public init<A: Agent>(_ id: String, _ type: A.Type, configuration: A.Configuration, summary: String) {
    self.init(id, type, configuration: configuration, summary: summary, isPolicy: false, learnsFromLogs: false)
  }

  private init<A: Agent>(
    _ id: String, _ type: A.Type, configuration: A.Configuration, summary: String, isPolicy: Bool,
    learnsFromLogs: Bool
  ) {
    self.id = id
    self.isPolicy = isPolicy
    self.learnsFromLogs = learnsFromLogs
    self.summary = summary
    requirements = type.requirements(configuration)
    describe = { (JSON(encoding: configuration), Settings.keys(of: configuration)) }
    describePresets = {
      let document = JSON(encoding: configuration)
      return Presets.agents.filter { $0.agent == type }.map { preset in
        Preset(
          prefix: preset.prefix, chosenOn: preset.chosenOn, seeds: preset.seeds,
          changes: JSON(encoding: preset.changed(configuration)).difference(from: document) ?? .object([:]))
      }
    }
    change = { changes in _ = try Settings.apply(changes, to: configuration, of: "agent '\(id)'", path: "agent.") }
    let changed: @Sendable (String, JSON) throws -> A.Configuration = { environment, changes in
      var preset = configuration
      for entry in Presets.agents where entry.agent == type && entry.applies(to: environment) {
        preset = entry.changed(preset)
      }
      return try Settings.apply(changes, to: preset, of: "agent '\(id)'", path: "agent.")
    }
    make = { environment, changes in
      AgentRecipe(id: id, type, configuration: try changed(environment, changes))
    }
    typeNames = Settings.names(of: type)
    outlined = { environment, changes in Settings.outline(of: try changed(environment, changes)) }
  }

  /// A policy that learns inside the episode, if at all: `PolicyAgent` runs it.
  public init<P: LearningPolicy>(
    _ id: String, policy: P.Type, configuration: P.Configuration, summary: String, learnsFromLogs: Bool = false
  ) {
    self.init(
      id, PolicyAgent<P>.self, configuration: configuration, summary: summary, isPolicy: true,
      learnsFromLogs: learnsFromLogs)
  }

  /// The default configuration as a document. Encoded on demand.
  public var configuration: JSON { describe().configuration }

  /// The keys of the configuration's first level, in order of declaration. Encoded on demand.
  public var keys: [String] { describe().keys }

  /// Its presets, in the order in which they are applied. Encoded on demand.
  public var presets: [Preset] { describePresets() }

  /// Every setting of the agent, with an environment's presets and then some changes applied.
  ///
  /// - Parameter environment: As for `recipe`.
  /// - Throws: `UserError` for a key that does not exist or a value of another type.
  public func outline(for environment: String = "", changes: JSON = .object([:])) throws -> [SettingOutline] {
    try outlined(environment, changes)
  }

  /// The agent, with some of its configuration's values replaced.
  ///
  /// - Parameters:
  ///   - environment: The id of the environment whose presets are applied before the changes; none of them when empty.
  ///   - changes: An object whose keys are keys of the configuration, in any depth.
  /// - Throws: `UserError` for a key that does not exist or a value of another type.
  public func recipe(for environment: String = "", changes: JSON = .object([:])) throws -> AgentRecipe {
    try make(environment, changes)
  }
}

extension AgentListing {
  /// Whether those keys exist and take values of those types; whether they can work is not asked.
  public func takes(_ changes: JSON) -> Bool { (try? change(changes)) != nil }
}

extension AgentListing.Preset {
  /// Whether a configuration has any of the values that the preset sets, so that what it was chosen on matters to it.
  func isUsed(in configuration: JSON) -> Bool { configuration.agrees(with: changes) }
}

extension JSON {
  /// Whether any of a document's values, nested objects member by member, is the same here.
  fileprivate func agrees(with other: JSON) -> Bool {
    guard case .object(let members) = self, case .object(let others) = other else { return self == other }
    return others.contains { key, value in members[key].map { $0.agrees(with: value) } ?? false }
  }

  /// What must be laid over another document to get this one, nested objects member by member; nil when they are equal.
  func difference(from other: JSON) -> JSON? {
    guard case .object(let members) = self, case .object(let others) = other else { return self == other ? nil : self }
    var changes: [String: JSON] = [:]
    for (key, value) in members {
      if let original = others[key] {
        changes[key] = value.difference(from: original)
      } else {
        changes[key] = value
      }
    }
    return changes.isEmpty ? nil : .object(changes)
  }
}
