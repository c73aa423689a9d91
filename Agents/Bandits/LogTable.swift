import Groundwork

/// A file of rows with named columns: CSV with a header, or JSON lines.
struct LogTable {
  /// One row of it.
  struct Row {
    /// From 1, without a header.
    let number: Int
    let path: String
    let values: [String: JSON]

    private func refusal(_ reason: String, _ fix: String) -> UserError {
      UserError("row \(number) of '\(path)' \(reason)", fix: fix)
    }

    /// - Throws: `UserError` where there is none, or it is not finite.
    func number(_ column: String) throws(UserError) -> Double {
      guard let value = values[column] else {
        throw refusal("has no '\(column)'", "Give every row one")
      }
      let number: Double? =
        if case .string(let text) = value { Double(text) } else { value.double }
      guard let number, number.isFinite else {
        throw refusal("has the \(column) \(value.text())", "Use a finite number")
      }
      return number
    }

    /// A number, or nil where the row has none.
    func optionalNumber(_ column: String) throws(UserError) -> Double? {
      guard let value = values[column] else { return nil }
      if case .string(let text) = value, text.isEmpty { return nil }
      return try number(column)
    }

    /// - Throws: `UserError` where there is none, or it is outside the range.
    func integer(_ column: String, in range: Range<Int>, what: String) throws(UserError) -> Int {
      let value = try number(column)
      guard value == value.rounded(), Double(range.lowerBound) <= value, value < Double(range.upperBound) else {
        throw refusal(
          "has the \(column) \(values[column]!.text()), and there are \(range.count) \(what)",
          "Use \(range.lowerBound) to \(range.upperBound - 1)")
      }
      return Int(value)
    }
  }

  let path: String
  private let all: [Row]

  /// - Throws: `UserError` for a file that cannot be read, has no rows, or a row of another number of cells than its
  ///   header.
  init(reading path: String) throws(UserError) {
    self.path = path
    let text = try Files.readText(path, as: .recording)
    var lines: [(number: Int, text: Substring)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
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
    } else {
      func cells(_ text: Substring) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
      }
      let header = cells(first.text)
      for line in lines.dropFirst() {
        let found = cells(line.text)
        guard found.count == header.count else {
          throw UserError(
            "row \(line.number - 1) of '\(path)' has \(found.count) cells and the header \(header.count)",
            fix: "Give every row one cell a column")
        }
        var values: [String: JSON] = [:]
        for (name, cell) in zip(header, found) { values[name] = .string(cell) }
        rows.append(Row(number: line.number - 1, path: path, values: values))
      }
    }
    guard !rows.isEmpty else { throw UserError("'\(path)' has no rows", fix: "Name a file with rows") }
    all = rows
  }

  /// What a function makes of each row.
  func rows<Result>(_ body: (Row) throws(UserError) -> Result) throws(UserError) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(all.count)
    for row in all { results.append(try body(row)) }
    return results
  }
}
