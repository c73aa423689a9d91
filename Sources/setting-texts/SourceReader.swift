/// Reads one source file from top to bottom and keeps the doc comments of types, of stored properties and of cases.
///
/// It is no parser: it knows declarations that begin a line, braces, strings and comments. What it overlooks has no
/// description, which a test of every setting notices.
struct SourceReader {
  /// A type, extension or other block whose members have its name before theirs.
  private struct Scope {
    var name: String
    /// Braces that were open before its own.
    var depth: Int
    /// Whether what it declares may be a setting or the value of one.
    var hasSettings: Bool
  }

  /// `Type`, `Type.property`, `Type.case` with their doc comments, paragraphs parted by `¶¶`, lines by `¶`; and
  /// `Type:cases` with the raw values of an enum, parted by commas.
  private(set) var texts: [String: String] = [:]
  private var scopes: [Scope] = []
  private var depth = 0
  private var comment: [Substring] = []
  /// A type whose `{` has not come yet: its name, its declaration so far, and the comment before it.
  private var pending: (name: String, text: String, comment: [Substring])?
  private var isInText = false

  private static let modifiers: Set<Substring> = [
    "public", "internal", "private", "fileprivate", "package", "final", "static", "private(set)", "fileprivate(set)",
    "internal(set)", "nonisolated", "indirect", "open", "@usableFromInline", "@frozen", "mutating",
  ]
  /// Types of which a word of these says that they have settings, or are one, or are described themselves.
  private static let settings = ["Codable", "Configuration", "Family", "CodingKey"]
  private static let described = [
    "Environment", "Agent", "LearningPolicy", "BanditRule", "RewardModel", "Drawable", "Mapped", "Searchable",
    "TurnTaking", "Family", "BoardGame",
  ]
  private static let types: Set<Substring> = ["struct", "class", "enum", "actor", "extension", "protocol"]

  mutating func read(_ line: Substring) {
    let trimmed = line.drop { $0 == " " }
    if isInText {
      if trimmed.contains("\"\"\"") { isInText = false }
      return
    }
    if trimmed.hasPrefix("///") {
      comment.append(trimmed.dropFirst(3).drop { $0 == " " })
      return
    }
    if trimmed.hasPrefix("@") && !trimmed.contains(" ") || trimmed.hasPrefix("#") || trimmed.hasPrefix("//") { return }
    // Formatted sources begin a declaration of the file at its left edge, so a miscounted brace is forgotten there.
    var words = trimmed.split(separator: " ").drop { Self.modifiers.contains($0) }
    if let word = words.popFirst() {
      if Self.types.contains(word), let name = words.first.map(Self.name), name != "func", name != "var" {
        if line.first != " " { (scopes, depth) = ([], 0) }
        let path = (scopes.last.map { $0.name + "." } ?? "") + name
        pending = (path, "", comment)
      } else if word == "var" || word == "let", let scope = scopes.last, scope.depth + 1 == depth, scope.hasSettings,
        let name = words.first
      {
        keep(scope.name + "." + Self.name(name))
      } else if word == "case", let scope = scopes.last, scope.depth + 1 == depth, scope.hasSettings {
        cases(words.joined(separator: " "), of: scope.name)
      }
    }
    comment = []
    pending?.text += trimmed
    count(trimmed)
  }

  /// What the comment before a declaration says of it. A type's extensions add nothing to what it says itself.
  private mutating func keep(_ key: String) {
    guard !comment.isEmpty, texts[key] == nil else { return }
    texts[key] = comment.joined(separator: "¶")
  }

  private mutating func cases(_ text: String, of type: String) {
    guard !text.contains(":"), !text.hasPrefix(".") else { return }
    for part in text.split(separator: ",") where part.contains(where: \.isLetter) {
      let sides = part.split(separator: "=").map { $0.filter { $0 != " " && $0 != "\"" && $0 != "`" } }
      guard let name = sides.first, !name.contains("(") else { continue }
      let value = sides.count > 1 ? sides[1] : name
      keep(type + "." + value)
      texts[type + ":cases", default: ""] += (texts[type + ":cases"] == nil ? "" : ",") + value
    }
  }

  /// Opens and closes scopes by the braces of a line, those of strings and comments left out.
  private mutating func count(_ line: Substring) {
    if line.components(of: "\"\"\"") % 2 == 1 {
      isInText = true
      return
    }
    var isString = false
    var previous: Character = " "
    for character in line {
      if isString {
        if character == "\"" && previous != "\\" { isString = false }
        previous = previous == "\\" && character == "\\" ? " " : character
        continue
      }
      switch character {
      case "\"": isString = true
      case "/" where previous == "/": return
      case "{":
        if let type = pending {
          scopes.append(
            Scope(
              name: type.name, depth: depth, hasSettings: Self.settings.contains { type.text.contains($0) }))
          let isDescribed = Self.described.contains { type.text.contains($0) }
          if isDescribed, texts[type.name] == nil, !type.comment.isEmpty {
            texts[type.name] = type.comment.joined(separator: "¶")
          }
          pending = nil
        }
        depth += 1
      case "}":
        depth = max(0, depth - 1)
        if let last = scopes.last, last.depth >= depth { scopes.removeLast() }
      default: break
      }
      previous = character
    }
  }

  /// A name without what stands behind it: `PPO:`, `Board<Rules>`, `` `where` ``.
  private static func name(_ word: Substring) -> String {
    String(word.filter { $0 != "`" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
  }
}

extension Substring {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int {
    var (count, rest) = (0, self)
    while let range = rest.firstRange(of: text) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
