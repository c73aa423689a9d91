import Groundwork

/// A document with a digest of itself, in which no byte may change unnoticed: `run.json`, `comparison.json`,
/// `evaluation.json`, `checkpoint.json`.
enum SealedDocument {
  /// The text of the file: sorted keys, so equal documents have equal files.
  static func text(of value: some Encodable) -> String { text(JSON(encoding: value)) }

  private static func text(_ document: JSON) -> String {
    var document = document
    document["digest"] = nil
    document["digest"] = .string(ByteDigest(document.text().utf8).description)
    return document.text(pretty: true) + "\n"
  }

  /// Reads a file that `text(of:)` wrote.
  ///
  /// - Parameters:
  ///   - kind: What it describes, with its article: "a run".
  ///   - fileKind: How large it may be.
  ///   - fix: What to do about damage; by default to restore the file.
  ///   - version: The format's version that this program reads.
  /// - Throws: `UserError` when it is of another version, or a byte of it has changed.
  static func read(
    _ path: String, kind: String, version: Int, as fileKind: FileKind, fix: String? = nil
  ) throws(UserError) -> JSON {
    let bytes = try Files.read(path, as: fileKind)
    let document = try JSON(parsing: bytes, name: "'\(path)'", kind: fileKind)
    guard let found = document["version"]?.integer else {
      throw UserError("'\(path)' does not describe \(kind): it has no version", fix: fix ?? "Restore it from a copy")
    }
    guard found == version else {
      throw UserError(
        "'\(path)' is \(kind) of version \(found), this program reads version \(version)",
        fix: "Use the program that wrote it (version \(document["forage"]?.string ?? "unknown")), or train anew")
    }
    guard text(document).utf8.elementsEqual(bytes) else {
      throw UserError(
        "'\(path)' was altered after it was written: its digest does not match", fix: fix ?? "Restore it from a copy")
    }
    return document
  }
}
