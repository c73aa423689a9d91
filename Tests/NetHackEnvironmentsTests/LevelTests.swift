#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork
  @testable import NetHackEnvironments
  import ReinforcementLearning
  import Testing

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// What becomes of a level that a setting names.
  @Suite("Levels of NetHack", .needsGame, .serialized) struct LevelTests {
    private static let body = """
      FLAGS:hardfloor
      INIT_MAP: solidfill,' '
      GEOMETRY:center,center
      MAP
      -----
      |...|
      -----
      ENDMAP
      REGION:(0,0,4,2),lit,"ordinary"
      BRANCH:(1,1,1,1),(0,0,0,0)
      STAIR:(3,1),down

      """

    private func reason(_ level: String, library: String = "") -> String {
      let error = #expect(throws: UserError.self) {
        try makePlan {
          $0.level = NetHackLevel(level)
          $0.library = library
        }
      }
      return error?.description ?? ""
    }

    @Test(
      "a text that names a file elsewhere as its level never reaches the compiler, which would write it",
      arguments: [
        "MAZE: \"PLACE\", ' '\n", "MAZE\n # a comment: \"\n:\n#\n \"PLACE\",' '\n", "LEVEL:\t\"PLACE\"\n",
        "MAZE: \"mylevel\", ' '\nBODYMAZE: \"PLACE\", ' '\n", "MAZE: \"PLACE\", ' '\nBODYMAZE: \"mylevel\", ' '\n",
        "# MAZE:\nMAZE:\"PLACE\",' '\n",
      ])
    func names(start: String) throws {
      // The compiler takes names of 14 characters.
      let place = "/tmp/f\(UInt32.random(in: 1000...9999))"
      let text = start.replacing("PLACE", with: place).replacing("BODY", with: Self.body) + Self.body
      #expect(reason(text).contains("the level is not called \"mylevel\""))
      #expect(!Files.exists(place + ".lev"))
    }

    @Test("a text may speak of mazes, levels and slashes")
    func slashes() throws {
      let text = "# MAZE: as in a/b\nMAZE: \"mylevel\", ' '\n" + Self.body + "MESSAGE:\"To the LEVEL: 1/2\"\n"
      let game = makeGame(try makePlan { $0.level = NetHackLevel(text) }, seed: 1)
      #expect(game.progress.fault == 0 && game.number("depth") == 1)
    }

    @Test("a level that a path names becomes part of the configuration, with whatever ends its lines")
    func files() throws {
      let path = "/tmp/forage-level-\(UInt64.random(in: 0..<UInt64.max)).des"
      defer { try? Files.remove(path) }
      for end in ["\n", "\r\n"] {
        let text = ("MAZE: \"mylevel\", ' '\n" + Self.body).replacing("\n", with: end)
        try Files.writeAtomically(text, to: path)
        let configuration = try JSON(encoding: NetHackConfiguration()).overlaid(with: ["level": .string(path)])
          .decoded(as: NetHackConfiguration.self, name: "a configuration")
        #expect(configuration.level.setting == text)
        #expect(JSON(encoding: configuration)["level"]?.string == text)
        try Files.remove(path)
        #expect(makeGame(try NetHackPlan(configuration), seed: 1).number("depth") == 1)
      }
      #expect(reason(path).contains("cannot read '\(path)'"))
    }

    @Test(
      "a file of the packages that is not as it was installed is refused by name, and so is one that is missing",
      arguments: [
        "nle/nethackdir/lev_comp", "nle/nethackdir/dlb", "minihack/lib/dungeon", "minihack/lib/quest.dat",
        "minihack/dat/corridor2.des",
      ])
    func altered(file: String) throws {
      try withPackages(hasLevels: true) { packages, library in
        let path = packages + "/" + file
        var bytes = try Files.read(path, as: .gameData)
        bytes[bytes.count / 2] ^= 1
        try Files.writeAtomically(bytes, to: path)
        #expect(reason("corridor2", library: library).contains("'\(path)' is not as it was installed: it was altered"))
        try Files.remove(path)
        let missing = reason("corridor2", library: library)
        let name = file.split(separator: "/").last!.split(separator: ".")[0]
        #expect(missing.contains(name) || missing.contains("minihack 1.0.2 is not beside nle"), "\(missing)")
      }
    }

    @Test("words of a level's text are replaced where they are whole, and those that it has not are refused")
    func words() throws {
      let text = "MAZE: \"mylevel\", ' '\n# GLASS, a SS and a word\n" + Self.body
      func plan(_ level: String, _ words: [String]) throws {
        _ = try makePlan {
          $0.level = NetHackLevel(level)
          $0.levelWords = words
        }
      }
      try plan(text, ["SS", "5", "lit", "unlit"])
      let library = try NetHackLibrary.find("")
      let found = try LevelText.find(NetHackLevel(text), words: ["SS", "5", "lit", "unlit"], library: library)
      #expect(found?.contains("# GLASS, a 5 and a word\n") == true && found?.contains(",unlit,") == true)
      let named = [
        ("corridor2", ["zzz", "b"]), (text, ["GLA", "b"]), (text, ["", "b"]), ("room 5", ["RS", "5"]), ("", ["a", "b"]),
      ]
      for (level, words) in named {
        let error = #expect(throws: UserError.self) { try plan(level, words) }
        #expect(error?.reason.hasPrefix("levelWords= ") == true, "\(level) \(words)")
      }
    }

    @Test(
      "a folder or a pipe in the place of a file is named, and no level of another name is advised",
      arguments: ["nle/nethackdir/lev_comp", "minihack/lib/dungeon", "minihack/dat/corridor2.des"], [false, true])
    func noFile(file: String, isPipe: Bool) throws {
      try withPackages(hasLevels: true) { packages, library in
        let path = packages + "/" + file
        try Files.remove(path)
        if isPipe { mkfifo(path, 0o600) } else { try Files.makeDirectory(path) }
        #expect(reason("corridor2", library: library).contains("'\(path)' is no file"))
      }
    }

    @Test("a level on which the compiler crashes is one, and not refused without a reason")
    func crash() throws {
      let text = "MAZE: \"mylevel\", ' '\n" + Self.body + String(repeating: "MAZE", count: 200_000) + "\n"
      #expect(reason(text).contains("lev_comp crashes on the level"))
    }

    @Test("a tool that may not be run is named")
    func notExecutable() throws {
      try withPackages(hasLevels: true) { packages, library in
        let path = packages + "/nle/nethackdir/lev_comp"
        chmod(path, 0o644)
        #expect(reason("corridor2", library: library).contains("'\(path)' may not be run"))
      }
    }

    @Test("folders that a killed program left behind are removed by the next one, and those in use are not")
    func leftovers() throws {
      let place = Process.variable("TMPDIR") ?? "/tmp"
      let left = place + "/forage-level-" + String((0..<6).map { _ in "abcdefghijklmnop".randomElement()! })
      try Files.makeDirectory(left)
      try Files.writeAtomically([1], to: left + "/mylevel.des")
      var used = ""
      try TemporaryFolder.use { outer in
        #expect(!Files.exists(left))
        used = outer
        try Files.writeAtomically([1], to: outer + "/a")
        try TemporaryFolder.use { inner in #expect(inner != outer) }
        #expect(Files.exists(outer + "/a"))
      }
      #expect(!Files.exists(used))
    }
  }
#endif
