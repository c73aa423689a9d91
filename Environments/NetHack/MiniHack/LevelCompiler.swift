#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork
  import Synchronization

  /// Compiles a level with the user's own tools, as MiniHack does: `lev_comp`, then `dlb` for a data archive with
  /// nothing but that level in it. The archive stays in memory; every level is compiled once a process.
  ///
  /// Compiling happens when a plan is made, never in a step.
  enum LevelCompiler {
    private static let archives = Mutex<[String: DataArchive]>([:])

    /// - Throws: `UserError` with what the compiler says.
    /// - Parameter text: A level in the language of NetHack's level compiler, called `mylevel`.
    static func archive(with text: String, library: NetHackLibrary) throws -> DataArchive {
      let key = library.path + "\n" + text
      if let known = archives.withLock({ $0[key] }) { return known }
      let archive = DataArchive(try compile(text, library: library))
      archives.withLock { $0[key] = archive }
      return archive
    }

    /// Runs both tools in a folder of its own, which is removed again.
    ///
    /// - Throws: `UserError` when a tool is not as it was installed or refuses the text, or the text makes another
    ///   level than `mylevel`; `StopRequested` when the program is asked to stop meanwhile.
    private static func compile(_ text: String, library: NetHackLibrary) throws -> [UInt8] {
      try checkNames(text)
      let package = try LevelText.package(library)
      let compiler = try library.package.program("nethackdir/lev_comp")
      let archiver = try library.package.program("nethackdir/dlb")
      return try TemporaryFolder.use { work in
        // The dungeon's plan, which names one level, `mylevel`, and the texts of quests.
        for name in ["dungeon", "quest.dat"] {
          try Files.writeAtomically(try package.read("lib/" + name), to: work + "/" + name)
        }
        try Files.writeAtomically(Array(text.utf8), to: work + "/mylevel.des")
        try run(
          compiler, ["mylevel.des"], in: work,
          fix: "Mend the .des text; its language is in nethackdir/doc/lev_comp.txt of nle")
        let level = Process.paths(in: work, matching: "/*.lev")
        guard level.count == 1, level[0].hasSuffix("/mylevel.lev") else { throw otherName }
        let parts = ["cf", "nhdat", "dungeon", "mylevel.lev", "quest.dat"]
        try run(archiver, parts, in: work, fix: "Run it by hand, or try again")
        return try Files.read(work + "/nhdat", as: .gameData)
      }
    }

    private static let otherName = UserError(
      "the level is not called \"mylevel\"", fix: "Name it so: MAZE: \"mylevel\" or LEVEL: \"mylevel\"")

    /// The compiler writes a file under a level's name, wherever a slash in it leads: such a text never reaches it.
    ///
    /// What it takes for a name is what stands in quotes behind the words and a colon, with blanks and lines of comment
    /// between them. They are refused wherever they stand, in comments too.
    private static func checkNames(_ text: String) throws(UserError) {
      let bytes = Array(text.utf8)
      let next = endsOfBlanks(bytes)
      let (colon, quote, slash) = (UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "/"))
      for word in ["MAZE", "LEVEL"].map({ Array($0.utf8) }) {
        for start in bytes.indices where bytes[start...].starts(with: word) {
          var place = next[start + word.count]
          guard place < bytes.count, bytes[place] == colon else { continue }
          place = next[place + 1]
          guard place < bytes.count, bytes[place] == quote else { continue }
          guard !bytes[(place + 1)...].prefix(while: { $0 != quote }).contains(slash) else { throw otherName }
        }
      }
    }

    /// For each place, and the end, where the blanks and comments that begin there end.
    private static func endsOfBlanks(_ bytes: [UInt8]) -> [Int] {
      var ends = [Int](repeating: bytes.count, count: bytes.count + 1)
      var line = bytes.count
      for place in bytes.indices.reversed() {
        if bytes[place] == UInt8(ascii: "\n") { line = place }
        ends[place] =
          bytes[place] <= UInt8(ascii: " ")
          ? ends[place + 1] : bytes[place] == UInt8(ascii: "#") ? ends[min(line + 1, bytes.count)] : place
      }
      return ends
    }

    /// - Throws: `UserError` with the first two lines that the program printed, when it does not end with 0.
    private static func run(_ program: String, _ arguments: [String], in folder: String, fix: String) throws {
      let name = program.split(separator: "/").last ?? "the compiler"
      switch try Process.run(program, arguments, in: folder) {
      case .ended(0): return
      case .tookTooLong:
        throw UserError("\(name) does not end within \(Process.mostSeconds) s", fix: "Use a smaller level")
      case .notStarted:
        throw UserError("'\(program)' does not start", fix: "Run it by hand; it needs /bin/sh and its libraries")
      case .killed:
        throw UserError("\(name) crashes on the level", fix: fix + "; very long lines, for example, make it crash")
      case .ended(let status):
        let said = (try? Files.readText(folder + "/output.txt", as: .gameData)) ?? ""
        let line = said.split(whereSeparator: \.isNewline).prefix(2).joined(separator: "; ")
        let reason = line.isEmpty ? "it says nothing and ends with \(status)" : line
        throw UserError("\(name) refuses the level: \(reason)", fix: fix)
      }
    }
  }
#endif
