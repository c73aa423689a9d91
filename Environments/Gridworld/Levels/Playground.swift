extension Gridworld {
  /// Nine rooms with doors and twelve objects, and nothing to achieve: for play and for intrinsic rewards.
  public struct Playground: Family {
    public static let name = "Playground"

    /// Number of objects, 0 to 60.
    public var objects = 12

    public init() {}

    public var size: (width: Int, height: Int) { (19, 19) }
    public var timeLimit: Int? { 100 }
    public var constantMission: String? { "" }
    public var hasGoal: Bool { false }

    public func validate() throws { try require("objects", objects, in: 0...60) }

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let room = 6
      for y in [0, room, 2 * room] {
        for x in [0, room, 2 * room] {
          if x < 2 * room {
            world.verticalWall(x: x + room, y: y, length: room)
            let row = world.draw(y + 1, y + room - 1)
            world.putDoor(world.drawColor(), .closed, atX: x + room, y: row)
          }
          if y < 2 * room {
            world.horizontalWall(x: x, y: y + room, length: room)
            let column = world.draw(x + 1, x + room - 1)
            world.putDoor(world.drawColor(), .closed, atX: column, y: y + room)
          }
        }
      }
      try world.placeAgent()
      for _ in 0..<objects {
        let kind = world.drawElement([Tile.key, .ball, .box])
        try world.place(world.makeObject(kind, world.drawColor()))
      }
    }
  }
}
