extension Gridworld {
  /// A corridor with rooms on both sides: find the key on the left, unlock the door on the right, take the ball.
  ///
  /// **Layout.** Three columns of `rows` square rooms. The walls between the rooms of the middle column are
  /// taken away, which makes the corridor; the locked room with the ball is on the right, the key in a room on
  /// the left, and further doors of drawn colours join what is left.
  ///
  /// **End.** Success by picking up the ball; truncated after 30 roomSize² steps. The key has to be put down
  /// first, since hands hold one thing.
  ///
  /// **Ids.** `KeyCorridorS3R1`, `S3R2`, `S3R3`, `S4R3`, `S5R3`, `S6R3`: side of a room, then rows.
  ///
  /// **Source.** MiniGrid's `KeyCorridorEnv`, a usual benchmark of intrinsic rewards (RIDE 2020, NovelD 2021).
  public struct KeyCorridor: Family {
    /// MiniGrid's `KeyCorridorEnv`; `KeyCorridorS3R1` (rooms of 3, one row) to `KeyCorridorS6R3` are its
    /// levels.
    public static let name = "KeyCorridor"

    /// Side of a room, walls included, 3 to 20.
    public var roomSize = 6
    /// Rows of rooms, 1 to 5.
    public var rows = 3

    /// The level of `KeyCorridorS6R3`, the hardest that MiniGrid has.
    public init() {}

    /// Three columns of rooms of that size, 3 to 20, in so many rows, 1 to 5.
    public init(roomSize: Int, rows: Int) {
      self.roomSize = roomSize
      self.rows = rows
    }

    /// Rooms share walls, so three columns of size 6 are 16 cells wide.
    public var size: (width: Int, height: Int) { RoomGrid.size(roomSize: roomSize, rows: rows, columns: 3) }
    /// MiniGrid's 30 roomSize² steps.
    public var timeLimit: Int? { 30 * roomSize * roomSize }
    /// "pick up the red ball"
    public var longestMission: Int { 5 }

    /// - Throws: `UserError` when the rooms' size or their rows are out of range.
    public func validate() throws {
      try require("roomSize", roomSize, in: 3...20)
      try require("rows", rows, in: 1...5)
    }

    /// Draws the locked door's row, its colour and the ball on the right, the key's row on the left, the agent
    /// in the corridor, then doors until every room is connected.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      var rooms = RoomGrid(roomSize: roomSize, rows: rows, columns: 3, in: &world)
      let ball = try Gridworld.furnishKeyCorridor(&rooms, in: &world)
      world.rule = .pickUp
      world.wanted = UInt32(ball.identity)
      world.mission.append(.pick, .up, .the, Word(ball.color), .ball)
    }
  }

  /// What BabyAI's corridor has too: the corridor itself, the locked door, the key and the agent.
  ///
  /// - Returns: The ball behind the door.
  static func furnishKeyCorridor(_ rooms: inout RoomGrid, in world: inout Gridworld) throws(LevelRejected) -> Cell {
    for row in 1..<max(1, rooms.rows) { rooms.removeWall(1, row, side: 3, in: &world) }
    let row = world.draw(0, rooms.rows)
    let door = rooms.addDoor(2, row, side: 2, locked: true, in: &world).door
    let ball = try rooms.addObject(2, row, .ball, in: &world)
    try rooms.addObject(0, world.draw(0, rooms.rows), .key, door.color, in: &world)
    try rooms.placeAgent(1, rooms.rows / 2, in: &world)
    try rooms.connectAll(in: &world)
    return ball
  }
}
