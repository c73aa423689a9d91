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
  /// - Complexity: O(n log n) in the runs of both.
  ///
  /// Source: the Mann-Whitney U statistic over n·m, as in Agarwal et al. (2021), section 4.4.
  public static func value(_ first: ScoreTable, over second: ScoreTable) -> Double {
    RankedPair(first, second).value(
      [Int](repeating: 1, count: first.pooled.count), [Int](repeating: 1, count: second.pooled.count))
  }

  /// P(X > Y) with its two-sample stratified bootstrap interval.
  ///
  /// - Complexity: O(replicates x runs), bounded as every bootstrap's.
  public static func estimate(
    _ first: ScoreTable, over second: ScoreTable, bootstrap: Bootstrap = Bootstrap(),
    random: inout some RandomNumberGenerator
  ) -> Estimate {
    let value = value(first, over: second)
    let runs = min(first.fewestRuns, second.fewestRuns)
    guard runs > 1, (first.pooled + second.pooled).allSatisfy(\.isFinite) else {
      return Estimate(value: value, interval: nil, runs: runs)
    }
    let pair = RankedPair(first, second)
    var mine = [Int](repeating: 0, count: first.pooled.count)
    var theirs = [Int](repeating: 0, count: second.pooled.count)
    var values: [Double] = []
    for _ in 0..<bootstrap.replicates(for: mine.count + theirs.count) {
      Bootstrap.draw(first.ends, into: &mine, random: &random)
      Bootstrap.draw(second.ends, into: &theirs, random: &random)
      values.append(pair.value(mine, theirs))
    }
    return Estimate(value: value, interval: bootstrap.percentileInterval(&values), runs: runs)
  }
}

/// Two arms' runs in the order of their scores, from which P(X > Y) of any draw of them is counted in one walk.
private struct RankedPair {
  /// A run of either arm at its place in the order.
  private struct Entry {
    var score: Double
    var isFirst: Bool
    /// Its place in the arm's pooled scores.
    var position: Int
  }

  /// By task, in rising order of score.
  private let tasks: [[Entry]]
  /// By task, pairs of a run of each.
  private let pairs: [Int]

  init(_ first: ScoreTable, _ second: ScoreTable) {
    precondition(first.tasks.count == second.tasks.count, "the two arms must have the same tasks")
    var tasks: [[Entry]] = []
    var starts = (first: 0, second: 0)
    for (mine, theirs) in zip(first.tasks, second.tasks) {
      let entries =
        mine.indices.map { Entry(score: mine[$0], isFirst: true, position: starts.first + $0) }
        + theirs.indices.map { Entry(score: theirs[$0], isFirst: false, position: starts.second + $0) }
      tasks.append(entries.sorted { $0.score < $1.score })
      starts = (starts.first + mine.count, starts.second + theirs.count)
    }
    self.tasks = tasks
    pairs = zip(first.tasks, second.tasks).map { $0.count * $1.count }
  }

  /// - Parameters:
  ///   - mine: How often each run of the first was drawn, `[pooled]`.
  ///   - theirs: The same of the second.
  func value(_ mine: [Int], _ theirs: [Int]) -> Double {
    var total = 0.0
    for (entries, pairs) in zip(tasks, pairs) {
      // Halves of pairs: two where the first is above, one where both are equal.
      var halves = 0
      var below = 0
      var index = 0
      while index < entries.count {
        var (here, there) = (0, 0)
        let score = entries[index].score
        repeat {
          let entry = entries[index]
          if entry.isFirst { here += mine[entry.position] } else { there += theirs[entry.position] }
          index += 1
        } while index < entries.count && entries[index].score == score
        halves += here * (2 * below + there)
        below += there
      }
      total += Double(halves) / Double(2 * pairs)
    }
    return total / Double(tasks.count)
  }
}
