#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork

  /// A level as NetHack's level compiler reads it.
  enum LevelText {
    /// The version of `minihack` whose levels the listing names.
    static let version = "1.0.2"

    /// The text that a setting names, its words replaced; nil for an empty setting.
    ///
    /// - Parameter words: Words and what they are replaced by, in turn.
    /// - Throws: `UserError` when there is no such level.
    static func find(_ setting: String, words: [String], library: NetHackLibrary) throws(UserError) -> String? {
      guard words.count % 2 == 0 else {
        throw UserError("levelWords= has \(words.count) words", fix: "Name pairs: a word, then what it is replaced by")
      }
      guard !setting.isEmpty else { return nil }
      var text = try read(setting, library: library)
      for pair in stride(from: 0, to: words.count, by: 2) where !words[pair].isEmpty {
        let bytes = Array(text.utf8).replacing(Array(words[pair].utf8), with: Array(words[pair + 1].utf8))
        text = String(decoding: bytes, as: UTF8.self)
      }
      return text
    }

    /// The text of a setting: itself where it has several lines, a generated level, a file where it is a path,
    /// else one of minihack's levels by name.
    private static func read(_ setting: String, library: NetHackLibrary) throws(UserError) -> String {
      if setting.contains("\n") { return setting }
      if let room = GeneratedLevel(setting) { return try room.text() }
      if setting.contains("/") { return try Files.readText(setting, as: .level) }
      let folder = try self.folder(library)
      let path = folder + "/dat/" + (setting.hasSuffix(".des") ? setting : setting + ".des")
      if Process.isFile(path) { return try Files.readText(path, as: .level) }
      let names = Process.paths(in: folder, matching: "/dat/*.des").compactMap {
        $0.split(separator: "/").last?.dropLast(4)
      }
      throw UserError.unknown(
        "level", setting, among: names.map { String($0) },
        hint: "Those of minihack are \(names.joined(separator: ", "))")
    }

    /// Where the Python package `minihack` lies: beside `nle`.
    ///
    /// - Throws: `UserError` when the package is not there or of another version.
    static func folder(_ library: NetHackLibrary) throws(UserError) -> String {
      let packages = NetHackLibrary.parent(of: NetHackLibrary.parent(of: library.path))
      let folder = packages + "/minihack"
      guard Process.isFile(folder + "/lib/dungeon") else {
        throw UserError(
          "the Python package minihack \(version) is not beside nle in '\(packages)'",
          fix: "scripts/nethack installs both")
      }
      if let other = NetHackLibrary.otherVersion(of: "minihack", than: version, in: packages) {
        throw UserError(
          "'\(packages)' holds minihack \(other), not \(version)",
          fix: "pip install minihack==\(version), or scripts/nethack")
      }
      return folder
    }
  }
#endif
