/// A closed interval on the real line: what a confidence interval is.
public struct Interval: Sendable, Hashable, Codable {
  /// The lower end, which belongs to it.
  public var low: Double
  /// The upper end, which belongs to it.
  public var high: Double

  /// An interval; its ends are taken as they are given.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// From end to end.
  public var width: Double { high - low }

  /// Whether the value lies in the interval, ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// Whether the two have a point in common.
  public func overlaps(_ other: Interval) -> Bool { low <= other.high && other.low <= high }

  /// The smallest interval that holds both.
  public func hull(_ other: Interval) -> Interval {
    Interval(low: min(low, other.low), high: max(high, other.high))
  }
}

/// A figure with its confidence interval and the number of runs behind it.
///
/// The interval is `nil` where it is not defined, above all for a single run: one run says nothing about how
/// much runs differ, and no width is invented for it.
public struct Estimate: Sendable, Hashable, Codable {
  /// What the figure is of all runs; NaN where it is not defined.
  public var value: Double
  /// The confidence interval.
  public var interval: Interval?
  /// Independent runs (not episodes) behind the figure.
  public var runs: Int

  /// A figure of that many runs.
  public init(value: Double, interval: Interval?, runs: Int) {
    self.value = value
    self.interval = interval
    self.runs = runs
  }
}
