public import Groundwork

/// A replay's file: one JSON document, which a person can read.
extension Replay {
  /// The document that its file holds. The seed and the digests are strings, since many readers keep 53 bits of a
  /// number.
  public var json: JSON {
    let actionValues: [JSON] =
      width == 1 && actions.allSatisfy { $0 == $0.rounded() && abs($0) < 1e9 }
      ? actions.map { .integer(Int($0)) } : actions.map { .number(Double($0)) }
    return .object([
      "version": .integer(Replay.version),
      "environment": .string(environment),
      "configuration": configuration,
      "seed": .string(String(seed)),
      "width": .integer(width),
      "actions": .array(actionValues),
      "digests": .array(digests.map { .string(String($0, radix: 16)) }),
      "components": .array(
        components.map { ["name": .string($0.name), "values": .array($0.values.map { .number(Double($0)) })] }),
      "return": .number(environmentReturn),
      "success": .bool(success),
      "origin": .object(origin.mapValues { .string($0) }),
    ])
  }

  /// - Throws: `UserError` when the document is not a replay, or one of another version.
  public init(json: JSON, name: String) throws(UserError) {
    guard let version = json["version"]?.integer else {
      throw UserError("'\(name)' is not a replay: it has no version")
    }
    guard version == Replay.version else {
      throw UserError(
        "'\(name)' is a replay of version \(version), this program reads version \(Replay.version)",
        fix: "Record it again, or use the program that wrote it")
    }
    func required<T>(_ key: String, _ value: T?) throws(UserError) -> T {
      guard let value else {
        throw UserError("'\(name)' is not a whole replay: '\(key)' is missing or of the wrong kind")
      }
      return value
    }
    environment = try required("environment", json["environment"]?.string)
    configuration = try required("configuration", json["configuration"])
    seed = try required(
      "seed",
      json["seed"]?.string.flatMap { UInt64($0) } ?? json["seed"]?.integer.flatMap { UInt64(exactly: $0) })
    width = try required("width", json["width"]?.integer.flatMap { $0 > 0 ? $0 : nil })
    let numbers = try required("actions", json["actions"]?.array)
    actions = numbers.compactMap { $0.double.map { Float($0) } }
    let texts = try required("digests", json["digests"]?.array)
    digests = texts.compactMap { $0.string.flatMap { UInt64($0, radix: 16) } }
    guard actions.count == numbers.count, digests.count == texts.count, actions.count % width == 0,
      digests.count == actions.count / width + 1
    else {
      throw UserError("'\(name)' is not a whole replay: its actions and digests do not belong together")
    }
    environmentReturn = json["return"]?.double ?? 0
    success = json["success"]?.bool ?? false
    components = (json["components"]?.array ?? []).compactMap { part in
      guard let name = part["name"]?.string, let values = part["values"]?.array else { return nil }
      return (name, values.map { Float($0.double ?? 0) })
    }
    origin = (json["origin"]?.object ?? [:]).compactMapValues(\.string)
  }

  /// Reads a replay's file.
  ///
  /// - Throws: `UserError` when it cannot be read, is no JSON, or no replay of this version.
  public init(reading path: String) throws(UserError) {
    try self.init(json: try JSON(parsing: try Files.read(path), name: "'\(path)'"), name: path)
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `UserError` when it cannot be written.
  public func write(to path: String) throws(UserError) {
    try Files.writeAtomically(json.text() + "\n", to: path)
  }
}
