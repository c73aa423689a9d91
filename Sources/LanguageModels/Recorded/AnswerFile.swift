#if LanguageModelRecords
  import Groundwork
  import SQLite

  /// Answers by digest, in an SQLite file: table `answers` (key BLOB, model TEXT, answer TEXT as JSON, seal BLOB: a
  /// digest of the other three, so that an answer that was altered is not believed).
  ///
  /// What is written is there or not after a kill, never half. Several programs may use one file.
  struct AnswerFile: ~Copyable, Sendable {
    let path: String
    /// Whether a missing file is an error, and nothing is written.
    let isNeeded: Bool
    /// Whether what was written is there after a loss of power, too, and every writing waits for the disk.
    let isDurable: Bool
    private var file: SQLiteFile?
    /// Of all answers, once it was looked for: every one has to be read for that.
    private var model: String?

    init(path: String, isNeeded: Bool, isDurable: Bool = true) {
      self.path = path
      self.isNeeded = isNeeded
      self.isDurable = isDurable
      file = nil
      model = nil
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

    private static func seal(_ key: [UInt8], _ model: String, _ answer: String) -> [UInt8] {
      (key + AnswerFile.key([model, answer])).withUnsafeBytes { SHA256.digest($0) }
    }

    /// Opens the file, where there is one or must be, and looks whether it can be written to; where there is none,
    /// whether it can be made.
    ///
    /// - Parameter model: Whose answers are wanted; empty for the only one's.
    mutating func prepare(forModel model: String) throws(UserError) {
      guard isNeeded || Files.exists(path) else {
        let parent = Files.parent(of: path)
        guard Files.isDirectory(parent), Files.isWritable(parent) else {
          throw UserError(
            "the recording \(title) cannot be made: '\(parent)' is no directory that can be written to",
            fix: "Make it, or name another file (model.recording=)")
        }
        return
      }
      try open()
      guard isNeeded else {
        return try file!.rehearse { file throws(UserError) in
          // No key of an answer is one byte long.
          try file.rows(
            "INSERT INTO answers (key, model, answer, seal) VALUES (?1, ?2, ?2, ?1)", [.blob([0]), .text("")])
        }
      }
      if model.isEmpty {
        _ = try onlyModel()
      } else if try file!.rows("SELECT 1 FROM answers WHERE model = ?1 LIMIT 1", [.text(model)]).isEmpty {
        let others = try file!.rows("SELECT DISTINCT model FROM answers LIMIT 3").compactMap { $0[0].text }
        throw UserError(
          "the recording \(title) holds no answer of '\(model)'"
            + (others.isEmpty ? "" : ", but of \(others.map { "'\($0)'" }.joined(separator: ", "))"),
          fix: "Name the model whose answers it holds (model.name=), or another file (model.recording=)")
      }
    }

    /// The kept answer's text; nil where there is none.
    ///
    /// - Throws: `UserError` for one that was altered, too.
    mutating func read(_ key: [UInt8]) throws(UserError) -> String? {
      try open()
      guard let row = try file!.rows("SELECT model, answer, seal FROM answers WHERE key = ?1", [.blob(key)]).first
      else { return nil }
      guard let model = row[0].text, let answer = row[1].text,
        row[2] == .blob(AnswerFile.seal(key, model, answer))
      else {
        throw UserError(
          "an answer in the recording \(title) was altered", fix: "Restore it from a copy, or record anew")
      }
      return answer
    }

    /// Keeps answers, all or none; one that is there already stays.
    mutating func write(_ answers: [(key: [UInt8], text: String)], model: String) throws(UserError) {
      try open()
      try file!.write { file throws(UserError) in
        for (key, text) in answers {
          try file.rows(
            "INSERT OR IGNORE INTO answers (key, model, answer, seal) VALUES (?1, ?2, ?3, ?4)",
            [.blob(key), .text(model), .text(text), .blob(AnswerFile.seal(key, model, text))])
        }
      }
    }

    /// The model whose answers the file holds when this is first asked.
    ///
    /// - Complexity: O(answers) the first time.
    mutating func onlyModel() throws(UserError) -> String {
      if let model { return model }
      try open()
      let models = try file!.rows("SELECT DISTINCT model FROM answers LIMIT 3").compactMap { $0[0].text }
      guard models.count == 1 else {
        throw UserError(
          "\(title) holds answers of \(models.isEmpty ? "no model" : "several models")",
          fix: "Name the one (model.name=)")
      }
      model = models[0]
      return models[0]
    }

    private mutating func open() throws(UserError) {
      if file != nil { return }
      guard Files.exists(path) || !isNeeded else {
        throw UserError("there is no recording \(title)", fix: "Name the file that answers were kept in")
      }
      var opened = try SQLiteFile(
        opening: path, for: isNeeded ? .reading : .writing, title: "the recording \(title)",
        fix: "Check its permissions and the space on the disk, or name another file (model.recording=)")
      if !isDurable { try opened.run("PRAGMA synchronous = OFF") }
      if !isNeeded {
        try opened.run(
          "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, model TEXT NOT NULL, answer TEXT NOT NULL, "
            + "seal BLOB NOT NULL) WITHOUT ROWID")
      }
      let columns = try opened.rows("SELECT name FROM pragma_table_info('answers')").compactMap { $0[0].text }
      guard columns == ["key", "model", "answer", "seal"] else {
        throw UserError(
          "the recording \(title) is none, or one of another version: it has no answers under seals",
          fix: "Name another file (model.recording=), or record anew")
      }
      file = consume opened
    }
  }
#endif
