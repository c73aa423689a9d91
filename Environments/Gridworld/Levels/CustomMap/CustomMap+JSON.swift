import Groundwork

extension Gridworld.CustomMap {
  /// Splits a map that is written as JSON.
  static func readJSON(_ text: String, name: String) throws(UserError) -> Source {
    var source = Source(name: name)
    var reader = DocumentReader(text, source: source)
    guard case .object(let members, let start) = try reader.readDocument() else {
      preconditionFailure("a document that begins with a brace is an object")
    }
    let keys = ["map", "legend", "goal", "mission", "timeLimit", "seeThrough"]
    for (key, value) in members {
      switch (key.text, value) {
      case ("map", .list(let rows, _)):
        for row in rows {
          guard case .text(let fragment) = row else {
            throw source.error(at: row.place, "a row of the map is no text", fix: "Write rows such as \"#..G#\"")
          }
          source.rows.append(fragment)
        }
      case ("legend", .object(let entries, _)):
        for (symbol, description) in entries {
          guard case .text(let fragment) = description else {
            throw source.error(
              at: description.place, "'\(symbol.text)' is not described by a text",
              fix: "Write for example \"key yellow\"")
          }
          try source.add(source.symbol(symbol), key: symbol, value: fragment)
        }
      case ("goal", .text(let fragment)): try source.add(.goal, key: key, value: fragment)
      case ("mission", .text(let fragment)): try source.add(.mission, key: key, value: fragment)
      case ("timeLimit", .plain(let fragment)): try source.add(.timeLimit, key: key, value: fragment)
      case ("seeThrough", .plain(let fragment)): try source.add(.seeThrough, key: key, value: fragment)
      case let (name, value) where keys.contains(name):
        let expected =
          switch name {
          case "map": "a list of rows"
          case "legend": "an object"
          case "timeLimit": "a whole number"
          case "seeThrough": "true or false"
          default: "a text"
          }
        throw source.error(at: value.place, "'\(name)' cannot be that", fix: "It is \(expected)")
      default:
        let near = UserError.nearest(to: key.text, among: keys).first
        throw source.error(
          at: key, "there is no key '\(key.text)'",
          fix: (near.map { "Did you mean '\($0)'? " } ?? "") + "The keys are \(keys.joined(separator: ", "))")
      }
    }
    guard members.contains(where: { $0.key.text == "map" }) else {
      throw source.error(at: start, "the map has no rows", fix: "Write \"map\": [\"#####\", ...]")
    }
    return source
  }

  /// A JSON value that knows where it stands.
  private indirect enum Value {
    case text(Fragment)
    /// A number, true, false or null, as written.
    case plain(Fragment)
    case list([Value], Fragment)
    case object([(key: Fragment, value: Value)], Fragment)

    var place: Fragment {
      switch self {
      case .text(let place), .plain(let place), .list(_, let place), .object(_, let place): place
      }
    }
  }

  /// Reads JSON with the line and column of everything, which Foundation's decoder does not tell.
  private struct DocumentReader {
    /// The text without a byte order mark.
    private let scalars: [Unicode.Scalar]
    private let source: Source
    /// The next character.
    private var index = 0
    /// The next character's line, from 1.
    private var line = 1
    /// The next character's column, from 1.
    private var column = 1

    init(_ text: String, source: Source) {
      scalars = text.unicodeScalars.filter { $0 != "\u{FEFF}" }
      self.source = source
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    /// Takes one character and keeps line and column.
    @discardableResult
    private mutating func advance() -> Unicode.Scalar {
      let scalar = scalars[index]
      index += 1
      column += 1
      if scalar == "\n" { (line, column) = (line + 1, 1) }
      return scalar
    }

    private mutating func skipSpace() { while let next, next.isSpace || next == "\n" || next == "\r" { advance() } }

    /// An error that names what was found in place of what was expected.
    private func wrong(_ expected: String) -> UserError {
      let found = next.map { "\($0.quoted) stands" } ?? "the file ends"
      return source.error(
        line: line, column: column, "\(found) where \(expected) is expected", fix: "Mend the JSON there")
    }

    /// Skips space and one character that must stand there.
    private mutating func expect(_ scalar: Unicode.Scalar) throws(UserError) {
      skipSpace()
      guard next == scalar else { throw wrong("'\(scalar)'") }
      advance()
    }

    /// Reads one value and refuses what follows it.
    mutating func readDocument() throws(UserError) -> Value {
      let value = try read(depth: 0)
      skipSpace()
      guard next == nil else { throw wrong("the end") }
      return value
    }

    /// Reads one value.
    ///
    /// - Throws: `UserError` with line and column where no value stands, or one more than 16 deep.
    private mutating func read(depth: Int) throws(UserError) -> Value {
      skipSpace()
      // A map is three deep; the limit keeps brackets without end from exhausting the stack.
      guard depth < 16 else { throw wrong("less nesting") }
      let place = Fragment(next.map { [$0] } ?? [], line: line, column: column)
      switch next {
      case "\"": return .text(try readText())
      case "[":
        var values: [Value] = []
        try readMembers("]") { (reader) throws(UserError) in values.append(try reader.read(depth: depth + 1)) }
        return .list(values, place)
      case "{":
        var members: [(key: Fragment, value: Value)] = []
        try readMembers("}") { (reader) throws(UserError) in
          reader.skipSpace()
          guard reader.next == "\"" else { throw reader.wrong("a key in quotes") }
          let key = try reader.readText()
          guard !members.contains(where: { $0.key.text == key.text }) else {
            throw reader.source.error(at: key, "'\(key.text)' is described twice", fix: "Keep one of them")
          }
          try reader.expect(":")
          members.append((key, try reader.read(depth: depth + 1)))
        }
        return .object(members, place)
      default:
        let (start, startColumn) = (index, column)
        while let next,
          next.properties.isAlphabetic || next.properties.numericType != nil || "+-.".unicodeScalars.contains(next)
        {
          advance()
        }
        let fragment = Fragment(scalars[start..<index], line: line, column: startColumn)
        guard ["true", "false", "null"].contains(fragment.text) || Double(fragment.text) != nil else {
          (index, column) = (start, startColumn)
          throw wrong("a value")
        }
        return .plain(fragment)
      }
    }

    /// Reads what stands between brackets, parted by commas.
    private mutating func readMembers(
      _ end: Unicode.Scalar, _ readMember: (inout DocumentReader) throws(UserError) -> Void
    ) throws(UserError) {
      advance()
      skipSpace()
      if next == end {
        advance()
        return
      }
      while true {
        try readMember(&self)
        skipSpace()
        if next == end {
          advance()
          return
        }
        guard next == "," else { throw wrong("',' or '\(end)'") }
        advance()
      }
    }

    /// A text without its quotes; each character keeps the column of its first one in the file.
    private mutating func readText() throws(UserError) -> Fragment {
      advance()
      var text: [Unicode.Scalar] = []
      var columns: [Int] = []
      while let next, next != "\"" {
        guard next.value >= 32 else { throw wrong("the end of the text, a '\"',") }
        columns.append(column)
        advance()
        text.append(next == "\\" ? try readEscape() : next)
      }
      guard next != nil else { throw wrong("'\"'") }
      defer { advance() }
      return Fragment(text, line: line, columns: columns, end: column)
    }

    /// What stands after a backslash; surrogate pairs, which no map needs, are refused.
    private mutating func readEscape() throws(UserError) -> Unicode.Scalar {
      let plain: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\r", "b": "\u{8}", "f": "\u{C}",
      ]
      if let next, let scalar = plain[next] {
        advance()
        return scalar
      }
      guard next == "u", index + 5 <= scalars.count else { throw wrong("an escape such as \\n") }
      var digits = String.UnicodeScalarView()
      digits.append(contentsOf: scalars[index + 1..<index + 5])
      guard let value = UInt32(String(digits), radix: 16), let scalar = Unicode.Scalar(value) else {
        throw wrong("the number of a character, such as \\u0041,")
      }
      for _ in 0..<5 { advance() }
      return scalar
    }
  }
}
