/// Comma-separated values (RFC 4180): fields in quotes may hold commas, quotes twice, and ends of lines.
public enum CommaSeparatedValues {
  /// One record and the line that it begins on, from 1.
  public struct Record: Equatable, Sendable {
    /// From 1.
    public var line: Int
    /// Without their quotes.
    public var fields: [String]
  }

  /// The records of a text. Empty lines are left out; spaces around fields without quotes, too, also those that do not
  /// break lines or have no width, which come with what was copied from a page and cannot be seen.
  ///
  /// - Parameters:
  ///   - name: What errors call it.
  ///   - first: The number of the text's first line, where the text is a part of a file.
  /// - Throws: `UserError` with the line for a quote that is not closed, or that stands inside a field.
  public static func read(_ text: String, name: String, from first: Int = 1) throws(UserError) -> [Record] {
    var records: [Record] = []
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var (line, start) = (first, first)
    var isQuoted = false
    var wasQuoted = false
    func refusal(_ reason: String) -> UserError {
      UserError("line \(start) of \(name): \(reason)", fix: "Put fields with commas or quotes in quotes, quotes twice")
    }
    func endField() {
      fields.append(wasQuoted ? String(field) : String(field).trimmed)
      field = .init()
      wasQuoted = false
    }
    func endRecord() {
      let isEmpty = fields.isEmpty && !wasQuoted && String(field).trimmed.isEmpty
      endField()
      if !isEmpty { records.append(Record(line: start, fields: fields)) }
      fields = []
    }
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    while let scalar = scalars.popFirst() {
      if isQuoted {
        if scalar == "\"" {
          if scalars.first == "\"" {
            field.append(scalars.removeFirst())
          } else {
            isQuoted = false
          }
        } else {
          if scalar == "\n" || scalar == "\r" && scalars.first != "\n" { line += 1 }
          field.append(scalar)
        }
        continue
      }
      switch scalar {
      case ",": endField()
      case "\r" where scalars.first == "\n": break
      // A carriage return alone ends a line, too: some programs still write it.
      case "\n", "\r":
        endRecord()
        line += 1
        start = line
      case "\"":
        guard !wasQuoted, String(field).trimmed.isEmpty else { throw refusal("a quote stands inside a field") }
        field = .init()
        (isQuoted, wasQuoted) = (true, true)
      default:
        guard !wasQuoted || Character(scalar).isBlank else { throw refusal("something follows a quote") }
        if !wasQuoted { field.append(scalar) }
      }
    }
    guard !isQuoted else { throw refusal("a quote is not closed") }
    if !fields.isEmpty || !field.isEmpty || wasQuoted { endRecord() }
    return records
  }

  /// A text as a field, in quotes where it has a comma, a quote or a line's end in it.
  public static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { [",", "\"", "\n", "\r"].contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

extension String {
  /// Without the blanks at its ends.
  fileprivate var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isBlank { text.removeFirst() }
    while let last = text.last, last.isBlank { text.removeLast() }
    return String(text)
  }
}

extension Character {
  /// Whether nothing is seen of it: a space of any width, or none.
  fileprivate var isBlank: Bool { isWhitespace || self == "\u{FEFF}" || self == "\u{200B}" }
}
