import ReinforcementLearning

/// What an iteration says about the episodes that were played.
struct GameSums {
  private var positions = 0
  private var squaredError = 0.0
  private var games = 0
  private var lengths = 0
  private var firstScores = 0.0

  /// A position: what the search thought of it, and what came of it.
  mutating func add(value: Float, target: Float) {
    positions += 1
    squaredError += Double((value - target) * (value - target))
  }

  /// A game that ended.
  ///
  /// - Parameter first: Its outcome for who began, 1, 0 or -1.
  mutating func add(length: Int, first: Float) {
    games += 1
    lengths += length
    firstScores += Double(first + 1) / 2
  }

  func metrics(isSelfPlay: Bool) -> [Metric] {
    var metrics: [Metric] = []
    if positions > 0 { metrics.append(Metric(.searchValueError, squaredError / Double(positions))) }
    if isSelfPlay && games > 0 {
      metrics.append(Metric(.gameLength, Double(lengths) / Double(games)))
      metrics.append(Metric(.gameFirstPlayerScore, firstScores / Double(games)))
      metrics.append(Metric(.gameCount, Double(games)))
    }
    return metrics
  }
}
