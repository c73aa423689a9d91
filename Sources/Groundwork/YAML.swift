import Yams

/// YAML documents as the same tree that JSON documents become.
public enum YAML {
  /// Parses a document; an empty one is an empty mapping.
  ///
  /// Plain scalars are read as `JSON(scalar:)` reads them: `3e-4` is a number (YAML 1.1 says text) and `no` a
  /// text (YAML 1.1 says false). Quoted ones are always text.
  ///
  /// A value that an alias (`*name`) stands for is taken over, as often as the document stays small.
  ///
  /// - Throws: `UserError` with the line and column of what cannot be parsed, and for a document whose aliases would
  ///   make it grow without end, or that has too many or too deeply nested values.
  public static func parse(_ text: String, name: String) throws(UserError) -> JSON {
    try located(text, name: name).document
  }

  /// The same with the line of every value by its path: that of `b` in `a: [{b: 1}]` is `a.0.b`.
  ///
  /// - Throws: `UserError` as `parse` does.
  public static func located(
    _ text: String, name: String
  ) throws(UserError) -> (document: JSON, lines: [String: Int]) {
    try checkAliases(text, name: name)
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw UserError("\(name) is not valid YAML: \(explain(error))", fix: "Check the indentation, colons and quotes")
    } catch {
      throw UserError("\(name) is not valid YAML", fix: "Check the indentation, colons and quotes")
    }
    guard let node else { return (.object([:]), [:]) }
    var left = FileKind.configuration.values
    var lines: [String: Int] = [:]
    let document = try convert(node, name: name, path: [], left: &left, lines: &lines)
    return (document, lines)
  }

  /// Aliases that mean lists of aliases grow without end, and the parser compares keys in their whole length: so they
  /// are counted in the text, before it is parsed.
  private static func checkAliases(_ text: String, name: String) throws(UserError) {
    let anchors = Set(names(in: text, after: UInt8(ascii: "&")))
    guard !anchors.isEmpty else { return }
    guard names(in: text, after: UInt8(ascii: "*")).count(where: { anchors.contains($0) }) <= FileKind.aliases else {
      throw UserError("\(name) has more than \(FileKind.aliases) aliases", fix: "Write the values out")
    }
  }

  /// The names that follow a mark; more than the parser will take for names, never fewer.
  private static func names(in text: String, after mark: UInt8) -> [String] {
    var names: [String] = []
    var rest = Array(text.utf8)[...]
    while let place = rest.firstIndex(of: mark) {
      rest = rest[rest.index(after: place)...]
      let name = rest.prefix { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte == 45
      }
      if !name.isEmpty { names.append(String(decoding: name, as: UTF8.self)) }
    }
    return names
  }

  /// - Parameter left: Values that may still be made.
  private static func convert(
    _ node: Node, name: String, path: [String], left: inout Int, lines: inout [String: Int]
  ) throws(UserError) -> JSON {
    left -= 1
    if let mark = node.mark { lines[path.joined(separator: ".")] = mark.line }
    guard left >= 0 else {
      throw UserError(
        "\(name) has more than \(FileKind.configuration.values) values\(place(node.mark))", fix: "Use a shorter one")
    }
    guard path.count <= FileKind.depth else {
      throw UserError(
        "\(name) has more than \(FileKind.depth) lists and mappings inside one another\(place(node.mark))",
        fix: "Write it flatter")
    }
    switch node {
    case .scalar(let scalar):
      return scalar.style == .plain || scalar.style == .any ? JSON(scalar: scalar.string) : .string(scalar.string)
    case .sequence(let sequence):
      var values: [JSON] = []
      for element in sequence {
        values.append(
          try convert(element, name: name, path: path + [String(values.count)], left: &left, lines: &lines))
      }
      return .array(values)
    case .mapping(let mapping):
      var members: [String: JSON] = [:]
      for (key, value) in mapping {
        guard let text = key.string else {
          throw UserError("\(name) has a key that is not a text\(place(value.mark))", fix: "Write `key: value`")
        }
        let converted = try convert(value, name: name, path: path + [text], left: &left, lines: &lines)
        // A mapping that begins on the next line is where its key is.
        if let mark = key.mark { lines[(path + [text]).joined(separator: ".")] = mark.line }
        guard members.updateValue(converted, forKey: text) == nil else {
          throw UserError("\(name) has the key '\(text)' twice\(place(value.mark))", fix: "Keep one of them")
        }
      }
      return .object(members)
    case .alias:
      throw UserError("\(name) has an alias\(place(node.mark))", fix: "Write the value out")
    }
  }

  private static func place(_ mark: Mark?) -> String {
    mark.map { " (line \($0.line), column \($0.column))" } ?? ""
  }

  private static func explain(_ error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      // The library tells its own limit with one of its functions as advice.
      return (problem.contains("nesting level") ? "its values are nested too deeply" : problem) + place(mark)
    case .duplicatedKeysInMapping(let keys, let context):
      return "a key stands twice: \(keys.joined(separator: ", "))\(place(context.mark))"
    default:
      return "\(error)".split(separator: "\n").first.map(String.init) ?? "it cannot be read"
    }
  }
}
