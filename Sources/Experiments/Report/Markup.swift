import Groundwork

/// Text made safe for HTML and SVG.
enum Markup {
  /// For text and for attributes in double quotes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Control characters have no place in a document, and marks of direction would show another text.
      case _ where scalar.steersTerminal && scalar != "\r": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A command line that is broken between words only: an option stays whole unless it is longer than a line.
  static func command(_ text: String) -> String {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
      .map { "<span>\(escaped(String($0)))</span>" }
    return "<code class=\"words\">\(words.joined(separator: " "))</code>"
  }

  /// JSON inside a `script` element, which a text in it must not be able to close.
  static func script(_ json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<": result += "\\u003c"
      case _ where scalar.steersTerminal: result += String(scalar).visible
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The class that gives an arm its colour: one of eight.
  ///
  /// - Parameter arm: Its place in the report; below 0 for what is no arm but held against them, a bound.
  static func color(_ arm: Int) -> String { arm < 0 ? "reference" : "a\(arm % 8)" }

  /// The classes of an arm's line, its colour and dashes: no two of 32 arms have both alike.
  static func line(_ arm: Int) -> String { arm < 0 ? "reference" : "a\(arm % 8) d\((arm + arm / 8) % 4)" }

  /// An arm's name, which may go on in another line before a sign.
  static func name(_ text: String) -> String {
    var result = ""
    for piece in PlainText.pieces(text) { result += (result.isEmpty ? "" : "<wbr>") + escaped(piece) }
    return result
  }

  /// A figure with its interval below it, for a cell of a table.
  static func cell(_ estimate: Estimate, digits: Int? = nil) -> String {
    let text = NumberText.estimate(estimate, digits: digits)
    guard let space = text.firstIndex(of: " ") else { return text }
    return "\(text[..<space]) <span class=\"interval\">\(text[text.index(after: space)...])</span>"
  }

  /// A coordinate: at most two digits after the point.
  static func number(_ value: Double) -> String {
    var text = NumberText.fixed(value, 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text.isEmpty || text == "-0" ? "0" : text
  }

  /// At most `limit` characters: of a longer text the middle is left out, so that its beginning and its end stay.
  static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let head = (limit - 1) / 2
    return text.prefix(head) + "…" + text.suffix(limit - 1 - head)
  }

  /// A fragment's name: letters, digits and dashes.
  static func identifier(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.isAlphabetic || ("0"..."9") ~= $0 ? $0 : "-" }))
  }
}
