/// A part of a configuration, or all of one: settings that all have defaults.
public protocol ConfigurationPart: Codable, Hashable, Sendable {
  /// The defaults.
  init()
}

/// A configuration whose settings are those of several values, written side by side with nothing around them.
public protocol SettingParts {
  /// The values whose stored properties are the settings, in the order in which they are shown.
  var settingParts: [any Codable] { get }
}

/// One's own settings and those that are shared with others, as one configuration: in a document, in `--set` and in
/// parentheses their keys stand side by side, so that it does not matter where a setting is declared.
///
/// ```swift
/// struct Parameters: ConfigurationPart { var epsilon = 0.1 }
/// typealias Configuration = JointConfiguration<Parameters, CollectionSettings>   // epsilon, slots, batches, steps
/// ```
///
/// Members of both are members of it. Code that reads a setting in a hot loop keeps `own`, since they are looked up by
/// key paths.
///
/// - Precondition: No key is in both.
@dynamicMemberLookup
public struct JointConfiguration<Own: ConfigurationPart, Shared: ConfigurationPart>: ConfigurationPart, SettingParts {
  /// What only this kind of configuration has.
  public var own: Own
  /// What others have, too.
  public var shared: Shared

  /// The defaults of both.
  public init() { self.init(Own()) }

  /// Both.
  public init(_ own: Own, _ shared: Shared = Shared()) {
    self.own = own
    self.shared = shared
  }

  /// Reads the keys of both out of one object.
  public init(from decoder: any Decoder) throws {
    own = try Own(from: decoder)
    shared = try Shared(from: decoder)
  }

  /// Writes the keys of both into one object.
  public func encode(to encoder: any Encoder) throws {
    try own.encode(to: encoder)
    try shared.encode(to: encoder)
  }

  /// One's own, then what is shared.
  public var settingParts: [any Codable] { [own, shared] }

  /// A setting of one's own.
  public subscript<Value>(dynamicMember path: WritableKeyPath<Own, Value>) -> Value {
    get { own[keyPath: path] }
    set { own[keyPath: path] = newValue }
  }

  /// A setting that is shared.
  public subscript<Value>(dynamicMember path: WritableKeyPath<Shared, Value>) -> Value {
    get { shared[keyPath: path] }
    set { shared[keyPath: path] = newValue }
  }
}
