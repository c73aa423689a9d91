public import Groundwork
public import ReinforcementLearning

/// A measure over the training of one arm of a claim, as means over the seeds.
public struct ClaimCurve: Sendable {
  /// The training's name.
  public var training: String
  /// What its evaluations are judged by.
  public var measure: Measure
  /// Rising steps that every seed was evaluated at; intervals within the measure's range.
  public var points: [(x: Double, y: Double, interval: Interval?)]
}

extension ClaimRun {
  /// The learning curves of the trainings that the claim shows; none of those that were not evaluated on the way or
  /// whose directories are gone.
  public func curves() throws(UserError) -> [ClaimCurve] {
    var curves: [ClaimCurve] = []
    for training in claim.shownTrainings {
      var measure = Measure.return()
      var values: [Int: [Double]] = [:]
      for seed in description.seeds {
        guard let (directory, evaluation) = try finished(training, seed: seed) else { continue }
        measure = evaluation.judged.measure
        for line in try directory.finalMetrics() {
          if let value = line[.evaluation(measure.name)] { values[line.step, default: []].append(value) }
        }
      }
      let steps = values.keys.sorted().filter { values[$0]!.count == description.seeds.count }
      guard steps.count > 1 else { continue }
      curves.append(
        ClaimCurve(
          training: training, measure: measure,
          points: steps.map { step in
            (Double(step), Aggregate.mean(of: values[step]!), interval(values[step]!, measure.range))
          }))
    }
    return curves
  }

  /// Student's interval, no further than what the measure can be.
  private func interval(_ values: [Double], _ range: ClosedRange<Double>?) -> Interval? {
    guard let interval = StudentInterval.ofMean(values), let range else { return StudentInterval.ofMean(values) }
    return Interval(low: max(interval.low, range.lowerBound), high: min(interval.high, range.upperBound))
  }

  /// For each training that the claim shows, the median episode of the seed in the middle.
  public func medianReplays() throws(UserError) -> [(training: String, seed: UInt64, replay: Replay)] {
    var chosen: [(training: String, seed: UInt64, replay: Replay)] = []
    for training in claim.shownTrainings {
      var found: [(value: Double, seed: UInt64, path: String)] = []
      for seed in description.seeds {
        guard let (directory, evaluation) = try finished(training, seed: seed) else { continue }
        found.append((evaluation.judged.mean, seed, directory.replays + "/final-median.json"))
      }
      found.sort { ($0.value, $0.seed) < ($1.value, $1.seed) }
      guard !found.isEmpty else { continue }
      let median = found[(found.count - 1) / 2]
      if Files.exists(median.path) { chosen.append((training, median.seed, try Replay(reading: median.path))) }
    }
    return chosen
  }

  private func finished(
    _ training: String, seed: UInt64
  ) throws(UserError) -> (directory: RunDirectory, evaluation: RunEvaluation)? {
    let path = directory(of: training, seed: seed)
    guard Files.exists(path + "/run.json") else { return nil }
    let directory = try RunDirectory(opening: path)
    return try directory.finalEvaluation().map { (directory, $0) }
  }

  /// Writes the page of a result.
  ///
  /// - Returns: Its path.
  public func writeReport(_ result: ClaimResult, movies: [ReplayMovie] = []) throws(UserError) -> String {
    let page = path + "/report.html"
    let html = ClaimPage(claim: claim, result: result, curves: try curves(), movies: movies).html
    try Files.writeAtomically(html, to: page)
    return page
  }
}
