public import Groundwork
import Synchronization

#if LanguageModelRecords
  import SQLite
#endif

/// A run's questions and answers in an SQLite file, for several programs at once: a training that asks, and people who
/// answer beside it.
///
/// Every call is a transaction: what it wrote is there once it returns, whatever is killed afterwards, and never half.
/// The file is made with the first question; asked for what is in it before that, it is empty. It uses a write-ahead
/// log, so on a disk that several machines share one of them at a time may use it.
///
/// **Tables.** `labels` (number, digest, context, question, asked_at, answer, teacher_kind, teacher, answered_at,
/// taken_in_at, seal, claimed_by, claimed_until), `contexts` (number, text), since all questions of a run have one,
/// `steps` (step) at which answers were taken in, and `about` (key, value) with the `version`, which `run` it is of,
/// how many questions were `asked` and at how many steps answers were `takenIn`.
///
/// Rows are never removed: a file that lacks some is told by gaps in its numbers, by the steps that its answers name,
/// and by what `about` says. Files of programs that did not write `takenIn` lack it; of those the answers alone tell.
///
/// An answer that the run has taken in is under a seal, a digest of it with its question and its step: one that was
/// altered afterwards is refused, since a run that goes on from a checkpoint takes it in again.
public final class LabelDatabase: LabelStore {
  /// The format's version; a file of another one is refused.
  public static let version = 2
  /// What it is called in a run's directory.
  public static let fileName = "labels.sqlite"

  /// As it was given.
  public let path: String
  /// What tells the run that asks from others; nil where it is not known.
  let run: String?
  /// Whether nothing is ever written, so that the right to read is enough.
  private let isReadOnly: Bool
  #if LanguageModelRecords
    private struct Connection: ~Copyable {
      var file: SQLiteFile?
    }
    private let connection = Mutex(Connection())
  #endif

  /// The file at a path, which is opened when it is first used.
  ///
  /// - Parameters:
  ///   - run: What tells the run that asks from others: the file of another one is refused. nil where it is not known.
  ///   - isReadOnly: Whether it is only read: what writes is refused.
  public init(path: String, run: String? = nil, isReadOnly: Bool = false) {
    self.path = path
    self.run = run
    self.isReadOnly = isReadOnly
  }

  /// The file of the run in a directory.
  public convenience init(ofRun directory: String, run: String? = nil, isReadOnly: Bool = false) {
    self.init(path: directory + "/" + LabelDatabase.fileName, run: run, isReadOnly: isReadOnly)
  }

  /// The run's directory; nil for a file of another name.
  public var directory: String? {
    let end = "/" + LabelDatabase.fileName
    return path.hasSuffix(end) ? String(path.dropLast(end.count)) : nil
  }

  /// Whether this program can use such files: it was built with the trait LanguageModelRecords.
  public static var isAvailable: Bool {
    #if LanguageModelRecords
      true
    #else
      false
    #endif
  }

  /// Whether the file is there.
  public var exists: Bool { Files.exists(path) }

  var title: String { "the file of labels '\(path)'" }

  #if LanguageModelRecords
    // MARK: Questions and answers

    /// Finds the question at that step, or adds it.
    public func ask(_ question: Question, at step: Int) throws -> Int { try ask([question], at: step)[0] }

    /// Finds each question at that step, or adds it, in one transaction.
    ///
    /// - Complexity: O(log labels) each.
    public func ask(_ questions: [Question], at step: Int) throws -> [Int] {
      try write { file throws(UserError) in
        var numbers: [Int] = []
        var next: Int?
        for question in questions {
          let context = try LabelDatabase.context(of: question, in: &file)
          let text = LabelDatabase.text(of: question)
          let digest = LabelDatabase.digest(question)
          let known = try file.rows(
            "SELECT number FROM labels WHERE digest = ?1 AND asked_at = ?2 AND question = ?3",
            [digest, .integer(Int64(step)), .text(text)])
          if let number = known.first?[0].integer {
            numbers.append(number)
            continue
          }
          let number: Int
          if let next { number = next } else { number = try nextNumber(in: &file) }
          try file.rows(
            "INSERT INTO labels (number, digest, context, question, asked_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            [.integer(Int64(number)), digest, context, .text(text), .integer(Int64(step))])
          numbers.append(number)
          next = number + 1
        }
        if let next { try file.rows("INSERT OR REPLACE INTO about VALUES ('asked', ?1)", [.text(String(next))]) }
        return numbers
      }
    }

    /// - Throws: `UserError` when there is no question of that number, the answer is of another kind, or one was
    ///   given, be that by another program a moment ago.
    public func answer(_ number: Int, _ answer: Answer, by teacher: Teacher) throws {
      try self.answer([(number, answer)], by: teacher)
    }

    /// The same for several in one transaction; none of them is kept where one is refused.
    public func answer(_ answers: [(number: Int, answer: Answer)], by teacher: Teacher) throws {
      try answer(answers.map { ($0.number, $0.answer, teacher) })
    }

    /// The same for answers of several teachers.
    ///
    /// - Parameter passingKnown: Whether an answer that is there already, the same one, is passed over.
    /// - Returns: How many were not there.
    @discardableResult
    public func answer(
      _ answers: [(number: Int, answer: Answer, teacher: Teacher)], passingKnown: Bool = false
    ) throws -> Int {
      try write { file throws(UserError) in
        var taken = 0
        for (number, answer, teacher) in answers {
          guard let label = try label(number, in: &file) else {
            throw .unasked(number, of: try LabelDatabase.count(in: &file))
          }
          guard answer.fits(label.question) else { throw .unfit(answer, to: number, label.question) }
          if let given = label.answer {
            guard passingKnown, given == answer else { throw .answered(number, by: given) }
            continue
          }
          taken += 1
          try file.rows(
            """
            UPDATE labels SET answer = ?2, teacher_kind = ?3, teacher = ?4, answered_at = ?5, claimed_by = NULL,
            claimed_until = NULL WHERE number = ?1
            """,
            [
              .integer(Int64(number)), .text(JSON(encoding: answer).text()), .text(teacher.kind.rawValue),
              .text(teacher.name), .real(Clock.wallSeconds),
            ])
        }
        return taken
      }
    }

    /// Takes an answer back, which then is open again: what undoing is.
    ///
    /// - Throws: `UserError` when there is no such answer of that teacher's, or the run has taken it in.
    public func withdraw(_ number: Int, by teacher: Teacher) throws {
      try write { file throws(UserError) in
        guard let label = try label(number, in: &file), label.answer != nil, label.teacher == teacher else {
          throw UserError(
            "question \(number) has no answer by '\(teacher.name)'", fix: "Only one's own answers are taken back")
        }
        if let step = label.takenInAt {
          throw UserError(
            "the run has learnt from the answer to question \(number) at step \(step)", fix: "Answer the next better")
        }
        try file.rows(
          """
          UPDATE labels SET answer = NULL, teacher_kind = NULL, teacher = NULL, answered_at = NULL WHERE number = ?1
          """, [.integer(Int64(number))])
      }
    }

    /// The oldest open question that nobody else is shown, which is then this person's for some seconds: two people at
    /// once are asked different ones. Asked again before it is answered, it gives the same.
    ///
    /// - Parameters:
    ///   - name: The person's or the program's own: two with one name would be shown the same.
    ///   - after: Only questions of higher numbers: those below were put off.
    ///   - passOver: Told why of each question that is not what was asked, which is left as it is: the next is given.
    ///     nil: it is an error.
    /// - Returns: nil where there is none.
    public func claim(
      by name: String, forSeconds seconds: Double, after number: Int = -1,
      passingOver passOver: ((Int, UserError) -> Void)? = nil
    ) throws -> Label? {
      guard exists else { return nil }
      return try write { file throws(UserError) in
        let now = Clock.wallSeconds
        var after = number
        while true {
          let found = try file.rows(
            """
            SELECT number FROM labels WHERE answer IS NULL AND number > ?1
            AND (claimed_by IS NULL OR claimed_by = ?2 OR claimed_until < ?3) ORDER BY number LIMIT 1
            """, [.integer(Int64(after)), .text(name), .real(now)])
          guard let chosen = found.first?[0].integer else { return nil }
          do throws(UserError) {
            _ = try label(chosen, in: &file)
          } catch {
            guard let passOver else { throw error }
            passOver(chosen, error)
            after = chosen
            continue
          }
          try file.rows(
            "UPDATE labels SET claimed_by = ?2, claimed_until = ?3 WHERE number = ?1",
            [.integer(Int64(chosen)), .text(name), .real(now + seconds)])
          return try label(chosen, in: &file)
        }
      }
    }

    /// Gives up what somebody was shown and did not answer.
    public func release(by name: String) throws {
      guard exists else { return }
      _ = try write { file throws(UserError) in
        try file.rows("UPDATE labels SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = ?1", [.text(name)])
      }
    }

    /// All answers that were given and not yet taken in; at a step that is recorded the same ones as before.
    ///
    /// - Throws: `UserError` for a step that is not recorded and lies before one that is, or where steps that were are
    ///   no longer there.
    public func takeIn(at step: Int) throws -> [Label] {
      let value = SQLiteValue.integer(Int64(step))
      return try write { file throws(UserError) in
        let missing = try LabelDatabase.missingSteps(in: &file)
        guard missing == 0 else { throw incompleteSteps(missing) }
        if try file.rows("SELECT 1 FROM steps WHERE step = ?1", [value]).isEmpty {
          if let last = try file.rows("SELECT MAX(step) FROM steps").first?[0].integer, last > step {
            throw .takenIn(at: last, now: step)
          }
          try file.rows("INSERT INTO steps (step) VALUES (?1)", [value])
          try file.run("INSERT OR REPLACE INTO about SELECT 'takenIn', CAST(COUNT(*) AS TEXT) FROM steps")
          for var label in try labels(in: &file, where: "answer IS NOT NULL AND taken_in_at IS NULL") {
            label.takenInAt = step
            try file.rows(
              "UPDATE labels SET taken_in_at = ?2, seal = ?3 WHERE number = ?1",
              [.integer(Int64(label.number)), value, LabelDatabase.seal(label)])
          }
        }
        return try labels(in: &file, where: "taken_in_at = ?1", [value])
      }
    }

    /// All labels, in the order of their numbers; none where there is no file.
    public func labels() throws -> [Label] {
      guard exists else { return [] }
      return try use { file throws(UserError) in try labels(in: &file, where: "1") }
    }

    /// The same without questions that are not what was asked.
    ///
    /// - Parameter passOver: Told the number of each of them, and why.
    public func labels(passingOver passOver: @escaping (Int, UserError) -> Void) throws -> [Label] {
      guard exists else { return [] }
      return try use { file throws(UserError) in try labels(in: &file, where: "1", passingOver: passOver) }
    }

    /// Those that wait for an answer; none where there is no file.
    public func open() throws -> [Label] {
      guard exists else { return [] }
      return try use { file throws(UserError) in try labels(in: &file, where: "answer IS NULL") }
    }

    /// How many questions were asked; 0 where there is no file.
    public func count() throws -> Int {
      guard exists else { return 0 }
      return try use { file throws(UserError) in try LabelDatabase.count(in: &file) }
    }

    /// How many questions were asked that the file no longer has; 0 where there is no file.
    ///
    /// - Complexity: O(labels).
    public func missing() throws -> Int {
      guard exists else { return 0 }
      return try use { file throws(UserError) in
        // In this order: what somebody asks in between is no question that is missing.
        let asked = try LabelDatabase.asked(in: &file)
        return max(0, asked - (try LabelDatabase.count(in: &file)))
      }
    }

    /// How many steps at which answers were taken in the file no longer has; 0 where there is no file.
    ///
    /// - Complexity: O(labels).
    public func missingSteps() throws -> Int {
      guard exists else { return 0 }
      return try use { file throws(UserError) in try LabelDatabase.missingSteps(in: &file) }
    }

    /// How many answers were taken in up to a step; 0 where there is no file.
    public func count(takenInBy step: Int) throws -> Int {
      guard exists else { return 0 }
      return try use { file throws(UserError) in
        try file.rows("SELECT COUNT(*) FROM labels WHERE taken_in_at <= ?1", [.integer(Int64(step))])[0][0].integer ?? 0
      }
    }

    /// The numbers of the questions that wait for an answer, ascending; none where there is no file.
    public func openNumbers() throws -> [Int] {
      guard exists else { return [] }
      return try use { file throws(UserError) in
        try file.rows("SELECT number FROM labels WHERE answer IS NULL ORDER BY number").compactMap(\.[0].integer)
      }
    }

    /// How many questions were asked, answered, answered by skipping them, and learnt from by the run, which is none
    /// that was skipped: for who shows progress.
    public func progress() throws -> (asked: Int, answered: Int, skipped: Int, learnt: Int) {
      guard exists else { return (0, 0, 0, 0) }
      return try use { file throws(UserError) in
        let row = try file.rows(
          """
          SELECT COUNT(*), COUNT(answer), COUNT(CASE WHEN answer = ?1 THEN 1 END),
          COUNT(CASE WHEN answer <> ?1 THEN taken_in_at END) FROM labels
          """, [.text(JSON(encoding: Answer.skipped).text())])[0]
        return (row[0].integer ?? 0, row[1].integer ?? 0, row[2].integer ?? 0, row[3].integer ?? 0)
      }
    }

    // MARK: The file

    private func write<Result>(_ body: (inout SQLiteFile) throws(UserError) -> Result) throws(UserError) -> Result {
      try use { file throws(UserError) in try file.write(body) }
    }

    /// One program's threads take turns.
    private func use<Result>(_ body: (inout SQLiteFile) throws(UserError) -> Result) throws(UserError) -> Result {
      // What is thrown is a UserError, which a lock's closure does not tell.
      let result: Swift.Result<Result, UserError> = connection.withLock { connection in
        do throws(UserError) {
          if connection.file == nil { connection.file = try isReadOnly ? openToRead(path) : open(path) }
          return .success(try body(&connection.file!))
        } catch {
          return .failure(error)
        }
      }
      return try result.get()
    }
  #else
    private var unavailable: UserError {
      UserError(
        "this program was built without the trait LanguageModelRecords, so it keeps no labels in files",
        fix: "Build it with libsqlite3-dev and the default traits")
    }

    /// Refused: the program was built without SQLite.
    public func ask(_ question: Question, at step: Int) throws -> Int { throw unavailable }
    /// Refused, too.
    public func ask(_ questions: [Question], at step: Int) throws -> [Int] { throw unavailable }
    /// Refused, too.
    public func answer(_ number: Int, _ answer: Answer, by teacher: Teacher) throws { throw unavailable }
    /// Refused, too.
    public func answer(_ answers: [(number: Int, answer: Answer)], by teacher: Teacher) throws { throw unavailable }
    /// Refused, too.
    @discardableResult
    public func answer(
      _ answers: [(number: Int, answer: Answer, teacher: Teacher)], passingKnown: Bool = false
    ) throws -> Int {
      throw unavailable
    }
    /// Refused, too.
    public func withdraw(_ number: Int, by teacher: Teacher) throws { throw unavailable }
    /// Refused, too.
    public func claim(
      by name: String, forSeconds seconds: Double, after number: Int = -1,
      passingOver passOver: ((Int, UserError) -> Void)? = nil
    ) throws -> Label? {
      throw unavailable
    }
    /// Refused, too.
    public func labels(passingOver passOver: @escaping (Int, UserError) -> Void) throws -> [Label] { throw unavailable }
    /// Refused, too.
    public func release(by name: String) throws { throw unavailable }
    /// Refused, too.
    public func takeIn(at step: Int) throws -> [Label] { throw unavailable }
    /// Refused, too.
    public func labels() throws -> [Label] { throw unavailable }
    /// Refused, too.
    public func count() throws -> Int { throw unavailable }
    /// Refused, too.
    public func missing() throws -> Int { throw unavailable }
    /// Refused, too.
    public func missingSteps() throws -> Int { throw unavailable }
    /// Refused, too.
    public func progress() throws -> (asked: Int, answered: Int, skipped: Int, learnt: Int) { throw unavailable }
  #endif
}
