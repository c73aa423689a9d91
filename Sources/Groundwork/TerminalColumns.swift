/// Columns of a terminal that text takes: signs of East Asian scripts and emoji take two, marks above others none.
///
/// As most terminals count (Unicode's annex 11 and its emoji data); where signs of ambiguous width are set wide, they
/// are wider than this says.
extension StringProtocol {
  /// Columns of all of it in one line.
  public var terminalColumns: Int { reduce(0) { $0 + $1.terminalColumns } }

  /// As much of its beginning as fits in so many columns.
  public func prefix(terminalColumns limit: Int) -> SubSequence {
    var (end, used) = (startIndex, 0)
    while end < endIndex {
      used += self[end].terminalColumns
      if used > limit { break }
      end = index(after: end)
    }
    return self[..<end]
  }

  /// As much of its end as fits in so many columns.
  public func suffix(terminalColumns limit: Int) -> SubSequence {
    var (start, used) = (endIndex, 0)
    while start > startIndex {
      let before = index(before: start)
      used += self[before].terminalColumns
      if used > limit { break }
      start = before
    }
    return self[start...]
  }

  /// Where a terminal of so many columns has its cursor behind the text: rows that are full before it, and columns of
  /// its own row. A wide sign that does not fit at the end of a row stands in the next.
  public func terminalPosition(columns: Int) -> (row: Int, column: Int) {
    var (row, column) = (0, 0)
    for character in self {
      let width = character.terminalColumns
      if column > 0 && column + width > columns { (row, column) = (row + 1, 0) }
      column += width
    }
    return (row, column)
  }
}

extension Character {
  /// Columns that it takes: what its first scalar takes, since the others are set into the same place.
  public var terminalColumns: Int {
    if isASCII { return 1 }
    guard let scalar = unicodeScalars.first else { return 0 }
    return scalar.isWide ? 2 : scalar.isSetOverOthers ? 0 : 1
  }
}

extension Unicode.Scalar {
  fileprivate var isWide: Bool {
    switch value {
    case 0..<0x1100: false
    // Hangul's first letters; brackets; radicals, kana, ideographs and Yi; Hangul; forms for vertical and full width.
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3040...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE1F, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6:
      true
    // Tangut and Khitan, more kana, signs in squares, more ideographs.
    case 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD: true
    default: properties.isEmojiPresentation
    }
  }

  fileprivate var isSetOverOthers: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    // The soft hyphen alone is seen.
    case .format: value != 0xAD
    default: false
    }
  }
}
