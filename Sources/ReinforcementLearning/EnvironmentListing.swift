public import Groundwork

/// An environment as a catalog lists it: its id, its default configuration, and how to make it of another.
///
/// Every family of environments keeps its own table of these; the catalog joins the tables.
public struct EnvironmentListing: Sendable {
  /// `family/Name`.
  public let id: String
  /// Other names that mean the same, for example Gymnasium's id.
  public let aliases: [String]
  /// One line for `forage list`.
  public let summary: String
  /// The default configuration as a document: the keys that may be set, with their defaults.
  public let configuration: JSON
  /// The keys of the configuration's first level, in order of declaration.
  public let keys: [String]
  private let make: @Sendable (JSON) throws -> EnvironmentRecipe

  public init<E: Environment>(
    _ id: String, _ type: E.Type, configuration: E.Configuration, aliases: [String] = [], summary: String
  ) {
    self.id = id
    self.aliases = aliases
    self.summary = summary
    self.configuration = JSON(encoding: configuration)
    keys = Settings.keys(of: configuration)
    make = { changes in
      let changed = try Settings.apply(changes, to: configuration, of: "'\(id)'", path: "environment.")
      return try EnvironmentRecipe(id: id, type, configuration: changed)
    }
  }

  /// The environment, with some of the default configuration's values replaced.
  ///
  /// - Parameter changes: An object whose keys are keys of the default configuration, in any depth.
  /// - Throws: `UserError` for a key that does not exist, a value of another type, or rules that cannot be.
  public func recipe(changes: JSON = .object([:])) throws -> EnvironmentRecipe { try make(changes) }
}
