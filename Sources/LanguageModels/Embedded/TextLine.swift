import Synchronization

/// A line of a prompt with what the embedded model compares lines by.
final class TextLine: Sendable {
  /// A number in a line.
  struct Number {
    /// What stands before it, numbers taken out: numbers of two lines with equal keys belong together.
    var key: UInt64
    /// In millionths.
    var value: Int64
    /// Its token's index.
    var token: Int
  }

  /// The last is the line's end, where the line is whole.
  let tokens: [TextToken]
  /// Of all tokens.
  let hash: UInt64
  /// Of all tokens, numbers taken out.
  let shape: UInt64
  /// Of what stands before the first bracket, quotation mark or number: lines of one kind say the same of different
  /// things.
  let kind: UInt64
  /// Of the first so many tokens, numbers taken out; [tokens + 1].
  let prefixShapes: [UInt64]
  /// Of the first so many tokens; [tokens + 1].
  let prefixHashes: [UInt64]
  let numbers: [Number]

  /// Whether nothing stands in it.
  var isBlank: Bool { tokens.count == 1 && tokens[0].isLineEnd }

  init(_ tokens: [TextToken]) {
    self.tokens = tokens
    var shapes = [TextHash.start]
    var hashes = [TextHash.start]
    var numbers: [Number] = []
    var kind: UInt64?
    for (index, token) in tokens.enumerated() {
      if let value = token.value { numbers.append(Number(key: shapes[index], value: value, token: index)) }
      if kind == nil, token.value != nil || TextLine.opens(token) { kind = shapes[index] }
      shapes.append(TextHash.add(token.shape, to: shapes[index]))
      hashes.append(TextHash.add(token.hash, to: hashes[index]))
    }
    prefixShapes = shapes
    prefixHashes = hashes
    hash = hashes[tokens.count]
    shape = shapes[tokens.count]
    self.kind = kind ?? shape
    self.numbers = numbers
  }

  private static func opens(_ token: TextToken) -> Bool {
    guard let last = token.text.utf8.last else { return false }
    return last == UInt8(ascii: "(") || last == UInt8(ascii: "[") || last == UInt8(ascii: "{")
      || last == UInt8(ascii: "\"") || last == UInt8(ascii: "'")
  }
}

/// Lines that were met before: prompts share most of theirs, and reading one costs more than comparing it.
final class LineCache: Sendable {
  private struct Entry {
    var bytes: [UInt8]
    var line: TextLine
  }
  private let lines = Mutex<[UInt64: Entry]>([:])
  /// Lines that are kept at most.
  private static let capacity = 50_000

  /// The lines of a text; the last has no end, and no tokens where the text ends with a line's end.
  func lines(of text: String) -> [TextLine] {
    let bytes = Array(text.utf8)
    var found: [TextLine] = []
    lines.withLock { known in
      if known.count > LineCache.capacity { known.removeAll() }
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
        let slice = bytes[start..<end]
        let key = TextHash.of(slice)
        if let entry = known[key], entry.bytes.elementsEqual(slice) {
          found.append(entry.line)
        } else {
          let line = TextLine(TextToken.tokens(of: slice))
          known[key] = Entry(bytes: Array(slice), line: line)
          found.append(line)
        }
        start = end
      }
    }
    if found.last?.tokens.last?.isLineEnd ?? true { found.append(TextLine([])) }
    return found
  }
}
