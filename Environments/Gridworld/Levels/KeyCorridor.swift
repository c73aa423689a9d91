extension Gridworld {
  /// A corridor with rooms on both sides: find the key on the left, unlock the door on the right, take the ball.
  public struct KeyCorridor: Family {
    public static let name = "KeyCorridor"

    /// Side of a room, walls included, 3 to 20.
    public var roomSize = 6
    /// Rows of rooms, 1 to 5.
    public var rows = 3

    public init() {}

    public init(roomSize: Int, rows: Int) {
      self.roomSize = roomSize
      self.rows = rows
    }

    public var size: (width: Int, height: Int) { RoomGrid.size(roomSize: roomSize, rows: rows, columns: 3) }
    public var timeLimit: Int? { 30 * roomSize * roomSize }
    /// "pick up the red ball"
    public var longestMission: Int { 5 }

    public func validate() throws {
      try require("roomSize", roomSize, in: 3...20)
      try require("rows", rows, in: 1...5)
    }

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
