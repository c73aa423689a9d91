/// One number for the scores of all runs on all tasks.
///
/// Source: Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical Precipice" (2021), and
/// the definitions of its library rliable.
public enum Aggregate: Sendable, Hashable {
  /// The mean over tasks of the means over runs.
  case mean
  /// The median over tasks of the means over runs.
  case median
  /// The mean of the middle half of all runs' scores, pooled over tasks. Robust to a lucky run as the median
  /// is, at less variance.
  case interquartileMean
  /// How far the scores fall short of the target, the mean over tasks of the means over runs; scores above the target
  /// count as the target. Lower is better.
  case optimalityGap(target: Double = 1)

  /// The aggregate of a table.
  ///
  /// - Complexity: O(n log n) in the number of scores.
  public func callAsFunction(_ scores: ScoreTable) -> Double {
    switch self {
    case .mean: return Aggregate.mean(of: scores.taskMeans)
    case .median: return Aggregate.median(of: scores.taskMeans)
    case .interquartileMean: return Aggregate.interquartileMean(of: scores.pooled)
    case .optimalityGap(let target):
      return target - Aggregate.mean(of: scores.tasks.map { Aggregate.mean(of: $0.map { min($0, target) }) })
    }
  }

  /// The arithmetic mean; NaN of nothing.
  public static func mean(of values: [Double]) -> Double {
    var total = 0.0
    for value in values { total += value }
    return total / Double(values.count)
  }

  /// The middle value, or the mean of the two in the middle; NaN of nothing.
  public static func median(of values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The mean of what remains after dropping ⌊n/4⌋ values at each end (scipy's `trim_mean(x, 0.25)`); NaN of
  /// nothing.
  public static func interquartileMean(of values: [Double]) -> Double {
    let dropped = values.count / 4
    return mean(of: Array(values.sorted().dropFirst(dropped).dropLast(dropped)))
  }

  /// The sample's standard deviation, with n - 1 below the line; NaN for fewer than two values.
  public static func standardDeviation(of values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let centre = mean(of: values)
    var squares = 0.0
    for value in values { squares += (value - centre) * (value - centre) }
    return (squares / Double(values.count - 1)).squareRoot()
  }
}
