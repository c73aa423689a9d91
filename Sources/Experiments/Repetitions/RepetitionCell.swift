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

  /// The format's version; a file of another one is refused.
  public static let version = 1
  /// How many groups of repetitions a slope is measured in.
  static let groups = 10

  /// The version of the format that it was read from or will be written in.
  public var version = RepetitionCell.version
  /// A digest of what was measured: environment, agent, repetitions, seed.
  public var subject: String
  /// In the specification's order.
  public var measures: [Measure]
  /// By measure, a value a repetition.
  public var values: [[Double]]
  /// By measure, the mean curve, the last step included; empty for a measure without one.
  public var curves: [[Point]]
  /// Slopes of ten groups of repetitions: of the logarithm of the first measure's mean over that of the steps, over the
  /// last two decades. Empty where it has no curve or is 0 there.
  public var slopes: [Double]

  /// - Parameter subject: What `subject(_:environment:agent:)` says.
  public init(_ evaluation: Evaluation, subject: String) {
    self.subject = subject
    measures = evaluation.measures
    values = evaluation.measures.indices.map { evaluation.values(ofMeasure: $0) }
    curves = evaluation.measures.indices.map { RepetitionCell.curve(evaluation, measure: $0) }
    slopes = RepetitionCell.slopes(evaluation)
  }

  /// The values of one episode's curve with its end.
  private static func points(_ record: EpisodeRecord, _ measure: Int) -> [(step: Int, value: Double)] {
    let curve = record.curves.isEmpty ? [] : record.curves[measure]
    guard !curve.isEmpty else { return [] }
    var points = zip(Measure.curveSteps(curve.count), curve).map { (step: $0, value: $1) }
    if points.last!.step < record.length { points.append((record.length, record.measures[measure])) }
    return points
  }

  private static func curve(_ evaluation: Evaluation, measure: Int) -> [Point] {
    var samples: [Int: [Double]] = [:]
    for record in evaluation.episodes {
      for point in points(record, measure) { samples[point.step, default: []].append(point.value) }
    }
    return samples.keys.sorted().map { step in
      let mean = Aggregate.mean(of: samples[step]!)
      let interval = interval(samples[step]!, evaluation.measures[measure])
      return Point(step: step, mean: mean, low: interval?.low ?? mean, high: interval?.high ?? mean)
    }
  }

  /// Of the mean, as far as the measure goes: a share's does not reach beyond 0 and 1.
  private static func interval(_ values: [Double], _ measure: Measure) -> Interval? {
    guard let interval = StudentInterval.ofMean(values), let range = measure.range else {
      return StudentInterval.ofMean(values)
    }
    return Interval(low: max(interval.low, range.lowerBound), high: min(interval.high, range.upperBound))
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
      interval: RepetitionCell.interval(values[measure], measures[measure]),
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
