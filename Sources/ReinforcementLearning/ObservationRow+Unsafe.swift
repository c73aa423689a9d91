/// For loops in which checks have been measured to cost.
extension ObservationRow {
  /// The first byte of a field, or nil when it is not wanted: for loops in which checks have been measured to cost.
  /// The caller writes no further than the field's bytes, or into those of fields that it writes afterwards.
  @inlinable public func unsafeStart(of field: Int) -> UnsafeMutableRawPointer? {
    let offset = Int(fields[field].offset)
    return offset >= 0 ? base + offset : nil
  }

  /// Bytes of a field, wanted or not.
  @inlinable public func byteCount(of field: Int) -> Int { Int(fields[field].count) }
}
