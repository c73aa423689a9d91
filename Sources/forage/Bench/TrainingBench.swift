import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// How fast an agent trains: collection, advantages and updates together.
struct TrainingBench {
  /// Seconds of one measurement.
  let seconds: Double
  let repeats: Int
  let workers: Int

  struct Result: Sendable {
    var name: String
    var stepsPerSecond: Double

    var json: JSON { ["name": .string(name), "stepsPerSecond": .number(stepsPerSecond.rounded())] }
  }

  /// The median of the repeats.
  ///
  /// - Returns: Nil when the program was asked to stop.
  func run(_ listing: TrainingListing) throws -> Result? {
    let plan = try listing.plan()
    var rates: [Double] = []
    for _ in 0..<repeats {
      guard let rate = try stepsPerSecond(plan) else { return nil }
      rates.append(rate)
    }
    rates.sort()
    return Result(name: listing.name, stepsPerSecond: rates[rates.count / 2])
  }

  private func stepsPerSecond(_ plan: RunPlan) throws -> Double? {
    let stopwatch = Stopwatch(seconds: seconds)
    let session = TrainingSession(
      recipe: plan.environment, rewardModel: try plan.makeRewardDesign(), totalSteps: 1_000_000_000, seed: 1,
      workers: Workers(count: workers), signals: plan.signals, observer: stopwatch)
    do {
      try plan.makeAgent().train(in: session)
    } catch is TrainingStopped {}
    return Interruption.wasRequested ? nil : stopwatch.stepsPerSecond
  }
}

/// Counts the steps after a first iteration that warms up, until its time is over.
private final class Stopwatch: TrainingObserver {
  private let seconds: Double
  private var start: (step: Int, time: Double)?
  private(set) var stepsPerSecond = 0.0

  init(seconds: Double) { self.seconds = seconds }

  func iterationEnded(_ report: IterationReport, agent: any Agent, save: () -> SavedState) throws -> Bool {
    let now = Clock.seconds
    guard let start else {
      start = (report.step, now)
      return true
    }
    stepsPerSecond = Double(report.step - start.step) / (now - start.time)
    return now - start.time < seconds && !Interruption.wasRequested
  }
}
