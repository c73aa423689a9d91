import ReinforcementLearning

/// The episodes of a run's last evaluation that are recorded, and of an arm's runs that a report plays.
enum ReplayChoice: String, CaseIterable, Codable, Sendable {
  case best
  case median
  case worst

  /// The file's name in a run's `replays`.
  var fileName: String { "final-\(rawValue).json" }

  /// - Parameter ranked: At least one, the worst first.
  func episode(of ranked: [EpisodeRecord]) -> EpisodeRecord { ranked[place(among: ranked.count)] }

  /// The place of what is chosen among so many, the worst first: of an even number the lower middle.
  func place(among count: Int) -> Int {
    switch self {
    case .best: count - 1
    case .median: (count - 1) / 2
    case .worst: 0
    }
  }
}

extension Evaluation {
  /// The episodes by what the task is judged by, equal ones by their return, then by their slot; the worst first.
  var ranked: [EpisodeRecord] {
    let sign = measures[0].direction == .higher ? 1.0 : -1.0
    let order = episodes.indices.sorted { first, second in
      let (a, b) = (episodes[first], episodes[second])
      return (sign * a.measures[0], a.environmentReturn, first) < (sign * b.measures[0], b.environmentReturn, second)
    }
    return order.map { episodes[$0] }
  }
}
