import Groundwork

/// Tables and sentences as lines of text.
enum PlainText {
  /// Columns two spaces apart: the first to the left, the others to the right, a rule below the head.
  ///
  /// - Parameter width: What a line may have at most, where there is a limit: columns that do not fit stand in further
  ///   tables below, each with the first column, whose long texts are wrapped.
  static func table(_ rows: [[String]], _ width: Int? = nil) -> String {
    guard let width, let columns = rows.map(\.count).max(), columns > 1 else { return aligned(rows) }
    let rows = rows.map { $0 + Array(repeating: "", count: columns - $0.count) }
    let widths = (0..<columns).map { column in rows.map { $0[column].terminalColumns }.max() ?? 0 }
    guard widths.reduce(0, +) + 2 * (columns - 1) > width else { return aligned(rows) }
    let first = min(widths[0], max(16, width / 3))
    var tables: [String] = []
    var column = 1
    while column < columns {
      var chosen = [column]
      var used = first + 2 + widths[column]
      while let next = chosen.last.map({ $0 + 1 }), next < columns, used + 2 + widths[next] <= width {
        chosen.append(next)
        used += 2 + widths[next]
      }
      tables.append(aligned(rows.flatMap { row in wrappedRows(row, chosen, first: first) }))
      column = chosen.last! + 1
    }
    return tables.joined(separator: "\n")
  }

  /// A row of some columns, with further rows for the rest of a long first text.
  private static func wrappedRows(_ row: [String], _ columns: [Int], first: Int) -> [[String]] {
    let lines = wrapped(row[0], first, hanging: 2, isName: true).split(separator: "\n").map(String.init)
    let head = [lines.first ?? ""] + columns.map { row[$0] }
    return [head] + lines.dropFirst().map { [$0] + columns.map { _ in "" } }
  }

  private static func aligned(_ rows: [[String]]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.count > column ? $0[column].terminalColumns : 0 }.max()!
    }
    var lines = rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.terminalColumns)
        return column == 0 ? cell + padding : padding + cell
      }
      return cells.joined(separator: "  ")
    }
    lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: min(1, lines.count))
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text in lines of at most `width` columns of a terminal, broken between words.
  ///
  /// - Parameters:
  ///   - hanging: Spaces before every line but the first.
  ///   - isName: Also break after the signs in an arm's name (`+`, `,`, `:`) and, where nothing else helps, inside a
  ///     word.
  static func wrapped(_ text: String, _ width: Int?, hanging: Int = 0, isName: Bool = false) -> String {
    guard let width, text.terminalColumns > width, width > hanging + 4 else { return text }
    let margin = String(repeating: " ", count: hanging)
    var lines: [String] = []
    var line = ""
    for var word in pieces(text, isName: isName) {
      if !line.isEmpty, line.terminalColumns + word.trimmingSpace.terminalColumns > width {
        lines.append(line.trimmingSpace)
        line = margin
        while word.hasPrefix(" ") { word.removeFirst() }
      }
      while isName && line.terminalColumns + word.trimmingSpace.terminalColumns > width {
        let head = word.prefix(terminalColumns: width - line.terminalColumns)
        lines.append(line + head)
        word = String(word[head.endIndex...])
        line = margin
      }
      line += word
    }
    return (lines + [line.trimmingSpace]).joined(separator: "\n")
  }

  /// The parts between which a line may end; spaces stay at the end of theirs.
  static func pieces(_ text: String, isName: Bool = true) -> [String] {
    var pieces = [""]
    for character in text {
      // A sum is broken before its sign, so that the next line begins with it.
      if isName && character == "+" && !pieces[pieces.count - 1].isEmpty { pieces.append("") }
      pieces[pieces.count - 1].append(character)
      if character == " " || (isName && (character == "," || character == ":")) { pieces.append("") }
    }
    return pieces.filter { !$0.isEmpty }
  }
}

extension String {
  /// Without the spaces at its end.
  fileprivate var trimmingSpace: String {
    var text = self
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
