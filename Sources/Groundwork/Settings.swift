/// Replaces some values of a configuration, strictly: a key that does not exist or a value of another type is an
/// error that names the key, the value and what is expected.
///
/// The default value is the schema: its stored properties give the keys (a `nil` one too, which its JSON would
/// not show) and their types.
public enum Settings {
  /// The configuration with the changes made.
  ///
  /// - Parameters:
  ///   - changes: An object; nested objects change nested configurations.
  ///   - owner: Whose configuration it is, for example `agent 'ppo'`.
  ///   - path: What precedes the keys in messages, for example `agent.`.
  /// - Throws: `UserError` for an unknown key (with the nearest ones), a value of another type, a name that is
  ///   no case (with those that are), and what the configuration's own decoder refuses. Ranges are checked by
  ///   whoever uses the value.
  public static func apply<Value: Codable>(
    _ changes: JSON, to value: Value, of owner: String, path: String = ""
  ) throws(UserError) -> Value {
    let merged = try merge(changes, into: value, of: owner, path: path)
    return try merged.decoded(as: Value.self, name: "the configuration of \(owner)")
  }

  /// The keys of a configuration's first level, in order of declaration.
  ///
  /// These are what `--set` and settings in parentheses may name, nested ones by dots.
  public static func keys(of value: some Codable) -> [String] {
    keys(of: value, document: JSON(encoding: value))
  }

  /// Stored properties that are in the document, or are nil; then members that no property shows.
  static func keys(of value: Any, document: JSON) -> [String] {
    let members = document.object ?? [:]
    var names: [String] = []
    for property in properties(of: value) where members[property.key] != nil || isNil(property.value) {
      names.append(property.key)
    }
    return names + members.keys.filter { !names.contains($0) }.sorted()
  }

  /// A value's stored properties, with the type that declares them; of a configuration in parts those of its parts.
  static func properties(of value: Any) -> [(key: String, value: Any, owner: Any.Type)] {
    if let joint = value as? any SettingParts { return joint.settingParts.flatMap { properties(of: $0) } }
    return Mirror(reflecting: value).children.compactMap { child in
      child.label.map { ($0, child.value, Swift.type(of: value)) }
    }
  }

  /// Lays the changes over the value's document, nested configurations by their own keys.
  private static func merge<Value: Codable>(
    _ changes: JSON, into value: Value, of owner: String, path: String
  ) throws(UserError) -> JSON {
    let document = JSON(encoding: value)
    guard case .object(let members) = changes else {
      throw UserError(
        "the configuration of \(owner) must be a mapping of keys to values, not \(changes.text())",
        fix: "Its keys are \(list(keys(of: value, document: document)))")
    }
    guard case .object(var merged) = document else {
      throw UserError("\(owner) has no settings", fix: "Leave \(list(members.keys.sorted())) out")
    }
    let names = keys(of: value, document: document)
    let children = Dictionary(properties(of: value).map { ($0.key, $0.value) }) { first, _ in first }
    for key in members.keys.sorted() {
      guard names.contains(key) else {
        throw UserError.unknown(
          "setting", path + key, among: names.map { path + $0 },
          hint: names.isEmpty ? "\(owner) has none" : "Those of \(owner) are \(list(names))")
      }
      let change = members[key]!
      if let child = children[key], let nested = child as? any Codable, case .object? = merged[key],
        case .object = change
      {
        merged[key] = try merge(change, into: nested, of: owner, path: path + key + ".")
      } else if let child = children[key] {
        merged[key] = try checked(change, like: child, key: path + key, of: owner)
      } else {
        merged[key] = change
      }
    }
    return .object(merged)
  }

  /// The change as the type of the default value takes it.
  private static func checked(_ change: JSON, like value: Any, key: String, of owner: String) throws(UserError) -> JSON
  {
    let type = unwrapped(Swift.type(of: value))
    if case .null = change {
      if isOptional(Swift.type(of: value)) { return .null }
      throw wrong(change, key, expected(type, like: value), owner)
    }
    if type == Bool.self {
      guard change.bool != nil else { throw wrong(change, key, expected(type), owner) }
    } else if let integer = type as? any FixedWidthInteger.Type {
      guard let number = change.integer, fits(number, integer) else { throw wrong(change, key, expected(type), owner) }
    } else if type is any BinaryFloatingPoint.Type {
      guard change.double != nil || change == "Infinity" || change == "-Infinity" else {
        throw wrong(change, key, expected(type), owner)
      }
    } else if type == String.self {
      return change.string != nil ? change : .string(change.text())
    } else if let cases = type as? any CaseIterable.Type {
      let allowed = caseNames(of: cases)
      guard allowed.isEmpty || allowed.contains(change) else {
        let texts = allowed.map { $0.string ?? $0.text() }
        let near = UserError.nearest(to: change.string ?? change.text(), among: texts)
        throw UserError(
          "\(key) of \(owner) cannot be \(change.text())",
          fix: (near.first.map { "Did you mean '\($0)'? " } ?? "") + "It is one of \(list(texts))")
      }
    } else if let list = type as? any ListOfNumbers.Type {
      let integer = list.element as? any FixedWidthInteger.Type
      let isTaken: (JSON) -> Bool = { element in
        guard let integer else { return element.double != nil }
        return element.integer.map { fits($0, integer) } ?? false
      }
      guard let values = change.array, values.allSatisfy(isTaken) else {
        throw wrong(change, key, "a list of \(integer == nil ? "" : "whole ")numbers such as [64, 64]", owner)
      }
    } else if type == [String].self {
      guard let texts = texts(change) else { throw wrong(change, key, "a list of texts such as [a,b]", owner) }
      return .array(texts.map { .string($0) })
    }
    return change
  }

  /// The texts of a list, also of one that was typed without quotes, `[a,b]` or `a,b`; nil for what is none.
  private static func texts(_ change: JSON) -> [String]? {
    if let values = change.array {
      let texts = values.compactMap { value in
        if value.object != nil || value.array != nil { return String?.none }
        return value.string ?? value.text()
      }
      return texts.count == values.count ? texts : nil
    }
    guard var list = change.string?[...].trimmed else { return nil }
    if list.first == "[", list.last == "]" { list = list.dropFirst().dropLast().trimmed }
    guard !list.isEmpty else { return [] }
    return (try? NamedSettings.split(list, at: ","))?.map {
      let text = String($0.trimmed)
      return NamedSettings.unquoted(text) ?? text
    }
  }

  /// The error of a value that is of another type than expected.
  private static func wrong(_ change: JSON, _ key: String, _ expected: String, _ owner: String) -> UserError {
    // YAML's .nan and .inf, and numbers beyond a double's range, come as texts.
    let word = (change.string ?? "").replacing(".nan", with: "nan").replacing(".inf", with: "inf")
    let bound =
      if Double(word)?.isFinite == false { ", and finite" }
      else if expected == "a whole number", (change.double ?? 0).magnitude >= 0x1p53 { ", nearer to 0 than 2^53" }
      else { "" }
    return UserError("\(key) of \(owner) cannot be \(change.text())", fix: "It is \(expected)\(bound)")
  }

  /// The type in words.
  ///
  /// - Parameter value: One of that type: what is written as a text is one to whoever types it.
  private static func expected(_ type: Any.Type, like value: Any? = nil) -> String {
    if type == Bool.self { return "true or false" }
    if type is any UnsignedInteger.Type { return "a whole number from 0, below 2^63" }
    if type is any FixedWidthInteger.Type { return "a whole number" }
    if type is any BinaryFloatingPoint.Type { return "a number" }
    // All but null is a text; what is left empty behind an `=` is read as null.
    let isText = (value as? any Encodable).map { JSON(encoding: $0).string != nil } ?? false
    if type == String.self || isText { return "a text, written '' where there is none" }
    if type == [String].self { return "a list of texts such as [a,b]" }
    return "of type \(type)"
  }

  /// What may be typed for a value of a type, without an article.
  static func words(_ type: Any.Type) -> String {
    if type == Bool.self { return "true or false" }
    if type is any FixedWidthInteger.Type { return "whole number" }
    if type is any BinaryFloatingPoint.Type { return "number" }
    if type == [String].self { return "list of texts" }
    guard let list = type as? any ListOfNumbers.Type else { return type is any ListOfAnything.Type ? "list" : "text" }
    return "list of \(list.element is any FixedWidthInteger.Type ? "whole " : "")numbers"
  }

  /// Whether the number can be held.
  private static func fits<Number: FixedWidthInteger>(_ value: Int, _ type: Number.Type) -> Bool {
    Number(exactly: value) != nil
  }

  /// The cases as they are written in a document; empty where they cannot be.
  static func caseNames<Cases: CaseIterable>(of type: Cases.Type) -> [JSON] {
    type.allCases.compactMap { ($0 as? any Encodable).map { JSON(encoding: $0) } }
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private static func isNil(_ value: Any) -> Bool { (value as? any OptionalValue)?.isNone ?? false }
  static func isOptional(_ type: Any.Type) -> Bool { type is any OptionalValue.Type }
  static func unwrapped(_ type: Any.Type) -> Any.Type {
    (type as? any OptionalValue.Type)?.wrappedType ?? type
  }
}

/// Optionals, whatever they hold.
private protocol OptionalValue {
  static var wrappedType: Any.Type { get }
  var isNone: Bool { get }
}

extension Optional: OptionalValue {
  fileprivate static var wrappedType: Any.Type { Wrapped.self }
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}

/// Arrays of numbers, whose elements are checked before they are decoded.
private protocol ListOfNumbers {
  static var element: Any.Type { get }
}
extension Array: ListOfNumbers where Element: Numeric {
  fileprivate static var element: Any.Type { Element.self }
}

/// Arrays, whatever they hold.
private protocol ListOfAnything {}
extension Array: ListOfAnything {}
