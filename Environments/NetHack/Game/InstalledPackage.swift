#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork

  /// What pip wrote down of the files that it installed, `RECORD` in the folder that it keeps beside a package: a name,
  /// a SHA-256 and a size a line.
  ///
  /// A file that lies elsewhere by itself has none; then its layout alone is checked.
  struct InstalledRecord {
    /// The folder of the packages.
    private let packages: String
    private let lines: [Substring]

    /// - Parameter package: Name and version, for example `nle-1.3.0`.
    init(of package: String, in packages: String) {
      self.packages = packages
      let path = "\(packages)/\(package).dist-info/RECORD"
      let text = Process.isFile(path) ? try? Files.readText(path, as: .gameData) : nil
      // pip ends them as CSV does, which for Swift is one character of its own.
      lines = (text ?? "").split(whereSeparator: \.isNewline)
    }

    /// - Parameter name: In the folder of the packages, for example `nle/libnethack.so`.
    /// - Throws: `UserError` when the bytes are not those that were installed; not where nothing is written down.
    func check(_ bytes: [UInt8], of name: String) throws(UserError) {
      guard let line = lines.first(where: { $0.hasPrefix(name + ",sha256=") }) else { return }
      let parts = line.dropFirst(name.utf8.count).split(separator: ",")
      guard parts.count == 2, let size = Int(parts[1]) else { return }
      let digest = Self.text(of: bytes.withUnsafeBytes { SHA256.digest($0) })
      guard size != bytes.count || parts[0].dropFirst("sha256=".count) != digest else { return }
      let change = size == bytes.count ? "was altered" : "has \(bytes.count) of \(size) bytes"
      throw UserError(
        "'\(packages)/\(name)' is not as it was installed: it \(change)",
        fix: "Remove its environment and run scripts/nethack, or pip install --force-reinstall nle==1.3.0")
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
