internal import RealModule

/// A regret curve as EVOLvE describes it: f(T) = l1 ln(T)^a + b T + l2, by least squares with l1, b and l2 from 0.
///
/// A curve with b near 0 is sub-linear; the gap that EVOLvE divides l1 by is left in it here, since several gaps may be
/// mixed.
///
/// Source: Nie et al. 2024, "EVOLvE: Evaluating and Optimizing LLMs For In-Context Exploration".
public struct RegretFit: Hashable, Sendable {
  /// Of the logarithm's power.
  public var coefficient: Double
  /// The logarithm's power (a), one of `powers`.
  public var power: Double
  /// Regret a pull that never ends (b).
  public var linear: Double
  /// At the start (l2).
  public var constant: Double
  /// Root of the mean square of what is left.
  public var error: Double

  /// Among which the power is sought: 0.25 to 4.
  private static let powers = (0...75).map { 0.25 + Double($0) * 0.05 }

  /// The power for people: nothing where there is no logarithm in the fit, and at an end of its range that it may lie
  /// beyond.
  var powerText: String {
    guard coefficient > 0 else { return NumberText.missing }
    let number = NumberText.fixed(power, 2)
    return power == RegretFit.powers.last ? ">= \(number)" : power == RegretFit.powers.first ? "<= \(number)" : number
  }

  /// The fit of a curve of at least four points; nil for fewer.
  public init?(_ curve: [(step: Int, value: Double)]) {
    let curve = curve.filter { $0.step >= 2 && $0.value.isFinite }
    guard curve.count >= 4 else { return nil }
    var best: RegretFit?
    for power in RegretFit.powers {
      let columns = curve.map { point in
        [Double.pow(Double.log(Double(point.step)), power), Double(point.step), 1]
      }
      guard let solved = RegretFit.nonNegative(columns, curve.map(\.value)) else { continue }
      let error = RegretFit.error(columns, curve.map(\.value), solved)
      if error < best?.error ?? .infinity {
        best = RegretFit(
          coefficient: solved[0], power: power, linear: solved[1], constant: solved[2], error: error)
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init(coefficient: Double, power: Double, linear: Double, constant: Double, error: Double) {
    self.coefficient = coefficient
    self.power = power
    self.linear = linear
    self.constant = constant
    self.error = error
  }

  private static func error(_ rows: [[Double]], _ values: [Double], _ weights: [Double]) -> Double {
    let square = zip(rows, values).reduce(0.0) { sum, pair in
      let left = pair.1 - zip(pair.0, weights).reduce(0) { $0 + $1.0 * $1.1 }
      return sum + left * left
    }
    return (square / Double(values.count)).squareRoot()
  }

  /// Least squares with weights from 0: the best over all choices of which weights are 0.
  private static func nonNegative(_ rows: [[Double]], _ values: [Double]) -> [Double]? {
    var best: (error: Double, weights: [Double])?
    for subset in 1..<8 {
      let chosen = (0..<3).filter { subset >> $0 & 1 == 1 }
      guard let part = solve(rows.map { row in chosen.map { row[$0] } }, values), part.allSatisfy({ $0 >= 0 })
      else { continue }
      var weights = [0.0, 0, 0]
      for (place, weight) in zip(chosen, part) { weights[place] = weight }
      let error = error(rows, values, weights)
      if error < best?.error ?? .infinity { best = (error, weights) }
    }
    return best?.weights
  }

  /// Least squares by the normal equations, columns scaled to length 1.
  private static func solve(_ rows: [[Double]], _ values: [Double]) -> [Double]? {
    let n = rows[0].count
    let scales = (0..<n).map { column in rows.reduce(0.0) { $0 + $1[column] * $1[column] }.squareRoot() }
    guard scales.allSatisfy({ $0 > 0 }) else { return nil }
    var matrix = (0..<n).map { i in
      (0..<n).map { j in rows.reduce(0.0) { $0 + $1[i] * $1[j] } / scales[i] / scales[j] }
        + [zip(rows, values).reduce(0.0) { $0 + $1.0[i] * $1.1 } / scales[i]]
    }
    for pivot in 0..<n {
      let row = (pivot..<n).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) }!
      matrix.swapAt(pivot, row)
      guard abs(matrix[pivot][pivot]) > 1e-12 else { return nil }
      for other in 0..<n where other != pivot {
        let factor = matrix[other][pivot] / matrix[pivot][pivot]
        for column in pivot...n { matrix[other][column] -= factor * matrix[pivot][column] }
      }
    }
    return (0..<n).map { matrix[$0][n] / matrix[$0][$0] / scales[$0] }
  }

  /// The slope of the logarithm of a curve over that of the steps, over its last two decades; nil where it is not above
  /// 0 there, or has fewer than three points.
  ///
  /// Below 0.9 a regret is called sub-linear, above 0.95 linear.
  public static func slope(_ curve: [(step: Int, value: Double)]) -> Double? {
    guard let end = curve.last?.step else { return nil }
    let points = curve.filter { 100 * $0.step >= end }
    guard points.count >= 3, points.allSatisfy({ $0.value > 0 }) else { return nil }
    let xs = points.map { Double.log(Double($0.step)) }
    let ys = points.map { Double.log($0.value) }
    let (x, y) = (Aggregate.mean(of: xs), Aggregate.mean(of: ys))
    let covariance = zip(xs, ys).reduce(0.0) { $0 + ($1.0 - x) * ($1.1 - y) }
    return covariance / xs.reduce(0.0) { $0 + ($1 - x) * ($1 - x) }
  }
}
