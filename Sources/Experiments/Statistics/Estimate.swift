/// A closed interval on the real line: what a confidence interval is.
public struct Interval: Sendable, Hashable, Codable {
  public var low: Double
  public var high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  public var width: Double { high - low }

  /// Whether the value lies in the interval, ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

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
  public var value: Double
  public var interval: Interval?
  /// Independent runs (not episodes) behind the figure.
  public var runs: Int

  public init(value: Double, interval: Interval?, runs: Int) {
    self.value = value
    self.interval = interval
    self.runs = runs
  }
}
