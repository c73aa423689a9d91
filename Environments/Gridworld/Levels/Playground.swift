extension Gridworld {
  /// Nine rooms with doors and twelve objects, and nothing to achieve: for play and for intrinsic rewards.
  ///
  /// **Layout.** Three rows of three rooms that share walls, a closed door of a drawn colour in each wall
  /// between two; keys, balls and boxes in drawn colours and cells, boxes empty.
  ///
  /// **Reward.** Always 0: `return` and `success` say nothing here; what a policy saw or opened is in the
  /// signals.
  ///
  /// **Source.** MiniGrid's `PlaygroundEnv`.
  public struct Playground: Family {
    /// MiniGrid's `PlaygroundEnv`; `Playground` is its only level.
    public static let name = "Playground"

    /// Number of objects, 0 to 60.
    public var objects = 12

    /// The level of `Playground`: twelve objects.
    public init() {}

    /// 19 x 19 cells, always: three rooms a side.
    public var size: (width: Int, height: Int) { (19, 19) }
    /// 100 steps, after which an episode is truncated; nothing else ends it.
    public var timeLimit: Int? { 100 }
    /// Empty: there is nothing to be done.
    public var constantMission: String? { "" }
    /// False: no step is a success, and the signal `distance` is -1.
    public var hasGoal: Bool { false }

    /// - Throws: `UserError` when there are not 0 to 60 objects.
    public func validate() throws { try require("objects", objects, in: 0...60) }

    /// Draws doors between neighbouring rooms with their colours, the agent, then each object's kind, colour
    /// and cell.
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
