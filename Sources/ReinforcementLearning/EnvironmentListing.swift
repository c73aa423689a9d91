public import Groundwork

/// An environment as a catalog lists it: its id, its default configuration, and how to make it of another.
///
/// Every family of environments keeps its own table of these; the catalog joins the tables. A listing is cheap to make:
/// every start of the program makes all of them, and looks at a few.
public struct EnvironmentListing: Sendable {
  /// `family/Name`: the family is the folder under `Environments`, in lower case.
  public let id: String
  /// Other names that mean the same, for example Gymnasium's id, or one that it had before.
  public let aliases: [String]
  /// One line for `forage list`.
  public let summary: String
  private let representative: @Sendable () -> Bool
  private let describe: @Sendable () -> (configuration: JSON, keys: [String])
  private let make: @Sendable (JSON) throws -> EnvironmentRecipe
  private let change: @Sendable (JSON) throws -> Void
  private let outlined: @Sendable (JSON) throws -> [SettingOutline]
  /// The names of its type, for the documentation that is compiled in (`Settings.names(of:)`).
  public let typeNames: [String]

  /// - Parameters:
  ///   - roles: Which settings are fixed by the id, and which only choose among episodes.
  ///   - isRepresentative: Whether it runs code that no entry before it runs; asked only by who wants a sample.
  public init<E: Environment>(
    _ id: String, _ type: E.Type, configuration: E.Configuration, roles: SettingRoles = SettingRoles(),
    aliases: [String] = [], summary: String, isRepresentative: @autoclosure @escaping @Sendable () -> Bool = true
  ) {
    self.id = id
    self.aliases = aliases
    self.summary = summary
    representative = isRepresentative
    let configuration = FrameStack<E>.Configuration(base: configuration)
    describe = { (JSON(encoding: configuration), Settings.keys(of: configuration)) }
    make = { changes in try EnvironmentRecipe.changing(changes, of: configuration, id: id, type, roles) }
    typeNames = Settings.names(of: type)
    outlined = { changes in
      try roles.check(changes, against: JSON(encoding: configuration), id: id)
      let changed = try Settings.apply(changes, to: configuration, of: "'\(id)'", path: "environment.")
      let own = Settings.outline(of: changed).filter { $0.key == "frameStack" }
      return Settings.outline(of: changed.base).filter { !roles.fixed.contains($0.key) } + own
    }
    change = { changes in
      try roles.check(changes, against: JSON(encoding: configuration), id: id)
      _ = try Settings.apply(changes, to: configuration, of: "'\(id)'", path: "environment.")
    }
  }

  /// The family: what stands before the slash.
  public var family: Substring { id.prefix { $0 != "/" } }

  /// Whether it stands for those that run the same code: the conformance suite's slow tests run on these alone.
  public var isRepresentative: Bool { representative() }

  /// The default configuration as a document, `frameStack` included: the keys that may be set, with their defaults.
  /// Encoded on demand.
  public var configuration: JSON { describe().configuration }

  /// The keys of the configuration's first level, in order of declaration. Encoded on demand.
  public var keys: [String] { describe().keys }

  /// Every setting but those that the id fixes, with some of the default configuration's values replaced, `frameStack`
  /// last.
  ///
  /// - Throws: `UserError` as `recipe` does for a key or a type; whether the rules can be is not asked.
  public func outline(changes: JSON = .object([:])) throws -> [SettingOutline] { try outlined(changes) }

  /// The environment, with some of the default configuration's values replaced.
  ///
  /// - Parameter changes: An object whose keys are keys of the default configuration, in any depth.
  /// - Throws: `UserError` for a key that does not exist, a value of another type, or rules that cannot be.
  public func recipe(changes: JSON = .object([:])) throws -> EnvironmentRecipe { try make(changes) }

  /// Whether those keys exist and take values of those types; whether the rules can be is not asked.
  public func takes(_ changes: JSON) -> Bool { (try? change(changes)) != nil }
}
