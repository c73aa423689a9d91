import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// How fast an agent trains: collection, advantages and updates together.
///
/// The budget is far beyond what the time allows, so schedules that depend on it stand at their beginning.
struct TrainingBench {
  /// Seconds of one measurement.
  let seconds: Double
  /// Measurements, of which the median counts; each trains a new agent.
  let repeats: Int
  /// Threads; 0 for one a core.
  let workers: Int

  /// The figure of one agent in one environment.
  struct Result: Sendable {
    /// The listing's name.
    var name: String
    /// Environment steps over the whole time, learning included.
    var stepsPerSecond: Double

    var json: JSON { ["name": .string(name), "stepsPerSecond": .number(stepsPerSecond.rounded())] }
  }

  /// The median of the repeats.
  ///
  /// - Parameter report: Told what is measured next.
  /// - Returns: Nil when the program was asked to stop.
  func run(_ listing: TrainingListing, report: (String) -> Void) throws -> Result? {
    let plan = try listing.plan()
    var rates: [Double] = []
    for number in 0..<repeats {
      report("\(number + 1) of \(repeats)")
      guard let rate = try stepsPerSecond(plan) else { return nil }
      rates.append(rate)
    }
    rates.sort()
    return Result(name: listing.name, stepsPerSecond: rates[rates.count / 2])
  }

  /// One measurement; nil when the program was asked to stop.
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
  /// Step and time at the end of the first iteration; nil before it.
  private var start: (step: Int, time: Double)?
  /// Up to the latest iteration.
  private(set) var stepsPerSecond = 0.0

  /// - Parameter seconds: How long to train after the first iteration.
  init(seconds: Double) { self.seconds = seconds }

  /// Takes the time; false, which stops the training, once it is over.
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
