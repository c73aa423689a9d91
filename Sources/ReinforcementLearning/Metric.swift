/// One named number over time, for example `policy/entropy`.
public struct Metric: Sendable, Hashable {
  /// `group/name`, for example `episode/return`; TensorBoard groups by what stands before the `/`.
  public var name: String
  /// Any number; what is not finite stands in `metrics.jsonl` as "NaN", "Infinity" or "-Infinity".
  public var value: Double

  /// A number under that name.
  public init(_ name: MetricName, _ value: Double) {
    self.name = name.text
    self.value = value
  }
}
