#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// What of the operating system finding the library and compiling levels needs.
  enum Process {
    /// An environment variable; nil where it is not set or empty.
    static func variable(_ name: String) -> String? {
      guard let value = getenv(name), value.pointee != 0 else { return nil }
      return String(cString: value)
    }

    /// Memory of this process, of what it shares with others its share: PSS.
    ///
    /// - Throws: `UserError` where the system does not tell.
    static func proportionalBytes() throws(UserError) -> Double {
      let path = "/proc/self/smaps_rollup"
      let text = String(decoding: try Files.read(path), as: UTF8.self)
      for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
        if let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) }) {
          return kilobytes * 1024
        }
      }
      throw UserError("'\(path)' does not say how much memory this program has")
    }

    /// Whether there is a file of that name, links followed.
    static func isFile(_ path: String) -> Bool {
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The path from the root, without links; the path itself where there is nothing.
    static func absolute(_ path: String) -> String {
      guard let absolute = realpath(path, nil) else { return path }
      defer { free(absolute) }
      return String(cString: absolute)
    }

    /// The paths in a folder that a pattern of the shell's kind names, in order of their names.
    ///
    /// - Parameter folder: As it is: signs that mean something in patterns mean themselves.
    static func paths(in folder: String, matching pattern: String) -> [String] {
      let plain = folder.reduce(into: "") { $0 += "*?[]\\".contains($1) ? "\\\($1)" : String($1) }
      var found = glob_t()
      defer { globfree(&found) }
      guard glob(plain + pattern, 0, nil, &found) == 0 else { return [] }
      return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }

    /// Runs a program in a folder to its end; what it prints goes to `output.txt` there.
    ///
    /// - Returns: Its exit status; nil when it could not be started or did not end by itself.
    static func run(_ program: String, _ arguments: [String], in folder: String) -> Int? {
      // The shell changes the folder: a child of this process could not do so before it runs the program.
      let script = "cd \"$0\" && exec \"$@\" > output.txt 2>&1 < /dev/null"
      var words: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", script, folder, program] + arguments).map { strdup($0) }
      words.append(nil)
      defer { for word in words { free(word) } }
      var process = pid_t()
      guard posix_spawn(&process, "/bin/sh", nil, nil, words, environ) == 0 else { return nil }
      var status = Int32(0)
      while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return nil } }
      return status & 0x7f == 0 ? Int(status >> 8 & 0xff) : nil
    }

    /// Makes a folder that nobody else has, removed again with what is in it after `body`.
    static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
      var template = Array(((variable("TMPDIR") ?? "/tmp") + "/forage-level-XXXXXX").utf8CString)
      guard mkdtemp(&template) != nil else {
        throw UserError("no temporary folder can be made", fix: "Name a writable one by TMPDIR=")
      }
      let folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      defer {
        for path in paths(in: folder, matching: "/*") { unlink(path) }
        rmdir(folder)
      }
      return try body(folder)
    }
  }
#endif
