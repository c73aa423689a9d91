extension Rollout {
  /// One element of a numeric field of a row, as a `Double`.
  @inlinable public static func read(
    _ row: UnsafeRawPointer, _ place: ObservationLayout.Place, at element: Int = 0
  ) -> Double {
    let offset = place.offset &+ element &* place.field.element.size
    switch place.field.element {
    case .uint8: return Double(row.load(fromByteOffset: offset, as: UInt8.self))
    case .int16: return Double(row.load(fromByteOffset: offset, as: Int16.self))
    case .int32: return Double(row.load(fromByteOffset: offset, as: Int32.self))
    case .float32: return Double(row.load(fromByteOffset: offset, as: Float.self))
    }
  }

  /// The text of a text field of a row.
  public static func readText(_ row: UnsafeRawPointer, _ place: ObservationLayout.Place) -> String {
    let bytes = UnsafeRawBufferPointer(start: row + place.offset, count: place.field.count)
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
