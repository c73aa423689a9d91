import Groundwork

extension Gridworld {
  /// Two rooms with a locked door between: take the key, open the door, reach the goal.
  ///
  /// Hard to explore with a sparse reward, easy to shape: the standard test of both.
  public struct DoorKey: Family {
    public static let name = "DoorKey"

    /// Side of the grid, 5 to 100.
    public var side = 8

    public init() {}

    public init(side: Int) { self.side = side }

    public var size: (width: Int, height: Int) { (side, side) }
    public var timeLimit: Int? { 10 * side * side }
    public var constantMission: String? { "use the key to open the door and then get to the goal" }

    public func validate() throws { try require("side", side, in: 5...100) }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      world[side - 2, side - 2] = .goal
      let wall = world.draw(2, side - 2)
      world.verticalWall(x: wall, y: 0, length: side)
      try world.placeAgent(width: wall, height: side)
      let row = world.draw(1, side - 2)
      world.putDoor(.yellow, .locked, atX: wall, y: row)
      try world.place(world.makeObject(.key, .yellow), width: wall, height: side)
    }
  }
}
