/// A name with settings, as people write it wherever something has settings: `name(key=value, ...)`.
///
/// One grammar for environments, agents, reward designs and whoever comes next:
/// - a key is one or more words joined by dots (`learner.steps=64` sets the nested one);
/// - a value reaches to the next comma that a `key=` follows, so `cell=position,carried` is one value;
/// - commas, signs and `=` inside of `()`, `[]`, `{}` or quotes belong to the value: `hiddenLayers=[64,64]`;
/// - a value is read as `JSON(scalar:)` reads it; a quoted one is a text as it stands.
public struct NamedSettings: Sendable, Hashable {
  /// One `key=value`.
  public struct Setting: Sendable, Hashable {
    /// The parts of the key.
    public var path: [String]
    /// What the text means: a number, a truth value, a list, a text.
    public var value: JSON
    /// The value as it was written.
    public var text: String

    /// The parts joined by dots, as it was written.
    public var key: String { path.joined(separator: ".") }
  }

  /// What stands before the parentheses.
  public var name: String
  /// In the order in which they were written; no key twice.
  public var settings: [Setting]

  /// The shortest form.
  public var text: String {
    settings.isEmpty ? name : "\(name)(\(settings.map { "\($0.key)=\($0.text)" }.joined(separator: ",")))"
  }

  /// - Parameters:
  ///   - text: `name` or `name(key=value, ...)`.
  ///   - example: What the error advises to write, for example `--agent 'ppo(epochs=8)'`.
  /// - Throws: `UserError` that names the part which cannot be read.
  public init(parsing text: String, example: String) throws(UserError) {
    let advice = "Write for example \(example)"
    guard let open = text.firstIndex(of: "(") else {
      guard !text.contains(")") else { throw UserError("'\(text)' has a ')' too many", fix: advice) }
      name = String(text[...].trimmed)
      settings = []
      return
    }
    name = String(text[..<open].trimmed)
    guard !name.isEmpty else { throw UserError("'\(text)' has no name before its '('", fix: advice) }
    guard let last = text[...].trimmed.last, last == ")" else {
      throw UserError("'\(text)' does not end with a ')'", fix: advice)
    }
    let inside = text[text.index(after: open)...].trimmed.dropLast()
    let pieces: [Substring]
    do {
      pieces = try NamedSettings.split(inside, at: ",")
    } catch {
      throw UserError("'\(text)' \(error.reason)", fix: advice)
    }
    settings = []
    if pieces.count == 1, pieces[0].trimmed.isEmpty { return }
    var joined: [Substring] = []
    for piece in pieces {
      if joined.isEmpty || NamedSettings.equals(in: piece) != nil {
        joined.append(piece)
      } else {
        joined[joined.count - 1] = inside[joined[joined.count - 1].startIndex..<piece.endIndex]
      }
    }
    for piece in joined { settings.append(try NamedSettings.setting(piece, in: text, advice: advice)) }
    for (index, setting) in settings.enumerated() where settings[..<index].contains(where: { $0.path == setting.path })
    {
      throw UserError("'\(text)' sets '\(setting.key)' twice", fix: "Keep one of them")
    }
  }

  /// The settings as changes to a configuration.
  ///
  /// - Parameter section: A first part of keys that may be left out: `agent.epochs` is `epochs` of an agent.
  public func changes(section: String? = nil) -> JSON {
    var changes = JSON.object([:])
    for setting in settings {
      let isQualified = setting.path.count > 1 && setting.path[0] == section
      changes.set(isQualified ? Array(setting.path.dropFirst()) : setting.path, setting.value)
    }
    return changes
  }

  /// One setting out of a piece of text.
  ///
  /// - Throws: `UserError` when it is empty, has no `=`, or has a key with an empty part.
  private static func setting(_ piece: Substring, in text: String, advice: String) throws(UserError) -> Setting {
    guard !piece.trimmed.isEmpty else { throw UserError("'\(text)' has an empty setting", fix: advice) }
    guard let equals = equals(in: piece) else {
      throw UserError("'\(piece.trimmed)' in '\(text)' is not key=value", fix: advice)
    }
    let path = piece[..<equals].split(separator: ".", omittingEmptySubsequences: false).map { String($0.trimmed) }
    guard path.allSatisfy({ !$0.isEmpty }) else { throw UserError("'\(text)' has an empty key", fix: advice) }
    let value = String(piece[piece.index(after: equals)...].trimmed)
    return Setting(path: path, value: NamedSettings.value(value), text: value)
  }

  /// A quoted text as it stands, otherwise what it looks like.
  public static func value(_ text: String) -> JSON {
    unquoted(text).map { .string($0) } ?? JSON(scalar: text)
  }

  /// What stands in quotes, `''` and `""` included; nil for a text that no pair of them encloses.
  static func unquoted(_ text: String) -> String? {
    guard text.count >= 2, let quote = text.first, quote == "'" || quote == "\"", text.last == quote else { return nil }
    let inside = text.dropFirst().dropLast()
    return inside.contains(quote) ? nil : String(inside)
  }

  /// The first `=` outside of brackets and quotes.
  private static func equals(in piece: Substring) -> Substring.Index? {
    guard let parts = try? split(piece, at: "="), parts.count > 1 else { return nil }
    return parts[0].endIndex
  }
}

extension NamedSettings {
  /// Splits a text at a character, but not inside of `()`, `[]`, `{}` or quotes.
  ///
  /// - Parameter isJoined: Whether the separator at an index belongs to the text after all.
  /// - Throws: `UserError` whose reason, such as "lacks a ')'", goes on from the text.
  public static func split(
    _ text: Substring, at separator: Character, unless isJoined: (Substring.Index) -> Bool = { _ in false }
  ) throws(UserError) -> [Substring] {
    let closing: [Character: Character] = ["(": ")", "[": "]", "{": "}"]
    var parts: [Substring] = []
    var start = text.startIndex
    var expected: [Character] = []
    var quote: Character?
    var previous: Character = separator
    for index in text.indices {
      let character = text[index]
      defer { if !character.isWhitespace { previous = character } }
      if let open = quote {
        if character == open { quote = nil }
      } else if (character == "'" || character == "\"") && (previous == "=" || previous == "," || !expected.isEmpty) {
        // Elsewhere it is an apostrophe.
        quote = character
      } else if let close = closing[character] {
        expected.append(close)
      } else if character == ")" || character == "]" || character == "}" {
        guard let last = expected.popLast() else { throw UserError("has a '\(character)' too many") }
        guard last == character else { throw UserError("has a '\(character)' where a '\(last)' belongs") }
      } else if character == separator, expected.isEmpty, !isJoined(index) {
        parts.append(text[start..<index])
        start = text.index(after: index)
      }
    }
    if let quote { throw UserError("has a \(quote) that is not closed") }
    if let last = expected.last { throw UserError("lacks a '\(last)'") }
    return parts + [text[start...]]
  }
}

extension Substring {
  /// Without spaces at both ends.
  public var trimmed: Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
