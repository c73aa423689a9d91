extension Gridworld {
  /// Two rooms and a locked door: open it, or pick up the box behind it, or clear the way to it first.
  ///
  /// **Layout.** Two rooms of six cells a side, a locked door of a drawn colour and place in the wall between
  /// them, its key and the agent in the left room; the box, where there is one, in the right room.
  ///
  /// **End.** Success by opening the door with `toggle`, or by picking up the box; nothing else terminates an
  /// episode. For the box the key has to be put down, and with a ball in the way that has to be moved first.
  ///
  /// **Ids.** `Unlock`, `UnlockPickup`, `BlockedUnlockPickup`.
  ///
  /// **Source.** MiniGrid's `UnlockEnv`, `UnlockPickupEnv`, `BlockedUnlockPickupEnv`.
  public struct Unlock: Family {
    /// MiniGrid's `UnlockEnv`, `UnlockPickupEnv` and `BlockedUnlockPickupEnv` in one; `task` says which.
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

    /// Which of the three levels it is; it sets rule, mission and time limit.
    public var task = Task.openDoor

    /// The level of `Unlock`: opening the door is all.
    public init() {}

    /// The level of a task.
    public init(_ task: Task) { self.task = task }

    /// 11 x 6 cells: two rooms of six that share a wall.
    public var size: (width: Int, height: Int) { RoomGrid.size(roomSize: 6, rows: 1, columns: 2) }
    /// MiniGrid's 288 steps, 576 with a ball in the way.
    public var timeLimit: Int? { task == .pickUpBoxPastBall ? 576 : 288 }
    /// "open the door"; nil where the mission names the box's drawn colour.
    public var constantMission: String? { task == .openDoor ? "open the door" : nil }
    /// "pick up the red box"
    public var longestMission: Int { task == .openDoor ? 3 : 5 }

    /// Nothing can be wrong: the task is the only parameter.
    public func validate() throws {}

    /// Draws the box (where one is to be taken), the door's place and colour, the ball before it, the key and
    /// the agent.
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
