import Experiments
import Groundwork
import Labels

/// `forage label` with the directory of a comparison: its runs that ask, and how each is answered.
extension LabelCommand {
  /// A run that asks, and how far it is.
  private struct Asking {
    /// Its directory, as a person names it.
    var path: String
    /// Answers that it is to learn from in all; nil where another run's are among them.
    var wanted: Int?
    /// Whether people answer.
    var isOfPeople: Bool
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
          "people": .bool(run.isOfPeople), "obstacle": run.obstacle.map { .string($0) } ?? .null,
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
    guard run.isOfPeople else { return "a script answers: \(run.path)" }
    guard run.counts != nil else { return "has asked nothing yet: \(run.path)" }
    return "forage label \(Shell.quoted(run.path))"
  }

  /// - Returns: nil for a run that asks nobody.
  private static func asking(_ description: RunDescription, in path: String) throws -> Asking? {
    guard let term = description.reward.terms.first(where: { $0.id == "preferences" }) else { return nil }
    var run = Asking(
      path: path, wanted: wanted(of: description), isOfPeople: term.configuration["teacher"]?.string == "person")
    do {
      let database = LabelDatabase(ofRun: path, run: try RunDirectory.identity(of: path), isReadOnly: true)
      if database.exists {
        try database.checkIsWhole()
        run.counts = try database.progress()
      }
    } catch let error as UserError {
      // The others can be answered all the same.
      run.obstacle = error.reason
    }
    return run
  }
}
