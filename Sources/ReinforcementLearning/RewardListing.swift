public import Groundwork

/// A reward model as the catalog lists it: its name, its default configuration, and how to describe another.
public struct RewardListing: Sendable {
  /// What a reward specification calls it, for example `count`.
  public let id: String
  /// One line for `forage list`.
  public let summary: String
  /// Paper or equation.
  public let source: String
  /// The default configuration as a document.
  public let configuration: JSON
  /// The keys of the configuration's first level, in order of declaration.
  public let keys: [String]
  private let make: @Sendable (JSON, Specification, Double?) throws -> RewardRecipe
  private let outlined: @Sendable (JSON) throws -> [SettingOutline]
  /// The names of its type, for the documentation that is compiled in (`Settings.names(of:)`).
  public let typeNames: [String]

  /// An entry of the catalog.
  ///
  /// - Parameters:
  ///   - configuration: The default, before changes.
  ///   - summary: One line for `forage list`.
  ///   - source: Paper or equation.
  public init<Model: RewardModel>(
    _ id: String, _ type: Model.Type, configuration: Model.Configuration, summary: String, source: String
  ) {
    self.id = id
    self.summary = summary
    self.source = source
    self.configuration = JSON(encoding: configuration)
    keys = Settings.keys(of: configuration)
    typeNames = Settings.names(of: type)
    outlined = { changes in
      Settings.outline(of: try Settings.apply(changes, to: configuration, of: "the reward '\(id)'", path: "\(id)."))
    }
    make = { changes, specification, discount in
      let changed = try Settings.apply(changes, to: configuration, of: "the reward '\(id)'", path: "\(id).")
      return try RewardRecipe(id: id, type, configuration: changed, for: specification, agentDiscount: discount)
    }
  }

  /// Every setting, with some of the default configuration's values replaced.
  ///
  /// - Throws: `UserError` for a key that does not exist or a value of another type.
  public func outline(changes: JSON = .object([:])) throws -> [SettingOutline] { try outlined(changes) }

  /// The model, with some of the default configuration's values replaced.
  ///
  /// - Parameter agentDiscount: The discount (gamma) of the agent that will learn from it; nil where it has none.
  /// - Throws: `UserError` for a key that does not exist, a value of another type, or one that cannot work there.
  public func recipe(
    changes: JSON = .object([:]), for specification: Specification, agentDiscount: Double? = nil
  ) throws -> RewardRecipe {
    try make(changes, specification, agentDiscount)
  }
}

/// A reward model with its configuration, its type erased; no instance is made of it before a run begins.
public struct RewardRecipe: Sendable {
  /// The catalog's.
  public let id: String
  /// The whole configuration as a document: what a run records.
  public let configuration: JSON
  /// What it writes and reads with that configuration in that environment.
  public let outline: RewardOutline
  /// What of it does not fit the agent, in a line.
  public let remark: String?
  private let make: @Sendable (RewardSetting) throws -> any RewardModel

  /// A recipe of that configuration, with what it takes over from the agent filled in.
  ///
  /// - Throws: `UserError` for a configuration that cannot work with the specification's fields.
  public init<Model: RewardModel>(
    id: String, _ type: Model.Type, configuration: Model.Configuration, for specification: Specification,
    agentDiscount: Double?
  ) throws {
    let settled = Model.settled(configuration, agentDiscount: agentDiscount)
    self.id = id
    self.configuration = JSON(encoding: settled.configuration)
    remark = settled.remark
    outline = try Model.outline(settled.configuration, for: specification)
    make = { try Model(settled.configuration, in: $0) }
  }

  /// The model in its initial state.
  ///
  /// - Throws: `UserError` for what only shows when it is made: a service that is not granted, a file that is not
  ///   there.
  public func makeModel(in setting: RewardSetting) throws -> any RewardModel { try make(setting) }
}
