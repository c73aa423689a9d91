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

    /// Whether a file may be run as a program.
    static func mayRun(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// How a program came to its end.
    enum End: Equatable {
      /// By itself, with a status.
      case ended(Int)
      /// By a signal.
      case killed
      /// It was killed after `mostSeconds`.
      case tookTooLong
      /// There was no such program, or it could not be run.
      case notStarted
    }

    /// Seconds that a program may take, on the clock and of a processor.
    static let mostSeconds = 60

    /// Runs a program in a folder to its end; what it prints goes to `output.txt` there.
    ///
    /// - Throws: `StopRequested` when this program is asked to stop meanwhile; the other one is then killed.
    static func run(_ program: String, _ arguments: [String], in folder: String) throws(StopRequested) -> End {
      // The shell changes the folder: a child of this process could not do so before it runs the program. Its limits
      // end the program also where nobody waits for it any more, and where it prints for ever (blocks of 512 bytes).
      let script = "ulimit -t \(mostSeconds); ulimit -f 65536; cd \"$0\" && exec \"$@\" > output.txt 2>&1 < /dev/null"
      var words: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", script, folder, program] + arguments).map { strdup($0) }
      words.append(nil)
      defer { for word in words { free(word) } }
      var process = pid_t()
      guard posix_spawn(&process, "/bin/sh", nil, nil, words, environ) == 0 else { return .notStarted }
      let start = Clock.seconds
      var status = Int32(0)
      while true {
        let found = waitpid(process, &status, WNOHANG)
        if found == process { break }
        guard found == 0 || errno == EINTR else { return .notStarted }
        let tookTooLong = Clock.seconds - start > Double(mostSeconds)
        if tookTooLong || Interruption.wasRequested {
          kill(process, SIGKILL)
          while waitpid(process, &status, 0) < 0 && errno == EINTR {}
          if Interruption.wasRequested { throw StopRequested() }
          return .tookTooLong
        }
        Clock.sleep(seconds: 0.002)
      }
      // A signal from the terminal reaches both, the other one perhaps first.
      if [SIGINT, SIGTERM, SIGHUP].contains(status & 0x7f) { Clock.sleep(seconds: 0.1) }
      if Interruption.wasRequested { throw StopRequested() }
      // The limit of its time ends it by a signal of its own.
      guard status & 0x7f == 0 else { return status & 0x7f == SIGXCPU ? .tookTooLong : .killed }
      let code = Int(status >> 8 & 0xff)
      // As shells have it.
      return code == 126 || code == 127 ? .notStarted : .ended(code)
    }
  }
#endif
