import Groundwork

extension Gridworld {
  /// A room with the goal in its lower right corner: the smallest test of an agent.
  ///
  /// The agent starts in the upper left corner and looks right, or anywhere.
  public struct Empty: Family {
    public static let name = "Empty"

    /// Side of the grid, 4 to 100.
    public var side = 8
    /// Whether the agent starts anywhere, in any direction.
    public var randomStart = false

    public init() {}

    public init(side: Int, randomStart: Bool = false) {
      self.side = side
      self.randomStart = randomStart
    }

    public var size: (width: Int, height: Int) { (side, side) }
    public var timeLimit: Int? { 4 * side * side }
    public var seesThroughWalls: Bool { true }
    public var constantMission: String? { "get to the green goal square" }

    public func validate() throws { try require("side", side, in: 4...100) }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world[side - 2, side - 2] = .goal
      if randomStart {
        try world.placeAgent()
      } else {
        world.putAgent(x: 1, y: 1)
      }
    }
  }
}
