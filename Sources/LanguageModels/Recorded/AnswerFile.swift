#if LanguageModelRecords
  import Groundwork
  import SQLite

  /// Answers by digest, in an SQLite file: table `answers` (key BLOB, model TEXT, answer TEXT as JSON).
  ///
  /// What is written is there or not after a kill, never half. Several programs may use one file.
  struct AnswerFile: ~Copyable, Sendable {
    let path: String
    /// Whether a missing file is an error, and nothing is written.
    let isNeeded: Bool
    private var file: SQLiteFile?

    init(path: String, isNeeded: Bool) {
      self.path = path
      self.isNeeded = isNeeded
      file = nil
    }

    var title: String { "'\(path)'" }

    /// The digest of parts, each with its length, so that no two lists are alike.
    static func key(_ parts: [String]) -> [UInt8] {
      var bytes: [UInt8] = []
      for part in parts {
        bytes.append(contentsOf: "\(part.utf8.count):".utf8)
        bytes.append(contentsOf: part.utf8)
      }
      return bytes.withUnsafeBytes { SHA256.digest($0) }
    }

    /// The kept answer's text; nil where there is none.
    mutating func read(_ key: [UInt8]) throws(UserError) -> String? {
      try open()
      return try file!.rows("SELECT answer FROM answers WHERE key = ?1", [.blob(key)]).first?[0].text
    }

    /// Keeps answers, all or none; one that is there already stays.
    mutating func write(_ answers: [(key: [UInt8], text: String)], model: String) throws(UserError) {
      try open()
      try file!.write { file throws(UserError) in
        for (key, text) in answers {
          try file.rows(
            "INSERT OR IGNORE INTO answers (key, model, answer) VALUES (?1, ?2, ?3)",
            [.blob(key), .text(model), .text(text)])
        }
      }
    }

    /// The model whose answers the file holds.
    mutating func onlyModel() throws(UserError) -> String {
      try open()
      let models = try file!.rows("SELECT DISTINCT model FROM answers LIMIT 3").compactMap { $0[0].text }
      guard models.count == 1 else {
        throw UserError(
          "\(title) holds answers of \(models.isEmpty ? "no model" : "several models")",
          fix: "Name the one (model.name=)")
      }
      return models[0]
    }

    private mutating func open() throws(UserError) {
      if file != nil { return }
      guard Files.exists(path) || !isNeeded else {
        throw UserError("there is no recording \(title)", fix: "Name the file that answers were kept in")
      }
      let opened = try SQLiteFile(
        opening: path, for: isNeeded ? .reading : .writing, title: "the recording \(title)",
        fix: "Check its permissions and the space on the disk, or name another file (model.recording=)")
      if !isNeeded {
        try opened.run(
          "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, model TEXT NOT NULL, answer TEXT NOT NULL) "
            + "WITHOUT ROWID")
      }
      file = consume opened
    }
  }
#endif
