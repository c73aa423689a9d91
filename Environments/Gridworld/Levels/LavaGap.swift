import Groundwork

extension Gridworld {
  /// A wall of lava with one gap between the agent and the goal: a test of safe exploration.
  public struct LavaGap: Family {
    public static let name = "LavaGap"

    /// Side of the grid, 5 to 100.
    public var side = 7
    public var obstacle = Obstacle.lava

    public init() {}

    public init(side: Int, obstacle: Obstacle = .lava) {
      self.side = side
      self.obstacle = obstacle
    }

    public var size: (width: Int, height: Int) { (side, side) }
    public var timeLimit: Int? { 4 * side * side }
    public var constantMission: String? { obstacle.mission }

    public func validate() throws { try require("side", side, in: 5...100) }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world.putAgent(x: 1, y: 1)
      world[side - 2, side - 2] = .goal
      let x = world.draw(2, side - 2)
      let y = world.draw(1, side - 1)
      world.verticalWall(x: x, y: 1, length: side - 2, of: obstacle.cell)
      world[x, y] = .empty
    }
  }

  /// What stands in the way.
  public enum Obstacle: String, Codable, Hashable, Sendable {
    case lava, wall

    var cell: Cell { self == .lava ? .lava : .wall }

    var mission: String {
      self == .lava
        ? "avoid the lava and get to the green goal square" : "find the opening and get to the green goal square"
    }
  }
}
