#if LanguageModelRecords
  internal import CSQLite
  public import Groundwork

  /// A value of a row of an SQLite file.
  public enum SQLiteValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The number of an integer, nil for every other kind.
    public var integer: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
    /// The number of a real or an integer, nil for every other kind.
    public var real: Double? {
      switch self {
      case .real(let value): value
      case .integer(let value): Double(value)
      default: nil
      }
    }
    /// The text of a text, nil for every other kind.
    public var text: String? { if case .text(let value) = self { value } else { nil } }
  }

  /// An open SQLite file. What a transaction wrote is there or not after a kill, never half; several programs may use
  /// one file, and wait for each other's writing.
  ///
  /// One thread at a time uses it. Statements are prepared once a text.
  public struct SQLiteFile: ~Copyable, @unchecked Sendable {
    /// How a file is opened.
    public enum Access: Sendable, Hashable {
      /// It must be there, and nothing is written: the right to read it is enough, also where its directory cannot be
      /// written and no journal lies beside it.
      case reading
      /// It is made where it is missing; what has been written since the last commit lies in a journal beside it.
      case writing
      /// The same with a write-ahead log (`-wal`, `-shm` beside it), so that readers and a writer do not wait for each
      /// other; such a file must not lie on a disk that several machines share.
      case writingAhead
    }

    private let title: String
    private let fix: String
    private let database: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]

    /// Milliseconds that another program's writing is waited for.
    private static let patience: Int32 = 20_000

    /// - Parameters:
    ///   - title: What errors call the file, for example "the labels 'runs/first/labels.sqlite'".
    ///   - fix: What they advise.
    /// - Throws: `UserError` when it cannot be opened.
    public init(opening path: String, for access: Access, title: String, fix: String) throws(UserError) {
      self.title = title
      self.fix = fix
      var opened: OpaquePointer?
      let flags = access == .reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      // A pipe would be waited for until somebody writes to it.
      let other = Files.unusualKind(path)
      var code = other == nil ? sqlite3_open_v2(path, &opened, SQLITE_OPEN_NOMUTEX | flags, nil) : SQLITE_CANTOPEN
      if access == .reading, code == SQLITE_OK, SQLiteFile.needsFiles(opened), Files.size(of: path + "-wal") ?? 0 == 0 {
        // A file that was written ahead wants two files beside it, which cannot be made here and would say nothing.
        sqlite3_close(opened)
        code = sqlite3_open_v2(
          "file:\(SQLiteFile.encoded(path))?immutable=1", &opened,
          SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nil)
      }
      database = opened
      if let other { throw UserError("\(title) is \(other), not an ordinary file", fix: fix) }
      guard code == SQLITE_OK else { throw failure("opened") }
      sqlite3_busy_timeout(opened, SQLiteFile.patience)
      switch access {
      case .reading: break
      case .writing: try run("PRAGMA journal_mode = TRUNCATE")
      case .writingAhead:
        try begin("PRAGMA journal_mode = WAL")
        try run("PRAGMA synchronous = FULL")
      }
    }

    /// Whether a file that is only read cannot be read for want of the files beside it.
    private static func needsFiles(_ database: OpaquePointer?) -> Bool {
      let code = sqlite3_exec(database, "SELECT 1 FROM sqlite_master LIMIT 1", nil, nil, nil) & 0xff
      return code == SQLITE_CANTOPEN || code == SQLITE_READONLY
    }

    /// A path as part of a URI.
    private static func encoded(_ path: String) -> String {
      path.map { $0 == "%" ? "%25" : $0 == "?" ? "%3f" : $0 == "#" ? "%23" : String($0) }.joined()
    }

    deinit {
      for statement in statements.values { sqlite3_finalize(statement) }
      sqlite3_close(database)
    }

    /// Carries out a text without values and without rows that are wanted.
    ///
    /// - Throws: `UserError` with what SQLite says.
    public func run(_ text: String) throws(UserError) {
      guard sqlite3_exec(database, text, nil, nil, nil) == SQLITE_OK else { throw failure("written") }
    }

    /// The same for what does not wait by itself while another program opens the same new file.
    private func begin(_ text: String) throws(UserError) {
      let end = Clock.seconds + Double(SQLiteFile.patience) / 1000
      while true {
        let code = sqlite3_exec(database, text, nil, nil, nil)
        if code == SQLITE_OK { return }
        guard code & 0xff == SQLITE_BUSY, Clock.seconds < end else { throw failure("written") }
        sqlite3_sleep(5)
      }
    }

    /// Carries out a body in a transaction that other writers wait for; what it wrote is there as a whole once this
    /// returns, and none of it where the body throws.
    public mutating func write<Result>(
      _ body: (inout SQLiteFile) throws(UserError) -> Result
    ) throws(UserError) -> Result {
      try run("BEGIN IMMEDIATE")
      do throws(UserError) {
        let result = try body(&self)
        try run("COMMIT")
        return result
      } catch {
        sqlite3_exec(database, "ROLLBACK", nil, nil, nil)
        throw error
      }
    }

    /// Carries out a body in a transaction and takes it back: SQLite says of a file that may only be read, or beside
    /// which no journal can be made, at the first writing and not before.
    ///
    /// - Throws: `UserError` where it cannot be written to.
    public mutating func rehearse(_ body: (inout SQLiteFile) throws(UserError) -> Void) throws(UserError) {
      try run("BEGIN IMMEDIATE")
      do throws(UserError) {
        try body(&self)
      } catch {
        sqlite3_exec(database, "ROLLBACK", nil, nil, nil)
        throw error
      }
      try run("ROLLBACK")
    }

    /// The rows that a statement gives, with its values `?1`, `?2`, ... in order.
    ///
    /// - Throws: `UserError` with what SQLite says.
    @discardableResult
    public mutating func rows(_ text: String, _ values: [SQLiteValue] = []) throws(UserError) -> [[SQLiteValue]] {
      let statement = try prepared(text)
      defer {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
      }
      for (index, value) in values.enumerated() { bind(value, Int32(index + 1), to: statement) }
      var rows: [[SQLiteValue]] = []
      while true {
        switch sqlite3_step(statement) {
        case SQLITE_ROW:
          rows.append((0..<sqlite3_column_count(statement)).map { SQLiteFile.value(statement, $0) })
        case SQLITE_DONE: return rows
        default: throw failure("used")
        }
      }
    }

    /// Rows that the last statement which changes any has changed.
    public var changedRows: Int { Int(sqlite3_changes(database)) }

    private mutating func prepared(_ text: String) throws(UserError) -> OpaquePointer {
      if let known = statements[text] { return known }
      var statement: OpaquePointer?
      guard sqlite3_prepare_v2(database, text, -1, &statement, nil) == SQLITE_OK, let statement else {
        throw failure("read")
      }
      statements[text] = statement
      return statement
    }

    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func bind(_ value: SQLiteValue, _ place: Int32, to statement: OpaquePointer) {
      switch value {
      case .null: sqlite3_bind_null(statement, place)
      case .integer(let number): sqlite3_bind_int64(statement, place, number)
      case .real(let number): sqlite3_bind_double(statement, place, number)
      case .text(let text): sqlite3_bind_text(statement, place, text, -1, SQLiteFile.copied)
      case .blob(let bytes):
        bytes.withUnsafeBytes {
          _ = sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), SQLiteFile.copied)
        }
      }
    }

    private static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLiteValue {
      switch sqlite3_column_type(statement, column) {
      case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
      case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
      case SQLITE_TEXT: return .text(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
      case SQLITE_BLOB:
        let count = Int(sqlite3_column_bytes(statement, column))
        guard count > 0, let bytes = sqlite3_column_blob(statement, column) else { return .blob([]) }
        return .blob([UInt8](UnsafeRawBufferPointer(start: bytes, count: count)))
      default: return .null
      }
    }

    private func failure(_ verb: String) -> UserError {
      UserError("\(title) cannot be \(verb): \(String(cString: sqlite3_errmsg(database)))", fix: fix)
    }
  }
#endif
