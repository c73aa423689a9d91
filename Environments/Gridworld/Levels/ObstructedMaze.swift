extension Gridworld {
  /// Rooms with locked doors whose keys lie in boxes and whose ways are blocked by balls: take the blue ball.
  ///
  /// **Layout.** With `quarters` 0 two rooms side by side, else three rows of three rooms of six cells a side.
  /// From the middle room doors lead to as many neighbours as there are quarters; each of those has two locked
  /// doors to corner rooms, and one of these holds the blue ball. Keys may lie in grey boxes and green balls
  /// before the doors.
  ///
  /// **End.** Success by picking up the blue ball; truncated after 144 steps for each room on the way.
  ///
  /// **Ids.** `ObstructedMaze-1Dl`, `1Dlh`, `1Dlhb` (two rooms), `2Dl`, `2Dlh`, `2Dlhb`, `1Q`, `2Q`, `Full`,
  /// and the last four also as `-v1`.
  ///
  /// **Source.** MiniGrid's `ObstructedMazeEnv` classes, the hardest of its sparse tasks.
  public struct ObstructedMaze: Family {
    /// MiniGrid's `ObstructedMaze_*` classes; the ids name them: D doors, l locked, h keys hidden in boxes, b
    /// blocked by balls, Q quarters.
    public static let name = "ObstructedMaze"

    /// 0: two rooms and one door; 1, 2 or 4: nine rooms of which so many quarters have doors.
    public var quarters = 4
    /// Whether keys lie in boxes.
    public var keysInBoxes = true
    /// Whether balls stand before locked doors.
    public var blocked = true
    /// Column and row of the agent's room.
    public var agentRoom = [1, 1]
    /// Rooms on the way, for the time limit of 4 * 36 steps each.
    public var roomsOnTheWay = 25
    /// Whether a side room's keys come after both its doors (MiniGrid's version 1), so that no key ends where a
    /// ball would replace it, as version 0 can.
    public var keysAfterDoors = false

    /// The level of `ObstructedMaze-Full`: all four quarters, keys in boxes, balls before the doors.
    public init() {}

    /// A level of those parts; ranges stand at the properties and are checked by `validate`.
    public init(
      quarters: Int, keysInBoxes: Bool, blocked: Bool, agentRoom: [Int], roomsOnTheWay: Int,
      keysAfterDoors: Bool = false
    ) {
      self.quarters = quarters
      self.keysInBoxes = keysInBoxes
      self.blocked = blocked
      self.agentRoom = agentRoom
      self.roomsOnTheWay = roomsOnTheWay
      self.keysAfterDoors = keysAfterDoors
    }

    private var rows: Int { quarters == 0 ? 1 : 3 }
    private var columns: Int { quarters == 0 ? 2 : 3 }

    /// 11 x 6 cells for two rooms, 16 x 16 for nine.
    public var size: (width: Int, height: Int) { RoomGrid.size(roomSize: 6, rows: rows, columns: columns) }
    /// MiniGrid's 4 steps for each of 36 cells of each room on the way.
    public var timeLimit: Int? { 144 * roomsOnTheWay }
    /// The ball to take is blue; the balls that block are green.
    public var constantMission: String? { "pick up the blue ball" }

    /// - Throws: `UserError` when the agent's room is not one of the rooms, or a number is out of range.
    public func validate() throws {
      try require("quarters", quarters, in: 0...4)
      try require("roomsOnTheWay", roomsOnTheWay, in: 1...1000)
      try require("number of coordinates in agentRoom", agentRoom.count, in: 2...2)
      try require("agentRoom[0]", agentRoom[0], in: 0...columns - 1)
      try require("agentRoom[1]", agentRoom[1], in: 0...rows - 1)
    }

    /// Draws six colours, then room by room the doors, the balls before them and the keys, then the room with
    /// the blue ball and the agent's cell.
    ///
    /// Version 0 can put a ball where a key lies and so draw a level that cannot be solved, as MiniGrid's does;
    /// see `keysAfterDoors`.
    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      var rooms = RoomGrid(roomSize: 6, rows: rows, columns: columns, in: &world)
      let colors = world.drawSubset(Color.drawn, count: 6)
      var ballRoom = (1, 0)
      if quarters == 0 {
        addLockedDoor((0, 0), side: 0, colors[0], &rooms, &world)
        try addKey((0, 0), colors[0], &rooms, &world)
      } else {
        let sideRooms = [(2, 1), (1, 2), (0, 1), (1, 0)].prefix(quarters)
        for (index, room) in sideRooms.enumerated() {
          rooms.addDoor(1, 1, side: index, colors[index], locked: false, in: &world)
          for turn in [3, 1] {
            // The colour's number is one less or more, counted around six; the side, counted around four.
            let color = colors[(index + (turn == 3 ? 5 : 1)) % 6]
            addLockedDoor(room, side: (index + turn) % 4, color, &rooms, &world)
            if !keysAfterDoors { try addKey(room, color, &rooms, &world) }
          }
          guard keysAfterDoors else { continue }
          for step in [5, 1] { try addKey(room, colors[(index + step) % 6], &rooms, &world) }
        }
        ballRoom = world.drawElement(Array([(2, 0), (2, 2), (0, 2), (0, 0)].prefix(quarters)))
      }
      let ball = try rooms.addObject(ballRoom.0, ballRoom.1, .ball, .blue, in: &world)
      try rooms.placeAgent(agentRoom[0], agentRoom[1], in: &world)
      world.rule = .pickUp
      world.wanted = UInt32(ball.identity)
    }

    /// A locked door, and a green ball before it.
    private func addLockedDoor(
      _ room: (Int, Int), side: Int, _ color: Color, _ rooms: inout RoomGrid, _ world: inout Gridworld
    ) {
      let (_, x, y) = rooms.addDoor(room.0, room.1, side: side, color, locked: true, in: &world)
      guard blocked else { return }
      let (dx, dy) = [(1, 0), (0, 1), (-1, 0), (0, -1)][side]
      world[x - dx, y - dy] = world.makeObject(.ball, .green)
    }

    /// A key, in a grey box if they are.
    private func addKey(
      _ room: (Int, Int), _ color: Color, _ rooms: inout RoomGrid, _ world: inout Gridworld
    ) throws(LevelRejected) {
      let key = world.makeObject(.key, color)
      guard keysInBoxes else {
        try rooms.place(key, room.0, room.1, in: &world)
        return
      }
      let box = world.makeObject(.box, .grey)
      world.put(key, into: box)
      try rooms.place(box, room.0, room.1, in: &world)
    }
  }
}
