extension Gridworld {
  /// Six rooms off a corridor; one is locked and holds the goal, another holds its key, and the mission says which.
  ///
  /// **Layout.** A corridor from top to bottom with three rooms on each side, each with a door of a colour of
  /// its own; the goal lies in the locked one and its key in another, both in drawn cells.
  ///
  /// **Mission.** "get the red key from the blue room, unlock the red door and go to the goal": it says where
  /// the key is, so nothing has to be searched but the way.
  ///
  /// **End.** Success at the goal square; truncated after 10 side steps, 190 in MiniGrid's size, which a detour
  /// uses up.
  ///
  /// **Source.** MiniGrid's `LockedRoomEnv`.
  public struct LockedRoom: Family {
    /// MiniGrid's `LockedRoomEnv`; `LockedRoom` is its only level.
    public static let name = "LockedRoom"

    /// Side of the grid, 15 to 99.
    public var side = 19

    /// The level of `LockedRoom`: 19 x 19 cells.
    public init() {}

    /// A square of `side` cells, the outer wall included.
    public var size: (width: Int, height: Int) { (side, side) }
    /// MiniGrid's 10 side steps, which grow with the side and not with its square: 190 for side 19.
    public var timeLimit: Int? { 10 * side }
    /// "get the red key from the blue room, unlock the red door and go to the goal"
    public var longestMission: Int { 18 }

    /// - Throws: `UserError` when the side is not in 15 to 99.
    public func validate() throws { try require("side", side, in: 15...99) }

    /// Draws which room is locked, the goal's cell in it, a colour for each door without repetition, the key's
    /// room and cell, then the agent in the corridor.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      world.outerWall()
      let left = side / 2 - 2
      let right = side / 2 + 2
      world.verticalWall(x: left, y: 0, length: side)
      world.verticalWall(x: right, y: 0, length: side)
      // Rooms from top to bottom, left before right: corner and door.
      var rooms: [(x: Int, y: Int, doorX: Int, doorY: Int)] = []
      for row in 0..<3 {
        let y = row * (side / 3)
        world.horizontalWall(x: 0, y: y, length: left)
        world.horizontalWall(x: right, y: y, length: side - right)
        rooms.append((0, y, left, y + 3))
        rooms.append((right, y, right, y + 3))
      }
      func drawCell(of room: Int, _ world: inout Gridworld) -> (x: Int, y: Int) {
        let x = world.draw(rooms[room].x + 1, rooms[room].x + left)
        return (x, world.draw(rooms[room].y + 1, rooms[room].y + side / 3))
      }
      let lockedRoom = world.draw(0, 6)
      let goal = drawCell(of: lockedRoom, &world)
      world[goal.x, goal.y] = .goal
      var rest = Color.drawn
      var colors: [Color] = []
      for (index, room) in rooms.enumerated() {
        let color = rest.remove(at: world.draw(0, rest.count))
        colors.append(color)
        world.putDoor(color, index == lockedRoom ? .locked : .closed, atX: room.doorX, y: room.doorY)
      }
      var keyRoom = lockedRoom
      while keyRoom == lockedRoom { keyRoom = world.draw(0, 6) }
      let key = drawCell(of: keyRoom, &world)
      world[key.x, key.y] = world.makeObject(.key, colors[lockedRoom])
      try world.placeAgent(x: left, y: 0, width: right - left, height: side)
      let color = Word(colors[lockedRoom])
      world.mission.append(.get, .the, color, .key, .from, .the, Word(colors[keyRoom]), .room, .comma)
      world.mission.append(.unlock, .the, color, .door, .and, .go, .to, .the, .goal)
    }
  }
}
