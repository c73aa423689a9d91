extension Gridworld {
  /// A room with a red door on its left and a blue one on its right: open the red one, then the blue one.
  public struct RedBlueDoors: Family {
    public static let name = "RedBlueDoors"

    /// Height of the grid, which is twice as wide, 5 to 50.
    public var side = 8

    public init() {}

    public init(side: Int) { self.side = side }

    public var size: (width: Int, height: Int) { (2 * side, side) }
    public var timeLimit: Int? { 20 * side * side }
    public var constantMission: String? { "open the red door then the blue door" }

    public func validate() throws { try require("side", side, in: 5...50) }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let left = side / 2
      let right = left + side - 1
      world.wallRectangle(x: left, y: 0, width: side, height: side)
      try world.placeAgent(x: left, y: 0, width: side, height: side)
      let red = world.draw(1, side - 1)
      world.putDoor(.red, .closed, atX: left, y: red)
      let blue = world.draw(1, side - 1)
      world.putDoor(.blue, .closed, atX: right, y: blue)
      world.rule = .redBlueDoors
      world.place = world.index(left, red)
      world.otherPlace = world.index(right, blue)
    }
  }
}
