/// A cell expression against a row: where its numbers lie and how each becomes a word of a key.
public struct CellReader: Sendable {
  @usableFromInline struct Read: Sendable {
    @usableFromInline var offset: Int
    @usableFromInline var element: FieldElement
    /// 0: the number is whole and is not divided.
    @usableFromInline var divisor: Double
  }

  @usableFromInline let reads: [Read]

  /// Words of a key.
  public var count: Int { reads.count }

  /// - Parameter layout: Of the rows that are read; it holds the expression's fields.
  public init(_ expression: CellExpression, layout: ObservationLayout) {
    reads = expression.parts.flatMap { part in
      guard let place = layout.place(part.field.name) else {
        preconditionFailure("the row does not hold '\(part.field.name)'")
      }
      let elements = part.element.map { $0..<$0 + 1 } ?? 0..<part.field.count
      return elements.map { element in
        let isWhole = part.divisor == 1 && part.field.element != .float32
        return Read(
          offset: place.offset + element * part.field.element.size, element: part.field.element,
          divisor: isWhole ? 0 : part.divisor)
      }
    }
  }

  /// Writes the key, `[count]` words; what is not finite or does not fit becomes the nearest number that does.
  @inlinable @inline(__always) public func write(_ row: UnsafeRawPointer, to key: UnsafeMutablePointer<Int32>) {
    for index in 0..<reads.count {
      let read = reads[index]
      let whole: Int32
      switch read.element {
      case .uint8: whole = Int32(row.load(fromByteOffset: read.offset, as: UInt8.self))
      case .int16: whole = Int32(row.load(fromByteOffset: read.offset, as: Int16.self))
      case .int32: whole = row.load(fromByteOffset: read.offset, as: Int32.self)
      case .float32:
        key[index] = CellReader.bin(Double(row.load(fromByteOffset: read.offset, as: Float.self)), read.divisor)
        continue
      }
      key[index] = read.divisor == 0 ? whole : CellReader.bin(Double(whole), read.divisor)
    }
  }

  /// The whole number below `value / divisor`, at the ends of `Int32` where it does not fit; `Int32.max` for NaN.
  @inlinable public static func bin(_ value: Double, _ divisor: Double) -> Int32 {
    let bin = (value / divisor).rounded(.down)
    return bin.isNaN ? .max : Int32(min(max(bin, -2_147_483_647), 2_147_483_646))
  }
}
