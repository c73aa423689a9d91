/// The element types that a saved array may have, with the names that safetensors gives them.
public enum ElementType: String, Sendable, CaseIterable {
  case uint8 = "U8"
  case int16 = "I16"
  case int32 = "I32"
  case int64 = "I64"
  case uint64 = "U64"
  case float32 = "F32"
  case float64 = "F64"

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .uint8: 1
    case .int16: 2
    case .int32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }
}

/// A type whose values can be elements of a saved array.
///
/// Elements are saved as they lie in memory: little-endian, as all supported machines have them.
public protocol SavedElement: BitwiseCopyable, Sendable {
  /// The type's name in the file.
  static var elementType: ElementType { get }
}

extension UInt8: SavedElement { public static var elementType: ElementType { .uint8 } }
extension Int16: SavedElement { public static var elementType: ElementType { .int16 } }
extension Int32: SavedElement { public static var elementType: ElementType { .int32 } }
extension Int64: SavedElement { public static var elementType: ElementType { .int64 } }
extension UInt64: SavedElement { public static var elementType: ElementType { .uint64 } }
extension Float: SavedElement { public static var elementType: ElementType { .float32 } }
extension Double: SavedElement { public static var elementType: ElementType { .float64 } }

/// What a checkpoint holds: arrays and texts by name, kept in the order in which they were added.
///
/// It is written as one safetensors file (see `SavedState+Safetensors.swift`), which Python's `safetensors`
/// reads: network parameters under their layers' names, and beside them everything that a resumed run needs.
/// Not a general serializer: what has structure is flattened by whoever saves it.
public struct SavedState: Sendable, Equatable {
  /// An array of one element type, row-major, little-endian.
  public struct Entry: Sendable, Equatable {
    /// What an element is.
    public var type: ElementType
    /// Sizes of the axes, the first one outermost; empty for a single number.
    public var shape: [Int]
    /// The elements without gaps: the product of the shape times the element's size.
    public var bytes: [UInt8]
  }

  /// The arrays' names in the order in which they were added.
  public private(set) var names: [String] = []
  /// The arrays by name.
  public private(set) var entries: [String: Entry] = [:]
  /// Texts by name; they become the file's `__metadata__`.
  public var texts: [String: String] = [:]
  /// Lists of chunks by name: what is not written anew with every file of arrays.
  public private(set) var chunks: [String: [SavedChunk]] = [:]

  /// Nothing.
  public init() {}

  /// Adds or replaces an array.
  ///
  /// - Parameter shape: By default one axis.
  /// - Precondition: The shape holds as many elements as there are values.
  public mutating func set<Element: SavedElement>(_ name: String, _ values: [Element], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "the shape of '\(name)' does not hold its values")
    set(name, Entry(type: Element.elementType, shape: shape, bytes: values.withUnsafeBytes { Array($0) }))
  }

  /// The same for an array of any type; a name that was there keeps its place in the order.
  public mutating func set(_ name: String, _ entry: Entry) {
    if entries.updateValue(entry, forKey: name) == nil { names.append(name) }
  }

  /// Adds or replaces a list of chunks.
  public mutating func set(chunks name: String, _ list: [SavedChunk]) { chunks[name] = list }

  /// The array of that name.
  ///
  /// - Throws: `UserError` when it is missing, or of another type or number of elements than expected.
  public func get<Element: SavedElement>(
    _ name: String, as type: Element.Type = Element.self, count: Int? = nil
  ) throws(UserError) -> [Element] {
    guard let entry = entries[name] else {
      throw UserError("the checkpoint has no '\(name)'", fix: "It was written by another configuration or version")
    }
    guard entry.type == Element.elementType else {
      throw UserError("'\(name)' in the checkpoint is \(entry.type.rawValue), not \(Element.elementType.rawValue)")
    }
    let found = entry.bytes.count / entry.type.size
    if let count, found != count {
      throw UserError(
        "'\(name)' in the checkpoint has shape \(entry.shape) = \(found) elements where \(count) are expected",
        fix: "Use the configuration that wrote it")
    }
    return [Element](unsafeUninitializedCapacity: found) { buffer, initialized in
      entry.bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      initialized = found
    }
  }

  /// Adds another state under a prefix: `a` becomes `prefix.a`.
  public mutating func set(prefix: String, _ state: SavedState) {
    for name in state.names { set("\(prefix).\(name)", state.entries[name]!) }
    for (name, text) in state.texts { texts["\(prefix).\(name)"] = text }
    for (name, list) in state.chunks { chunks["\(prefix).\(name)"] = list }
  }

  /// What was added under a prefix; empty when nothing was.
  public func get(prefix: String) -> SavedState {
    var state = SavedState()
    let start = prefix + "."
    for name in names where name.hasPrefix(start) {
      state.set(String(name.dropFirst(start.count)), entries[name]!)
    }
    for (name, text) in texts where name.hasPrefix(start) { state.texts[String(name.dropFirst(start.count))] = text }
    for (name, list) in chunks where name.hasPrefix(start) { state.chunks[String(name.dropFirst(start.count))] = list }
    return state
  }

  /// One number, as an array of one.
  public mutating func set<Element: SavedElement>(_ name: String, scalar value: Element) {
    set(name, [value], shape: [])
  }

  /// The number that was added by `set(_:scalar:)`.
  ///
  /// - Throws: `UserError` when it is missing, of another type, or not a single one.
  public func scalar<Element: SavedElement>(_ name: String, as type: Element.Type = Element.self) throws(UserError)
    -> Element
  {
    try get(name, as: type, count: 1)[0]
  }
}
