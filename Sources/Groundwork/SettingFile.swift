/// A file of data that a setting names, as it is too large to stand in a run's description itself.
///
/// In a configuration it is a path; in `run.json` and `repetitions.json` a path from the root and a digest of what was
/// read, so that whoever goes on with a run, repeats it or plays a replay is told where the file has changed since.
public struct SettingFile: Codable, Hashable, Sendable {
  /// From the root; as it was written where there is no such file. Empty: no file.
  public let path: String
  /// Of the file's bytes, 32 hexadecimal digits; empty where there is none or it could not be read.
  public let digest: String
  /// Why it cannot be used; told by `check`, since decoders pass on no errors but their own.
  private let failure: UserError?

  /// Whether none is named.
  public var isEmpty: Bool { path.isEmpty }

  /// The file of that path; none where it is empty.
  public init(_ path: String = "") { self.init(.string(path)) }

  /// - Parameter document: A path, or an object of `path` and `digest`.
  private init(_ document: JSON) {
    let name = document.string ?? document["path"]?.string ?? document.text()
    var found = (path: name, digest: "", failure: UserError?.none)
    do throws(UserError) {
      if !name.isEmpty {
        let bytes = try Files.read(name, as: .recording)
        found.path = try Files.absolute(name)
        found.digest = bytes.withUnsafeBytes { SHA256.hexadecimal($0, digits: 32) }
      }
      if let recorded = document["digest"]?.string, recorded != found.digest {
        throw UserError("'\(name)' was changed since it was recorded", fix: "Restore it, or begin anew")
      }
    } catch {
      found.failure = error
    }
    (path, digest, failure) = found
  }

  /// - Throws: `UserError` when it cannot be read, or is not what was recorded.
  public func check() throws(UserError) { if let failure { throw failure } }

  /// Reads the file.
  public init(from decoder: any Decoder) throws { self.init(try JSON(from: decoder)) }

  /// Writes path and digest; the path alone where there is no digest.
  public func encode(to encoder: any Encoder) throws {
    let document: JSON = digest.isEmpty ? .string(path) : ["path": .string(path), "digest": .string(digest)]
    try document.encode(to: encoder)
  }
}
