package import ReinforcementLearning

/// Writes a line of text into a text field byte by byte, without a string: a step allocates nothing.
///
/// What does not fit is cut; `end()` pads with zeros.
@frozen package struct RowText {
  /// The field's first byte.
  @usableFromInline let start: UnsafeMutableRawPointer
  /// Bytes of the field.
  @usableFromInline let capacity: Int
  /// Bytes written.
  @usableFromInline var count = 0

  /// Bytes that belong to no row.
  @inlinable package init(_ start: UnsafeMutableRawPointer, capacity: Int) {
    self.start = start
    self.capacity = capacity
  }

  /// A field's bytes; nil when it is not wanted. Used up before the row is written on.
  @inlinable package init?(_ row: ObservationRow, _ field: Int) {
    guard let start = row.unsafeStart(of: field) else { return nil }
    self.init(start, capacity: row.byteCount(of: field))
  }

  /// Adds a byte, or nothing where the field is full.
  @inlinable package mutating func add(byte: UInt8) {
    guard count < capacity else { return }
    start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Adds a text's UTF-8 bytes; one that is cut may end within a character.
  @inlinable package mutating func add(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { add(byte: text.utf8Start[index]) }
  }

  /// Adds a whole number in decimal digits.
  @inlinable package mutating func add(_ number: Int) {
    if number < 0 { add(byte: UInt8(ascii: "-")) }
    var scale = 1
    let size = number.magnitude
    while size / UInt(scale) >= 10 { scale *= 10 }
    while scale > 0 {
      add(byte: UInt8(ascii: "0") + UInt8(size / UInt(scale) % 10))
      scale /= 10
    }
  }

  /// A number with two digits after the point.
  @inlinable package mutating func add(hundredths value: Double) {
    let rounded = Int((abs(value) * 100).rounded())
    if value < 0 && rounded > 0 { add(byte: UInt8(ascii: "-")) }
    add(rounded / 100)
    add(byte: UInt8(ascii: "."))
    add(byte: UInt8(ascii: "0") + UInt8(rounded / 10 % 10))
    add(byte: UInt8(ascii: "0") + UInt8(rounded % 10))
  }

  /// Fills the rest with zeros; without it the row would keep what was there before.
  @inlinable package mutating func end() { while count < capacity { add(byte: 0) } }
}
