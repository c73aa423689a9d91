/// How likely a run of one arm is to score above a run of another.
///
/// ½ means that the two cannot be told apart by their order; 1 that every run of the first beat every run of
/// the second. It says nothing of how large the difference is.
public enum ProbabilityOfImprovement {
  /// P(X > Y), ties counting ½, in each task; then the mean over tasks.
  ///
  /// - Parameters:
  ///   - first: X.
  ///   - second: Y, with the same tasks in the same order.
  /// - Complexity: O(runs of X · runs of Y · tasks); allocates nothing.
  ///
  /// Source: the Mann-Whitney U statistic over n·m, as in Agarwal et al. (2021), section 4.4.
  public static func value(_ first: ScoreTable, over second: ScoreTable) -> Double {
    precondition(first.tasks.count == second.tasks.count, "the two arms must have the same tasks")
    var total = 0.0
    for task in first.tasks.indices {
      let mine = first.tasks[task]
      let theirs = second.tasks[task]
      var halves = 0
      for x in mine {
        for y in theirs { halves += x > y ? 2 : (x == y ? 1 : 0) }
      }
      total += Double(halves) / Double(2 * mine.count * theirs.count)
    }
    return total / Double(first.tasks.count)
  }

  /// P(X > Y) with its two-sample stratified bootstrap interval.
  public static func estimate(
    _ first: ScoreTable, over second: ScoreTable, bootstrap: Bootstrap = Bootstrap(),
    random: inout some RandomNumberGenerator
  ) -> Estimate {
    let interval = bootstrap.interval(of: first, and: second, random: &random) { value($0, over: $1) }
    return Estimate(
      value: value(first, over: second), interval: interval, runs: min(first.fewestRuns, second.fewestRuns))
  }

  /// The two-sided p-value of the Mann-Whitney test: how often a random relabelling of the runs separates the
  /// two arms at least as much as theirs does.
  ///
  /// Exact, by counting all relabellings with tied ranks shared, so it is honest for few runs: with three runs
  /// each it cannot fall below 0.1, whatever the scores. NaN scores are not allowed.
  ///
  /// - Returns: 1 when either arm has no run.
  /// - Complexity: O(n² · n · m) for n runs in all, by dynamic programming over rank sums.
  public static func rankTest(_ first: [Double], _ second: [Double]) -> Double {
    guard !first.isEmpty, !second.isEmpty else { return 1 }
    let pooled = first + second
    // Twice the mid-ranks, which are integers.
    let ranks = pooled.map { value in
      var doubled = 1
      for other in pooled { doubled += other < value ? 2 : (other == value ? 1 : 0) }
      return doubled
    }
    let observed = ranks[..<first.count].reduce(0, +)
    let centre = first.count * (pooled.count + 1)
    let largest = ranks.reduce(0, +)
    // ways[k][s]: the number of ways to choose k runs whose doubled ranks add up to s. Doubles are exact up to
    // 2^53 and their ratio is good beyond.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: largest + 1), count: first.count + 1)
    ways[0][0] = 1
    for (index, rank) in ranks.enumerated() {
      for chosen in stride(from: min(index + 1, first.count), through: 1, by: -1) {
        for sum in stride(from: largest, through: rank, by: -1) { ways[chosen][sum] += ways[chosen - 1][sum - rank] }
      }
    }
    var total = 0.0
    var extreme = 0.0
    for (sum, count) in ways[first.count].enumerated() {
      total += count
      if abs(sum - centre) >= abs(observed - centre) { extreme += count }
    }
    return extreme / total
  }

  /// The two-sided p-value over several tasks: how often relabelling the runs at random within each task moves
  /// P(X > Y) at least as far from ½. With one task this approximates `rankTest`.
  ///
  /// - Returns: In (0, 1]; the labelling that was observed counts as one of the permutations.
  public static func permutationTest(
    _ first: ScoreTable, _ second: ScoreTable, permutations: Int = 10_000, random: inout some RandomNumberGenerator
  ) -> Double {
    let observed = abs(value(first, over: second) - 0.5)
    var mine = first
    var theirs = second
    var extreme = 1
    for _ in 0..<permutations {
      for task in first.tasks.indices {
        var pool = first.tasks[task] + second.tasks[task]
        for place in first.tasks[task].indices {
          pool.swapAt(place, place + random.drawIndex(below: pool.count - place))
        }
        mine.tasks[task] = Array(pool[..<first.tasks[task].count])
        theirs.tasks[task] = Array(pool[first.tasks[task].count...])
      }
      // Sums of the same fractions in another order may differ in their last bits.
      if abs(value(mine, over: theirs) - 0.5) >= observed - 1e-12 { extreme += 1 }
    }
    return Double(extreme) / Double(permutations + 1)
  }
}
