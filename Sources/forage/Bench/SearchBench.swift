import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// How many simulations a second a search runs, after a first search that warms up.
///
/// A simulation is one descent of the tree with its leaf's evaluation. Only batched searches use several
/// threads.
struct SearchBench {
  /// Seconds of one measurement.
  let seconds: Double
  /// Measurements, of which the median counts.
  let repeats: Int
  /// Threads of a search of many roots; 0 for one a core.
  let workers: Int

  /// The figure of one search.
  struct Result: Sendable {
    /// The listing's name.
    var name: String
    /// Threads that it ran on.
    var workers: Int
    /// Simulations of all roots together.
    var simulationsPerSecond: Double

    /// `{name, workers, simulationsPerSecond}`.
    var json: JSON {
      [
        "name": .string(name), "workers": .number(Double(workers)),
        "simulationsPerSecond": .number(simulationsPerSecond.rounded()),
      ]
    }
  }

  /// The listing of that name.
  ///
  /// - Throws: `UserError` with the nearest names.
  static func listing(_ name: String) throws(UserError) -> SearchListing {
    if let found = Catalog.searches.first(where: { $0.name.lowercased() == name.lowercased() }) { return found }
    let names = Catalog.searches.map(\.name)
    throw UserError.unknown(
      "search benchmark", name, among: names,
      hint: "There is one for \(names.map { "'\($0)'" }.joined(separator: ", "))")
  }

  /// The median of the repeats.
  ///
  /// - Parameter report: Told what is measured next.
  /// - Returns: Nil when the program was asked to stop.
  func run(_ listing: SearchListing, report: (String) -> Void) throws -> Result? {
    let workers = Workers(count: listing.isBatched ? workers : 1)
    let search = try listing.make(workers)
    _ = search()
    let figure = MedianRate(seconds: seconds, repeats: repeats)
    guard let rate = figure.measure(report: report, search) else { return nil }
    return Result(name: listing.name, workers: workers.count, simulationsPerSecond: rate)
  }
}
