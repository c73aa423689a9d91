internal import EnvironmentKit
public import ReinforcementLearning

/// A ball falls through a small board; the paddle must be under it when it lands.
///
/// **Task.** Catch the ball.
///
/// **Actions.** 0 `left`, 1 `stay`, 2 `right`: move the paddle by a column, not past the edge.
///
/// **Observation.** `paddle` uint8 [1]: its column's code; `ball` uint8 [2]: codes of its column and its height.
///
/// **Signals.** `distance` uint8: columns between paddle and ball; `text`: the state as a line of Python, with hints.
///
/// **Reward.** 1 when the ball is caught, otherwise 0.
///
/// **Start.** The paddle in column 2, the ball at the top in a uniform column.
///
/// **End.** Each step moves the paddle and lets the ball fall by one; a step that begins with the ball at height 0
/// moves nothing and ends the episode, a success when paddle and ball share a column. So each episode has `height`
/// steps. Never truncated.
///
/// **Configuration.** Columns and height. The optimum is 1 from every start: the reward comes at the last step.
///
/// **Source.** Brooks et al., ICPI, 2023, the domain mini-catch (4 columns, 5 rows).
public struct MiniCatch: Environment, Drawable {
  /// The paddle to the left, where it is, to the right: 0 to 2.
  public enum Action: UInt8, DiscreteAction { case left, stay, right }

  /// The board; the defaults are ICPI's 4 columns and 5 rows.
  public struct Configuration: Codable, Hashable, Sendable {
    /// 3 to 50.
    public var columns = 4
    /// 2 to 50.
    public var height = 5

    /// 4 columns and 5 rows.
    public init() {}
  }

  /// The board of this value.
  public let configuration: Configuration
  /// The paddle's column, 0 at the left.
  public internal(set) var paddle = 2
  /// The ball's column, which never changes while it falls.
  public internal(set) var ballColumn = 0
  /// The ball's height; at 0 the next step ends the episode.
  public internal(set) var ballHeight = 0

  /// The ball on the ground until the first `reset`.
  public init(plan configuration: Configuration) { self.configuration = configuration }

  /// - Throws: `UserError` when columns are not in 3 to 50 or the height not in 2 to 50.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require((3...50).contains(configuration.columns), "columns", Double(configuration.columns), "3 to 50")
    try require((2...50).contains(configuration.height), "height", Double(configuration.height), "2 to 50")
    return configuration
  }

  /// `paddle` [1] and `ball` [2] uint8 and two signals; solved at a return of 1.
  public static func specification(of configuration: Configuration) -> Specification {
    Specification(
      measures: [.return(in: 0...1), .success],
      fields: [
        Field(
          "paddle", shape: [1], element: .uint8, kind: .categorical([configuration.columns]),
          summary: "the paddle's column"),
        Field(
          "ball", shape: [2], element: .uint8, kind: .categorical([configuration.columns, configuration.height]),
          summary: "the ball's column and height"),
        .signal(
          "distance", element: .uint8, range: 0...Double(configuration.columns - 1),
          summary: "columns between paddle and ball"),
        .textSignal("text", bytes: 128, summary: "the state as a line of Python with its hints"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.height, rewards: 0...1, solvedReturn: 1)
  }

  /// Draws the ball's column.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    paddle = 2
    ballColumn = random.integer(in: 0..<configuration.columns)
    ballHeight = configuration.height - 1
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// Moves the paddle and lets the ball fall; with the ball on the ground it only counts the catch.
  public mutating func step(_ action: Action) -> Transition {
    if ballHeight == 0 {
      let caught = paddle == ballColumn
      return Transition(reward: caught ? 1 : 0, outcome: .terminated, success: caught)
    }
    paddle = min(max(paddle + Int(action.rawValue) - 1, 0), configuration.columns - 1)
    ballHeight -= 1
    return Transition(reward: 0)
  }

  /// Writes the columns of paddle and ball, its height, their distance and the line of Python.
  public func observe(into row: inout ObservationRow) {
    row.write(UInt8(paddle), to: 0)
    row.write(SIMD2(UInt8(ballColumn), UInt8(ballHeight)), to: 1)
    row.write(UInt8(abs(paddle - ballColumn)), to: 2)
    if var text = RowText(row, 3) {
      text.add("assert paddle == C(")
      text.add(paddle)
      text.add(", 0) and ball == C(")
      text.add(ballColumn)
      text.add(", ")
      text.add(ballHeight)
      text.add(") and paddle.x == ")
      text.add(paddle)
      text.add(" and ball.x == ")
      text.add(ballColumn)
      text.add(
        paddle == ballColumn
          ? " and paddle.x == ball.x" : paddle > ballColumn ? " and paddle.x > ball.x" : " and paddle.x < ball.x")
      text.add(" and ball.y == ")
      text.add(ballHeight)
      text.end()
    }
  }

  /// The board with the paddle at the bottom and the ball.
  public func sketch() -> Sketch {
    var tiles = Tiles(columns: configuration.columns, rows: configuration.height)
    tiles.square(paddle, configuration.height - 1, .cart, "=", margin: 0.1)
    tiles.disc(
      ballColumn, configuration.height - 1 - ballHeight, .pole, paddle == ballColumn && ballHeight == 0 ? "*" : "o",
      radius: 0.26)
    tiles.caption("paddle \(paddle)   ball \(ballColumn), \(ballHeight)")
    return tiles.sketch
  }
}
