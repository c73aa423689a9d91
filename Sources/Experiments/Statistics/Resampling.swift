/// A figure of drawn runs that is read off how often each was drawn, without sorting them again.
///
/// Positions are those of `ScoreTable.pooled`: task after task, run after run.
enum CountedFigure {
  /// The mean over tasks of the means over runs.
  case mean(values: [Double], ends: [Int])
  /// The median over tasks of the means over runs.
  case median(values: [Double], ends: [Int])
  /// The mean of the middle half of all that was drawn: values in rising order, each with its position.
  case interquartileMean(sorted: [Double], positions: [Int])
  /// The median of all that was drawn: values in rising order, each with its position.
  case middle(sorted: [Double], positions: [Int])
  /// How far what was drawn falls short of a target, the mean over tasks, each value counting at most the target.
  case shortfall(limited: [Double], ends: [Int], target: Double)

  init(_ aggregate: Aggregate, of scores: ScoreTable) {
    let pooled = scores.pooled
    switch aggregate {
    case .mean: self = .mean(values: pooled, ends: scores.ends)
    case .median: self = .median(values: pooled, ends: scores.ends)
    case .interquartileMean:
      let positions = CountedFigure.order(pooled)
      self = .interquartileMean(sorted: positions.map { pooled[$0] }, positions: positions)
    case .optimalityGap(let target):
      self = .shortfall(limited: pooled.map { min($0, target) }, ends: scores.ends, target: target)
    }
  }

  /// The median of all scores, whatever their tasks.
  static func middle(of scores: [Double]) -> CountedFigure {
    let positions = order(scores)
    return .middle(sorted: positions.map { scores[$0] }, positions: positions)
  }

  private static func order(_ scores: [Double]) -> [Int] {
    scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
  }

  /// - Parameter times: `[pooled]`: how often each run was drawn.
  /// - Complexity: O(runs).
  func value(_ times: [Int]) -> Double {
    switch self {
    case .mean(let values, let ends): return Aggregate.mean(of: CountedFigure.taskMeans(values, ends, times))
    case .median(let values, let ends): return Aggregate.median(of: CountedFigure.taskMeans(values, ends, times))
    case .interquartileMean(let sorted, let positions):
      let dropped = sorted.count / 4
      let end = sorted.count - dropped
      var sum = 0.0
      var passed = 0
      for (value, position) in zip(sorted, positions) where times[position] > 0 {
        let from = max(passed, dropped)
        passed += times[position]
        if passed > from { sum += value * Double(min(passed, end) - from) }
        if passed >= end { break }
      }
      return sum / Double(end - dropped)
    case .middle(let sorted, let positions):
      // The values at the two middle places, the same where the count is odd.
      let (below, above) = ((sorted.count - 1) / 2, sorted.count / 2)
      var passed = 0
      var lower: Double?
      for (value, position) in zip(sorted, positions) {
        passed += times[position]
        if lower == nil && passed > below { lower = value }
        if passed > above { return (lower! + value) / 2 }
      }
      return .nan
    case .shortfall(let limited, let ends, let target):
      return target - Aggregate.mean(of: CountedFigure.taskMeans(limited, ends, times))
    }
  }

  private static func taskMeans(_ values: [Double], _ ends: [Int], _ times: [Int]) -> [Double] {
    var means: [Double] = []
    var start = 0
    for end in ends {
      var sum = 0.0
      for position in start..<end { sum += values[position] * Double(times[position]) }
      means.append(sum / Double(end - start))
      start = end
    }
    return means
  }
}

extension ScoreTable {
  /// Where each task ends in `pooled`.
  var ends: [Int] {
    var ends: [Int] = []
    for task in tasks { ends.append((ends.last ?? 0) + task.count) }
    return ends
  }
}

extension Bootstrap {
  /// Draws the runs anew, task after task, and says how often each was drawn.
  ///
  /// - Parameter times: `[pooled]`
  static func draw(_ ends: [Int], into times: inout [Int], random: inout some RandomNumberGenerator) {
    for position in times.indices { times[position] = 0 }
    var start = 0
    for end in ends {
      for _ in start..<end { times[start + random.drawIndex(below: end - start)] += 1 }
      start = end
    }
  }

  /// The intervals of several figures of the same runs, all from the same draws: the points of a curve, for example.
  ///
  /// - Parameter figures: Of tables with the same numbers of runs in each task.
  /// - Returns: One a figure; nil where its replicates are not finite, and for all where a task has fewer than two
  ///   runs.
  func intervals(
    of figures: [CountedFigure], ends: [Int], random: inout some RandomNumberGenerator
  ) -> [Interval?] {
    let fewest = zip(ends, [0] + ends).map { $0 - $1 }.min() ?? 0
    guard fewest > 1, !figures.isEmpty else { return Array(repeating: nil, count: figures.count) }
    var times = [Int](repeating: 0, count: ends.last!)
    var values = figures.map { _ in [Double]() }
    let count = replicates(for: times.count * figures.count)
    for index in values.indices { values[index].reserveCapacity(count) }
    for _ in 0..<count {
      Bootstrap.draw(ends, into: &times, random: &random)
      for (index, figure) in figures.enumerated() { values[index].append(figure.value(times)) }
    }
    return values.indices.map { percentileInterval(&values[$0]) }
  }

  /// How often runs are drawn anew where one replicate costs so many values: `replicates`, but no more than four
  /// million values in all and never fewer than 1,000. More runs need fewer: their intervals are narrow, and their
  /// ends' own error is a part of the width.
  func replicates(for values: Int) -> Int {
    min(replicates, max(1_000, 4_000_000 / max(1, values)))
  }
}
