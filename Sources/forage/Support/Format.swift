import Experiments
import Groundwork
import ReinforcementLearning

/// Numbers and tables as text.
enum Format {
  /// A number with that many digits after the point.
  ///
  /// - Returns: "-" for NaN, which stands for what was not measured; "inf" and "-inf".
  static func number(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return value.isNaN ? "-" : value > 0 ? "inf" : "-inf" }
    let scale = (0..<digits).reduce(1.0) { factor, _ in factor * 10 }
    let scaled = (abs(value) * scale).rounded(.toNearestOrEven)
    guard scaled < 1e17 else { return "\(value)" }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    let fraction = String(whole % Int(scale))
    return sign + String(whole / Int(scale)) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// `1 run`, `2 runs`: a noun that takes an s.
  static func number(of value: Int, _ noun: String) -> String { "\(value) \(noun)\(value == 1 ? "" : "s")" }

  /// A whole number with thin groups: 1 200 000.
  ///
  /// Groups of three digits, parted by spaces; negative numbers keep their sign.
  static func count(_ value: Int) -> String {
    let digits = Array(String(abs(value)))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(" ") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  /// A rate in three significant digits: 12.3k, 4.56M.
  ///
  /// Below a thousand it has no unit, and one digit after the point below a hundred.
  static func rate(_ value: Double) -> String {
    if value >= 1e6 { return number(value / 1e6, digits: value >= 1e8 ? 0 : value >= 1e7 ? 1 : 2) + "M" }
    if value >= 1e3 { return number(value / 1e3, digits: value >= 1e5 ? 0 : value >= 1e4 ? 1 : 2) + "k" }
    return number(value, digits: value >= 100 ? 0 : 1)
  }

  /// Seconds as 45s, 3m 20s, 2h 5m.
  ///
  /// - Returns: "?" for what cannot be guessed yet.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let total = Int(seconds.rounded())
    if total < 60 { return "\(total)s" }
    if total < 3600 { return "\(total / 60)m \(total % 60)s" }
    return "\(total / 3600)h \(total % 3600 / 60)m"
  }

  /// A text in lines of at most so many columns, broken between words; a longer word has a line of its own.
  ///
  /// - Parameters:
  ///   - first: Columns that the first line's place takes away.
  ///   - indent: Spaces before every line but the first.
  ///   - keepsCommands: Whether what stands in grave accents is one word: a line's end in it, copied, would make two
  ///     commands of one.
  static func wrapped(
    _ text: String, columns: Int, first: Int = 0, indent: Int = 0, keepsCommands: Bool = false
  ) -> String {
    var lines = [""]
    for word in keepsCommands ? wordsAndCommands(of: text) : text.split(separator: " ") {
      let start = lines.count > 1 ? indent : first
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = String(word)
      } else if start + lines[lines.count - 1].terminalColumns + 1 + word.terminalColumns <= columns {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }

  /// The words of a text, what stands in grave accents as it is among them.
  private static func wordsAndCommands(of text: String) -> [Substring] {
    var words: [Substring] = []
    var (start, isInCommand) = (text.startIndex, false)
    for index in text.indices {
      if text[index] == "`" {
        // One that has no second is a sign like any other.
        isInCommand = !isInCommand && text[text.index(after: index)...].contains("`")
      } else if text[index] == " " && !isInCommand {
        if start < index { words.append(text[start..<index]) }
        start = text.index(after: index)
      }
    }
    if start < text.endIndex { words.append(text[start...]) }
    return words
  }

  /// At most so many columns: of a longer text the middle is left out, so that its beginning and its end stay.
  static func shortened(_ text: String, to limit: Int) -> String {
    guard text.terminalColumns > limit, limit > 2 else { return text }
    let head = (limit - 1) / 2
    return "\(text.prefix(terminalColumns: head))…\(text.suffix(terminalColumns: limit - 1 - head))"
  }

  /// As many of a line's parts as fit, two spaces apart in their order; what is left out is whole.
  ///
  /// - Parameter ranks: One a part; the greatest is left out first, 0 never.
  static func fitted(_ parts: [String], ranks: [Int], to limit: Int) -> String {
    var kept = zip(parts, ranks).filter { !$0.0.isEmpty }
    func line() -> String { kept.map(\.0).joined(separator: "  ") }
    while line().terminalColumns > limit,
      let last = kept.indices.filter({ kept[$0].1 > 0 }).max(by: { kept[$0].1 < kept[$1].1 })
    {
      kept.remove(at: last)
    }
    return String(line().prefix(terminalColumns: limit))
  }

  /// Rows in columns two spaces apart; columns whose cells are all numbers are aligned to the right.
  ///
  /// - Parameter rightAligned: Numbers of the columns that are aligned to the right.
  /// - Returns: No line has spaces at its end unless its last cell does.
  static func table(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.count > column ? $0[column].terminalColumns : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.terminalColumns)
        let isLast = column == row.count - 1
        line += rightAligned.contains(column) ? padding + cell : isLast ? cell : cell + padding
        if !isLast { line += "  " }
      }
      return line
    }.joined(separator: "\n")
  }
}

extension Format {
  /// What one line says of measures: the first, and the return where that is another.
  static func headMeasures(_ measures: [Metric]) -> String {
    measures.enumerated().filter { $0.offset == 0 || $0.element.name == "return" }
      .map { "\($0.element.name) \(number($0.element.value, digits: 2))" }.joined(separator: ", ")
  }

  /// The same of a finished evaluation.
  static func headFigures(_ evaluation: RunEvaluation) -> String {
    headMeasures(evaluation.measures.map { Metric(.measure($0.measure.name), $0.mean) })
  }
}
