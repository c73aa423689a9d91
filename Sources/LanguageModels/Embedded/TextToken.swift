/// A piece of text as the embedded model reads it: a word, a number or a sign, with the space before it.
struct TextToken: Sendable, Hashable {
  /// As it stands in the text, the space included.
  let text: String
  /// Equal for equal texts.
  let hash: UInt64
  /// The same for every number, otherwise `hash`: what is left when numbers are taken out.
  let shape: UInt64
  /// In millionths; nil for what is no number.
  let value: Int64?
  /// Digits after the point.
  let digits: Int
  /// Whether a space stands before it.
  let isSpaced: Bool

  var isLineEnd: Bool { hash == TextToken.lineEnd }
  static let lineEnd = TextHash.of("\n".utf8)
  private static let numbers = (TextHash.of("#".utf8) &+ 1, TextHash.of(" #".utf8) &+ 1)

  init(_ bytes: ArraySlice<UInt8>, isNumber: Bool) {
    text = String(decoding: bytes, as: UTF8.self)
    hash = TextHash.of(bytes)
    isSpaced = bytes.count > 1 && bytes.first == UInt8(ascii: " ")
    let point = bytes.firstIndex(of: UInt8(ascii: "."))
    digits = isNumber ? point.map { bytes.endIndex - $0 - 1 } ?? 0 : 0
    value = isNumber ? TextToken.millionths(bytes, digits: digits) : nil
    shape = value == nil ? hash : isSpaced ? TextToken.numbers.1 : TextToken.numbers.0
  }

  /// A number with so many digits after the point.
  init(value: Int64, digits: Int, isSpaced: Bool) {
    var magnitude = value.magnitude
    for _ in digits..<6 { magnitude = (magnitude + 5) / 10 }
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    var text = (isSpaced ? " " : "") + (value < 0 && magnitude > 0 ? "-" : "") + String(magnitude / scale)
    if digits > 0 {
      let fraction = String(magnitude % scale)
      text += "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
    self.init(ArraySlice(Array(text.utf8)), isNumber: true)
  }

  private static func millionths(_ bytes: ArraySlice<UInt8>, digits: Int) -> Int64? {
    var value: Int64 = 0
    for byte in bytes where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    for _ in digits..<6 { value *= 10 }
    return bytes.contains(UInt8(ascii: "-")) ? -value : value
  }
}

/// A 64-bit hash that is grown piece by piece: FNV-1a. Not `StableDigest`, which ends with a mix.
enum TextHash {
  static let start: UInt64 = 0xcbf2_9ce4_8422_2325

  static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = start
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  static func add(_ word: UInt64, to hash: UInt64) -> UInt64 {
    let mixed = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
    return mixed ^ (mixed >> 29)
  }
}

extension TextToken {
  /// Cuts a text into tokens; together they are the text. At most 9 digits before the point and 6 after make a number,
  /// a minus belongs to it where neither a word nor a closing bracket stands before it.
  static func tokens(of bytes: ArraySlice<UInt8>) -> [TextToken] {
    var tokens: [TextToken] = []
    var place = bytes.startIndex
    func byte(_ index: Int) -> UInt8 { index < bytes.endIndex ? bytes[index] : 0 }
    while place < bytes.endIndex {
      let start = place
      if byte(place) == UInt8(ascii: " "), place + 1 < bytes.endIndex, byte(place + 1) != UInt8(ascii: " "),
        byte(place + 1) != UInt8(ascii: "\n")
      {
        place += 1
      }
      let isNegative =
        byte(place) == UInt8(ascii: "-") && isDigit(byte(place + 1))
        && (start < place || start == bytes.startIndex || !endsOperand(byte(start - 1)))
      var end = place + (isNegative ? 1 : 0)
      var isNumber = false
      if isDigit(byte(end)) {
        let whole = end
        while isDigit(byte(end)) { end += 1 }
        isNumber = end - whole <= 9
        if byte(end) == UInt8(ascii: "."), isDigit(byte(end + 1)) {
          let point = end
          end += 1
          while isDigit(byte(end)) { end += 1 }
          isNumber = isNumber && end - point <= 7
        }
      } else if isWord(byte(end)) {
        while isWord(byte(end)) || isDigit(byte(end)) { end += 1 }
      } else {
        end += 1
      }
      tokens.append(TextToken(bytes[start..<end], isNumber: isNumber))
      place = end
    }
    return tokens
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// Letters, `_` and everything beyond ASCII.
  private static func isWord(_ byte: UInt8) -> Bool {
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  private static func endsOperand(_ byte: UInt8) -> Bool {
    isWord(byte) || isDigit(byte) || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]")
  }
}
