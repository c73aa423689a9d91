import ReinforcementLearning

/// What `forage verify` prints for people: what is compared, a line a task, a line a file.
///
/// Files of one kind share the line that says what is compared; a replay takes one line, a recording one a task
/// as well.
struct VerificationScreen {
  /// Whether only what differs is shown.
  let quiet: Bool
  /// What the line before said is compared; it is said again only when it changes.
  private var comparison = ""

  /// - Parameter quiet: Whether only what differs is shown.
  init(quiet: Bool) { self.quiet = quiet }

  /// Differences of a task that are spelled out.
  private static let shownDifferences = 5

  /// Prints what was found in a file: a line a task, the first differences, and a line for all of it.
  mutating func show(_ file: String, kind: String, comparison: String, tasks: [TraceReport.Task]) {
    if comparison != self.comparison && !quiet {
      LineOutput.result(
        Format.wrapped(
          "\(kind) files: compared are \(comparison)", columns: LineOutput.outputColumns ?? .max, indent: 2))
      self.comparison = comparison
    }
    // A replay is one episode of one task, for which its file's line is enough.
    if tasks.count > 1 {
      let rows = tasks.filter { !quiet || !$0.differences.isEmpty }.map { task in
        [
          task.id, "\(task.equalEpisodes) of \(task.episodes) episodes",
          steps(task.equalSteps, of: task.steps) + " equal",
        ]
      }
      let table = Table(columns: [.init(), .init(rank: 1), .init()], rows: rows, margin: 2)
      if !rows.isEmpty { LineOutput.result(table.text(width: LineOutput.outputColumns)) }
    }
    for task in tasks {
      for difference in task.differences.prefix(Self.shownDifferences) {
        LineOutput.result("\(file): \(task.id) \(difference)")
      }
      let rest = task.differences.count - Self.shownDifferences
      if rest > 0 { LineOutput.result("\(file): \(task.id) and \(rest) more") }
    }
    func sum(_ count: KeyPath<TraceReport.Task, Int>) -> Int { tasks.reduce(0) { $0 + $1[keyPath: count] } }
    let episodes = sum(\.episodes)
    let equal = steps(sum(\.equalSteps), of: sum(\.steps))
    if sum(\.equalEpisodes) < episodes {
      LineOutput.result("\(file): differs (\(sum(\.equalEpisodes)) of \(episodes) episodes, \(equal) equal)")
    } else if !quiet {
      LineOutput.result(
        "\(file): equal (\(episodes) episode\(episodes == 1 ? "" : "s"), \(Format.count(sum(\.steps))) steps)")
    }
  }

  /// "12 of 30 steps".
  private func steps(_ equal: Int, of all: Int) -> String { "\(Format.count(equal)) of \(Format.count(all)) steps" }
}
