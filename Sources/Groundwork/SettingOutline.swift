/// One setting of a configuration: its key, its value, and what may be typed for it, read off the configuration itself.
public struct SettingOutline: Sendable, Hashable {
  /// As `--set` takes it behind the section: `epochs`, or `level.side` of a nested configuration.
  public let key: String
  /// What the configuration has.
  public let value: JSON
  /// What may be typed, in words: `whole number`, `number`, `true or false`, `text`, `list of numbers`.
  public let type: String
  /// Whether it may be `null`.
  public let isOptional: Bool
  /// What may be typed where that is one of a few words; empty elsewhere.
  public let choices: [String]
  /// Where it is declared, without the module: `PPOConfiguration.epochs`.
  public let declaration: String
  /// The type of its value, without the module: for choices and their descriptions.
  public let valueType: String
}

/// A configuration that is written as another value's settings: a box around one of several types.
public protocol SettingBox {
  /// Whose stored properties are the settings.
  var boxedSettings: any Codable { get }
}

extension Settings {
  /// All settings of a configuration, those of nested ones by their dots, in order of declaration.
  public static func outline(of value: some Codable) -> [SettingOutline] { outline(of: value, prefix: "") }

  private static func outline(of value: any Codable, prefix: String) -> [SettingOutline] {
    let document = JSON(encoding: value)
    let declared: any Codable = (value as? any SettingBox)?.boxedSettings ?? value
    let properties = Dictionary(properties(of: declared).map { ($0.key, $0) }) { first, _ in first }
    let children = properties.mapValues(\.value)
    let own = value is any SettingBox ? JSON(encoding: declared) : document
    return keys(of: declared, document: document).flatMap { key -> [SettingOutline] in
      let member = document[key] ?? .null
      if let nested = children[key] as? any Codable, case .object = member {
        return outline(of: nested, prefix: prefix + key + ".")
      }
      // What only the box writes, such as which of the types it holds, is the box's to declare.
      let owner = properties[key]?.owner ?? Swift.type(of: own[key] == nil ? value : declared)
      let type = children[key].map { unwrapped(Swift.type(of: $0)) }
      return [
        SettingOutline(
          key: prefix + key, value: member, type: type.map(words) ?? "text",
          isOptional: children[key].map { isOptional(Swift.type(of: $0)) } ?? true,
          choices: (type as? any CaseIterable.Type).map { caseNames(of: $0).map { $0.string ?? $0.text() } } ?? [],
          declaration: name(of: owner) + "." + key, valueType: type.map(name) ?? "")
      ]
    }
  }

  /// A type's name without its module and without what it is generic over: `BoardGame.Configuration`.
  public static func name(of type: Any.Type) -> String {
    var depth = 0
    let plain = String(reflecting: type).filter { character in
      if character == "<" { depth += 1 }
      defer { if character == ">" { depth -= 1 } }
      return depth == 0
    }
    return plain.split(separator: ".").dropFirst().joined(separator: ".")
  }

  /// A type's name as `name(of:)` has it, then those of the types that it is generic over.
  public static func names(of type: Any.Type) -> [String] {
    String(reflecting: type).split { "<>, ".contains($0) }
      .map { $0.split(separator: ".").dropFirst().joined(separator: ".") }.filter { !$0.isEmpty }
  }
}
