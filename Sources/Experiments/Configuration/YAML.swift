public import Groundwork
import Yams

/// YAML documents as the same tree that JSON documents become.
public enum YAML {
  /// Parses a document; an empty one is an empty mapping.
  ///
  /// Plain scalars are read as `JSON(scalar:)` reads them: `3e-4` is a number (YAML 1.1 says text) and `no` a
  /// text (YAML 1.1 says false). Quoted ones are always text.
  ///
  /// - Throws: `UserError` with the line and column of what cannot be parsed.
  public static func parse(_ text: String, name: String) throws(UserError) -> JSON {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw UserError("\(name) is not valid YAML: \(explain(error))", fix: "Check the indentation, colons and quotes")
    } catch {
      throw UserError("\(name) is not valid YAML", fix: "Check the indentation, colons and quotes")
    }
    guard let node else { return .object([:]) }
    return try convert(node, name: name)
  }

  private static func convert(_ node: Node, name: String) throws(UserError) -> JSON {
    switch node {
    case .scalar(let scalar):
      return scalar.style == .plain || scalar.style == .any ? JSON(scalar: scalar.string) : .string(scalar.string)
    case .sequence(let sequence):
      var values: [JSON] = []
      for element in sequence { values.append(try convert(element, name: name)) }
      return .array(values)
    case .mapping(let mapping):
      var members: [String: JSON] = [:]
      for (key, value) in mapping {
        guard let key = key.string else {
          throw UserError("\(name) has a key that is not a text\(place(value.mark))", fix: "Write `key: value`")
        }
        guard members.updateValue(try convert(value, name: name), forKey: key) == nil else {
          throw UserError("\(name) has the key '\(key)' twice\(place(value.mark))", fix: "Keep one of them")
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
      return problem + place(mark)
    case .duplicatedKeysInMapping(let keys, let context):
      return "a key stands twice: \(keys.joined(separator: ", "))\(place(context.mark))"
    default:
      return "\(error)".split(separator: "\n").first.map(String.init) ?? "it cannot be read"
    }
  }
}
