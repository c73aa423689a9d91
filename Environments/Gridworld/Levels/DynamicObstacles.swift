extension Gridworld {
  /// A room with balls that move at random each step: reach the goal without running into anything.
  ///
  /// Going forward while the cell in front holds a ball or a wall ends the episode with -1, even if the ball
  /// moves away in the same step.
  ///
  /// **Layout.** One room with `balls` blue balls in drawn cells, the goal in the lower right corner, and the
  /// agent in the upper left one or, with `randomStart`, anywhere.
  ///
  /// **Each step.** Every ball in turn goes to a drawn free cell of the nine around it, its own included; then
  /// the agent's action is done. Going forward into what was blocked before the balls moved is a collision.
  ///
  /// **End.** Success at the goal, -1 and terminated by a collision, truncated after 4 side² steps.
  ///
  /// **Ids.** `Dynamic-Obstacles-5x5` (2 balls), `-6x6` (3), `-8x8` (4), `-16x16` (8), and `-Random-5x5` and
  /// `-Random-6x6`.
  ///
  /// **Source.** MiniGrid's `DynamicObstaclesEnv`; the only levels with three actions and with draws after the
  /// start.
  public struct DynamicObstacles: Family {
    /// MiniGrid's `DynamicObstaclesEnv`; `Dynamic-Obstacles-5x5` to `Dynamic-Obstacles-16x16` are its levels.
    public static let name = "DynamicObstacles"

    /// Side of the grid, 4 to 100.
    public var side = 8
    /// Number of balls, 1 to side / 2 + 1.
    public var balls = 4
    /// Whether the agent starts anywhere, in any direction.
    public var randomStart = false

    /// The level of `Dynamic-Obstacles-8x8`: four balls.
    public init() {}

    /// A room of that side, 4 to 100, with so many balls, 1 to side / 2 + 1.
    public init(side: Int, balls: Int, randomStart: Bool = false) {
      self.side = side
      self.balls = balls
      self.randomStart = randomStart
    }

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 4 side² steps.
    public var timeLimit: Int? { 4 * side * side }
    /// True: there are no walls inside the room.
    public var seesThroughWalls: Bool { true }
    /// The goal's words; they do not name the balls.
    public var constantMission: String? { "get to the green goal square" }
    /// The three movements: nothing here can be picked up, opened or said.
    public var actionCount: Int { 3 }
    /// -1, which a collision pays.
    public var lowestReward: Float { -1 }
    /// True: every step draws where each ball goes.
    public var isStochastic: Bool { true }

    /// - Throws: `UserError` when the side or the number of balls is out of range.
    public func validate() throws {
      try require("side", side, in: 4...100)
      try require("balls", balls, in: 1...side / 2 + 1)
    }

    /// Draws the agent where it starts anywhere, then each ball's cell, at most 101 tries each.
    ///
    /// Balls may stand beside the agent but never on it or on the goal. A ball that finds no cell rejects the
    /// level.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world[side - 2, side - 2] = .goal
      if randomStart {
        try world.placeAgent()
      } else {
        world.putAgent(x: 1, y: 1)
      }
      for _ in 0..<balls {
        world.obstacles.append(Int32(try world.place(world.makeObject(.ball, .blue), tries: 101)))
      }
      world.rule = .dynamicObstacles
    }
  }
}
