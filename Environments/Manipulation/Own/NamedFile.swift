#if MuJoCo
  import Groundwork

  /// A file that a setting names: one from outside by its path, or one of the program's own by its name.
  ///
  /// In a configuration it is a path or a name; in `run.json` also the digest of what was read, so that whoever goes on
  /// with a run, or plays a replay, is told where the file has changed since.
  struct NamedFile: Hashable, Sendable {
    /// The path from the root, or the name of one of the program's own; as it was written where there is no such file.
    var path: String
    /// Of the file and of all files that it names, 32 hexadecimal digits; empty for one of the program's own, and where
    /// it could not be read.
    var digest = ""
    /// The file's text.
    var text = ""
    /// Why it cannot be used; told by whoever makes the environment, since decoders pass on no errors but their own.
    var failure: UserError?

    /// - Parameters:
    ///   - document: A path or a name, or an object of `path` and `digest`.
    ///   - own: The program's own by name.
    ///   - word: What it is: "model", "task".
    ///   - more: The contents of the files that the text names.
    init(
      _ document: JSON, as kind: FileKind, word: String, own: (String) -> String?,
      more: (_ text: String, _ path: String) throws(UserError) -> [[UInt8]]
    ) {
      path = document.string ?? document["path"]?.string ?? document.text()
      do throws(UserError) {
        if let known = own(path) {
          text = known
        } else {
          guard path.contains("/") || path.contains(".") else {
            throw UserError(
              "'\(path)' is no \(word) of the program's",
              fix: "Name a file (--set \(word)=FILE), or Lever, Shelves or Stack")
          }
          text = try Files.readText(path, as: kind)
          path = try Files.absolute(path)
          digest = NamedFile.digest([Array(text.utf8)] + (try more(text, path)))
        }
        if let recorded = document["digest"]?.string, !recorded.isEmpty, recorded != digest {
          throw UserError(
            "the \(word) '\(path)' is not what was recorded: it or a file that it names has changed",
            fix: "Put the old one back, or begin anew")
        }
      } catch {
        failure = error
      }
    }

    /// - Throws: `UserError` when there is no such file, or it is not what was recorded.
    func check() throws(UserError) { if let failure { throw failure } }

    /// A name alone for one of the program's own, else path and digest.
    var document: JSON { digest.isEmpty ? .string(path) : ["path": .string(path), "digest": .string(digest)] }

    private static func digest(_ parts: [[UInt8]]) -> String {
      // Lengths first: where one file ends and the next begins matters.
      let bytes = parts.flatMap { Array("\($0.count)\n".utf8) + $0 }
      return bytes.withUnsafeBytes { SHA256.hexadecimal($0, digits: 32) }
    }
  }

  /// A MuJoCo model that a setting names.
  public struct ModelFile: Codable, Hashable, Sendable {
    /// Where the model is, in MuJoCo's XML: a file, or `Lever`, `Shelves` or `Stack` for one of the program's own.
    public let path: String
    /// Digest of the model and of all files that it names; checked where it is not empty. Empty for the program's own.
    public let digest: String
    let file: NamedFile

    /// One of the program's own, or a file.
    public init(_ name: String) { self.init(.string(name)) }

    init(_ document: JSON) {
      let file = NamedFile(document, as: .model, word: "model", own: OwnScenes.model, more: ModelParts.contents)
      (self.file, path, digest) = (file, file.path, file.digest)
    }

    /// Reads the file.
    public init(from decoder: any Decoder) throws { self.init(try JSON(from: decoder)) }

    /// Writes path and digest.
    public func encode(to encoder: any Encoder) throws {
      try file.document.encode(to: encoder)
    }
  }

  /// A task file that a setting names: what is done with a model (`TaskDescription`).
  public struct TaskFile: Codable, Hashable, Sendable {
    /// Where the task is: a YAML file, or `Lever`, `Shelves` or `Stack` for one of the program's own.
    public let path: String
    /// Digest of the file; checked where it is not empty. Empty for the program's own.
    public let digest: String
    let file: NamedFile

    /// One of the program's own, or a file.
    public init(_ name: String) { self.init(.string(name)) }

    init(_ document: JSON) {
      let file = NamedFile(document, as: .configuration, word: "task", own: OwnScenes.task) { _, _ in [] }
      (self.file, path, digest) = (file, file.path, file.digest)
    }

    /// Reads the file.
    public init(from decoder: any Decoder) throws { self.init(try JSON(from: decoder)) }

    /// Writes path and digest.
    public func encode(to encoder: any Encoder) throws {
      try file.document.encode(to: encoder)
    }
  }
#endif
