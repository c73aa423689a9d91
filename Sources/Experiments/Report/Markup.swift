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
      // Control characters have no place in a document.
      case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// JSON inside a `script` element, which a text in it must not be able to close.
  static func script(_ json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<": result += "\\u003c"
      case "\u{2028}": result += "\\u2028"
      case "\u{2029}": result += "\\u2029"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate: at most two digits after the point.
  static func number(_ value: Double) -> String {
    var text = NumberText.fixed(value, 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text.isEmpty || text == "-0" ? "0" : text
  }

  /// At most `limit` characters, the middle left out, so that names that differ at their ends stay different.
  static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let tail = (limit - 1) / 2
    return text.prefix(limit - 1 - tail) + "…" + text.suffix(tail)
  }

  /// A fragment's name: letters, digits and dashes.
  static func identifier(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isAlphabetic || ("0"..."9") ~= $0 ? $0 : "-" }))
  }
}
