import ArgumentParser
import Experiments
import Groundwork
import Labels
import Viewer

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `forage label`: a person answers what a run asks, while it trains or afterwards.
///
/// Several people may answer at the same time, and the run takes answers in at steps of its own.
struct LabelCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Say which of two clips is better, or how good one is: a run learns from the answers.",
    discussion: """
      Shows two clips side by side: ← left is better, → right, ↓ equal; or one, which the keys 1 to 5 rate, or as \
      many as the run has levels; s skip, u undo (press h). Several people may answer at once, each is shown other \
      questions, and the run may train meanwhile. A question that was altered in the file is named and passed over. \
      In a pipe --terminal reads answers line by line: left, right, equal or a level, skip, undo, quit. --import \
      takes a CSV with the columns question and answer, and teacher where it is known: all of it, or nothing where a \
      row is wrong; rows without an answer are passed over. --export writes one of the open questions to be filled in.

      Example:
        forage label runs/liked --terminal
      """)

  @Argument(
    help: ArgumentHelp("The run's directory; a comparison's lists its runs.", valueName: "run"),
    completion: Completions.watched)
  /// A directory with `labels.sqlite` in it, or with `comparison.json`.
  var path: String

  /// Works without a display, also through a pipe.
  @Flag(help: "Draw with characters in this terminal.")
  var terminal = false

  @Option(help: ArgumentHelp("Take answers from a CSV file instead.", valueName: "file.csv"))
  /// `LabelTable`.
  var `import`: String?

  @Option(help: ArgumentHelp("Write the open questions to a CSV file, for --import.", valueName: "file.csv"))
  /// `LabelTable`.
  var export: String?

  @Option(help: "Whose answers these are; the name of your account when left out.")
  /// 1 to 100 bytes, without control characters.
  var name: String?

  /// 1 to 240.
  @Option(help: "Steps a second, 1 to 240.")
  var speed: Double = 8

  /// Asks nothing.
  @Flag(help: "Print how many questions were asked and answered, and by whom.")
  var status = false

  /// With `status` and `import`.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// - Throws: `ValidationError`, exit status 1, for options that exclude one another or are out of range.
  func validate() throws {
    let uses = [
      ("--terminal", terminal), ("--import", `import` != nil), ("--export", export != nil), ("--status", status),
    ].filter(\.1).map(\.0)
    if uses.count > 1 { throw ValidationError("\(uses[0]) and \(uses[1]) cannot be had at a time") }
    if json && `import` == nil && !status { throw ValidationError("--json goes with --status or --import") }
    guard WatchOptions.speeds.contains(speed) else {
      throw ValidationError("--speed must lie in 1...240, not \(speed.written)")
    }
    if let name {
      guard (1...100).contains(name.utf8.count),
        !name.unicodeScalars.contains(where: { $0.steersTerminal || $0 == "\n" })
      else { throw ValidationError("--name is a line of 1 to 100 bytes, without control characters") }
    }
  }

  /// Shows questions until the person leaves, takes a file in, writes one, prints counts, or lists a comparison's runs.
  ///
  /// - Throws: `UserError` where nothing was asked, a row cannot be taken, or there is no display.
  func run() throws {
    try checkDirectory()
    if Files.exists(path + "/comparison.json") { return try listRuns() }
    let database = try openDatabase()
    if status { return try printStatus(of: database) }
    if let file = `import` { return try take(file, into: database) }
    if let file = export { return try write(file, from: database) }
    var options = WatchOptions()
    options.stepsPerSecond = speed
    let source = LabelSource(
      database, name: person, token: "\(Clock.wallSeconds)-\(getpid())", wanted: try described?.wanted(database))
    // A question that this program cannot show is not held back from others.
    defer { try? source.leave() }
    let remarks =
      terminal ? try labelInTerminal(source, options: options) : try labelInWindow(source, options: options)
    for remark in remarks { LineOutput.error(remark) }
    try printStatus(of: database, naming: false)
  }

  /// What the run says of what it asks; nil where its description cannot be read, or it asks nobody.
  private var described: AskingRun? {
    (try? RunDirectory(opening: path).description()).flatMap { AskingRun($0, in: path) }
  }

  private var person: String {
    name ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "somebody"
  }

  private func checkDirectory() throws {
    guard LabelDatabase.isAvailable else {
      throw UserError(
        "this program was built without SQLite, so it keeps no answers",
        fix: "Build it with libsqlite3-dev and the default traits")
    }
    guard Files.isDirectory(path) else {
      throw UserError(
        Files.exists(path) ? "'\(path)' is no directory" : "there is no directory '\(path)'",
        fix: "Name a run's directory, for example runs/liked")
    }
  }

  private func openDatabase() throws -> LabelDatabase {
    let isReadOnly = status || export != nil
    // Who only reads may follow a link, as who learns from another run's answers does.
    if !isReadOnly { try Files.refuseLinks(in: path, to: LabelDatabase.fileName) }
    if !Files.exists("\(path)/\(LabelDatabase.fileName)") { try explainMissingFile() }
    // Answers in another run's file would be of no use to this one.
    let database = LabelDatabase(ofRun: path, run: try RunDirectory.identity(of: path), isReadOnly: isReadOnly)
    // What is left may still be counted.
    if !status { try database.checkIsWhole() }
    return database
  }

  /// Says why there is no file of labels, unless all the same it can be counted what the run has learnt from another
  /// one's answers.
  private func explainMissingFile() throws {
    guard Files.exists(path + "/run.json") else {
      throw UserError(
        "'\(path)' holds neither a run nor a comparison: there is no run.json and no comparison.json",
        fix: "Name a run's directory, for example runs/liked")
    }
    let run = described
    if let loss = run?.loss { throw UserError(loss, fix: "Restore it from a copy, or begin the run anew") }
    let people = "a reward such as 'preferences(teacher=person)', and wait for its first questions"
    if let run, let source = run.source {
      if status { return }
      if run.asksNothing(wanting: try run.wanted(LabelDatabase(ofRun: path, isReadOnly: true))) {
        throw UserError(
          "the run in '\(path)' asks nothing: it learns from the answers of '\(source)'",
          fix: "Train one that asks people, with \(people)")
      }
    }
    throw UserError(
      "the run in '\(path)' has asked nothing: there is no \(LabelDatabase.fileName)",
      fix: "Train one that asks people, with \(people)")
  }

  // MARK: Counts

  /// - Parameter naming: Whether questions that were altered are named.
  private func printStatus(of database: LabelDatabase, naming: Bool = true) throws {
    let counts = try database.progress()
    let run = described
    let known: Int? = if let run { try run.takenOver(database) } else { 0 }
    let (taken, wanted) = (known ?? 0, known == nil ? nil : run?.labels)
    let missing = try database.missing()
    let missingSteps = try database.missingSteps()
    var teachers: [(name: String, count: Int)] = []
    for label in try labels(of: database, naming: naming) {
      guard let teacher = label.teacher else { continue }
      let name = teacher.kind == .person ? teacher.name : "\(teacher.name) (\(teacher.kind.rawValue))"
      if let index = teachers.firstIndex(where: { $0.name == name }) {
        teachers[index].count += 1
      } else {
        teachers.append((name, 1))
      }
    }
    if json {
      let document: JSON = [
        "asked": .integer(counts.asked), "answered": .integer(counts.answered), "skipped": .integer(counts.skipped),
        "learnt": .integer(counts.learnt + taken), "ofAnotherRun": .integer(taken), "missing": .integer(missing),
        "missingSteps": .integer(missingSteps), "wanted": wanted.map { .integer($0) } ?? .null,
        "teachers": .array(teachers.map { ["name": .string($0.name), "answers": .integer($0.count)] }),
      ]
      return LineOutput.result(document.text(pretty: true))
    }
    let by = teachers.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    // What the run has learnt from is not known where answers are missing.
    let learnt =
      "the run has learnt from \(counts.learnt + taken)" + (wanted.map { " of the \($0) that it wants" } ?? "")
      + (taken > 0 ? ", \(taken) of them answers of '\(run?.source ?? "")'" : "")
    let asked = counts.asked + missing
    LineOutput.result(
      "\(counts.answered) of \(Format.number(of: counts.asked, "question"))" + (missing > 0 ? " that are left" : "")
        + " answered" + (by.isEmpty ? "" : " (\(by))")
        + (counts.skipped > 0 ? ", \(counts.skipped) of them skipped" : "") + "; "
        + (missing > 0 ? "\(missing) of the \(asked) that were asked are missing from the file" : learnt)
        + (missingSteps > 0
          ? "; \(missingSteps) of the steps at which it took answers in are missing from the file" : ""))
  }

  /// The questions that are what was asked.
  private func labels(of database: LabelDatabase, naming: Bool = true) throws -> [Label] {
    var altered: [PassedOver] = []
    let labels = try database.labels { altered.append(PassedOver(number: $0, error: $1)) }
    if naming, let line = PassedOver.line(altered) { LineOutput.error(line) }
    return labels
  }

  // MARK: Answers from elsewhere

  /// Refusals that are printed.
  private static let mostRefusals = 20

  private func take(_ file: String, into database: LabelDatabase) throws {
    let table = try LabelTable(
      reading: file, labels: try labels(of: database), count: try database.count())
    for refusal in table.refusals.prefix(LabelCommand.mostRefusals) { LineOutput.error(refusal.description) }
    guard table.refusals.isEmpty else {
      let rest = table.refusals.count - LabelCommand.mostRefusals
      throw UserError(
        "\(Format.number(of: table.refusals.count, "row")) cannot be taken"
          + (rest > 0 ? " (\(rest) more than are shown)" : "") + ", so none of '\(file)' was",
        fix: "Mend \(table.refusals.count == 1 ? "it" : "them") and give the command again")
    }
    // Another import may have come first with some of the rows.
    let taken = try database.answer(
      table.rows.map { ($0.number, $0.answer, Teacher(.person, $0.teacher ?? person)) }, passingKnown: true)
    let known = table.known + table.rows.count - taken
    if json {
      let document: JSON = [
        "taken": .integer(taken), "known": .integer(known), "blank": .integer(table.blank),
      ]
      return LineOutput.result(document.text(pretty: true))
    }
    LineOutput.result(
      "\(Format.number(of: taken, "answer")) taken" + (known > 0 ? ", \(known) there already" : "")
        + (table.blank > 0 ? ", \(Format.number(of: table.blank, "row")) without an answer passed over" : ""))
    try printStatus(of: database, naming: false)
  }

  // MARK: Questions for elsewhere

  private func write(_ file: String, from database: LabelDatabase) throws {
    guard !Files.exists(file) else {
      throw UserError("'\(file)' already exists, and would be lost", fix: "Name another file (--export), or remove it")
    }
    let open = try labels(of: database).filter { $0.answer == nil }
    let text = LabelTable.text(asking: open)
    guard text.utf8.count <= FileKind.labels.bytes else {
      throw UserError(
        "\(Format.number(of: open.count, "question")) with their clips make a file that is too large to be taken in",
        fix: "Answer some here, or read \(LabelDatabase.fileName) itself")
    }
    try Files.writeAtomically(text, to: file)
    LineOutput.result(
      "\(Format.number(of: open.count, "open question")) written to '\(file)'; filled in, it is taken with "
        + "`forage label \(Shell.quoted(path)) --import \(Shell.quoted(file))`")
  }
}
