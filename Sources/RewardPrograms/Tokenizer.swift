import Groundwork

/// A word, number, text or mark of a program.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    /// Letters, digits and `_`, not first a digit; keywords too.
    case word(String)
    case number(Double)
    case text(String)
    case mark(String)
    /// The end of a line, or a semicolon.
    case lineEnd
    case end
  }

  var kind: Kind
  var place: RewardProgram.Place

  /// The token as errors show it.
  var shown: String {
    switch kind {
    case .word(let word): "'\(Tokenizer.shortened(word))'"
    case .number(let number): "the number \(number.written)"
    case .text: "a text"
    case .mark(let mark): "'\(mark)'"
    case .lineEnd: "the end of the line"
    case .end: "the end"
    }
  }
}

/// Cuts a program's text into tokens.
enum Tokenizer {
  private static let marks: [String] = [
    "<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "<", ">", "=", "(", ")", "[", "]", ",", ".",
  ]
  /// The most characters of a text in quotes.
  private static let textLength = 256

  /// All tokens, the end last.
  ///
  /// - Throws: `UserError` with the place of the first character that belongs to no token.
  /// - Complexity: O(bytes).
  static func tokens(of text: String, name: String) throws(UserError) -> [Token] {
    let bytes = Array(text.utf8)
    var tokens: [Token] = []
    var line = 1
    var column = 1
    var index = 0

    func place() -> RewardProgram.Place { .init(line: line, column: column) }
    /// Goes on by so many bytes; those inside of a character count for nothing.
    func advance(_ count: Int) {
      for byte in bytes[index..<index + count] where byte & 0xC0 != 0x80 { column += 1 }
      index += count
    }

    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        advance(1)
      case UInt8(ascii: "\n"), UInt8(ascii: ";"):
        tokens.append(Token(kind: .lineEnd, place: place()))
        advance(1)
        if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) }
      case UInt8(ascii: "#"):
        advance((bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count) - index)
      case _ where isLetter(byte):
        let end = bytes[index...].firstIndex { !isLetter($0) && !isDigit($0) } ?? bytes.count
        tokens.append(
          Token(kind: .word(String(decoding: bytes[index..<end], as: UTF8.self)), place: place()))
        advance(end - index)
      case _ where isDigit(byte):
        let end = numberEnd(bytes, from: index)
        let written = String(decoding: bytes[index..<end], as: UTF8.self)
        guard let value = Double(written), abs(value) <= Double(Float.greatestFiniteMagnitude) else {
          throw RewardProgram.error(
            name, place(), "'\(shortened(written))' is not a number that fits", "Write for example 0.5 or 1e-3")
        }
        tokens.append(Token(kind: .number(value), place: place()))
        advance(end - index)
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let rest = bytes[(index + 1)...]
        guard let end = rest.firstIndex(where: { $0 == byte || $0 == UInt8(ascii: "\n") }), bytes[end] == byte else {
          throw RewardProgram.error(name, place(), "the text is not closed", "End it with the quote that began it")
        }
        guard end - index - 1 <= textLength else {
          throw RewardProgram.error(
            name, place(), "the text has \(end - index - 1) bytes; the most are \(textLength)", "Write a shorter one")
        }
        tokens.append(
          Token(kind: .text(String(decoding: bytes[index + 1..<end], as: UTF8.self)), place: place()))
        advance(end + 1 - index)
      default:
        guard let mark = marks.first(where: { bytes[index...].starts(with: $0.utf8) }) else {
          throw RewardProgram.error(
            name, place(), "\(shown(bytes, index)) belongs to no program",
            "Write numbers, names, \"texts\", + - * / ^ ( ) [ ] , and comparisons; # begins a remark")
        }
        tokens.append(Token(kind: .mark(mark), place: place()))
        advance(mark.utf8.count)
      }
    }
    tokens.append(Token(kind: .lineEnd, place: place()))
    tokens.append(Token(kind: .end, place: place()))
    return tokens
  }

  /// A name that fits a line.
  static func shortened(_ text: String) -> String {
    text.utf8.count > 40 ? String(text.prefix(40)) + "..." : text
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// Where a number ends: digits, then `.digits`, then an exponent with a sign.
  private static func numberEnd(_ bytes: [UInt8], from start: Int) -> Int {
    func digitsEnd(_ from: Int) -> Int { bytes[from...].firstIndex { !isDigit($0) } ?? bytes.count }
    var end = digitsEnd(start)
    if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "."), isDigit(bytes[end + 1]) { end = digitsEnd(end + 1) }
    if end + 1 < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
      let isSigned = bytes[end + 1] == UInt8(ascii: "-") || bytes[end + 1] == UInt8(ascii: "+")
      let first = end + (isSigned ? 2 : 1)
      if first < bytes.count, isDigit(bytes[first]) { end = digitsEnd(first) }
    }
    return end
  }

  /// The character at an index, or its number where it would not print.
  private static func shown(_ bytes: [UInt8], _ index: Int) -> String {
    let scalar = String(decoding: bytes[index...].prefix(4), as: UTF8.self).unicodeScalars.first!
    let isShown = scalar.value != 0xFFFD && scalar.properties.generalCategory != .control
    return isShown ? "'\(scalar)'" : "the character number \(scalar.value)"
  }
}
