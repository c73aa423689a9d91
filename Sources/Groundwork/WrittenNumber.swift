extension BinaryFloatingPoint where Self: LosslessStringConvertible {
  /// The number as a person writes it: the shortest text that reads back as it, a whole one without `.0`.
  public var written: String {
    let text = description
    return self == 0 ? "0" : text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
