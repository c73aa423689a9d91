import Groundwork
import ReinforcementLearning
import RewardModels

/// How many pairs of clips a second reward networks learn from, after a first run that warms up.
struct PreferenceBench {
  /// Ensembles that are measured.
  static let ensembles = [1, 3]

  /// Seconds of one measurement.
  let seconds: Double
  /// Measurements, of which the median counts.
  let repeats: Int
  /// Threads; 0 for one a core.
  let workers: Int

  /// The figure of one ensemble.
  struct Result: Sendable {
    var networks: Int
    /// Threads that it ran on.
    var workers: Int
    /// Pairs that all networks have learnt from.
    var pairsPerSecond: Double

    /// The networks by what they are.
    var name: String { "preferences 200x50 64-64 x \(networks)" }

    /// `{name, networks, workers, pairsPerSecond}`.
    var json: JSON {
      [
        "name": .string(name), "networks": .integer(networks), "workers": .integer(workers),
        "pairsPerSecond": .number(pairsPerSecond.rounded()),
      ]
    }
  }

  /// The median of the repeats.
  ///
  /// - Parameter report: Told what is measured next.
  /// - Returns: Nil when the program was asked to stop.
  func run(networks: Int, report: (String) -> Void) throws -> Result? {
    let workers = Workers(count: workers)
    var benchmark = try PreferenceBenchmark(networks: networks, workers: workers)
    _ = try benchmark.run()
    let figure = MedianRate(seconds: seconds, repeats: repeats)
    guard let rate = try figure.measure(report: report, { try benchmark.run() }) else { return nil }
    return Result(networks: networks, workers: workers.count, pairsPerSecond: rate)
  }
}
