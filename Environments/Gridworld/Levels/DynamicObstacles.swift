extension Gridworld {
  /// A room with balls that move at random each step: reach the goal without running into anything.
  ///
  /// Going forward while the cell in front holds a ball or a wall ends the episode with -1, even if the ball
  /// moves away in the same step.
  public struct DynamicObstacles: Family {
    public static let name = "DynamicObstacles"

    /// Side of the grid, 4 to 100.
    public var side = 8
    /// Number of balls, 1 to side / 2 + 1.
    public var balls = 4
    /// Whether the agent starts anywhere, in any direction.
    public var randomStart = false

    public init() {}

    public init(side: Int, balls: Int, randomStart: Bool = false) {
      self.side = side
      self.balls = balls
      self.randomStart = randomStart
    }

    public var size: (width: Int, height: Int) { (side, side) }
    public var timeLimit: Int? { 4 * side * side }
    public var seesThroughWalls: Bool { true }
    public var constantMission: String? { "get to the green goal square" }
    public var actionCount: Int { 3 }
    public var lowestReward: Float { -1 }
    public var isStochastic: Bool { true }

    public func validate() throws {
      try require("side", side, in: 4...100)
      try require("balls", balls, in: 1...side / 2 + 1)
    }

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
