import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage verify`: recordings stepped again and compared.
///
/// With `--json` one document: `files` with kind, what is compared, tasks and differences (or `refused` with
/// the reason), `equal`, `episodes` and `steps`.
///
/// A replay is stepped in the environment that it names, with the configuration that it holds; every one of its
/// digests must come out the same.
struct VerifyCommand: ParsableCommand {
  /// The help screen; it names every kind of recording that the catalog knows.
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Step recorded episodes again and compare every step.",
    discussion: """
      Takes replays (.json) and recordings of other programs (.jsonl, .jsonl.gz), whose first line names their kind: \
      \(Catalog.traces.map { "\($0.kind) (\($0.summary))" }.joined(separator: ", ")). Exits with 1 when an episode \
      differs or a file cannot be checked.

      Example:
        forage verify replays/*.json
      """)

  @Argument(help: ArgumentHelp("Replays and recordings.", valueName: "file"))
  /// Checked in their order; an error in one does not keep the others from being checked.
  var files: [String]

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Changes one setting of a recording's check, or of the environment that a replay is stepped in; may be repeated.",
      valueName: "key=value"))
  /// Changes for all of the files; what a file's check does not know is refused for that file.
  var assignments: [String] = []

  /// One document at the end in place of lines as they come.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Only differences and refusals are printed.
  @Flag(help: "Say nothing about what is equal.")
  var quiet = false

  /// Checks every file, also after one that differs or is refused.
  ///
  /// Exit status: 0 when all are equal, 1 when one differs or was refused, 130 or 143 after a signal.
  func run() throws {
    Interruption.listen()
    var settings: [SettingAssignment] = []
    for text in assignments { settings.append(try SettingAssignment(parsing: text)) }
    var screen = VerificationScreen(quiet: quiet)
    var documents: [JSON] = []
    var totals = (equalFiles: 0, episodes: 0, steps: 0)
    for file in files {
      if Interruption.wasRequested { throw Interruption.exitStatus }
      do {
        let (kind, report) = try Recordings.verify(file, assignments: settings)
        let tasks = report.tasks
        totals.episodes += report.episodes.count
        totals.steps += tasks.reduce(0) { $0 + $1.steps }
        if tasks.allSatisfy(\.differences.isEmpty) { totals.equalFiles += 1 }
        documents.append(VerifyCommand.document(file, kind, report.comparison, tasks))
        if !json { screen.show(file, kind: kind, comparison: report.comparison, tasks: tasks) }
      } catch let error as UserError {
        // The other files are checked all the same.
        LineOutput.error(error.description)
        documents.append(["file": .string(file), "equal": false, "refused": .string(error.description)])
      }
    }
    let isEqual = totals.equalFiles == files.count
    if json {
      let document: JSON = [
        "files": .array(documents), "equal": .bool(isEqual), "episodes": .integer(totals.episodes),
        "steps": .integer(totals.steps),
      ]
      LineOutput.result(document.text(pretty: true))
    } else if files.count > 1 {
      LineOutput.result(
        "\(totals.equalFiles) of \(files.count) files are equal, \(totals.episodes) episodes, "
          + "\(Format.count(totals.steps)) steps")
    }
    if !isEqual { throw ExitStatus(code: 1) }
  }

  /// One file's entry: `file`, `kind`, `compares`, `equal`, counts, `differences`, `tasks`.
  private static func document(
    _ file: String, _ kind: String, _ comparison: String, _ tasks: [TraceReport.Task]
  ) -> JSON {
    [
      "file": .string(file), "kind": .string(kind), "compares": .string(comparison),
      "equal": .bool(tasks.allSatisfy(\.differences.isEmpty)),
      "episodes": .integer(tasks.reduce(0) { $0 + $1.episodes }), "steps": .integer(tasks.reduce(0) { $0 + $1.steps }),
      "equalSteps": .integer(tasks.reduce(0) { $0 + $1.equalSteps }),
      "differences": .array(tasks.flatMap { task in task.differences.map { .string("\(task.id) \($0)") } }),
      "tasks": .array(
        tasks.map { task in
          [
            "task": .string(task.id), "episodes": .integer(task.episodes),
            "equalEpisodes": .integer(task.equalEpisodes),
            "steps": .integer(task.steps), "equalSteps": .integer(task.equalSteps),
          ]
        }),
    ]
  }
}
