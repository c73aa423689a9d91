/// The table of speeds, whose rows are printed as they come: its widths are known before the figures are.
struct BenchScreen {
  /// A column: its title, its characters, and what is left out first where there is little room (0 never).
  private struct Column {
    var title: String
    var width: Int
    var rank: Int
    var text: (EnvironmentBench.Result) -> String
  }

  private let name: Int
  private let columns: [Column]

  /// - Parameters:
  ///   - names: What is measured.
  ///   - workers: How many threads, a column each.
  ///   - width: What a line may have; nil for no limit.
  init(names: [String], workers: [Int], width: Int?) {
    name = max(11, names.map(\.count).max() ?? 0)
    var columns = workers.enumerated().map { place, count in
      Column(title: "\(count) worker\(count == 1 ? "" : "s")", width: 10, rank: place == 0 ? 0 : 1) {
        Format.rate($0.stepsPerSecond[place].value)
      }
    }
    columns += [
      Column(title: "resets/s", width: 9, rank: 2) { Format.rate($0.resetsPerSecond) },
      Column(title: "snapshot", width: 9, rank: 3) { result in
        result.snapshotNanoseconds.map { Format.number($0, digits: 0) + " ns" } ?? "–"
      },
      Column(title: "bytes", width: 9, rank: 5) { String($0.snapshotBytes) },
      Column(title: "allocations/step", width: 16, rank: 4) { Format.number($0.allocationsPerStep, digits: 3) },
    ]
    while let width, name + columns.reduce(0, { $0 + 2 + $1.width }) > width,
      let last = columns.indices.filter({ columns[$0].rank > 0 }).max(by: { columns[$0].rank < columns[$1].rank })
    {
      columns.remove(at: last)
    }
    self.columns = columns
  }

  /// The titles.
  var header: String {
    line("environment", columns.map(\.title))
  }

  /// The figures of an environment.
  func row(_ result: EnvironmentBench.Result) -> String { line(result.id, columns.map { $0.text(result) }) }

  private func line(_ first: String, _ cells: [String]) -> String {
    let padded = zip(columns, cells).map { column, cell in
      "  " + String(repeating: " ", count: max(0, column.width - cell.count)) + cell
    }
    return first + String(repeating: " ", count: max(0, name - first.count)) + padded.joined()
  }
}
