extension Gridworld {
  /// Four rooms, joined by a gap in each wall between two; agent and goal anywhere.
  ///
  /// After the rooms in which options were introduced: Sutton, Precup and Singh 1999, "Between MDPs and
  /// semi-MDPs".
  ///
  /// **End.** Success at the goal square; truncated after 100 steps. Walls hide what is in other rooms, so the
  /// goal has to be looked for.
  ///
  /// **Source.** MiniGrid's `FourRoomsEnv`.
  public struct FourRooms: Family {
    /// MiniGrid's `FourRoomsEnv`; `FourRooms` is its only level.
    public static let name = "FourRooms"

    /// Side of the grid, 7 to 99.
    public var side = 19

    /// The level of `FourRooms`: 19 x 19 cells.
    public init() {}

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// 100 steps whatever the side, as MiniGrid has it: many starts are barely in reach.
    public var timeLimit: Int? { 100 }
    /// Shorter words than other levels with a goal square have.
    public var constantMission: String? { "reach the goal" }

    /// - Throws: `UserError` when the side is not in 7 to 99.
    public func validate() throws { try require("side", side, in: 7...99) }

    /// Draws the gaps room by room, then the agent's cell and direction, then the goal's cell.
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
