#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// Folders for what is made and thrown away, in `TMPDIR` or `/tmp`.
  ///
  /// Each is locked while it is used. A program that was killed leaves its own behind, unlocked, which the next one
  /// that makes a folder removes.
  enum TemporaryFolder {
    private static let prefix = "/forage-level-"

    /// Makes a folder that nobody else has, removed again with the files in it after `body`.
    ///
    /// - Throws: `UserError` where none can be made, and what `body` throws.
    static func use<Result>(_ body: (String) throws -> Result) throws -> Result {
      let place = Process.variable("TMPDIR") ?? "/tmp"
      removeLeftovers(in: place)
      // Whoever looks for leftovers may find a folder before it is locked.
      for _ in 0..<100 {
        var template = Array((place + prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { break }
        let folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let lock = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard lock >= 0 else { continue }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 && errno == EINTR {}
        guard Files.exists(folder) else { continue }
        defer { remove(folder) }
        return try body(folder)
      }
      throw UserError("no temporary folder can be made in '\(place)'", fix: "Name a writable one by TMPDIR=")
    }

    private static func removeLeftovers(in place: String) {
      for folder in Process.paths(in: place, matching: prefix + "??????") {
        let lock = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard lock >= 0 else { continue }
        defer { close(lock) }
        var status = stat()
        let isMine = fstat(lock, &status) == 0 && status.st_uid == geteuid()
        if isMine, flock(lock, LOCK_EX | LOCK_NB) == 0 { remove(folder) }
      }
    }

    private static func remove(_ folder: String) {
      for path in Process.paths(in: folder, matching: "/*") { unlink(path) }
      rmdir(folder)
    }
  }
#endif
