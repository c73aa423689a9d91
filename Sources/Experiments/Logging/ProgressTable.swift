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

  /// - Parameter resumedStep: As for `MetricFile`: rows past it are removed; `nil` replaces an old file.
  public init(path: String, resumedStep: Int? = nil) throws(UserError) {
    self.path = path
    columns = [ProgressTable.stepColumn]
    guard let resumedStep else {
      try Files.writeAtomically("", to: path)
      return
    }
    var rows = ProgressTable.rows(try Files.readText(path))
    guard !rows.isEmpty else { return }
    let header = rows.removeFirst()
    guard let position = header.firstIndex(of: ProgressTable.stepColumn) else {
      throw UserError(
        "'\(path)' has no column \(ProgressTable.stepColumn)", fix: "It is not ours; move it to another place")
    }
    columns = header
    rows.removeAll { row in
      guard row.count == header.count, let step = Int(row[position]) else { return true }
      return step > resumedStep
    }
    try Files.writeAtomically(ProgressTable.text([header] + rows), to: path)
  }

  /// Adds a row, and columns for what is new.
  public mutating func write(step: Int, values: [(String, Double)]) throws(UserError) {
    var cells = [ProgressTable.stepColumn: String(step)]
    var added: [String] = []
    for (name, value) in values {
      let column = MetricNames.column(of: name, value: value)
      let isNew = cells.updateValue(ProgressTable.cell(column.value), forKey: column.name) == nil
      if isNew && !columns.contains(column.name) { added.append(column.name) }
    }
    let row = (columns + added).map { cells[$0] ?? "" }
    let isFirst = columns.count == 1 ? try Files.read(path).isEmpty : false
    if !added.isEmpty || isFirst {
      var rows = isFirst ? [] : Array(ProgressTable.rows(try Files.readText(path)).dropFirst())
      let padding = [String](repeating: "", count: added.count)
      for index in rows.indices { rows[index] += padding }
      columns += added
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
