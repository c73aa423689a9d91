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
    /// - Throws: `UserError` when a tool refuses the text, or the text makes another level than `mylevel`.
    private static func compile(_ text: String, library: NetHackLibrary) throws -> [UInt8] {
      let folder = try LevelText.folder(library)
      return try Process.withTemporaryFolder { work in
        // The dungeon's plan, which names one level, `mylevel`, and the texts of quests.
        for name in ["dungeon", "quest.dat"] {
          try Files.writeAtomically(try Files.read(folder + "/lib/" + name, as: .gameData), to: work + "/" + name)
        }
        try Files.writeAtomically(Array(text.utf8), to: work + "/mylevel.des")
        try run(library.dataFolder + "/lev_comp", ["mylevel.des"], in: work)
        let level = Process.paths(in: work, matching: "/*.lev")
        guard level.count == 1, level[0].hasSuffix("/mylevel.lev") else {
          throw UserError(
            "the level is not called \"mylevel\"", fix: "Name it so: MAZE: \"mylevel\" or LEVEL: \"mylevel\"")
        }
        try run(library.dataFolder + "/dlb", ["cf", "nhdat", "dungeon", "mylevel.lev", "quest.dat"], in: work)
        return try Files.read(work + "/nhdat", as: .gameData)
      }
    }

    /// - Throws: `UserError` with the first two lines that the program printed, when it does not end with 0.
    private static func run(_ program: String, _ arguments: [String], in folder: String) throws {
      let status = Process.run(program, arguments, in: folder)
      guard status != 0 else { return }
      let said = (try? Files.readText(folder + "/output.txt", as: .gameData)) ?? ""
      let line = said.split(separator: "\n").prefix(2).joined(separator: "; ")
      let name = program.split(separator: "/").last ?? "the compiler"
      throw UserError(
        "\(name) refuses the level" + (line.isEmpty ? "" : ": \(line)"),
        fix: "Mend the .des text; its language is in nethackdir/doc/lev_comp.txt of nle")
    }
  }
#endif
