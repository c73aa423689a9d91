#if LanguageModelRecords
  import Groundwork
  import SQLite

  /// Questions and answers as rows of the table, and back.
  extension LabelDatabase {
    static func count(in file: inout SQLiteFile) throws(UserError) -> Int {
      try file.rows("SELECT COUNT(*) FROM labels")[0][0].integer ?? 0
    }

    /// How many questions were asked: as many as the file says, or as its largest number tells.
    static func asked(in file: inout SQLiteFile) throws(UserError) -> Int {
      let said = try file.rows("SELECT value FROM about WHERE key = 'asked'").first?[0].text.flatMap { Int($0) }
      let last = try file.rows("SELECT MAX(number) FROM labels").first?[0].integer
      return max(said ?? 0, last.map { $0 < .max ? $0 + 1 : $0 } ?? 0)
    }

    /// How many steps at which answers were taken in are no longer there: of those that the file says there were, or
    /// that answers under a seal name. A step without a seal is an answer that was altered, which is told elsewhere.
    static func missingSteps(in file: inout SQLiteFile) throws(UserError) -> Int {
      // In this order: a step that is added in between is none that is missing.
      let said = try file.rows("SELECT value FROM about WHERE key = 'takenIn'").first?[0].text.flatMap { Int($0) }
      let named = try file.rows(
        """
        SELECT COUNT(DISTINCT taken_in_at) FROM labels
        WHERE taken_in_at IS NOT NULL AND seal IS NOT NULL AND taken_in_at NOT IN (SELECT step FROM steps)
        """)[0][0].integer
      let count = try file.rows("SELECT COUNT(*) FROM steps")[0][0].integer ?? 0
      return max(0, named ?? 0, said.map { $0 > count ? $0 - count : 0 } ?? 0)
    }

    /// The number of the next question: one after the largest.
    ///
    /// - Throws: `UserError` where that one was given before, to a question that is no longer there.
    func nextNumber(in file: inout SQLiteFile) throws(UserError) -> Int {
      let next = try file.rows("SELECT COALESCE(MAX(number) + 1, 0) FROM labels")[0][0].integer ?? 0
      let asked = try LabelDatabase.asked(in: &file)
      guard next == asked else { throw incomplete(asked - next, of: asked) }
      return next
    }

    static func digest(_ question: Question) -> SQLiteValue { .integer(Int64(bitPattern: question.digest)) }

    /// Of all that a run learns from: the question, its answer, whose that is, and the steps of both.
    static func seal(_ label: Label) -> SQLiteValue {
      var label = label
      label.answeredAt = nil
      return .integer(Int64(bitPattern: StableDigest.of(JSON(encoding: label).text())))
    }

    /// The question without its context.
    static func text(of question: Question) -> String {
      var rest = question
      rest.context = .null
      return JSON(encoding: rest).text()
    }

    /// The number of a question's context.
    static func context(of question: Question, in file: inout SQLiteFile) throws(UserError) -> SQLiteValue {
      let text = SQLiteValue.text(question.context.text())
      if let known = try file.rows("SELECT number FROM contexts WHERE text = ?1", [text]).first { return known[0] }
      return try file.rows("INSERT INTO contexts (text) VALUES (?1) RETURNING number", [text])[0][0]
    }

    func label(_ number: Int, in file: inout SQLiteFile) throws(UserError) -> Label? {
      try labels(in: &file, where: "labels.number = ?1", [.integer(Int64(number))]).first
    }

    func labels(
      in file: inout SQLiteFile, where condition: String, _ values: [SQLiteValue] = [],
      passingOver passOver: ((Int, UserError) -> Void)? = nil
    ) throws(UserError) -> [Label] {
      let rows = try file.rows(
        """
        SELECT labels.number, question, contexts.text, digest, asked_at, answer, teacher_kind, teacher, answered_at,
        taken_in_at, seal FROM labels LEFT JOIN contexts ON contexts.number = context WHERE \(condition)
        ORDER BY labels.number
        """, values)
      var labels: [Label] = []
      labels.reserveCapacity(rows.count)
      for row in rows {
        do throws(UserError) {
          labels.append(try label(row))
        } catch {
          guard let passOver else { throw error }
          passOver(row[0].integer ?? -1, error)
        }
      }
      return labels
    }

    /// - Throws: `UserError` when a row is not what was written.
    func label(_ row: [SQLiteValue]) throws(UserError) -> Label {
      let number = row[0].integer ?? -1
      func parsed<Value: Decodable>(_ text: String?) throws(UserError) -> Value {
        try JSON(parsing: text ?? "", name: "question \(number) of \(title)").decoded(
          name: "question \(number) of \(title)")
      }
      var question: Question = try parsed(row[1].text)
      question.context = try parsed(row[2].text)
      guard LabelDatabase.digest(question) == row[3], let askedAt = row[4].integer else {
        throw UserError("question \(number) of \(title) was altered", fix: "Restore the file from a copy")
      }
      var label = Label(number: number, question: question, askedAt: askedAt)
      if let text = row[5].text {
        let answer: Answer = try parsed(text)
        guard answer.fits(question), let kind = row[6].text.flatMap(Teacher.Kind.init), let name = row[7].text else {
          throw UserError("the answer to question \(number) of \(title) is none", fix: "Restore the file from a copy")
        }
        label.answer = answer
        label.teacher = Teacher(kind, name)
        label.answeredAt = row[8].real
        label.takenInAt = row[9].integer
        guard label.takenInAt == nil || row[10] == LabelDatabase.seal(label) else {
          throw UserError(
            "the answer to question \(number) of \(title) was altered after the run had learnt from it",
            fix: "Restore the file from a copy")
        }
      }
      return label
    }
  }
#endif
