/// Numbers as readers want them; the same text on every platform and locale.
enum NumberText {
  /// What stands for a figure that is not defined.
  static let missing = "–"

  /// That many digits after the point, halves away from zero.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? missing : value > 0 ? "∞" : "−∞" }
    guard abs(value) < 1e12 else { return scientific(value) }
    var unit = 1.0
    for _ in 0..<digits { unit *= 10 }
    let scaled = Int((abs(value) * unit).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % Int(unit))
    return sign + String(scaled / Int(unit)) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// Three digits and a power of ten: 3.14e14.
  private static func scientific(_ value: Double) -> String {
    var (mantissa, exponent) = (abs(value), 0)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    let text = fixed(mantissa, 2)
    return (value < 0 ? "-" : "") + (text == "10.00" ? "1.00e\(exponent + 1)" : "\(text)e\(exponent)")
  }

  /// Digits by size: 0.98, 12.3, 1234.
  static func short(_ value: Double) -> String { fixed(value, digits(for: abs(value))) }

  /// With a sign in front, whatever it is.
  static func signed(_ value: Double, digits: Int? = nil) -> String {
    let text = digits.map { fixed(value, $0) } ?? short(value)
    return value > 0 ? "+" + text : text
  }

  /// 950, 12.5k, 1.2M.
  static func steps(_ value: Int) -> String {
    switch abs(value) {
    case ..<1_000: String(value)
    case ..<999_950: trimmed(Double(value) / 1_000) + "k"
    case ..<999_950_000: trimmed(Double(value) / 1_000_000) + "M"
    default: trimmed(Double(value) / 1_000_000_000) + "G"
    }
  }

  static func steps(_ value: Int?) -> String { value.map { steps($0) } ?? "not reached" }

  /// 4.2 s, 12 min, 1.5 h.
  static func seconds(_ value: Double) -> String {
    switch value {
    case ..<60: fixed(value, value < 10 ? 1 : 0) + " s"
    case ..<5_400: fixed(value / 60, value < 600 ? 1 : 0) + " min"
    case ..<Double.infinity: fixed(value / 3_600, 1) + " h"
    default: missing
    }
  }

  /// 0.98 [0.95, 1.00], all with the same digits; without an interval only the value.
  static func estimate(_ estimate: Estimate, digits: Int? = nil) -> String {
    guard let interval = estimate.interval else {
      return fixed(estimate.value, digits ?? self.digits(for: abs(estimate.value)))
    }
    let digits = digits ?? self.digits(for: max(abs(interval.low), abs(interval.high)))
    let bounds = "[\(fixed(interval.low, digits)), \(fixed(interval.high, digits))]"
    return "\(fixed(estimate.value, digits)) \(bounds)"
  }

  static func pValue(_ value: Double) -> String { value < 0.001 ? "p < 0.001" : "p = \(fixed(value, 3))" }

  private static func digits(for size: Double) -> Int { size >= 1_000 ? 0 : size >= 10 ? 1 : 2 }

  private static func trimmed(_ value: Double) -> String {
    let text = fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
