public import Groundwork

/// `progress.csv`, as Stable-Baselines3's logger writes it: a header, then a row each time metrics are written.
///
/// The header grows when a new metric appears: the file is then rewritten with an empty cell for it in the
/// older rows. `time/total_timesteps` is the step. Values are in Stable-Baselines3's names where it has them.
///
/// Source: the behaviour of stable_baselines3.common.logger.CSVOutputFormat.
public struct ProgressTable: Sendable {
  /// Where the file lies.
  public let path: String
  /// The header's cells.
  public private(set) var columns: [String]

  static let stepColumn = "time/total_timesteps"

  /// Whether the header is not written yet.
  private var isEmpty: Bool

  /// Makes the table of what was logged so far; an old file is replaced.
  ///
  /// - Parameter lines: In their order, each with its values in the order in which they were written.
  public init(path: String, lines: [MetricLine] = []) throws(UserError) {
    self.path = path
    columns = [ProgressTable.stepColumn]
    isEmpty = lines.isEmpty
    var rows: [[String]] = []
    for line in lines { rows.append(addColumns(step: line.step, values: line.values.map { ($0.name, $0.value) }).row) }
    let padded = rows.map { $0 + [String](repeating: "", count: columns.count - $0.count) }
    try Files.writeAtomically(isEmpty ? "" : ProgressTable.text([columns] + padded), to: path)
  }

  /// Adds columns for what is new.
  ///
  /// - Returns: The row, and how many columns are new.
  private mutating func addColumns(step: Int, values: [(String, Double)]) -> (row: [String], added: Int) {
    var cells = [ProgressTable.stepColumn: String(step)]
    var added: [String] = []
    for (name, value) in values {
      let column = MetricNames.column(of: name, value: value)
      let isNew = cells.updateValue(ProgressTable.cell(column.value), forKey: column.name) == nil
      if isNew && !columns.contains(column.name) { added.append(column.name) }
    }
    columns += added
    return (columns.map { cells[$0] ?? "" }, added.count)
  }

  /// Adds a row, and columns for what is new.
  public mutating func write(step: Int, values: [(String, Double)]) throws(UserError) {
    let (row, added) = addColumns(step: step, values: values)
    if added > 0 || isEmpty {
      var rows = Array(ProgressTable.rows(try Files.readText(path, as: .metrics)).dropFirst())
      let padding = [String](repeating: "", count: added)
      for index in rows.indices { rows[index] += padding }
      isEmpty = false
      try Files.writeAtomically(ProgressTable.text([columns] + rows + [row]), to: path)
    } else {
      try Files.append(Array(ProgressTable.text([row]).utf8), to: path)
    }
  }

  private static func cell(_ value: Double) -> String {
    value.isFinite ? "\(value)" : value.isNaN ? "nan" : value > 0 ? "inf" : "-inf"
  }

  private static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// A cell in quotes when it holds a comma, a quote or a line feed (RFC 4180).
  static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return cell }
    return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// The cells of each whole line; a last line without its line feed is left out.
  static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      switch byte {
      case 0x22 where isQuoted && bytes.first == 0x22:
        cell.append(0x22)
        bytes.removeFirst()
      case 0x22: isQuoted.toggle()
      case 0x2C where !isQuoted:
        row.append(String(decoding: cell, as: UTF8.self))
        cell = []
      case 0x0A where !isQuoted:
        row.append(String(decoding: cell, as: UTF8.self))
        rows.append(row)
        row = []
        cell = []
      default: cell.append(byte)
      }
    }
    return rows
  }
}
