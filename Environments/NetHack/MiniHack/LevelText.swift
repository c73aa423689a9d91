#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork

  /// A level as NetHack's level compiler reads it.
  enum LevelText {
    /// The version of `minihack` whose levels the listing names.
    static let version = "1.0.2"

    /// The text of a level, its words replaced; nil where none is named.
    ///
    /// - Parameter words: Words and what they are replaced by, in turn.
    /// - Throws: `UserError` when there is no such level, or a word is none of its text.
    static func find(_ level: NetHackLevel, words: [String], library: NetHackLibrary) throws(UserError) -> String? {
      guard words.count % 2 == 0 else {
        throw UserError("levelWords= has \(words.count) words", fix: "Name pairs: a word, then what it is replaced by")
      }
      guard !level.isEmpty else {
        guard words.isEmpty else {
          throw UserError(
            "levelWords= is for a level's text, and none is named",
            fix: "Name one (level=), or no words: --set environment.levelWords=[]")
        }
        return nil
      }
      var text = try read(level, library: library)
      for pair in stride(from: 0, to: words.count, by: 2) {
        guard let replaced = replace(words[pair], by: words[pair + 1], in: text) else {
          throw UserError(
            "levelWords= names '\(words[pair])', which is no word of the level's text",
            fix: "Name words of it, or none, an id's own neither: --set environment.levelWords=[]")
        }
        text = replaced
      }
      return text
    }

    /// The text with each such word replaced, not where it is a part of a longer one; nil where it has none.
    private static func replace(_ word: String, by other: String, in text: String) -> String? {
      let (word, bytes) = (Array(word.utf8), Array(text.utf8))
      guard !word.isEmpty else { return nil }
      func isInWords(_ byte: UInt8) -> Bool {
        let character = Character(Unicode.Scalar(byte))
        return byte >= 0x80 || character == "_" || character.isLetter || character.isNumber
      }
      /// Whether what ends with one byte goes on with the byte at that place.
      func goesOn(_ end: UInt8, _ place: Int) -> Bool {
        bytes.indices.contains(place) && isInWords(end) && isInWords(bytes[place])
      }
      var result: [UInt8] = []
      var (place, count) = (0, 0)
      while place < bytes.count {
        if bytes[place...].starts(with: word), !goesOn(word[0], place - 1),
          !goesOn(word[word.count - 1], place + word.count)
        {
          result += Array(other.utf8)
          place += word.count
          count += 1
        } else {
          result.append(bytes[place])
          place += 1
        }
      }
      return count > 0 ? String(decoding: result, as: UTF8.self) : nil
    }

    /// The text of a setting: itself where it has several lines, a generated level, a file where it is a path,
    /// else one of minihack's levels by name.
    private static func read(_ level: NetHackLevel, library: NetHackLibrary) throws(UserError) -> String {
      let setting = level.setting
      if level.isText { return setting }
      if let room = GeneratedLevel(setting) { return try room.text() }
      if level.isPath { return try Files.readText(setting, as: .level) }
      let package = try package(library)
      let file = "dat/" + (setting.hasSuffix(".des") ? setting : setting + ".des")
      if package.has(file) {
        guard let text = String(validating: try package.read(file), as: UTF8.self) else {
          throw UserError("'\(package.path(of: file))' is not UTF-8 text")
        }
        return text
      }
      let names = Process.paths(in: package.folder, matching: "/dat/*.des").compactMap {
        $0.split(separator: "/").last?.dropLast(4)
      }
      throw UserError.unknown(
        "level", setting, among: names.map { String($0) },
        hint: "Those of minihack are \(names.joined(separator: ", "))")
    }

    /// The Python package `minihack`, which lies beside `nle`.
    ///
    /// - Throws: `UserError` when the package is not there or of another version.
    static func package(_ library: NetHackLibrary) throws(UserError) -> InstalledPackage {
      let packages = Files.parent(of: library.package.folder)
      let package = InstalledPackage("minihack", version: version, in: packages + "/minihack")
      guard package.has("lib/dungeon") else {
        throw UserError(
          "the Python package minihack \(version) is not beside nle in '\(packages)'",
          fix: "scripts/nethack installs both")
      }
      if let other = NetHackLibrary.otherVersion(of: "minihack", than: version, in: packages) {
        throw UserError(
          "'\(packages)' holds minihack \(other), not \(version)",
          fix: "pip install minihack==\(version), or scripts/nethack")
      }
      return package
    }
  }
#endif
