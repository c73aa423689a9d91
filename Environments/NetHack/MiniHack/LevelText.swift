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
      for pair in stride(from: 0, to: words.count, by: 2) { text = replace(words[pair], by: words[pair + 1], in: text) }
      return text
    }

    private static func read(_ setting: String, library: NetHackLibrary) throws(UserError) -> String {
      if setting.contains("\n") { return setting }
      if let room = GeneratedLevel(setting) { return try room.text() }
      if setting.contains("/") { return try Files.readText(setting) }
      let folder = try self.folder(library)
      let path = folder + "/dat/" + (setting.hasSuffix(".des") ? setting : setting + ".des")
      if Process.isFile(path) { return try Files.readText(path) }
      let names = Process.paths(matching: folder + "/dat/*.des").compactMap {
        $0.split(separator: "/").last?.dropLast(4)
      }
      throw UserError.unknown(
        "level", setting, among: names.map { String($0) },
        hint: "Those of minihack are \(names.joined(separator: ", "))")
    }

    /// Where the Python package `minihack` lies: beside `nle`.
    static func folder(_ library: NetHackLibrary) throws(UserError) -> String {
      let packages = library.path.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
        separator: "/")
      let folder = (packages.isEmpty ? "." : packages) + "/minihack"
      guard Process.isFile(folder + "/lib/dungeon") else {
        throw UserError(
          "the Python package minihack \(version) is not beside nle in '\(packages)'",
          fix: "scripts/nethack installs both")
      }
      let found = Process.paths(matching: packages + "/minihack-*.dist-info").compactMap { folder in
        folder.split(separator: "/").last?.dropFirst("minihack-".count).dropLast(".dist-info".count)
      }
      if let other = found.first, !found.contains(where: { $0 == version }) {
        throw UserError(
          "'\(packages)' holds minihack \(other), not \(version)",
          fix: "pip install minihack==\(version), or scripts/nethack")
      }
      return folder
    }

    /// Replaces every occurrence.
    private static func replace(_ word: String, by other: String, in text: String) -> String {
      guard !word.isEmpty else { return text }
      let (word, text) = (Array(word.utf8), Array(text.utf8))
      var result: [UInt8] = []
      var start = 0
      while start < text.count {
        if text[start...].starts(with: word) {
          result += other.utf8
          start += word.count
        } else {
          result.append(text[start])
          start += 1
        }
      }
      return String(decoding: result, as: UTF8.self)
    }
  }
#endif
