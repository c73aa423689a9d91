extension Gridworld {
  /// Four rooms, joined by a gap in each wall between two; agent and goal anywhere.
  public struct FourRooms: Family {
    public static let name = "FourRooms"

    /// Side of the grid, 7 to 99.
    public var side = 19

    public init() {}

    public var size: (width: Int, height: Int) { (side, side) }
    public var timeLimit: Int? { 100 }
    public var constantMission: String? { "reach the goal" }

    public func validate() throws { try require("side", side, in: 7...99) }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let room = side / 2
      for y in [0, room] {
        for x in [0, room] {
          if x == 0 {
            world.verticalWall(x: room, y: y, length: room)
            world[room, world.draw(y + 1, y + room)] = .empty
          }
          if y == 0 {
            world.horizontalWall(x: x, y: room, length: room)
            world[world.draw(x + 1, x + room), room] = .empty
          }
        }
      }
      try world.placeAgent()
      try world.place(.goal)
    }
  }
}
