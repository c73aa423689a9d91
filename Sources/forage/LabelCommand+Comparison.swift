import Experiments
import Groundwork
import Labels

/// `forage label` with the directory of a comparison: its runs that ask, and how each is answered.
extension LabelCommand {
  /// A run that asks, and how far it is.
  private struct Asking {
    /// Its directory, as a person names it.
    var path: String
    /// What it says of itself.
    var described: AskingRun
    /// Answers to its questions that it is to learn from in all; nil where another run's are to be learnt from first.
    var wanted: Int?
    /// The other run, where its answers are all that is learnt from.
    var source: String?
    /// nil while it has asked nothing, and where its file cannot be used.
    var counts: (asked: Int, answered: Int, skipped: Int, learnt: Int)?
    /// Why its file cannot be used; nil where it can, or there is none yet.
    var obstacle: String?

    var open: Int { (counts?.asked ?? 0) - (counts?.answered ?? 0) }
  }

  /// Lists the runs that ask, a line each.
  ///
  /// - Throws: `UserError` where one run alone can be meant, or none asks.
  func listRuns() throws {
    var folder = path
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    guard !terminal, `import` == nil, export == nil else {
      throw UserError(
        "'\(path)' holds a comparison, not a run",
        fix: "Name one of its runs: `forage label \(Shell.quoted(folder))` lists them")
    }
    let description = try ComparisonDescription(reading: folder + "/comparison.json")
    let runs = try description.runs.compactMap { run in
      try LabelCommand.asking(description.description(of: run), in: "\(folder)/\(run.path)")
    }
    guard !runs.isEmpty else {
      throw UserError(
        "no run of the comparison in '\(path)' asks anybody",
        fix: "Compare a reward that asks people, such as 'preferences(teacher=person)'")
    }
    if json {
      let rows = runs.map { run -> JSON in
        [
          "path": .string(run.path), "open": .integer(run.open), "answered": .integer(run.counts?.answered ?? 0),
          "skipped": .integer(run.counts?.skipped ?? 0), "wanted": run.wanted.map { .integer($0) } ?? .null,
          "people": .bool(run.described.isOfPeople), "obstacle": run.obstacle.map { .string($0) } ?? .null,
        ]
      }
      let document: JSON = ["runs": .array(rows)]
      return LineOutput.result(document.text(pretty: true))
    }
    let rows = runs.map { run -> [String] in
      let isKnown = run.obstacle == nil
      return [
        isKnown ? "\(run.open)" : "-", isKnown ? "\(run.counts?.answered ?? 0)" : "-",
        run.wanted.map { "\($0)" } ?? "-", LabelCommand.advice(on: run),
      ]
    }
    LineOutput.result(
      Format.table([["open", "answered", "wanted", "answer with"]] + rows, rightAligned: [0, 1, 2]))
  }

  /// How a run is answered, or why it is not.
  private static func advice(on run: Asking) -> String {
    if let obstacle = run.obstacle { return obstacle }
    if let source = run.source { return "learns from the answers of '\(source)': \(run.path)" }
    guard run.described.isOfPeople else { return "a script answers: \(run.path)" }
    let isFinished = run.described.isFinished
    guard run.counts != nil else {
      return isFinished ? "is finished, and has asked nothing: \(run.path)" : "has asked nothing yet: \(run.path)"
    }
    if isFinished, run.open == 0 { return "is finished, and nothing is open: \(run.path)" }
    return "forage label \(Shell.quoted(run.path))"
  }

  /// - Returns: nil for a run that asks nobody.
  private static func asking(_ description: RunDescription, in path: String) throws -> Asking? {
    guard let described = AskingRun(description, in: path) else { return nil }
    var run = Asking(
      path: path, described: described, wanted: described.source == nil ? described.labels : nil, source: nil,
      counts: nil, obstacle: nil)
    do {
      let database = LabelDatabase(ofRun: path, run: try RunDirectory.identity(of: path), isReadOnly: true)
      if database.exists {
        try database.checkIsWhole()
        run.counts = try database.progress()
      } else {
        run.obstacle = described.loss
      }
      run.wanted = try described.wanted(database)
      if described.asksNothing(wanting: run.wanted) { run.source = described.source }
    } catch let error as UserError {
      // The others can be answered all the same.
      run.obstacle = error.reason
    }
    return run
  }
}
