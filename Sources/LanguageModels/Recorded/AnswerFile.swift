#if LanguageModelRecords
  import CSQLite
  import Groundwork

  /// Answers by digest, in an SQLite file: table `answers` (key BLOB, model TEXT, answer TEXT as JSON).
  ///
  /// What is written is there or not after a kill, never half. Several programs may use one file.
  struct AnswerFile: ~Copyable, @unchecked Sendable {
    let path: String
    /// Whether a missing file is an error, and nothing is written.
    let isNeeded: Bool
    private var database: OpaquePointer?
    private var reading: OpaquePointer?
    private var writing: OpaquePointer?

    /// Milliseconds that another program's writing is waited for.
    private static let patience: Int32 = 10_000

    init(path: String, isNeeded: Bool) {
      self.path = path
      self.isNeeded = isNeeded
    }

    deinit {
      sqlite3_finalize(reading)
      sqlite3_finalize(writing)
      sqlite3_close(database)
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
      defer { sqlite3_reset(reading) }
      bind(key, to: reading)
      switch sqlite3_step(reading) {
      case SQLITE_ROW: return sqlite3_column_text(reading, 0).map { String(cString: $0) }
      case SQLITE_DONE: return nil
      default: throw failure("read")
      }
    }

    /// Keeps answers, all or none; one that is there already stays.
    mutating func write(_ answers: [(key: [UInt8], text: String)], model: String) throws(UserError) {
      try open()
      try run("BEGIN IMMEDIATE")
      do throws(UserError) {
        for (key, text) in answers {
          bind(key, to: writing)
          bind(model, 2)
          bind(text, 3)
          let code = sqlite3_step(writing)
          sqlite3_reset(writing)
          guard code == SQLITE_DONE else { throw failure("written") }
        }
        try run("COMMIT")
      } catch {
        sqlite3_exec(database, "ROLLBACK", nil, nil, nil)
        throw error
      }
    }

    /// The model whose answers the file holds.
    mutating func onlyModel() throws(UserError) -> String {
      try open()
      var statement: OpaquePointer?
      defer { sqlite3_finalize(statement) }
      guard sqlite3_prepare_v2(database, "SELECT DISTINCT model FROM answers LIMIT 3", -1, &statement, nil) == SQLITE_OK
      else { throw failure("read") }
      var models: [String] = []
      while sqlite3_step(statement) == SQLITE_ROW {
        if let text = sqlite3_column_text(statement, 0) { models.append(String(cString: text)) }
      }
      guard models.count == 1 else {
        throw UserError(
          "\(title) holds answers of \(models.isEmpty ? "no model" : "several models")",
          fix: "Name the one (model.name=)")
      }
      return models[0]
    }

    private mutating func open() throws(UserError) {
      guard database == nil else { return }
      guard Files.exists(path) || !isNeeded else {
        throw UserError("there is no recording \(title)", fix: "Name the file that answers were kept in")
      }
      var opened: OpaquePointer?
      let access = isNeeded ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_NOMUTEX | access, nil)
      database = opened
      do throws(UserError) {
        guard code == SQLITE_OK else { throw failure("opened") }
        sqlite3_busy_timeout(opened, AnswerFile.patience)
        // A kill loses no answer that was given out, and leaves nothing that another program stumbles over.
        if !isNeeded {
          try run("PRAGMA journal_mode = TRUNCATE")
          try run(
            "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, model TEXT NOT NULL, answer TEXT NOT NULL) "
              + "WITHOUT ROWID")
        }
        reading = try statement("SELECT answer FROM answers WHERE key = ?1")
        guard !isNeeded else { return }
        writing = try statement("INSERT OR IGNORE INTO answers (key, model, answer) VALUES (?1, ?2, ?3)")
      } catch {
        sqlite3_finalize(reading)
        sqlite3_finalize(writing)
        sqlite3_close(database)
        (database, reading, writing) = (nil, nil, nil)
        throw error
      }
    }

    private func statement(_ text: String) throws(UserError) -> OpaquePointer? {
      var statement: OpaquePointer?
      guard sqlite3_prepare_v2(database, text, -1, &statement, nil) == SQLITE_OK else { throw failure("read") }
      return statement
    }

    private func run(_ text: String) throws(UserError) {
      guard sqlite3_exec(database, text, nil, nil, nil) == SQLITE_OK else { throw failure("written") }
    }

    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func bind(_ key: [UInt8], to statement: OpaquePointer?) {
      key.withUnsafeBytes { _ = sqlite3_bind_blob(statement, 1, $0.baseAddress, Int32($0.count), AnswerFile.copied) }
    }

    private func bind(_ text: String, _ place: Int32) {
      sqlite3_bind_text(writing, place, text, -1, AnswerFile.copied)
    }

    private func failure(_ verb: String) -> UserError {
      UserError(
        "the recording \(title) cannot be \(verb): \(String(cString: sqlite3_errmsg(database)))",
        fix: "Check its permissions and the space on the disk, or name another file (model.recording=)")
    }
  }
#endif
