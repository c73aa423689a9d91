internal import Groundwork

/// Refuses a configuration value, naming it, what it is and what it may be.
///
/// - Parameters:
///   - holds: Whether the value is allowed; NaN fails every comparison and so is refused.
///   - range: What it may be, as the error says it: "above 0, at most 1".
package func require(_ holds: Bool, _ name: String, _ value: Double, _ range: String) throws {
  let text = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  try Check("environment.\(name)", text, holds, "It must be \(range)").enforce()
}

/// Which of 8 equal bins of [-limit, limit] a number falls into; what lies outside counts to the outer bins.
@inlinable package func bin(_ value: Double, in limit: Double, bins: Int = 8) -> UInt8 {
  let scaled = (value / limit + 1) * 0.5 * Double(bins)
  guard scaled > 0 else { return 0 }
  return UInt8(min(Double(bins - 1), scaled))
}

/// A number with three digits after the point, for captions; no locale and no Foundation.
///
/// Half a thousandth is rounded away from zero; what is too large or no number is written as Swift writes it.
package func fixed(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  let thousandths = Int((abs(value) * 1000).rounded())
  let digits = "\(thousandths % 1000)"
  let sign = value < 0 && thousandths > 0 ? "-" : ""
  return sign + "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
}
