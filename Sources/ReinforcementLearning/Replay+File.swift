public import Groundwork

/// A replay's file: one JSON document in one line, which a person can read. It begins with a digest of all that
/// follows:
///
///     {"digest":"0123456789abcdef","actions":[...],...}
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
    // Version 1 is the same without a digest; what it says is compared when it is stepped again.
    guard version == Replay.version || version == 1 else {
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
  /// - Throws: `UserError` when it cannot be read, is no JSON, no replay of this version, longer than one may be
  ///   (`mostValues`), or a byte of it has changed.
  public init(reading path: String) throws(UserError) {
    let bytes = try Files.read(path, as: .replay)
    // One that is cut off still begins like one.
    guard bytes.isEmpty || bytes[0] == UInt8(ascii: "{") || path.hasSuffix(".json") else {
      throw UserError(
        "'\(path)' is no recording: a replay is a JSON document, a trace a .jsonl or .gz file",
        fix: "Name a file of a run's replays, such as replays/final-median.json")
    }
    let document = try JSON(parsing: bytes, name: "'\(path)'", kind: .replay)
    guard document["actions"] != nil || document["digests"] != nil else {
      throw UserError(
        "'\(path)' is not a replay", fix: "Name a file of a run's replays, such as replays/final-median.json")
    }
    let seal = Replay.seal(document["digest"]?.string ?? "")
    let isWhole =
      switch document["version"]?.integer {
      case Replay.version:
        bytes.starts(with: seal) && Replay.digest(of: bytes[seal.count...]) == document["digest"]?.string
      case 1: document["digest"] == nil
      default: true
      }
    guard isWhole else {
      throw UserError(
        "'\(path)' was altered after it was written: its digest does not match", fix: "Restore it from a copy")
    }
    try self.init(json: document, name: path)
  }

  /// The bytes of the file.
  private var bytes: [UInt8] {
    let rest = Array((json.text().dropFirst() + "\n").utf8)
    return Replay.seal(Replay.digest(of: rest[...])) + rest
  }

  private static func seal(_ digest: String) -> [UInt8] { Array("{\"digest\":\"\(digest)\",".utf8) }

  private static func digest(of rest: ArraySlice<UInt8>) -> String { ByteDigest(rest).description }

  /// The most steps that a file holds of actions of that many numbers, with that many components: a longer episode is
  /// recorded up to there.
  public static func mostSteps(width: Int, components: Int) -> Int {
    (FileKind.replay.values - 10_000) / (width + 1 + components)
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `UserError` when it cannot be written.
  public func write(to path: String) throws(UserError) {
    try Files.writeAtomically(bytes, to: path)
  }
}
