internal import EnvironmentKit
public import ReinforcementLearning

/// A dark room with a goal that cannot be seen: only its reward tells where it is.
///
/// **Task.** Find the goal and stay on it; over several episodes with the same goal, remember it.
///
/// **Actions.** 0 `right` (x + 1), 1 `left` (x - 1), 2 `down` (y + 1), 3 `up` (y - 1), 4 `stay`; the wall stops.
/// `permutation` renumbers them.
///
/// **Observation.** `position` uint8 [2]: codes of x and y, 0..<`size` each.
///
/// **Signals.** `goal` uint8 [2]: its x and y; `distance` uint8: steps to it.
///
/// **Reward.** 1 for every step that ends on the goal, otherwise 0.
///
/// **Start.** In the corner (0, 0). The goal is uniform among the cells `firstGoal` to `firstGoal` + `goals` - 1,
/// numbered x · `size` + y; one cell makes the goal known, two ranges make training and held-out goals.
///
/// **End.** Never terminated. Truncated after `timeLimit` steps. Each step on the goal is a success.
///
/// **Configuration.** Size, goals, permutation of the actions, time limit. The optimum is `timeLimit` + 1 minus the
/// distance, at most `timeLimit`.
///
/// **Source.** Laskin et al., "In-context reinforcement learning with algorithm distillation", 2022 (9 x 9, 20 steps);
/// Lee et al., "Supervised pretraining can learn in-context reinforcement learning" (DPT), 2023 (10 x 10, 100 steps,
/// and the order of the actions).
public struct DarkRoom: Environment, Drawable {
  /// The five moves as DPT numbers them; `permutation` gives the numbers other meanings.
  public enum Action: UInt8, DiscreteAction { case right, left, down, up, stay }

  /// The room, which cells may be the goal, and the actions' order; the defaults are DPT's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Side of the room, 2 to 100.
    public var size = 10
    /// The first cell that may be the goal.
    public var firstGoal = 0
    /// How many cells may be, from the first on; 0 for all the rest.
    public var goals = 0
    /// Which of the 120 orders of the actions, in lexicographic order; 0 leaves them.
    public var permutation = 0
    /// Steps, at least 1.
    public var timeLimit = 100

    /// 10 x 10 cells, any of them the goal, 100 steps.
    public init() {}
  }

  /// The room of this value.
  public let configuration: Configuration
  /// The agent's column from the left, 0 to `size` - 1.
  public internal(set) var x = 0
  /// The agent's row from the top, 0 to `size` - 1.
  public internal(set) var y = 0
  /// The goal's column.
  public internal(set) var goalX = 0
  /// The goal's row.
  public internal(set) var goalY = 0
  /// What each number of an action means.
  private let meanings: SIMD8<UInt8>

  /// In the corner, the goal there too, until the first `reset`.
  public init(plan configuration: Configuration) {
    self.configuration = configuration
    meanings = Self.meanings(configuration.permutation)
  }

  /// The permutation of 0..<5 with that number in lexicographic order.
  static func meanings(_ permutation: Int) -> SIMD8<UInt8> {
    var remaining = Array(UInt8(0)..<5)
    var number = permutation
    var result = SIMD8<UInt8>(repeating: 4)
    for (place, count) in [24, 6, 2, 1, 1].enumerated() {
      result[place] = remaining.remove(at: number / count)
      number %= count
    }
    return result
  }

  /// - Throws: `UserError` when the size is not in 2 to 100, the goals are not among the room's cells, the
  ///   permutation is not in 0 to 119 or the time limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    let cells = configuration.size * configuration.size
    try require((2...100).contains(configuration.size), "size", Double(configuration.size), "2 to 100")
    try require(
      (0..<cells).contains(configuration.firstGoal), "firstGoal", Double(configuration.firstGoal),
      "0 or more and below size x size")
    try require(
      configuration.goals >= 0 && configuration.firstGoal + configuration.goals <= cells, "goals",
      Double(configuration.goals),
      "0 or more, and no more than there are cells from firstGoal on")
    try require(
      (0..<120).contains(configuration.permutation), "permutation", Double(configuration.permutation), "0 to 119")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `position` [2] uint8 and two signals; the goal is one of the signals, never the policy's.
  public static func specification(of configuration: Configuration) -> Specification {
    let last = Double(configuration.size - 1)
    return Specification(
      measures: [.return(in: 0...Double(configuration.timeLimit)), .success],
      fields: [
        Field(
          "position", shape: [2], element: .uint8, kind: .categorical([configuration.size, configuration.size]),
          summary: "x and y"),
        .signal("goal", shape: [2], element: .uint8, range: 0...last, summary: "its x and y"),
        .signal("distance", element: .uint8, range: 0...(2 * last), summary: "steps to the goal"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: 0...1)
  }

  /// Draws the goal; the agent starts in the corner.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let cells = configuration.size * configuration.size
    let end = configuration.goals == 0 ? cells : configuration.firstGoal + configuration.goals
    (goalX, goalY) = random.integer(in: configuration.firstGoal..<end).quotientAndRemainder(
      dividingBy: configuration.size)
    x = 0
    y = 0
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Moves by what the action's number means here; pays 1 on the goal, and never ends the episode.
  public mutating func step(_ action: Action) -> Transition {
    let last = configuration.size - 1
    switch meanings[Int(action.rawValue)] {
    case 0: x = min(x + 1, last)
    case 1: x = max(x - 1, 0)
    case 2: y = min(y + 1, last)
    case 3: y = max(y - 1, 0)
    default: break
    }
    let found = x == goalX && y == goalY
    return Transition(reward: found ? 1 : 0, success: found)
  }

  /// Writes x and y, and the goal and its distance where they are wanted.
  public func observe(into row: inout ObservationRow) {
    row.write(SIMD2(UInt8(x), UInt8(y)), to: 0)
    row.write(SIMD2(UInt8(goalX), UInt8(goalY)), to: 1)
    row.write(UInt8(abs(x - goalX) + abs(y - goalY)), to: 2)
  }

  /// The room with a glimmer around the agent; the goal is shown to people.
  public func sketch() -> Sketch {
    var tiles = Tiles(columns: configuration.size, rows: configuration.size)
    for row in 0..<configuration.size {
      for column in 0..<configuration.size {
        // A glimmer around the agent; the rest is dark.
        let distance = Double(max(abs(column - x), abs(row - y)))
        tiles.square(column, row, .blend(.ground, .backdrop, min(1, distance / 2.5)))
      }
    }
    tiles.square(goalX, goalY, .goal, "G", margin: 0.15)
    tiles.disc(x, y, .pole, x == goalX && y == goalY ? "*" : "@")
    tiles.caption("position \(x), \(y)   goal \(goalX), \(goalY)")
    return tiles.sketch
  }
}
