#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork

  /// A Python package as pip installed it: its files, and what pip wrote down of them, `RECORD` in the folder that it
  /// keeps beside the package, a name, a SHA-256 and a size a line.
  ///
  /// Files that lie elsewhere by themselves have none; then nobody can say whether they are the package's.
  struct InstalledPackage: Sendable {
    private let name, version: String
    /// The package's own folder.
    let folder: String
    /// The path of what pip wrote down.
    private let record: String
    /// What was written down; nil where nothing was.
    private let lines: [Substring]?

    /// - Parameter folder: The package's own, beside which pip's is.
    init(_ name: String, version: String, in folder: String) {
      (self.name, self.version, self.folder) = (name, version, folder)
      let path = "\(Files.parent(of: folder))/\(name)-\(version).dist-info/RECORD"
      record = path
      // One that cannot be read says nothing of any file, which is damage as well.
      let text = Process.isFile(path) ? (try? Files.readText(path, as: .gameData)) ?? "" : ""
      // pip ends its lines as CSV does, which for Swift is one character of its own.
      lines = Files.exists(path) ? text.split(whereSeparator: \.isNewline) : nil
    }

    /// Whether anything was written down.
    var isRecorded: Bool { lines != nil }

    /// The path of a file, which is named in the package's folder: `nethackdir/nhdat`.
    func path(of file: String) -> String { folder + "/" + file }

    /// Whether there is something of that name; `read` refuses what is no file.
    func has(_ file: String) -> Bool { Files.exists(path(of: file)) }

    /// The bytes of a file.
    ///
    /// - Throws: `UserError` when there is none, or its bytes are not those that were installed.
    func read(_ file: String) throws(UserError) -> [UInt8] { try read(path(of: file), as: file) }

    /// The same of a file that may have another name than the one that was installed.
    func read(_ path: String, as file: String) throws(UserError) -> [UInt8] {
      guard Process.isFile(path) else {
        throw UserError(Files.exists(path) ? "'\(path)' is no file" : "there is no '\(path)'", fix: fix)
      }
      let bytes = try Files.read(path, as: .gameData)
      guard let lines else { return bytes }
      let parts =
        lines.first { $0.hasPrefix("\(name)/\(file),sha256=") }
        .map { $0.dropFirst(name.utf8.count + 1 + file.utf8.count).split(separator: ",") } ?? []
      guard parts.count == 2, let size = Int(parts[1]) else {
        throw UserError(
          "'\(record)' does not say what '\(file)' was when it was installed: it was cut off or altered", fix: fix)
      }
      let digest = Self.text(of: bytes.withUnsafeBytes { SHA256.digest($0) })
      guard size != bytes.count || parts[0].dropFirst("sha256=".count) != digest else { return bytes }
      let change = size == bytes.count ? "was altered" : "has \(bytes.count) of \(size) bytes"
      throw UserError("'\(path)' is not as it was installed: it \(change)", fix: fix)
    }

    /// The path of a program that may be run.
    ///
    /// - Throws: `UserError` as `read`, and when it may not be run.
    func program(_ file: String) throws(UserError) -> String {
      _ = try read(file)
      guard Process.mayRun(path(of: file)) else {
        throw UserError("'\(path(of: file))' may not be run", fix: "chmod +x it, or install where programs may be run")
      }
      return path(of: file)
    }

    private var fix: String {
      "Remove its environment and run scripts/nethack, or pip install --force-reinstall --no-deps \(name)==\(version)"
    }

    /// Bytes in base 64 for addresses, without signs that fill up.
    static func text(of bytes: [UInt8]) -> String {
      let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
      var text: [UInt8] = []
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let part = bytes[start..<min(start + 3, bytes.count)]
        let word = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
        for sign in 0...part.count { text.append(signs[word >> (18 - 6 * sign) & 63]) }
      }
      return String(decoding: text, as: UTF8.self)
    }
  }
#endif
