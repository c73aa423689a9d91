import Groundwork
public import ReinforcementLearning
internal import RealModule

/// What one agent's repetitions of one environment came to: a value of every measure for each, mean curves with
/// intervals, and how fast the first measure grows.
public struct RepetitionCell: Codable, Hashable, Sendable {
  /// A point of a mean curve inside the episode.
  public struct Point: Codable, Hashable, Sendable {
    /// Steps of the episode.
    public var step: Int
    /// Over the repetitions.
    public var mean: Double
    /// The ends of the mean's 95 % interval.
    public var low: Double
    /// The upper end; see `low`.
    public var high: Double
  }

  /// What a measure cannot be outside of; nil where nobody knows.
  public struct Limits: Codable, Hashable, Sendable {
    /// The least.
    public var low: Double?
    /// The most.
    public var high: Double?
  }

  /// The format's version; a file of another one is refused.
  public static let version = 2
  /// How many groups of repetitions a slope is measured in.
  static let groups = 10

  /// The version of the format that it was read from or will be written in.
  public var version = RepetitionCell.version
  /// A digest of what was measured: environment, agent, repetitions, seed.
  public var subject: String
  /// In the specification's order.
  public var measures: [Measure]
  /// By measure.
  public var limits: [Limits]
  /// By measure, a value a repetition.
  public var values: [[Double]]
  /// By measure, the mean curve, the last step included; empty for a measure without one.
  public var curves: [[Point]]
  /// Slopes of ten groups of repetitions: of the logarithm of the regret's mean over that of the steps, over the last
  /// two decades. Empty where the first measure is another one, has no curve or is 0 there.
  public var slopes: [Double]

  /// - Parameters:
  ///   - specification: The environment's.
  ///   - subject: What `subject(_:environment:agent:)` says.
  public init(_ evaluation: Evaluation, in specification: Specification, subject: String) {
    self.subject = subject
    measures = evaluation.measures
    let limits = evaluation.measures.map { Limits($0, in: specification) }
    self.limits = limits
    values = evaluation.measures.indices.map { evaluation.values(ofMeasure: $0) }
    curves = evaluation.measures.indices.map { RepetitionCell.curve(evaluation, measure: $0, limits[$0]) }
    slopes = evaluation.measures[0].name == "regret" ? RepetitionCell.slopes(evaluation) : []
  }

  /// The values of one episode's curve with its end.
  private static func points(_ record: EpisodeRecord, _ measure: Int) -> [(step: Int, value: Double)] {
    let curve = record.curves.isEmpty ? [] : record.curves[measure]
    guard !curve.isEmpty else { return [] }
    var points = zip(Measure.curveSteps(curve.count), curve).map { (step: $0, value: $1) }
    if points.last!.step < record.length { points.append((record.length, record.measures[measure])) }
    return points
  }

  private static func curve(_ evaluation: Evaluation, measure: Int, _ limits: Limits) -> [Point] {
    var samples: [Int: [Double]] = [:]
    for record in evaluation.episodes {
      for point in points(record, measure) { samples[point.step, default: []].append(point.value) }
    }
    return samples.keys.sorted().map { step in
      let mean = Aggregate.mean(of: samples[step]!)
      let interval = limits.within(StudentInterval.ofMean(samples[step]!))
      return Point(step: step, mean: mean, low: interval?.low ?? mean, high: interval?.high ?? mean)
    }
  }

  private static func slopes(_ evaluation: Evaluation) -> [Double] {
    let count = evaluation.episodes.count
    guard count >= groups else { return [] }
    var found: [Double] = []
    for group in 0..<groups {
      let members = evaluation.episodes[count * group / groups..<count * (group + 1) / groups]
      var sums: [Int: (total: Double, count: Double)] = [:]
      for record in members {
        for point in points(record, 0) {
          let old = sums[point.step] ?? (0, 0)
          sums[point.step] = (old.total + point.value, old.count + 1)
        }
      }
      let curve = sums.keys.sorted().map { (step: $0, value: sums[$0]!.total / sums[$0]!.count) }
      guard let slope = RegretFit.slope(curve) else { return [] }
      found.append(slope)
    }
    return found
  }

  /// What a cell is of.
  static func subject(_ description: RepetitionDescription, environment: Int, agent: Int) -> String {
    let document: JSON = [
      "environment": JSON(encoding: description.environments[environment]),
      "agent": JSON(encoding: description.agents[agent]), "repetitions": .integer(description.repetitions),
      "seed": .string(String(description.seed)), "version": .string(Program.version),
    ]
    return ByteDigest(document.text().utf8).description
  }

  /// The mean of a measure with its interval.
  public func estimate(_ measure: Int) -> Estimate {
    Estimate(
      value: Aggregate.mean(of: values[measure]),
      interval: limits[measure].within(StudentInterval.ofMean(values[measure])),
      runs: values[measure].count)
  }

  /// The slope with its interval over the groups; NaN where there is none.
  public var slope: Estimate {
    guard !slopes.isEmpty else { return Estimate(value: .nan, interval: nil, runs: 0) }
    return Estimate(
      value: Aggregate.mean(of: slopes), interval: StudentInterval.ofMean(slopes), runs: slopes.count)
  }

  /// The measure of that name.
  func place(_ name: String) -> Int? { measures.firstIndex { $0.name == name } }
}

extension RepetitionCell.Limits {
  /// What follows from what the environment says of its rewards and signals: of a share 0 and 1, of a sum of gaps 0.
  init(_ measure: Measure, in specification: Specification) {
    let step: ClosedRange<Double>? =
      switch measure.source {
      case .field(let name, _): specification.field(name)?.range
      case .environmentReturn: specification.rewards
      case .episodeLength: 1...1
      case .success: 0...1
      }
    guard let step else { return }
    let (least, most) = (step.lowerBound, step.upperBound)
    switch measure.accumulation {
    case .any: (low, high) = (0, 1)
    case .sum: (low, high) = (least >= 0 ? 0 : nil, most <= 0 ? 0 : nil)
    default: (low, high) = (least.isFinite ? least : nil, most.isFinite ? most : nil)
    }
  }

  /// An interval of a mean without what lies outside.
  func within(_ interval: Interval?) -> Interval? {
    interval.map { Interval(low: max($0.low, low ?? -.infinity), high: min($0.high, high ?? .infinity)) }
  }
}
