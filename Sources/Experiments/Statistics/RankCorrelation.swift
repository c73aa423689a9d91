/// Spearman's rank correlation: how far one quantity rises with another, whatever the shape.
///
/// Source: Spearman, "The Proof and Measurement of Association between Two Things" (1904).
public enum RankCorrelation {
  /// - Parameters:
  ///   - first: `[n]`, finite.
  ///   - second: `[n]`, finite.
  /// - Returns: In -1...1, tied ranks shared; nil for fewer than three pairs, or where one of the two is constant.
  /// - Complexity: O(n log n).
  public static func of(_ first: [Double], _ second: [Double]) -> Double? {
    precondition(first.count == second.count, "a correlation is of pairs")
    guard first.count > 2 else { return nil }
    let centre = first.count + 1
    // Twice the ranks, less twice their mean: whole numbers, so that a constant has no variance.
    let a = ProbabilityOfImprovement.doubledMidranks(first).map { Double($0 - centre) }
    let b = ProbabilityOfImprovement.doubledMidranks(second).map { Double($0 - centre) }
    let (squaresOfA, squaresOfB) = (zip(a, a).sum, zip(b, b).sum)
    guard squaresOfA > 0, squaresOfB > 0 else { return nil }
    return min(1, max(-1, zip(a, b).sum / (squaresOfA * squaresOfB).squareRoot()))
  }
}

extension Sequence where Element == (Double, Double) {
  /// The sum of the products.
  fileprivate var sum: Double { reduce(0) { $0 + $1.0 * $1.1 } }
}
