import ArgumentParser
import Catalog
import Experiments
import Groundwork

/// `forage report`: the table and the report of a comparison, or of what is finished of it.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the report of a comparison and print its table.",
    discussion: """
      A comparison that is still going on is reported as far as it is finished.

      Example:
        forage report runs/doors
      """)

  @Argument(help: ArgumentHelp("The comparison's directory.", valueName: "dir"))
  var path: String

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let comparison = try Comparison(opening: path) { try Catalog.plan($0) }
    try ReportCommand.report(on: comparison, json: json)
  }

  /// Writes the report's files and prints the table or the document.
  static func report(on comparison: Comparison, json: Bool) throws {
    let results = try ComparisonResults(comparison)
    guard results.cells.contains(where: { !$0.runs.isEmpty }) else {
      throw UserError(
        "no run of '\(comparison.path)' is finished yet", fix: "Go on with `forage compare --resume \(comparison.path)`")
    }
    let summary = ComparisonSummary(results)
    if json {
      print(JSON(encoding: summary).text(pretty: true))
      return
    }
    print(Format.table(summary.tableRows { Format.number($0, digits: 2) }, rightAligned: [2]))
    let finished = results.cells.reduce(0) { $0 + $1.runs.count }
    let expected = results.cells.count * results.seeds
    if finished < expected { print("\(finished) of \(expected) runs are finished") }
    print("IQM: interquartile mean over runs; [low, high]: 95 % bootstrap interval over runs")
  }
}
