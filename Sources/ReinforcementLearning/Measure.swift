/// Something that a task is judged by, or that a reader wants to know of every episode: one number an episode.
///
/// A specification lists its measures; the first is what the task is judged by. The batch adds them up while episodes
/// run; evaluations, comparisons and reports read them and know nothing else of a task. A measure is not a reward: it
/// never reaches an agent.
public struct Measure: Sendable, Hashable, Codable {
  /// What is read after each step.
  public enum Source: Sendable, Hashable, Codable {
    /// The environment's reward of the step.
    case environmentReturn
    /// 1 for each step.
    case episodeLength
    /// 1 where the transition says that the task was done in the step, otherwise 0.
    case success
    /// An element of a numeric field or signal of the observation that the step led to. The field is written in every
    /// rollout that records measures, whoever else wants it.
    case field(String, element: Int)
  }

  /// How the numbers of the steps become the episode's.
  public enum Accumulation: String, Sendable, Hashable, Codable {
    /// Over the steps of the episode.
    case sum, last, maximum, mean
    /// 1 when the number was not 0 after any step, otherwise 0: over episodes a rate.
    case any
  }

  /// Which values are good: how scores are normalised, which episode is the median, what charts say of their axis.
  public enum Direction: String, Sendable, Hashable, Codable {
    /// More is better.
    case higher
    /// Less is better.
    case lower
  }

  /// For example `return`, `success`, `regret`; no two of a specification alike. Metrics are called `episode/NAME` and
  /// `evaluation/NAME`.
  public var name: String
  /// What is read after each step.
  public var source: Source
  /// How those numbers become the episode's.
  public var accumulation: Accumulation
  /// Which values are good.
  public var direction: Direction
  /// What a poor and a perfect episode give, for normalised scores and for the axes of reports; values may lie outside.
  /// Nil where nobody knows: scores are then scaled to what was seen.
  public var range: ClosedRange<Double>?
  /// The least that a run must end with to have learnt the task, in the measure's units; reports count the runs that
  /// end with less as failed. Nil where nobody has said: see `failureLimit`.
  public var passing: Double?
  /// One line for `forage list` and reports.
  public var summary: String
  /// Whether the value is also kept as it stood after 1, 2, 5, 10, 20, 50, ... steps of the episode.
  public var hasCurve: Bool

  /// A measure.
  ///
  /// - Parameter range: Nil, the default, where nobody knows; a measure that accumulates as `any` then has 0...1.
  public init(
    _ name: String, of source: Source, _ accumulation: Accumulation, _ direction: Direction = .higher,
    range: ClosedRange<Double>? = nil, passing: Double? = nil, hasCurve: Bool = false, summary: String
  ) {
    self.name = name
    self.source = source
    self.accumulation = accumulation
    self.direction = direction
    self.range = range ?? (accumulation == .any ? 0...1 : nil)
    self.passing = passing
    self.hasCurve = hasCurve
    self.summary = summary
  }

  /// Whether its mean over episodes is a rate: what episodes had of it is yes or no.
  public var isRate: Bool { accumulation == .any || source == .success && accumulation == .last }

  /// A run that ends with a worse mean has failed: `passing`, else half way from a poor to a perfect episode; nil where
  /// neither is known, and then only a run that broke has failed.
  public var failureLimit: Double? { passing ?? range.map { ($0.lowerBound + $0.upperBound) / 2 } }

  /// Whether a run that ended with that mean has failed; one that is not a number has.
  public func isFailure(_ value: Double) -> Bool {
    guard value.isFinite else { return true }
    guard let limit = failureLimit else { return false }
    return direction == .higher ? value < limit : value > limit
  }
}

extension Measure {
  /// The undiscounted sum of the environment's rewards.
  public static func `return`(in range: ClosedRange<Double>? = nil, passing: Double? = nil) -> Measure {
    Measure(
      "return", of: .environmentReturn, .sum, range: range, passing: passing,
      summary: "sum of the environment's rewards")
  }

  /// The steps of an episode.
  public static func length(_ direction: Direction = .lower) -> Measure {
    Measure("length", of: .episodeLength, .sum, direction, summary: "steps of the episode")
  }

  /// What a measure is called that says whether an episode was cut because the environment broke: those of a training
  /// are counted, too (`MetricName.episodeFaults`).
  public static let faultName = "fault"
  /// Whether it is the measure of that name that says whether an episode broke.
  public var isFault: Bool { name == Measure.faultName && isRate }

  /// Whether the task was done in any step, by the environment's own rule.
  public static let success = Measure("success", of: .success, .any, summary: "whether the task was done")

  /// Whether the task was done in the last step: what is said of tasks in which what is reached has to be kept.
  public static let successAtEnd = Measure(
    "successAtEnd", of: .success, .last, range: 0...1, summary: "whether the task was done in the last step")
}

extension Measure {
  /// The first step after that one at which curves have a point: 1, 2 and 5 times the powers of ten.
  static func curveStep(after step: Int) -> Int {
    var power = 1
    while 5 * power <= step { power *= 10 }
    return power > step ? power : 2 * power > step ? 2 * power : 5 * power
  }

  /// How many points a curve has after that many steps.
  static func curvePoints(upTo steps: Int) -> Int {
    var points = 0
    var power = 1
    while power <= steps {
      points += steps >= 5 * power ? 3 : steps >= 2 * power ? 2 : 1
      power *= 10
    }
    return points
  }

  /// The first `count` steps at which curves have points: 1, 2, 5, 10, 20, 50, ...
  public static func curveSteps(_ count: Int) -> [Int] {
    var steps: [Int] = []
    var power = 1
    while steps.count < count {
      steps += [power, 2 * power, 5 * power]
      power *= 10
    }
    return Array(steps.prefix(count))
  }
}

extension Measure.Accumulation {
  /// The total before the first step.
  var start: Double { self == .maximum ? -.infinity : 0 }

  /// Adds the number of one more step to a total.
  func add(_ value: Double, to total: inout Double) {
    switch self {
    case .sum, .mean: total += value
    case .last: total = value
    case .maximum: total = max(total, value)
    case .any: if value != 0 { total = 1 }
    }
  }

  /// The value after so many steps, 1 or more.
  func value(_ total: Double, steps: Int) -> Double { self == .mean ? total / Double(steps) : total }
}

extension Specification {
  /// Signals that measures read: every rollout that records measures holds them.
  public var measuredSignals: [String] {
    var names: [String] = []
    for measure in measures {
      guard case .field(let name, _) = measure.source, field(name)?.role == .signal else { continue }
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Whether success is a measure of the task; where it is not, what transitions say of it is not reported.
  public var hasSuccess: Bool { measures.contains { $0.source == .success } }
}
