import Groundwork

extension Gridworld.CustomMap {
  /// A stretch of a line with the place of each character, so that every error can say where it is.
  struct Fragment {
    /// The characters, escapes of JSON resolved.
    var scalars: [Unicode.Scalar]
    /// From 1.
    var line: Int
    /// The column of each character, from 1.
    var columns: [Int]
    /// The column after the last one.
    var end: Int

    /// A line, or the part of it from a column on.
    init(_ scalars: some Sequence<Unicode.Scalar>, line: Int, column: Int = 1) {
      self.scalars = Array(scalars)
      self.line = line
      columns = Array(column..<column + self.scalars.count)
      end = column + self.scalars.count
    }

    init(_ scalars: [Unicode.Scalar], line: Int, columns: [Int], end: Int) {
      self.scalars = scalars
      self.line = line
      self.columns = columns
      self.end = end
    }

    var text: String {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      return String(text)
    }

    /// The column where the fragment begins.
    var column: Int { columns.first ?? end }

    /// The characters of a range with their columns; an empty one keeps the column where it is.
    subscript(range: Range<Int>) -> Fragment {
      let end = range.upperBound < columns.count ? columns[range.upperBound] : end
      return Fragment(Array(scalars[range]), line: line, columns: Array(columns[range]), end: end)
    }

    /// Without spaces at both ends.
    var trimmed: Fragment {
      guard let first = scalars.firstIndex(where: { !$0.isSpace }) else { return self[0..<0] }
      return self[first..<scalars.lastIndex { !$0.isSpace }! + 1]
    }

    /// The words in lower case, with brackets and commas as words of their own.
    var words: [Fragment] {
      var words: [Fragment] = []
      var start = 0
      for (index, scalar) in scalars.enumerated() {
        let isMark = scalar == "(" || scalar == ")" || scalar == ","
        guard scalar.isSpace || isMark else { continue }
        if start < index { words.append(self[start..<index]) }
        if isMark { words.append(self[index..<index + 1]) }
        start = index + 1
      }
      if start < scalars.count { words.append(self[start..<scalars.count]) }
      return words
    }
  }

  /// A map's rows and legend, whichever format they were written in.
  struct Source {
    /// What a line of the legend is about.
    enum Topic: Hashable {
      case symbol(Unicode.Scalar)
      case goal, mission, timeLimit, seeThrough
    }

    /// A line of the legend: what it is about, its name as written, and what it says.
    struct Entry {
      var topic: Topic
      /// As written, for errors.
      var key: Fragment
      var value: Fragment
    }

    /// What errors call the map.
    var name: String
    /// The map's rows from top to bottom.
    var rows: [Fragment] = []
    /// Legend and settings in the order in which they stand.
    private(set) var entries: [Entry] = []

    init(name: String) { self.name = name }

    /// The line about a topic; there is at most one.
    func entry(_ topic: Topic) -> Entry? { entries.first { $0.topic == topic } }

    /// - Throws: `UserError` that names the first line when the topic was described before.
    mutating func add(_ topic: Topic, key: Fragment, value: Fragment) throws(UserError) {
      if let first = entry(topic) {
        throw error(
          at: key, "'\(key.text)' is described twice", fix: "Keep one of them; the first is in line \(first.key.line)")
      }
      entries.append(Entry(topic: topic, key: key, value: value))
    }

    /// The character that a legend's key stands for.
    func symbol(_ key: Fragment) throws(UserError) -> Topic {
      guard key.scalars.count == 1 else {
        throw error(
          at: key, "'\(key.text)' is no single character",
          fix: "Describe characters of the map, for example K = key yellow")
      }
      let scalar = key.scalars[0]
      guard !Drawing.reserved.contains(scalar) else {
        throw error(
          at: key, "\(scalar.quoted) has a meaning already", fix: "Use another character; \(Drawing.reservedMeanings)")
      }
      return .symbol(scalar)
    }

    /// An error that begins with the map's name and the place of the fragment.
    func error(at fragment: Fragment, _ reason: String, fix: String) -> UserError {
      error(line: fragment.line, column: fragment.column, reason, fix: fix)
    }

    /// The error of a place, which begins with the map's name.
    func error(line: Int, column: Int, _ reason: String, fix: String) -> UserError {
      UserError("\(name), line \(line), column \(column): \(reason)", fix: fix)
    }
  }

  /// The names of settings below `---`.
  private static let settings: [(name: String, topic: Source.Topic)] = [
    ("goal", .goal), ("mission", .mission), ("time-limit", .timeLimit), ("see-through", .seeThrough),
  ]

  /// Splits a map that is written as text.
  static func readText(_ text: String, name: String) throws(UserError) -> Source {
    var source = Source(name: name)
    var isLegend = false
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let fragment = Fragment(line.filter { $0 != "\r" && $0 != "\u{FEFF}" }, line: number + 1)
      let content = fragment.trimmed
      if !isLegend && content.text == "---" {
        isLegend = true
      } else if !isLegend {
        source.rows.append(fragment)
      } else if !content.scalars.isEmpty {
        try readEntry(content, into: &source)
      }
    }
    // Empty lines around the map are no part of it.
    while source.rows.first?.scalars.isEmpty == true { source.rows.removeFirst() }
    while source.rows.last?.scalars.isEmpty == true { source.rows.removeLast() }
    return source
  }

  /// Reads a line such as `K = key yellow` or `time-limit: 200`.
  private static func readEntry(_ line: Fragment, into source: inout Source) throws(UserError) {
    // From the second character on, since the first may be described itself.
    guard
      let mark = line.scalars.indices.dropFirst().first(where: { line.scalars[$0] == "=" || line.scalars[$0] == ":" })
    else {
      throw source.error(
        at: line, "'\(line.text)' describes nothing", fix: "Write for example K = key yellow or time-limit: 200")
    }
    let key = line[0..<mark].trimmed
    let value = line[mark + 1..<line.scalars.count].trimmed
    if key.scalars.count == 1 { return try source.add(source.symbol(key), key: key, value: value) }
    guard let setting = settings.first(where: { $0.name == key.text }) else {
      let names = settings.map(\.name)
      let near = UserError.nearest(to: key.text, among: names).first
      throw source.error(
        at: key, "there is no setting '\(key.text)'",
        fix: (near.map { "Did you mean '\($0)'? " } ?? "") + "The settings are \(names.joined(separator: ", "))")
    }
    try source.add(setting.topic, key: key, value: value)
  }
}

extension Unicode.Scalar {
  var isSpace: Bool { self == " " || self == "\t" }

  /// The character in quotes, or its number where it would not print.
  var quoted: String {
    value < 32 || value == 127 ? "the character number \(value)" : "'\(self)'"
  }
}
