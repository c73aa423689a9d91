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
