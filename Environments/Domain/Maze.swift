internal import EnvironmentKit
public import ReinforcementLearning

/// Nine rooms with two walls and a goal that must be recognised on arrival.
///
/// **Task.** Reach the goal, row 1, column 0, and act there.
///
/// **Actions.** 0 `left`, 1 `down`, 2 `up`, 3 `right`: to the neighbouring room; a wall or the edge leaves the agent
/// where it is.
///
/// **Observation.** `position` uint8 [2]: codes of the row and of the column, 0..<3 each; row 0 is at the top.
///
/// **Signals.** `distance` uint8: steps to the goal around the walls, 0 to 4; `text`: the state as a line of Python,
/// with the hint whether it is the goal.
///
/// **Reward.** 1 for any action that is taken on the goal, otherwise 0.
///
/// **Start.** Any room, uniformly; with `startsOffGoal` any but the goal.
///
/// **End.** Terminated, and a success, by an action on the goal: the state before the move counts. Truncated after
/// `timeLimit` steps.
///
/// **Configuration.** Where it may start, time limit. The optimum under a discount of 0.8 is 0.8 to the power of the
/// distance, 0.6473 on average over all rooms.
///
/// **Source.** Brooks et al., ICPI, 2023, the domain maze: walls between (1, 0) and (1, 1) and between (1, 1) and
/// (2, 1).
public struct Maze: Environment, Drawable {
  /// To the neighbouring room: 0 left, 1 down, 2 up, 3 right.
  public enum Action: UInt8, DiscreteAction { case left, down, up, right }

  /// Where it may start, and the time limit; the rooms and walls are ICPI's.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Whether the goal is left out of the starts.
    public var startsOffGoal = false
    /// Steps, at least 1.
    public var timeLimit = 8

    /// Any start, the goal included, and eight steps.
    public init() {}
  }

  /// Steps to the goal, row by row.
  static let distances: [UInt8] = [1, 2, 3, 0, 3, 4, 1, 2, 3]

  /// The starts and the limit of this value.
  public let configuration: Configuration
  /// 0 to 2 from the top.
  public internal(set) var row = 0
  /// 0 to 2 from the left.
  public internal(set) var column = 0

  /// In the upper left room until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when the time limit is below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `position` [2] uint8 and two signals.
  public static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: [.return(in: 0...1), .success, .length()],
      fields: [
        Field("position", shape: [2], element: .uint8, kind: .categorical([3, 3]), summary: "row and column"),
        .signal("distance", element: .uint8, range: 0...4, summary: "steps to the goal around the walls"),
        .textSignal("text", bytes: 64, summary: "the state as a line of Python with its hint"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: 0...1)
  }

  /// Draws the room, again while it is the goal and that is not wanted.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    repeat {
      (row, column) = random.integer(in: 0..<9).quotientAndRemainder(dividingBy: 3)
    } while configuration.startsOffGoal && isOnGoal
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Whether the agent is in row 1, column 0.
  var isOnGoal: Bool { row == 1 && column == 0 }

  /// Pays and ends when the step began on the goal; moves in any case.
  public mutating func step(_ action: Action) -> Transition {
    let found = isOnGoal
    let (nextRow, nextColumn) =
      switch action {
      case .left: (row, column - 1)
      case .down: (row + 1, column)
      case .up: (row - 1, column)
      case .right: (row, column + 1)
      }
    if nextRow >= 0, nextRow < 3, nextColumn >= 0, nextColumn < 3, !hasWall(nextRow, nextColumn) {
      (row, column) = (nextRow, nextColumn)
    }
    return Transition(reward: found ? 1 : 0, outcome: found ? .terminated : .running, success: found)
  }

  /// Whether a wall stands between the agent's room and a neighbouring one: both walls are the middle room's.
  private func hasWall(_ nextRow: Int, _ nextColumn: Int) -> Bool {
    func isWalled(_ row: Int, _ column: Int, _ other: Int, _ otherColumn: Int) -> Bool {
      row == 1 && column == 1 && ((other == 1 && otherColumn == 0) || (other == 2 && otherColumn == 1))
    }
    return isWalled(row, column, nextRow, nextColumn) || isWalled(nextRow, nextColumn, row, column)
  }

  /// Writes row and column, the distance and the line of Python.
  public func observe(into output: inout ObservationRow) {
    output.write(SIMD2(UInt8(row), UInt8(column)), to: 0)
    output.write(Self.distances[row * 3 + column], to: 1)
    if var text = RowText(output, 2) {
      text.add("assert state == C(i=")
      text.add(row)
      text.add(", j=")
      text.add(column)
      text.add(isOnGoal ? ") and state == C(i=1, j=0)" : ") and state != C(i=1, j=0)")
      text.end()
    }
  }

  /// The nine rooms with both walls; the goal is green.
  public func sketch() -> Sketch {
    var tiles = Tiles(columns: 3, rows: 3)
    for index in 0..<9 {
      index == 3 ? tiles.square(0, 1, .goal, "G") : tiles.square(index % 3, index / 3, .ground)
    }
    tiles.wall(0, 1, under: false)
    tiles.wall(1, 1, under: true)
    tiles.disc(column, row, .pole, "@")
    tiles.caption("row \(row)   column \(column)")
    return tiles.sketch
  }
}
