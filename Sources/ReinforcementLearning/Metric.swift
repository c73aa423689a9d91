/// One named number over time, for example `policy/entropy`.
public struct Metric: Sendable, Hashable {
  public var name: String
  public var value: Double

  public init(_ name: MetricName, _ value: Double) {
    self.name = name.text
    self.value = value
  }
}
