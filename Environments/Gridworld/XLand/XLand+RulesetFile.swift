internal import EnvironmentKit
public import Groundwork

/// A ruleset as a JSON document, in words or in XLand-MiniGrid's numbers:
///
///     {"goal": {"kind": "agentNear", "a": "red ball"},
///      "rules": [{"kind": "tileNear", "side": "up", "a": "green hex", "b": "blue key", "product": "red ball"}],
///      "objects": ["green hex", "blue key", "pink star"]}
///
/// In place of a goal, a rule or an object in words, its bytes may stand as a list: `[3, 3, 1, 0, 0]`.
extension XLand.Ruleset {
  /// Reads a document. Parts may be written in words or as bytes; entries of zeros, with which benchmarks pad,
  /// are left out.
  ///
  /// - Parameter name: What the document is called in errors, for example the file's path.
  /// - Throws: `UserError` that names the part and what is wrong with it.
  public init(_ document: JSON, name: String) throws(UserError) {
    let reader = XLand.RulesetReader(name: name)
    guard let members = document.object else {
      throw UserError("\(name) is no ruleset", fix: "It is an object with goal, rules and objects")
    }
    let known = ["goal", "rules", "objects"]
    for key in members.keys.sorted() where !known.contains(key) {
      throw UserError.unknown("part of a ruleset", key, among: known, hint: "\(name) has goal, rules and objects")
    }
    guard let goalDocument = members["goal"] else {
      throw UserError(
        "\(name) has no goal", fix: "Add for example \"goal\": {\"kind\": \"agentNear\", \"a\": \"red ball\"}")
    }
    goal = try reader.goal(goalDocument)
    rules = []
    for (index, rule) in try reader.list(members["rules"], "rules", most: XLand.Ruleset.mostRules).enumerated() {
      // Rows of a benchmark are padded with empty rules.
      if rule.array?.allSatisfy({ $0.integer == 0 }) == true { continue }
      rules.append(try reader.rule(rule, "rules[\(index)]"))
    }
    objects = []
    for (index, object) in try reader.list(members["objects"], "objects", most: XLand.Ruleset.mostObjects).enumerated()
    {
      if object.array?.allSatisfy({ $0.integer == 0 }) == true { continue }
      objects.append(try reader.cell(object, "objects[\(index)]", among: XLand.Tiles.objects))
    }
  }

  /// - Throws: `UserError` when the file cannot be read or holds no ruleset.
  public init(path: String) throws(UserError) {
    let name = "the ruleset '\(path)'"
    try self.init(try JSON(parsing: try Files.readText(path, as: .ruleset), name: name, kind: .ruleset), name: name)
  }

  /// Writes the ruleset in words, whole or not at all.
  public func write(to path: String) throws(UserError) {
    try Files.writeAtomically(document.text(pretty: true) + "\n", to: path)
  }

  /// The ruleset in words.
  public var document: JSON {
    [
      "goal": goal.document, "rules": .array(rules.map(\.document)),
      "objects": .array(objects.map { .string($0.phrase) }),
    ]
  }
}

/// In a configuration a ruleset is such a document, or the path of a file that holds one. The file is read at once
/// and what it says becomes part of the configuration, so that a run or a replay does not depend on the file.
extension XLand.Ruleset: Codable {
  /// Reads a document, or the file whose path stands in its place.
  ///
  /// - Throws: `DecodingError` with the reason when there is no such file or it holds no ruleset.
  public init(from decoder: any Decoder) throws {
    let document = try JSON(from: decoder)
    do throws(UserError) {
      if let path = document.string { try self.init(path: path) } else { try self.init(document, name: "the ruleset") }
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: error.description))
    }
  }

  /// Writes the document in words, never a path.
  public func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }
}

extension XLand.Goal {
  /// The goal in words: kind, things, and side or position where it has one.
  var document: JSON {
    var document: JSON = ["kind": .string(name)]
    if a != .empty { document["a"] = .string(a.phrase) }
    if b != .empty { document["b"] = .string(b.phrase) }
    switch kind {
    case .agentNear(let side?), .tileNear(let side?): document["side"] = .string("\(side)")
    case .tileOnPosition, .agentOnPosition: document["position"] = [.integer(Int(row)), .integer(Int(column))]
    default: break
    }
    return document
  }

  private var name: String {
    switch kind {
    case .agentNear: "agentNear"
    case .tileNear: "tileNear"
    default: "\(kind)"
    }
  }
}

extension XLand.Rule {
  /// The rule in words: kind, things, product, and side where it has one.
  var document: JSON {
    var document: JSON = ["a": .string(a.phrase), "product": .string(product.phrase)]
    switch kind {
    case .agentHold: document["kind"] = "agentHold"
    case .agentNear(let side):
      document["kind"] = "agentNear"
      if let side { document["side"] = .string("\(side)") }
    case .tileNear(let side):
      document["kind"] = "tileNear"
      document["b"] = .string(b.phrase)
      if let side { document["side"] = .string("\(side)") }
    }
    return document
  }
}
