/// Text of files and arguments as a terminal may show it: what would steer the terminal is written out.
extension String {
  /// The text with control characters written as JSON writes them (`\u001b`), line feeds and tabs as they are.
  ///
  /// A JSON document stays the same document.
  public var visible: String { escaping { $0.steersTerminal } }

  /// The same in one line: line feeds are written out, too, so that no text can pretend to be another line.
  public var visibleLine: String { escaping { $0.steersTerminal || $0 == "\n" } }

  private func escaping(_ isEscaped: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isEscaped) else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard isEscaped(scalar) else {
        text.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      text.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Whether a terminal may take it as an order rather than as a sign: the control characters of ASCII but line feed
  /// and tab, those of Latin-1 (ECMA-48), line separators, and marks that turn the direction of what follows (UAX #9).
  public var steersTerminal: Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
