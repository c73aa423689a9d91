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
  /// - Returns: Nil when the program was asked to stop.
  func run(networks: Int) throws -> Result? {
    let workers = Workers(count: workers)
    var benchmark = try PreferenceBenchmark(networks: networks, workers: workers)
    _ = try benchmark.run()
    var rates: [Double] = []
    for _ in 0..<repeats {
      let start = Clock.seconds
      var (pairs, elapsed) = (0, 0.0)
      while elapsed < seconds && !Interruption.wasRequested {
        pairs += try benchmark.run()
        elapsed = Clock.seconds - start
      }
      if Interruption.wasRequested { return nil }
      rates.append(Double(pairs) / elapsed)
    }
    rates.sort()
    return Result(networks: networks, workers: workers.count, pairsPerSecond: rates[rates.count / 2])
  }
}
