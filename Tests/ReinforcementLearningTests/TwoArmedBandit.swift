import ReinforcementLearning

/// Two arms that pay 1 or nothing; which of them is the better one differs from episode to episode. The only thing to
/// see is a constant.
struct TwoArmedBandit: Environment {
  struct Configuration: Codable, Hashable, Sendable {
    /// How much more often the better arm pays.
    var gap = 0.4
    /// Pulls of an episode.
    var pulls = 200
  }

  enum Action: UInt8, DiscreteAction { case left, right }

  private let configuration: Configuration
  private var random = RandomSource(seed: 0)
  private var better = 0

  static func specification(of configuration: Configuration) -> Specification {
    Specification(
      fields: [Field("constant", element: .uint8), .signal("better", element: .uint8, range: 0...1)],
      actions: .discrete(Action.names), timeLimit: configuration.pulls, rewards: 0...1, isStochastic: true)
  }

  init(plan configuration: Configuration) { self.configuration = configuration }

  mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    better = random.integer(in: 0..<2)
  }

  mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func step(_ action: Action) -> Transition {
    let side = Int(action.rawValue) == better ? 0.5 : -0.5
    return Transition(reward: random.uniform() < 0.5 + side * configuration.gap ? 1 : 0)
  }

  func observe(into row: inout ObservationRow) {
    row.write(UInt8(1), to: 0)
    row.write(UInt8(better), to: 1)
  }
}
