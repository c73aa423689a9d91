public import Groundwork
public import ReinforcementLearning

/// An agent as the catalog lists it: its id, its default configuration, and how to make it of another.
public struct AgentListing: Sendable {
  public let id: String
  /// One line for `forage list`.
  public let summary: String
  /// What it requires by default.
  public let requirements: Requirements
  /// The default configuration as a document.
  public let configuration: JSON
  /// The keys of the configuration's first level, in order of declaration.
  public let keys: [String]
  private let make: @Sendable (JSON) throws -> AgentRecipe

  public init<A: Agent>(_ id: String, _ type: A.Type, configuration: A.Configuration, summary: String) {
    self.id = id
    self.summary = summary
    self.configuration = JSON(encoding: configuration)
    requirements = type.requirements(configuration)
    keys = Settings.keys(of: configuration)
    make = { changes in
      let changed = try Settings.apply(changes, to: configuration, of: "agent '\(id)'", path: "agent.")
      return AgentRecipe(id: id, type, configuration: changed)
    }
  }

  /// A policy that learns inside the episode, if at all: `PolicyAgent` runs it.
  public init<P: LearningPolicy>(_ id: String, policy: P.Type, configuration: P.Configuration, summary: String) {
    self.init(id, PolicyAgent<P>.self, configuration: configuration, summary: summary)
  }

  /// The agent, with some of the default configuration's values replaced.
  ///
  /// - Throws: `UserError` for a key that does not exist or a value of another type.
  public func recipe(changes: JSON = .object([:])) throws -> AgentRecipe { try make(changes) }
}
