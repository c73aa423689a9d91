/// A file of rows with named columns: CSV with a header, or JSON lines. A bandit's log, a file of ratings.
public struct LogTable {
  /// One row of it.
  public struct Row {
    /// From 1, without a header.
    public let number: Int
    let path: String
    /// Of JSON lines.
    var values: [String: JSON] = [:]
    /// Of CSV: where each column is, and the cells.
    var columns: [String: Int] = [:]
    var cells: [Substring] = []

    private func value(_ column: String) -> JSON? {
      columns[column].map { .string(String(cells[$0])) } ?? values[column]
    }

    private func refusal(_ reason: String, _ fix: String) -> UserError {
      UserError("row \(number) of '\(path)' \(reason)", fix: fix)
    }

    /// A header without a column tells which it has; an object of JSON lines may lack what others have.
    private func missing(_ column: String) -> UserError {
      guard !columns.isEmpty else { return refusal("has no '\(column)'", "Give every row one") }
      let names = columns.sorted { $0.value < $1.value }.map(\.key)
      let isParted = names.count > 1 || !names[0].contains { $0 == ";" || $0 == "\t" }
      return UserError(
        "'\(path)' has no column '\(column)'",
        fix: isParted
          ? "It has \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", ..." : "")"
          : "Part its cells by commas")
    }

    /// - Throws: `UserError` where there is none, or it is not finite.
    public func number(_ column: String) throws(UserError) -> Double {
      // Most cells are numbers as they stand.
      if let place = columns[column], let number = Double(cells[place]), number.isFinite { return number }
      guard let value = value(column) else { throw missing(column) }
      let number: Double? =
        if case .string(let text) = value { Double(text) } else { value.double }
      guard let number, number.isFinite else {
        throw refusal("has the \(column) \(value.text())", "Use a finite number")
      }
      return number
    }

    /// A name: the cell as it stands, or a number of JSON lines as it is written.
    ///
    /// - Throws: `UserError` where there is none, or it is empty or has a control character.
    public func name(_ column: String) throws(UserError) -> String {
      guard let value = value(column) else { throw missing(column) }
      let text = value.string ?? value.text()
      guard !text.isEmpty else { throw refusal("has an empty '\(column)'", "Give every row one") }
      guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
        throw refusal("has a control character in '\(column)'", "Use names that can be printed")
      }
      return text
    }

    /// Numbers of some columns, in single precision.
    ///
    /// - Throws: `UserError` where one is missing, or not finite in that.
    public func floats(_ columns: [String]) throws(UserError) -> [Float] {
      var numbers: [Float] = []
      numbers.reserveCapacity(columns.count)
      for column in columns {
        let value = Float(try number(column))
        guard value.isFinite else {
          throw refusal("has a number in '\(column)' that single precision cannot hold", "Use a smaller one")
        }
        numbers.append(value)
      }
      return numbers
    }

    /// - Throws: `UserError` where there is none, or it is outside the range.
    public func integer(_ column: String, in range: Range<Int>, what: String) throws(UserError) -> Int {
      let value = try number(column)
      guard value == value.rounded(), Double(range.lowerBound) <= value, value < Double(range.upperBound) else {
        throw refusal(
          "has the \(column) \(self.value(column)!.text()), and there are \(range.count) \(what)",
          "Use \(range.lowerBound) to \(range.upperBound - 1)")
      }
      return Int(value)
    }
  }

  /// The file.
  public let path: String
  /// The columns of a header, or the names in the first object.
  public let columns: Set<String>
  private let all: [Row]

  /// Number of rows, at least 1.
  public var count: Int { all.count }

  private init(path: String, columns: Set<String>, all: [Row]) {
    (self.path, self.columns, self.all) = (path, columns, all)
  }

  /// Lines may end as on any system, cells of CSV may stand in quotes, and a byte order mark is passed over.
  ///
  /// - Throws: `UserError` for a file that cannot be read, has no rows, a header that names a column twice, or a row of
  ///   another number of cells than its header.
  public init(reading path: String) throws(UserError) {
    self.path = path
    var text = try Files.readText(path, as: .recording)[...]
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    var lines: [(number: Int, text: Substring)] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: { $0.endsLine || $0 == "\r" })
      .enumerated()
    {
      let trimmed = line.trimmed
      if !trimmed.isEmpty { lines.append((index + 1, trimmed)) }
    }
    guard let first = lines.first else { throw UserError("'\(path)' is empty", fix: "Name a file with rows") }
    var rows: [Row] = []
    if first.text.hasPrefix("{") {
      for line in lines {
        let document = try JSON(parsing: Array(line.text.utf8), name: "row \(line.number) of '\(path)'")
        guard let object = document.object else {
          throw UserError("row \(line.number) of '\(path)' is no object", fix: "Write {\"arm\": 0, \"reward\": 1}")
        }
        rows.append(Row(number: line.number, path: path, values: object))
      }
      columns = Set(rows[0].values.keys)
    } else {
      func cells(_ line: (number: Int, text: Substring)) throws(UserError) -> [Substring] {
        guard line.text.utf8.contains(UInt8(ascii: "\"")) else {
          return line.text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
        }
        let records = try CommaSeparatedValues.read(String(line.text), name: "'\(path)'", from: line.number)
        return records.first?.fields.map { $0[...] } ?? []
      }
      let header = try cells(first)
      var places: [String: Int] = [:]
      for (place, name) in header.enumerated() {
        guard places.updateValue(place, forKey: String(name)) == nil else {
          throw UserError("'\(path)' has two columns '\(name)'", fix: "Name every column once")
        }
      }
      for line in lines.dropFirst() {
        let found = try cells(line)
        guard found.count == header.count else {
          throw UserError(
            "row \(line.number - 1) of '\(path)' has \(found.count) cells and the header \(header.count)",
            fix: "Give every row one cell a column")
        }
        rows.append(Row(number: line.number - 1, path: path, columns: places, cells: found))
      }
      columns = Set(places.keys)
    }
    guard !rows.isEmpty else { throw UserError("'\(path)' has no rows", fix: "Name a file with rows") }
    all = rows
  }

  /// What a function makes of each row.
  public func rows<Result>(_ body: (Row) throws(UserError) -> Result) throws(UserError) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(all.count)
    for row in all { results.append(try body(row)) }
    return results
  }
}

extension LogTable {
  /// Which of the episodes that the column `episode` tells apart.
  public enum Episodes: Sendable, Hashable {
    /// The only one that there is.
    case only
    /// The one of that number.
    case number(Int)
    /// All as one.
    case all

    /// Empty: the only one; a number from 0; or `all`.
    ///
    /// - Throws: `UserError` for anything else.
    public init(parsing text: String) throws(UserError) {
      if let number = Int(text), number >= 0 { self = .number(number) }
      else if text == "all" { self = .all }
      else if text.isEmpty { self = .only }
      else { throw UserError("an episode cannot be '\(text)'", fix: "Use a number from 0, or all") }
    }
  }

  /// The rows of some episodes of a log; all rows where there is no column `episode`.
  ///
  /// Every episode of a bandit is another problem as a rule: its arms have other means.
  ///
  /// - Parameter fix: What is advised where there are several and none is named.
  /// - Throws: `UserError` where there are several and none is named, or none of that number.
  public func keeping(
    _ episodes: Episodes,
    fix: String = "Name one (--episode 0), or take all as one where all have the same arms (--episode all)"
  ) throws(UserError) -> LogTable {
    guard columns.contains("episode") else {
      if case .number = episodes {
        throw UserError("'\(path)' has no column 'episode'", fix: "Leave --episode out, since all rows are of one")
      }
      return self
    }
    let numbers = try rows { row throws(UserError) in
      try row.integer("episode", in: 0..<1_000_000_000, what: "episodes at most")
    }
    let known = Set(numbers).sorted()
    switch episodes {
    case .all: return self
    case .only:
      guard known.count == 1 else {
        throw UserError("'\(path)' has \(known.count) episodes, each a problem with arms of its own", fix: fix)
      }
      return self
    case .number(let wanted):
      guard known.contains(wanted) else {
        throw UserError(
          "'\(path)' has no episode \(wanted)", fix: "It has \(known.count), from \(known[0]) to \(known.last!)")
      }
      return LogTable(path: path, columns: columns, all: zip(all, numbers).filter { $0.1 == wanted }.map(\.0))
    }
  }

  /// The numbers in the names of a context's columns: `x3` is 3, `x1_0` is 1 and 0; of other names none.
  private static func place(_ column: String) -> [Int] {
    guard column.first == "x" else { return [] }
    let parts = column.dropFirst().split(separator: "_", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    // As it would be written, so that x01 and x+1 are no numbers.
    guard (1...2).contains(parts.count), numbers.count == parts.count, numbers.allSatisfy({ 0..<100_000 ~= $0 }),
      "x" + numbers.map(String.init).joined(separator: "_") == column
    else { return [] }
    return numbers
  }

  /// How many arms have vectors of their own; 0 where there are none.
  public var contextArms: Int {
    columns.map(LogTable.place).reduce(0) { $1.count == 2 ? max($0, $1[0] + 1) : $0 }
  }

  /// Columns that are neither those names nor of a context, so that nobody reads them.
  public func unread(besides names: Set<String>) -> [String] {
    columns.filter { !names.contains($0) && LogTable.place($0).isEmpty }.sorted()
  }

  /// The shape of the context that its columns hold: `x0`, `x1`, ... for a vector that all arms share (`[d]`), `x0_0`,
  /// `x0_1`, ... for one an arm (`[arms, d]`); empty where there is none.
  ///
  /// - Throws: `UserError` where a number or an arm's vector is missing or too many, or there are both kinds.
  public func contextShape(arms: Int) throws(UserError) -> [Int] {
    let places = columns.map(LogTable.place)
    let (shared, own) = (places.filter { $0.count == 1 }, places.filter { $0.count == 2 })
    guard shared.isEmpty || own.isEmpty else {
      throw UserError(
        "'\(path)' has columns of one vector for all arms, such as 'x0', and of one an arm, such as 'x0_0'",
        fix: "Leave the one kind out")
    }
    if let last = shared.map({ $0[0] }).max() {
      for place in 0...last where !columns.contains("x\(place)") {
        throw UserError("'\(path)' has a column 'x\(last)' and no column 'x\(place)'", fix: "Number them from x0 on")
      }
      return [last + 1]
    }
    guard let last = own.map({ $0[1] }).max() else { return [] }
    let dimension = last + 1
    if let other = own.map({ $0[0] }).max(), other >= arms {
      throw UserError("'\(path)' has a column 'x\(other)_0', and there are \(arms) arms", fix: "Leave it out")
    }
    for arm in 0..<arms {
      for place in 0..<dimension where !columns.contains("x\(arm)_\(place)") {
        throw UserError(
          "'\(path)' has no column 'x\(arm)_\(place)', and there are \(arms) arms of \(dimension) numbers",
          fix: "Give every arm a vector in every row, or one vector x0, x1, ... for all arms")
      }
    }
    return [arms, dimension]
  }

  /// The names of a context's columns, in the order of its numbers.
  public static func contextColumns(_ shape: [Int]) -> [String] {
    switch shape.count {
    case 1: (0..<shape[0]).map { "x\($0)" }
    case 2: (0..<shape[0] * shape[1]).map { "x\($0 / shape[1])_\($0 % shape[1])" }
    default: []
    }
  }
}

extension Character {
  /// The end of a line: a line feed, alone or behind a carriage return, which together are one character.
  public var endsLine: Bool { self == "\n" || self == "\r\n" }
}
