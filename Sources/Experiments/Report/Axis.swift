/// A linear axis with round ticks.
struct Axis {
  var low: Double
  var high: Double
  /// Where the ends are drawn, in the picture's units.
  var start: Double
  var end: Double
  var ticks: [Double]

  /// - Parameters:
  ///   - count: About how many ticks.
  ///   - isExact: Keep the ends as given, rather than widen them to ticks.
  init(low: Double, high: Double, start: Double, end: Double, count: Int = 5, isExact: Bool = false) {
    self.start = start
    self.end = end
    let (low, high) = high > low ? (low, high) : (low - 0.5, low + 0.5)
    let step = Axis.roundStep((high - low) / Double(count))
    let first = (low / step + (isExact ? -1e-9 : 1e-9)).rounded(isExact ? .up : .down)
    let last = (high / step + (isExact ? 1e-9 : -1e-9)).rounded(isExact ? .down : .up)
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    self.low = isExact ? low : min(low, ticks.first ?? low)
    self.high = isExact ? high : max(high, ticks.last ?? high)
  }

  func position(_ value: Double) -> Double {
    start + (min(max(value, low), high) - low) / (high - low) * (end - start)
  }

  /// 1, 2 or 5 times a power of ten, at least `rough`.
  static func roundStep(_ rough: Double) -> Double {
    var power = 1.0
    while power > rough { power /= 10 }
    while power * 10 <= rough { power *= 10 }
    for factor in [1.0, 2, 5] where power * factor >= rough * 0.999_999 { return power * factor }
    return power * 10
  }

  /// The ticks' labels, all with the digits that tell them apart.
  var labels: [String] {
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
    var digits = 0
    var unit = 1.0
    while digits < 6, abs(step * unit - (step * unit).rounded()) > 1e-6 * step * unit {
      digits += 1
      unit *= 10
    }
    return ticks.map { NumberText.fixed($0, digits) }
  }

  /// Labels for environment steps: 0, 50k, 100k.
  var stepLabels: [String] { ticks.map { NumberText.steps(Int($0.rounded())) } }
}
