internal import Groundwork
internal import RealModule

/// Something that is measured once a seed.
public struct ClaimQuantity: Hashable, Sendable {
  /// For example `uniform`.
  public let name: String
  /// What its values are: "steps to the first success", "success"; quantities of one unit share a chart.
  public let unit: String
  /// For a rate, the name of the size's value that says of how many trials a seed's value is the share; nil for all
  /// else.
  public let trials: String?

  /// - Parameter trials: Makes it a rate in 0...1, whose intervals also cover the chance of its trials.
  public init(_ name: String, unit: String, trials: String? = nil) {
    self.name = name
    self.unit = unit
    self.trials = trials
  }

  var text: String { "\(name): \(unit)" + (trials.map { " of \($0)" } ?? "") }
}

/// What is made of the seeds' measurements: one number with its 95 % interval.
public struct ClaimFigure: Hashable, Sendable {
  /// How the number is made. Quantities of one seed belong together: differences and ratios are taken seed by seed.
  public enum Statistic: Hashable, Sendable {
    /// The mean over seeds.
    case mean(of: String)
    /// The mean over seeds of the first less the second.
    case difference(String, minus: String)
    /// The geometric mean over seeds of the first over the second, both above 0.
    case ratio(String, over: String)

    /// In a few words, for tables.
    public var text: String {
      switch self {
      case .mean(let name): "mean of \(name)"
      case .difference(let first, let second): "mean of \(first) minus \(second), seed by seed"
      case .ratio(let first, let second): "geometric mean of \(first) over \(second), seed by seed"
      }
    }
  }

  /// What tables and criteria call it; no two of a claim alike.
  public let name: String
  /// How the number is made of the quantities.
  public let statistic: Statistic
  /// Digits after the point when it is printed.
  public let digits: Int

  /// A figure of quantities that the claim measures.
  public init(_ name: String, _ statistic: Statistic, digits: Int = 2) {
    self.name = name
    self.statistic = statistic
    self.digits = digits
  }

  /// The quantities that it is made of.
  var quantities: [String] {
    switch statistic {
    case .mean(let name): [name]
    case .difference(let first, let second), .ratio(let first, let second): [first, second]
    }
  }

  /// The number and its interval.
  ///
  /// Student's interval over the seeds; of a ratio, that of the logarithms. A rate that every seed shares has no spread
  /// and is not certain for that: the interval of rates is the hull with Wilson's over all trials, of a difference of
  /// two rates with Newcombe's.
  ///
  /// - Parameters:
  ///   - samples: `[seeds]`: each quantity's value by its name.
  ///   - trials: How many trials a quantity's value is of; nil for one that is no rate.
  /// - Returns: NaN without interval for a ratio of what is not above 0.
  ///
  /// Source: Newcombe, "Interval Estimation for the Difference Between Independent Proportions" (1998), method 10.
  func estimate(_ samples: [[String: Double]], trials: (String) -> Int?) -> Estimate {
    func values(_ name: String) -> [Double] { samples.map { $0[name] ?? .nan } }
    switch statistic {
    case .mean(let name):
      let values = values(name)
      let mean = Aggregate.mean(of: values)
      return Estimate(
        value: mean, interval: hull(StudentInterval.ofMean(values), wilson(values, trials(name)), 0...1),
        runs: values.count)
    case .difference(let first, let second):
      let (a, b) = (values(first), values(second))
      let differences = zip(a, b).map { $0 - $1 }
      let mean = Aggregate.mean(of: differences)
      var newcombe: Interval?
      if let ofFirst = wilson(a, trials(first)), let ofSecond = wilson(b, trials(second)) {
        let (rateA, rateB) = (Aggregate.mean(of: a), Aggregate.mean(of: b))
        func distance(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        newcombe = Interval(
          low: mean - distance(rateA - ofFirst.low, ofSecond.high - rateB),
          high: mean + distance(ofFirst.high - rateA, rateB - ofSecond.low))
      }
      return Estimate(
        value: mean, interval: hull(StudentInterval.ofMean(differences), newcombe, -1...1), runs: differences.count)
    case .ratio(let first, let second):
      let (a, b) = (values(first), values(second))
      guard (a + b).allSatisfy({ $0 > 0 && $0.isFinite }) else {
        return Estimate(value: .nan, interval: nil, runs: a.count)
      }
      let logs = zip(a, b).map { Double.log($0 / $1) }
      let interval = StudentInterval.ofMean(logs).map { Interval(low: Double.exp($0.low), high: Double.exp($0.high)) }
      return Estimate(value: Double.exp(Aggregate.mean(of: logs)), interval: interval, runs: a.count)
    }
  }

  /// Wilson's interval of a rate over all seeds' trials; nil for what is no rate.
  private func wilson(_ values: [Double], _ trials: Int?) -> Interval? {
    guard let trials, values.allSatisfy({ (0...1).contains($0) }) else { return nil }
    let all = trials * values.count
    // A sum of rounded shares may pass the number of trials by a rounding.
    let successes = min(Double(all), max(0, Aggregate.mean(of: values) * Double(all)))
    return SuccessRate.wilsonInterval(successes: successes, trials: all)
  }

  /// The interval over seeds, of rates the hull with that of their trials, within what is possible.
  private func hull(_ seeds: Interval?, _ trials: Interval?, _ range: ClosedRange<Double>) -> Interval? {
    guard let seeds, let trials else { return seeds }
    let hull = seeds.hull(trials)
    return Interval(low: max(hull.low, range.lowerBound), high: min(hull.high, range.upperBound))
  }
}
