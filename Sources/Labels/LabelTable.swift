public import Groundwork

/// Answers from elsewhere: comma-separated values with the columns `question`, `answer` and, where it is known,
/// `teacher`, in any order.
///
///     question,answer,teacher
///     0,left,Ada
///     1,equal,
///
/// An answer is `left`, `right`, `equal` or `skip` of a comparison (`first` and `second` mean the same), a level or a
/// number of a rating, one of the choices or its number from 0, or a text. A file is taken whole or not at all; a row
/// whose answer is empty answers nothing. `text(asking:)` writes such a file for others to fill in, with the columns
/// `prompt`, `environment` and `clips`, which say what is asked: a row that answers must be about what the question of
/// its number is about, wherever it says so, since numbers from 0 are the same in every run.
public struct LabelTable: Sendable {
  /// One answer of the file.
  public struct Row: Sendable, Hashable {
    /// The line that it begins on, from 1.
    public var line: Int
    /// Of the question.
    public var number: Int
    /// What is answered.
    public var answer: Answer
    /// Who answered; nil where the file does not say.
    public var teacher: String?
  }

  /// The answers that are new, in the file's order.
  public private(set) var rows: [Row] = []
  /// Rows that say what is there already.
  public private(set) var known = 0
  /// Rows whose answer is empty.
  public private(set) var blank = 0
  /// What is wrong with each of the rows that cannot be taken, by line.
  public private(set) var refusals: [UserError] = []

  /// What answers.
  private static let columns = ["question", "answer", "teacher"]
  /// What says to whom it is asked what is; each is held against the question where the field is not empty.
  private static let remarks = ["prompt", "environment", "clips"]
  /// All that a first line may name, in words.
  private static var names: String { (columns + remarks).joined(separator: ", ") }

  /// Reads a file and holds it against the questions.
  ///
  /// - Parameters:
  ///   - labels: Those of the run that are what was asked.
  ///   - count: Questions of the run; nil for as many as there are labels.
  /// - Throws: `UserError` for a file that is no such table.
  public init(reading path: String, labels: [Label], count: Int? = nil) throws(UserError) {
    try self.init(parsing: Files.readText(path, as: .labels), name: path, labels: labels, count: count)
  }

  /// The same for a text.
  ///
  /// - Parameter path: What errors call it.
  public init(parsing text: String, name path: String, labels: [Label], count: Int? = nil) throws(UserError) {
    let (count, labels) = (count ?? labels.count, Dictionary(labels.map { ($0.number, $0) }) { first, _ in first })
    try LabelTable.refuseOtherSeparators(text, name: path)
    let records = try CommaSeparatedValues.read(text, name: "'\(path)'")
    guard let head = records.first else {
      throw UserError("'\(path)' is empty", fix: "Begin it with the line question,answer,teacher")
    }
    let columns = head.fields.map { $0.lowercased() }
    for column in columns where !(LabelTable.columns + LabelTable.remarks).contains(column) {
      throw UserError.unknown(
        "column", String(column.prefix(40)), among: LabelTable.columns + LabelTable.remarks,
        hint: "The first line of '\(path)' may name \(LabelTable.names): take other columns out")
    }
    guard let question = columns.firstIndex(of: "question"), let answer = columns.firstIndex(of: "answer"),
      Set(columns).count == columns.count
    else {
      throw UserError(
        "the first line of '\(path)' is '\(head.fields.joined(separator: ",").prefix(100))' and does not name the "
          + "columns question and answer once each", fix: "Write question,answer,teacher")
    }
    let teacher = columns.firstIndex(of: "teacher")
    let remarks = LabelTable.remarks.compactMap { name in columns.firstIndex(of: name).map { (name: name, index: $0) } }
    var seen: [Int: Int] = [:]
    for record in records.dropFirst() {
      do throws(UserError) {
        guard record.fields.count == columns.count else {
          throw UserError("it has \(record.fields.count) fields, and the first line \(columns.count)")
        }
        guard let number = Int(record.fields[question]), (0..<count).contains(number) else {
          throw UserError(
            "there is no question '\(record.fields[question].prefix(40))'; "
              + (count == 0 ? "the run has asked none" : "the run has asked 0 to \(count - 1)"))
        }
        if record.fields[answer].isEmpty {
          blank += 1
          continue
        }
        guard let label = labels[number] else { throw UserError("question \(number) was altered") }
        try LabelTable.hold(remarks.map { ($0.name, record.fields[$0.index]) }, against: label.question, number)
        let given = try LabelTable.answer(record.fields[answer], to: label.question)
        if let before = seen.updateValue(record.line, forKey: number) {
          throw UserError("question \(number) is answered in line \(before), too")
        }
        let who = teacher.map { record.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        if let who, who.utf8.count > 200 || who.unicodeScalars.contains(where: { $0.steersTerminal || $0 == "\n" }) {
          throw UserError("'\(who.prefix(40))' is no teacher's name: 200 bytes at most, without control characters")
        }
        if let old = label.answer {
          guard old == given else { throw UserError("question \(number) has been answered: \(old)") }
          known += 1
        } else {
          rows.append(Row(line: record.line, number: number, answer: given, teacher: who))
        }
      } catch {
        refusals.append(UserError("line \(record.line) of '\(path)': \(error.reason)"))
      }
    }
  }

  /// Spreadsheets of many countries write semicolons, or tabs, and still call the file one of commas.
  ///
  /// - Throws: `UserError` where the first line names columns that something else separates.
  private static func refuseOtherSeparators(_ text: String, name path: String) throws(UserError) {
    let first = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix { !$0.isNewline }
    for (separator, called) in [(";", "semicolons"), ("\t", "tabs")] as [(Character, String)] {
      let cells = first.split(separator: separator).map { $0.lowercased().filter { !$0.isWhitespace && $0 != "\"" } }
      if cells.count > 1, cells.contains(where: { columns.contains($0) }) {
        throw UserError(
          "the columns of '\(path)' are separated by \(called)",
          fix: "Save it with commas between them, as comma-separated values in UTF-8")
      }
    }
  }

  /// Holds what a row says of its question against it.
  ///
  /// Words and values count, since a spreadsheet may change spaces and ends of lines.
  ///
  /// - Parameter remarks: Names and fields of the columns that say it; an empty field says nothing.
  /// - Throws: `UserError` that names all that differs.
  private static func hold(
    _ remarks: [(name: String, field: String)], against question: Question, _ number: Int
  ) throws(UserError) {
    var differences: [String] = []
    for (name, field) in remarks {
      let words = field.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      switch name {
      case "prompt":
        if words != question.prompt.split(whereSeparator: \.isWhitespace) { differences.append("another prompt") }
      case "environment":
        if words.joined(separator: " ") != question.environment?.id { differences.append("another environment") }
      default:
        let own = clips(of: question).text()
        if field == own { continue }
        guard let said = try? JSON(parsing: field, name: "it") else {
          throw UserError("its clips are no JSON: leave them as they were exported, or empty")
        }
        // As texts: a whole number may be written as a fraction or not.
        if said.text() != own { differences.append("other clips") }
      }
    }
    guard let last = differences.popLast() else { return }
    let all = differences.isEmpty ? last : "\(differences.joined(separator: ", ")) and \(last)"
    throw UserError("question \(number) of this run has \(all) than this row")
  }

  /// What it takes to step a question's clips again, in the order of its subjects.
  private static func clips(of question: Question) -> JSON { .array(question.subjects.map(\.content)) }

  /// The file that asks questions elsewhere: a row each, without an answer, with its prompt, the environment and what
  /// it takes to step the clips again (`Clip.content`, in the order of the question's subjects) as JSON.
  public static func text(asking labels: [Label]) -> String {
    let rows = labels.map { label -> [String] in
      let question = label.question
      return [
        "\(label.number)", "", "", question.prompt, question.environment?.id ?? "",
        clips(of: question).text(),
      ]
    }
    return ([columns + remarks] + rows)
      .map { $0.map { CommaSeparatedValues.field($0) }.joined(separator: ",") + "\n" }.joined()
  }

  /// - Throws: `UserError` for a text that does not answer such a question.
  static func answer(_ text: String, to question: Question) throws(UserError) -> Answer {
    let answer: Answer? =
      switch (question.kind, text.lowercased()) {
      case (_, "skip"), (_, "skipped"): .skipped
      case (.comparison, "left"), (.comparison, "first"): .first
      case (.comparison, "right"), (.comparison, "second"): .second
      case (.comparison, "equal"): .equal
      case (.comparison, _): nil
      case (.rating, _): Double(text).map { .number($0) }
      case (.choice, _): (question.choices.firstIndex(of: text) ?? Int(text)).map { .choice($0) }
      case (.text, _): text.isEmpty ? nil : .text(text)
      }
    guard let answer, answer.fits(question) else {
      let forms: [Question.Kind: String] = [
        .comparison: "left, right, equal or skip",
        .rating: question.levels.map { "a whole number from 1 to \($0), or skip" } ?? "a number or skip",
        .choice: "\(question.choices.joined(separator: ", ")) or skip", .text: "a text or skip",
      ]
      throw UserError("'\(text.prefix(40))' does not answer a \(question.kind.rawValue): use \(forms[question.kind]!)")
    }
    return answer
  }
}
