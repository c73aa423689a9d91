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
