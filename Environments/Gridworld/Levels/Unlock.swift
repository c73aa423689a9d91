extension Gridworld {
  /// Two rooms and a locked door: open it, or pick up the box behind it, or clear the way to it first.
  public struct Unlock: Family {
    public static let name = "Unlock"

    /// What there is to do.
    public enum Task: String, Codable, Hashable, Sendable {
      /// Open the door.
      case openDoor
      /// Pick up the box behind the door.
      case pickUpBox
      /// The same, with a ball before the door.
      case pickUpBoxPastBall
    }

    public var task = Task.openDoor

    public init() {}

    public init(_ task: Task) { self.task = task }

    public var size: (width: Int, height: Int) { RoomGrid.size(roomSize: 6, rows: 1, columns: 2) }
    public var timeLimit: Int? { task == .pickUpBoxPastBall ? 576 : 288 }
    public var constantMission: String? { task == .openDoor ? "open the door" : nil }
    /// "pick up the red box"
    public var longestMission: Int { task == .openDoor ? 3 : 5 }

    public func validate() throws {}

    public func generate(in world: inout Gridworld) throws(LevelRejected) {
      var rooms = RoomGrid(roomSize: 6, rows: 1, columns: 2, in: &world)
      if task != .openDoor {
        let box = try rooms.addObject(1, 0, .box, in: &world)
        world.rule = .pickUp
        world.wanted = UInt32(box.identity)
        world.mission.append(.pick, .up, .the, Word(box.color), .box)
      }
      let (door, x, y) = rooms.addDoor(0, 0, side: 0, locked: true, in: &world)
      if task == .pickUpBoxPastBall { world[x - 1, y] = world.makeObject(.ball, world.drawColor()) }
      try rooms.addObject(0, 0, .key, door.color, in: &world)
      try rooms.placeAgent(0, 0, in: &world)
      if task == .openDoor {
        world.rule = .unlock
        world.place = world.index(x, y)
      }
    }
  }
}
