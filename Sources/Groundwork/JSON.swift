import FoundationEssentials

/// A JSON value, for documents whose shape is not a Swift type: configurations, run and replay files, `--json`.
public enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A whole number above `Int.max`, as a seed may be; smaller ones are always `integer`.
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  public subscript(key: String) -> JSON? {
    get { if case .object(let members) = self { members[key] } else { nil } }
    set {
      guard case .object(var members) = self else { preconditionFailure("'\(key)' set on what is not an object") }
      members[key] = newValue
      self = .object(members)
    }
  }

  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  /// A whole number that is not negative, for example a seed.
  public var unsigned: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    default: nil
    }
  }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
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
  /// - Parameter name: What the document is called in the error.
  public init(parsing text: some Sequence<UInt8>, name: String) throws(UserError) {
    do {
      self = try JSONDecoder().decode(JSON.self, from: Data(text))
    } catch {
      throw UserError("\(name) is not valid JSON", fix: "It may be cut off; restore it or remove it")
    }
  }

  public init(parsing text: String, name: String) throws(UserError) {
    try self.init(parsing: Array(text.utf8), name: name)
  }

  /// The value that a `Codable` type encodes to.
  public init(encoding value: some Encodable) {
    do {
      let data = try JSON.encoder(pretty: false).encode(value)
      self = try JSONDecoder().decode(JSON.self, from: data)
    } catch {
      preconditionFailure("a value of \(type(of: value)) cannot be written as JSON: \(error)")
    }
  }

  /// The `Codable` value that this document holds.
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
  public func text(pretty: Bool = false) -> String {
    do {
      return String(decoding: try JSON.encoder(pretty: pretty).encode(self), as: UTF8.self)
    } catch {
      preconditionFailure("JSON cannot hold this value: \(error)")
    }
  }

  private static func encoder(pretty: Bool) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }

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

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .unsigned(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
