import FoundationEssentials

/// A JSON value, for documents whose shape is not a Swift type: configurations, run and replay files, `--json`.
///
/// Objects have no order; texts are written with their keys sorted, so that equal documents are equal bytes and
/// a digest of one means something. Infinite and undefined numbers stand as texts.
public enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A whole number that fits an `Int`.
  case integer(Int)
  /// A whole number above `Int.max`, as a seed may be; smaller ones are always `integer`.
  case unsigned(UInt64)
  /// A fraction, or a whole number beyond 64 bits.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// A member of an object; nil where it is missing or this is no object.
  ///
  /// - Precondition: Only objects are written to.
  public subscript(key: String) -> JSON? {
    get { if case .object(let members) = self { members[key] } else { nil } }
    set {
      guard case .object(var members) = self else { preconditionFailure("'\(key)' set on what is not an object") }
      members[key] = newValue
      self = .object(members)
    }
  }

  /// The text of a string, nil for every other kind.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// A whole number that fits an `Int`; nil for fractions, whatever their value.
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  /// A whole number that is not negative, for example a seed.
  public var unsigned: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    default: nil
    }
  }
  /// True or false, nil for every other kind.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements of a list, nil for every other kind.
  public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
  /// The members of an object by key, nil for every other kind.
  public var object: [String: JSON]? { if case .object(let members) = self { members } else { nil } }
  /// An integer or a fraction, as a `Double`.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// Parses a JSON document.
  ///
  /// - Parameters:
  ///   - name: What the document is called in the error.
  ///   - kind: What it is, which says how many values it may have.
  /// - Throws: `UserError` when the bytes are no JSON (where they go wrong is not told), or too many or too deeply
  ///   nested values.
  public init(parsing text: some Sequence<UInt8>, name: String, kind: FileKind = .text) throws(UserError) {
    let bytes = Array(text)
    try JSON.checkShape(bytes, kind: kind, name: name)
    do {
      self = try JSONDecoder().decode(JSON.self, from: Data(bytes))
    } catch {
      throw UserError("\(name) is not valid JSON", fix: "It may be cut off; restore it or remove it")
    }
  }

  /// The same for a text.
  public init(parsing text: String, name: String, kind: FileKind = .text) throws(UserError) {
    try self.init(parsing: Array(text.utf8), name: name, kind: kind)
  }

  /// The same for a file.
  ///
  /// - Throws: `UserError` as `Files.read` and `init(parsing:name:kind:)` do.
  public init(reading path: String, kind: FileKind) throws(UserError) {
    try self.init(parsing: try Files.read(path, as: kind), name: "'\(path)'", kind: kind)
  }

  /// The value that a `Codable` type encodes to.
  ///
  /// - Precondition: It can be encoded; infinite and undefined numbers are, as the texts "Infinity",
  ///   "-Infinity", "NaN".
  public init(encoding value: some Encodable) {
    do {
      let data = try JSON.encoder(pretty: false).encode(value)
      self = try JSONDecoder().decode(JSON.self, from: data)
    } catch {
      preconditionFailure("a value of \(type(of: value)) cannot be written as JSON: \(error)")
    }
  }

  /// The `Codable` value that this document holds.
  ///
  /// - Parameter name: What the document is called in the error.
  /// - Throws: `UserError` that names the key which is missing or has another type.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self, name: String) throws(UserError) -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    do {
      return try decoder.decode(type, from: Data(text().utf8))
    } catch let error as DecodingError {
      throw UserError("\(name): \(JSON.explain(error))")
    } catch {
      throw UserError("\(name) cannot be read")
    }
  }

  /// The document as text, keys sorted.
  ///
  /// - Parameter pretty: A line for each member, indented, for files that people read; otherwise one line.
  public func text(pretty: Bool = false) -> String {
    do {
      return String(decoding: try JSON.encoder(pretty: pretty).encode(self), as: UTF8.self)
    } catch {
      preconditionFailure("JSON cannot hold this value: \(error)")
    }
  }

  /// Slashes stand as they are, and infinite numbers as texts.
  private static func encoder(pretty: Bool) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }

  /// A decoding error in one line, with the path of its key.
  private static func explain(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
      (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context): return "'\(path(context, key))' is missing"
    case .typeMismatch(let type, let context): return "'\(path(context))' must be of type \(type)"
    case .valueNotFound(let type, let context): return "'\(path(context))' must be of type \(type)"
    // Foundation does not say where a number stands that its type cannot hold.
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      return "it has a number that does not fit where it stands, or is damaged"
    case .dataCorrupted(let context):
      return "'\(path(context))' has a value that cannot be used: \(context.debugDescription)"
    @unknown default: return "it cannot be read"
    }
  }
}

extension JSON: Codable {
  /// Reads any JSON value; whole numbers are `integer`, those above `Int.max` `unsigned`, all others `number`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .unsigned(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  /// Writes the value as what it is; a whole `number` as the integer as which it would be read, so that what is written
  /// and read again has the same text (1e17 would come back as 100000000000000000).
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .unsigned(let value): try container.encode(value)
    case .number(let value):
      if let whole = Int(exactly: value) {
        try container.encode(whole)
      } else if let whole = UInt64(exactly: value) {
        try container.encode(whole)
      } else {
        try container.encode(value)
      }
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `"a"` is a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// `1` is an integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// `1.5` is a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// `true` is a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// `[1, "a"]` is a list.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// `["key": 1]` is an object; of a key that stands twice the last value counts.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
