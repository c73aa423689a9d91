/// Where the wanted fields of an environment lie in a row of bytes.
///
/// The policy's fields come first, then the signals that somebody asked for; each starts on a multiple of its
/// element's size, the row itself on a multiple of 8. At least four bytes after the last field belong to no field,
/// so that an environment may write in words. A signal that nobody asked for is not computed.
public struct ObservationLayout: Sendable, Hashable {
  /// One field's place.
  public struct Place: Sendable, Hashable {
    public var field: Field
    /// The field's number in the specification.
    public var index: Int
    /// Bytes from the start of the row.
    public var offset: Int
  }

  /// Where a field's bytes lie in a row, as an environment that writes them looks it up.
  public struct Bytes: Sendable, Hashable {
    /// From the start of the row; -1 where the field is not wanted.
    public var offset: Int32
    public var count: Int32
  }

  public let places: [Place]
  /// By field number.
  public let bytes: [Bytes]
  /// Byte offset by field number; -1 where the field is not wanted.
  public let offsets: [Int32]
  /// Bytes of the policy's fields, which start the row.
  public let policyBytes: Int
  /// Bytes of a whole row.
  public let rowBytes: Int

  /// - Parameter signals: Names of the signals to write; those that the environment lacks are a programmer's error.
  public init(_ specification: Specification, signals: [String] = []) {
    self.init(specification, names: signals, includesPolicy: true)
  }

  /// - Parameter names: The fields to write, of the policy or not, and no others: a picture that nobody looks at is not
  ///   drawn.
  public init(_ specification: Specification, fields names: [String]) {
    self.init(specification, names: names, includesPolicy: false)
  }

  private init(_ specification: Specification, names: [String], includesPolicy: Bool) {
    for name in names {
      precondition(specification.field(name) != nil, "the environment has no field '\(name)'")
    }
    var places: [Place] = []
    var offsets = [Int32](repeating: -1, count: specification.fields.count)
    var end = 0
    var policyEnd = 0
    for role in [Field.Role.policy, .signal] {
      for (index, field) in specification.fields.enumerated() where field.role == role {
        guard includesPolicy && role == .policy || names.contains(field.name) else { continue }
        let size = field.element.size
        end = (end + size - 1) / size * size
        places.append(Place(field: field, index: index, offset: end))
        offsets[index] = Int32(end)
        end += field.count * size
      }
      if role == .policy { policyEnd = end }
    }
    self.places = places
    self.offsets = offsets
    bytes = zip(offsets, specification.fields).map { Bytes(offset: $0, count: Int32($1.count * $1.element.size)) }
    policyBytes = policyEnd
    rowBytes = (end + 4 + 7) / 8 * 8
  }

  /// The place of the field of that name, nil when it is not in the row.
  public func place(_ name: String) -> Place? { places.first { $0.field.name == name } }
}

/// One row that an environment writes its fields into.
///
/// Every wanted field is written in whole each time: a row may hold an older observation. The row is only
/// valid during the call that it is handed to.
public struct ObservationRow {
  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let fields: UnsafePointer<ObservationLayout.Bytes>

  /// - Parameter fields: `ObservationLayout.bytes`, in memory that outlives the row.
  @inlinable public init(base: UnsafeMutableRawPointer, fields: UnsafePointer<ObservationLayout.Bytes>) {
    self.base = base
    self.fields = fields
  }

  /// Whether the field with that number is wanted; ask before computing a costly signal.
  @inlinable public func wants(_ field: Int) -> Bool { fields[field].offset >= 0 }

  /// Writes one element of a field, or several as a SIMD vector; nothing when the field is not wanted.
  ///
  /// Whether the element lies in the field is checked in debug builds.
  @inlinable public mutating func write<Element: BitwiseCopyable>(
    _ value: Element, to field: Int, at element: Int = 0
  ) {
    let offset = Int(fields[field].offset)
    guard offset >= 0 else { return }
    let start = element &* MemoryLayout<Element>.stride
    assert(
      start >= 0 && start + MemoryLayout<Element>.size <= fields[field].count,
      "element \(element) of field \(field) lies outside its \(fields[field].count) bytes")
    base.storeBytes(of: value, toByteOffset: offset &+ start, as: Element.self)
  }

  /// Gives a field's elements to a function that writes them; does not call it when the field is not wanted.
  ///
  /// Every access is checked, in release builds too. Elements must be as large as the field's.
  @inlinable @inline(__always) public mutating func withElements<Element: BitwiseCopyable>(
    of field: Int, as type: Element.Type = Element.self, _ body: (inout MutableSpan<Element>) -> Void
  ) {
    guard let start = unsafeStart(of: field) else { return }
    let count = Int(fields[field].count) / MemoryLayout<Element>.stride
    start.withMemoryRebound(to: Element.self, capacity: count) { elements in
      var span = UnsafeMutableBufferPointer(start: elements, count: count).mutableSpan
      body(&span)
    }
  }

  /// Writes a field in whole; nothing when it is not wanted. As many values as the field has elements.
  @inlinable public mutating func write<Element: BitwiseCopyable>(_ values: Span<Element>, to field: Int) {
    guard let start = unsafeStart(of: field) else { return }
    values.withUnsafeBytes { bytes in
      precondition(
        bytes.count == fields[field].count, "\(bytes.count) bytes for field \(field) of \(fields[field].count)")
      start.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    }
  }

  /// The first byte of a field, or nil when it is not wanted: for loops in which checks have been measured to cost.
  /// The caller writes no further than the field's bytes, or into those of fields that it writes afterwards.
  @inlinable public func unsafeStart(of field: Int) -> UnsafeMutableRawPointer? {
    let offset = Int(fields[field].offset)
    return offset >= 0 ? base + offset : nil
  }

  /// Bytes of a field, wanted or not.
  @inlinable public func byteCount(of field: Int) -> Int { Int(fields[field].count) }

  /// Writes text as UTF-8, cut to the field's bytes and padded with zeros.
  public mutating func write(text: String, to field: Int) {
    withElements(of: field, as: UInt8.self) { bytes in
      var count = 0
      for byte in text.utf8.prefix(bytes.count) {
        bytes[count] = byte
        count += 1
      }
      for rest in count..<bytes.count { bytes[rest] = 0 }
    }
  }
}
