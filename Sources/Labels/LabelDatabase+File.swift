#if LanguageModelRecords
  import Groundwork
  import SQLite

  /// How the file is opened.
  extension LabelDatabase {
    /// Makes nothing, and needs no right to write.
    func openToRead(_ path: String) throws(UserError) -> SQLiteFile {
      var file = try SQLiteFile(
        opening: path, for: .reading, title: title, fix: "Check its permissions, or restore it from a copy")
      try LabelDatabase.checkVersion(of: &file, title: title)
      try checkRun(of: &file)
      return file
    }

    /// Refuses the file of another run, where it is known whose it should be.
    private func checkRun(of file: inout SQLiteFile) throws(UserError) {
      guard let run, try file.rows("SELECT value FROM about WHERE key = 'run'").first?[0].text != run else { return }
      throw UserError(
        "\(title) is of another run", fix: "Put the run's own there, or begin the run in an empty directory")
    }

    private static func checkVersion(of file: inout SQLiteFile, title: String) throws(UserError) {
      let found = try file.rows("SELECT value FROM about WHERE key = 'version'").first?[0].text ?? "none"
      guard found == String(LabelDatabase.version) else {
        throw UserError(
          "\(title) is of version \(found), this program reads version \(LabelDatabase.version)",
          fix: "Use the program that wrote it")
      }
    }

    /// Makes what is missing.
    func open(_ path: String) throws(UserError) -> SQLiteFile {
      var file = try SQLiteFile(
        opening: path, for: .writingAhead, title: title,
        fix: "Check its permissions and the space on the disk, or restore it from a copy")
      try file.write { file throws(UserError) in
        try file.run("CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        try file.rows(
          "INSERT OR IGNORE INTO about VALUES ('version', ?1)", [.text(String(LabelDatabase.version))])
        try LabelDatabase.checkVersion(of: &file, title: title)
        if let run { try file.rows("INSERT OR IGNORE INTO about VALUES ('run', ?1)", [.text(run)]) }
        try checkRun(of: &file)
        try file.run(
          """
          CREATE TABLE IF NOT EXISTS contexts (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
          CREATE TABLE IF NOT EXISTS steps (step INTEGER PRIMARY KEY);
          CREATE TABLE IF NOT EXISTS labels (
            number INTEGER PRIMARY KEY, digest INTEGER NOT NULL, context INTEGER NOT NULL, question TEXT NOT NULL,
            asked_at INTEGER NOT NULL, answer TEXT, teacher_kind TEXT, teacher TEXT, answered_at REAL,
            taken_in_at INTEGER, seal INTEGER, claimed_by TEXT, claimed_until REAL);
          CREATE INDEX IF NOT EXISTS labels_by_question ON labels (digest, asked_at);
          CREATE INDEX IF NOT EXISTS labels_open ON labels (number) WHERE answer IS NULL;
          CREATE INDEX IF NOT EXISTS labels_by_step ON labels (taken_in_at);
          """)
      }
      return file
    }
  }
#endif
