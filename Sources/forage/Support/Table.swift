import Groundwork

/// Rows in columns two spaces apart that fit a terminal: texts are wrapped between words, then columns are left out by
/// their declared rank, and where nothing else helps the longest text stands below its row.
struct Table {
  /// A column and what happens to it where there is little room.
  struct Column {
    /// Above it; empty for none.
    var title = ""
    /// Numbers stand at the right.
    var isRight = false
    /// Whether its texts may go on in further lines.
    var wraps = false
    /// 0: never left out. The highest is left out first.
    var rank = 0
  }

  var columns: [Column]
  var rows: [[String]]
  /// Spaces before every line.
  var margin = 0

  /// A wrapped column is no narrower than this.
  private static let narrowest = 24

  /// The table in lines, without spaces at their ends.
  ///
  /// - Parameter width: What a line may have; nil where there is no limit, and then nothing is wrapped or left out.
  func text(width: Int?) -> String {
    let titled = columns.contains { !$0.title.isEmpty } ? [columns.map(\.title)] + rows : rows
    var kept = Array(columns.indices)
    guard let width else { return draw(titled, kept, widths: natural(titled), limit: nil) }
    while true {
      var widths = natural(titled)
      let used = margin + kept.reduce(0) { $0 + widths[$1] + 2 } - 2
      if used <= width { return draw(titled, kept, widths: widths, limit: nil) }
      if let wrapped = kept.filter({ columns[$0].wraps }).max(by: { widths[$0] < widths[$1] }) {
        let room = width - (used - widths[wrapped])
        let word = titled.flatMap { $0[wrapped].split(separator: " ").map(\.terminalColumns) }.max() ?? 0
        if room >= max(Table.narrowest, word) {
          widths[wrapped] = room
          return draw(titled, kept, widths: widths, limit: wrapped)
        }
      }
      if let next = kept.filter({ columns[$0].rank > 0 }).max(by: { columns[$0].rank < columns[$1].rank }) {
        kept.removeAll { $0 == next }
        continue
      }
      guard let wrapped = kept.last, columns[wrapped].wraps, kept.count > 1 else {
        return draw(titled, kept, widths: natural(titled), limit: nil)
      }
      return stacked(titled, kept.dropLast(), below: wrapped, width: width)
    }
  }

  private func natural(_ rows: [[String]]) -> [Int] {
    columns.indices.map { column in rows.map { $0[column].terminalColumns }.max() ?? 0 }
  }

  /// - Parameter limit: The column whose texts are wrapped to its width.
  private func draw(_ rows: [[String]], _ kept: [Int], widths: [Int], limit: Int?) -> String {
    rows.flatMap { row -> [String] in
      let cells = kept.map { column in
        column == limit
          ? Format.wrapped(row[column], columns: widths[column]).split(separator: "\n").map(String.init)
          : [row[column]]
      }
      return (0..<max(1, cells.map(\.count).max() ?? 1)).map { line in
        zip(kept, cells).map { column, texts in
          let text = line < texts.count ? texts[line] : ""
          let padding = String(repeating: " ", count: max(0, widths[column] - text.terminalColumns))
          return columns[column].isRight ? padding + text : text + padding
        }.joined(separator: "  ")
      }
    }.map { line($0) }.joined(separator: "\n")
  }

  private func stacked(_ rows: [[String]], _ kept: [Int], below: Int, width: Int) -> String {
    let widths = natural(rows)
    return rows.map { row in
      let head = draw([row], kept, widths: widths, limit: nil)
      let indent = margin + 4
      guard !row[below].isEmpty else { return head }
      let text = Format.wrapped(row[below], columns: max(16, width - indent)).split(separator: "\n")
      return ([head] + text.map { String(repeating: " ", count: indent) + $0 }).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func line(_ text: String) -> String {
    var text = String(repeating: " ", count: margin) + text
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
