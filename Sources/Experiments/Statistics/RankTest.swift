internal import RealModule

extension ProbabilityOfImprovement {
  /// The two-sided p-value of the Mann-Whitney test: how often a random relabelling of the runs separates the
  /// two arms at least as much as theirs does.
  ///
  /// For few runs exact, by counting all relabellings with tied ranks shared, so it is honest: with three runs each it
  /// cannot fall below 0.1, whatever the scores. For more runs (above 29 in each arm) it is the normal approximation
  /// with the variance that ties leave and a correction for continuity, which differs from the exact value by less than
  /// 0.01 where the smaller arm has at least ten runs, and is too large where it has fewer. Scores that are not finite
  /// are left out.
  ///
  /// - Returns: In 0...1; 1 when either arm has no run, or all scores are equal.
  /// - Complexity: O(n log n) for n runs in all, or `exactWork` additions.
  ///
  /// Source: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the
  /// Other" (1947); Lehmann, "Nonparametrics" (1975), chapter 1, for the variance with ties.
  public static func rankTest(_ first: [Double], _ second: [Double]) -> Double {
    let first = first.filter(\.isFinite)
    let second = second.filter(\.isFinite)
    guard !first.isEmpty, !second.isEmpty else { return 1 }
    let ranks = doubledMidranks(first + second)
    let total = Double(ranks.count)
    let isCountable = total * total * (total + 1) * Double(min(first.count, second.count)) <= exactWork
    return isCountable ? exactPValue(ranks, first.count) : normalPValue(ranks, first.count)
  }

  /// The most additions for which relabellings are counted: 29 runs in each arm.
  static let exactWork = 6_000_000.0

  /// Twice the mid-ranks, which are integers: equal values share the mean of their ranks.
  static func doubledMidranks(_ values: [Double]) -> [Int] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Int](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      // Ranks start + 1 to end, whose mean is (start + 1 + end) / 2.
      for place in start..<end { ranks[order[place]] = start + 1 + end }
      start = end
    }
    return ranks
  }

  /// How far the rank sum of the first `count` is from its mean, without its sign.
  private static func shift(of ranks: [Int], _ count: Int) -> Double {
    Double(abs(ranks[..<count].reduce(0, +) - count * (ranks.count + 1))) / 2
  }

  /// The variance of the rank sum of `count` runs drawn from all without putting them back: that of the ranks
  /// themselves, in which ties are counted.
  private static func variance(of ranks: [Int], _ count: Int) -> Double {
    let total = Double(ranks.count)
    let centre = total + 1
    var squares = 0.0
    for rank in ranks { squares += (Double(rank) - centre) * (Double(rank) - centre) / 4 }
    return total > 1 ? Double(count) * (total - Double(count)) / (total * (total - 1)) * squares : 0
  }

  /// By the normal approximation, for the first `count` of the runs.
  static func normalPValue(_ ranks: [Int], _ count: Int) -> Double {
    normalPValue(deviation: shift(of: ranks, count), variance: variance(of: ranks, count), step: 0.5)
  }

  /// Two-sided, of a deviation of a figure that comes in steps twice as large as `step`.
  private static func normalPValue(deviation: Double, variance: Double, step: Double) -> Double {
    guard variance > 0 else { return 1 }
    return min(1, Double.erfc(max(0, deviation - step) / (2 * variance).squareRoot()))
  }

  /// By counting all relabellings, for the first `count` of the runs.
  static func exactPValue(_ ranks: [Int], _ count: Int) -> Double {
    // The smaller arm's rank sum says the same, and fewer are chosen.
    let chosenRuns = min(count, ranks.count - count)
    let centre = count * (ranks.count + 1)
    let distance = abs(ranks[..<count].reduce(0, +) - centre)
    let largest = ranks.reduce(0, +)
    // ways[k][s]: the number of ways to choose k runs whose doubled ranks add up to s, exact below 2^53.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: largest + 1), count: chosenRuns + 1)
    ways[0][0] = 1
    for (index, rank) in ranks.enumerated() {
      for chosen in stride(from: min(index + 1, chosenRuns), through: 1, by: -1) {
        for sum in stride(from: largest, through: rank, by: -1) { ways[chosen][sum] += ways[chosen - 1][sum - rank] }
      }
    }
    var total = 0.0
    var extreme = 0.0
    for (sum, count) in ways[chosenRuns].enumerated() {
      total += count
      if abs(sum - chosenRuns * (ranks.count + 1)) >= distance { extreme += count }
    }
    return extreme / total
  }

  /// The two-sided p-value over several tasks: how often relabelling the runs at random within each task moves
  /// P(X > Y) at least as far from ½. With one task this approximates `rankTest`.
  ///
  /// With more than `drawnRuns` runs in all it is the normal approximation: the tasks' rank sums are independent, so
  /// their variances, with ties, add up.
  ///
  /// - Returns: In (0, 1]; the labelling that was observed counts as one of the permutations.
  /// - Complexity: O(permutations x runs), or O(n log n) with many runs.
  public static func permutationTest(
    _ first: ScoreTable, _ second: ScoreTable, permutations: Int = 10_000, random: inout some RandomNumberGenerator
  ) -> Double {
    precondition(first.tasks.count == second.tasks.count, "the two arms must have the same tasks")
    var tasks = zip(first.tasks, second.tasks).map { mine, theirs in
      (ranks: doubledMidranks(mine + theirs), count: mine.count, pairs: Double(mine.count * theirs.count))
    }
    // P(X > Y) of a task is its rank sum less a constant, over the pairs.
    func distance() -> Double {
      var sum = 0.0
      for task in tasks {
        sum += Double(task.ranks[..<task.count].reduce(0, +) - task.count * (task.ranks.count + 1)) / 2 / task.pairs
      }
      return abs(sum)
    }
    let observed = distance()
    if tasks.reduce(0, { $0 + $1.ranks.count }) > drawnRuns { return normalPermutationTest(first, second) }
    var extreme = 1
    for _ in 0..<permutations {
      for task in tasks.indices {
        let all = tasks[task].ranks.count
        for place in 0..<tasks[task].count {
          tasks[task].ranks.swapAt(place, place + random.drawIndex(below: all - place))
        }
      }
      // Sums of the same fractions in another order may differ in their last bits.
      if distance() >= observed - 1e-12 { extreme += 1 }
    }
    return Double(extreme) / Double(permutations + 1)
  }

  /// The same by the normal approximation.
  static func normalPermutationTest(_ first: ScoreTable, _ second: ScoreTable) -> Double {
    var sum = 0.0
    var variance = 0.0
    for (mine, theirs) in zip(first.tasks, second.tasks) {
      let ranks = doubledMidranks(mine + theirs)
      let pairs = Double(mine.count * theirs.count)
      sum += Double(ranks[..<mine.count].reduce(0, +) - mine.count * (ranks.count + 1)) / 2 / pairs
      variance += self.variance(of: ranks, mine.count) / (pairs * pairs)
    }
    return normalPValue(deviation: abs(sum), variance: variance, step: 0)
  }

  /// The most runs of both arms and all tasks together for which relabellings are drawn.
  static let drawnRuns = 500
}
