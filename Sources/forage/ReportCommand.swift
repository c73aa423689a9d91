import ArgumentParser
import Catalog
import Experiments
import FoundationEssentials
import Groundwork
import ReinforcementLearning

/// `forage report`: the table and the page of a comparison, or of what is finished of it.
///
/// With `--json` it prints what it also writes into `report.json`.
struct ReportCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the report of a comparison and print its table.",
    discussion: """
      A comparison that is still going on is reported as far as it is finished. --charts also writes every chart of \
      the page as SVG, light and complete in itself, for a paper, and its numbers as CSV.

      Example:
        forage report runs/doors --charts figures
      """)

  @Argument(help: ArgumentHelp("The comparison's directory.", valueName: "dir"))
  /// A directory that `compare` made.
  var path: String

  @Option(help: ArgumentHelp("Write the page's charts into that directory, too.", valueName: "dir"))
  /// Nil for none.
  var charts: String?

  /// The document of `report.json` in place of the table.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// The page replaces an older one; nothing is trained. Where the directory may only be read the table is printed, and
  /// a line on standard error says that there is no page.
  ///
  /// - Throws: `UserError` when there is no such comparison or none of its runs is finished.
  func run() throws {
    if RepetitionStudy.isOne(path) {
      try RepetitionComparing.report(try RepetitionStudy(opening: path), isWritten: false, json: json)
    } else {
      let comparison = try Comparison(opening: path) { try Catalog.plan($0) }
      try ReportCommand.report(on: comparison, isWritten: false, json: json)
    }
    guard let charts else { return }
    let written = try ChartFiles.write(from: path + "/report.html", to: charts)
    if !json { LineOutput.result("\(Format.number(of: written.count, "chart")) in \(charts)") }
  }

  /// Writes `report.html`, `report.json` and the CSV files into the comparison's directory; prints the table, or the
  /// document.
  ///
  /// - Parameter isWritten: Whether the caller writes into the directory; who only reads needs no right to, and the
  ///   page is then left out.
  /// - Returns: Whether runs are damaged and were left out.
  /// - Throws: `UserError` when no run is finished, or a file cannot be written.
  @discardableResult
  static func report(on comparison: Comparison, isWritten: Bool, json: Bool) throws -> Bool {
    let date = Date(timeIntervalSince1970: Clock.wallSeconds.rounded()).formatted(.iso8601.dateSeparator(.dash))
    let summary = try comparison.summary(
      about: { id in (try? Catalog.listing(id))?.summary ?? "" }, date: date, presets: ReportCommand.presets)
    let runs = summary.environments.flatMap { $0.arms.flatMap(\.runs) }
    guard runs.contains(where: { $0.failure == nil }) else {
      let failures = runs.compactMap(\.failure).sorted()
      throw UserError(
        "no run of '\(comparison.path)' is finished yet"
          + (failures.first.map { reason in
            "; \(failures.count) failed, \(failures.count > 1 ? "one of them: " : "")\(reason)"
          } ?? ""),
        fix: "Go on with `forage compare --resume \(Shell.quoted(comparison.path))`")
    }
    // Pairs of arms grow as the square of the arms.
    if comparison.description.arms.count > 20 || runs.count > 500 {
      LineOutput.note("making the report of \(runs.count) runs of \(comparison.description.arms.count) arms")
    }
    var figures = ComparisonFigures(summary)
    figures.summary.notes += SettingChoice(comparison, figures).map { [$0.note] } ?? []
    var movies: [ReplayMovie] = []
    let shown = try comparison.shownReplays(of: summary) {
      LineOutput.error("\($0.description), so the page does not play it")
    }
    for shown in shown { movies.append(try ReplayMovies.movie(of: shown.replay, title: shown.title)) }
    let page: Result<String, UserError>
    do throws(UserError) {
      page = .success(try Report(figures, movies: movies).write(to: comparison.path))
    } catch {
      page = .failure(error)
    }
    if json {
      LineOutput.result(figures.json.text(pretty: true))
    } else {
      let width = LineOutput.outputColumns
      LineOutput.result(figures.terminalTable(width: width), terminator: "")
      for note in figures.summary.notes { LineOutput.result(ComparisonFigures.wrapped(note, width: width)) }
      if case .success(let path) = page { LineOutput.result("report: \(path)") }
    }
    try tell(page, of: comparison.path, isWritten: isWritten)
    return summary.notes.contains { $0.hasPrefix("Damaged: ") }
  }

  /// Says that there is no page, where the directory may only be read by who only reads.
  ///
  /// - Throws: The reason otherwise.
  static func tell(_ page: Result<String, UserError>, of path: String, isWritten: Bool) throws(UserError) {
    guard case .failure(let error) = page else { return }
    guard !isWritten, !Files.isWritable(path) else { throw error }
    LineOutput.note("the page was not written: '\(path)' may only be read")
  }

  /// The presets that gave a run's agent some of its settings.
  static func presets(of run: RunDescription) -> [PresetSummary] {
    Catalog.presets(of: run).map {
      PresetSummary(
        agent: run.agent.id, environments: $0.prefix, chosenOn: $0.chosenOn, seeds: $0.seeds, reported: [])
    }
  }
}
