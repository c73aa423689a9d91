extension Gridworld.BabyAI {
  /// Levels that say "go to ...". All read `roomSize`, `rows`, `columns` and, where they distract, `distractors`.
  func sayGoTo(
    _ rooms: inout Gridworld.RoomGrid, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) -> Gridworld.Instruction {
    let target: Gridworld.Cell
    switch task {
    case .goToRedBall:
      // One red ball among others, which may be grey (`greyDistractors`).
      try rooms.placeAgent(in: &world)
      target = try rooms.addObject(0, 0, .ball, .red, in: &world)
      let others = try rooms.addDistractors(count: distractors, unique: false, in: &world)
      if greyDistractors { world.recolor(others, .grey) }
      try world.checkReachable()
    case .goToRedBlueBall:
      // A red or a blue ball, the only one of either.
      try rooms.placeAgent(in: &world)
      let others = try rooms.addDistractors(count: distractors, unique: false, in: &world)
      for other in others where other.is(.ball) && (other.color == .blue || other.color == .red) {
        throw Gridworld.LevelRejected()
      }
      let color = world.drawElement([Gridworld.Color.red, .blue])
      target = try rooms.addObject(0, 0, .ball, color, in: &world)
      try world.checkReachable()
    case .goToObject:
      // A single object.
      try rooms.placeAgent(in: &world)
      target = try rooms.addDistractors(count: 1, in: &world)[0]
    case .goToLocal:
      // One of several objects in one room.
      try rooms.placeAgent(in: &world)
      let objects = try rooms.addDistractors(count: distractors, unique: false, in: &world)
      try world.checkReachable()
      target = world.drawElement(objects)
    case .goTo:
      // One of several objects in a maze of rooms, whose doors may be open (`doorsOpen`).
      try rooms.placeAgent(in: &world)
      try rooms.connectAll(in: &world)
      let objects = try rooms.addDistractors(count: distractors, unique: false, in: &world)
      try world.checkReachable()
      target = world.drawElement(objects)
      if doorsOpen {
        for door in world.doors { world.cells[Int(door)] = world.cells[Int(door)].door(.open) }
      }
    case .goToImplicitUnlock:
      // An object in a locked room.
      let (door, column, row) = try lockRoom(&rooms, in: &world)
      try rooms.connectAll(in: &world)
      try distractEachRoom(&rooms, count: 2, in: &world)
      try placeAgent(outside: (column, row), rooms, in: &world)
      try world.checkReachable()
      _ = door
      target = try rooms.addDistractors(column, row, count: 1, unique: false, in: &world)[0]
    case .goToDoor:
      // A door of a room with four.
      var doors: [Gridworld.Cell] = []
      for _ in 0..<4 { doors.append(rooms.addDoor(1, 1, in: &world).door) }
      try rooms.placeAgent(1, 1, in: &world)
      target = world.drawElement(doors)
    default:
      // An object or a door of a room with four.
      try rooms.placeAgent(1, 1, in: &world)
      var objects = try rooms.addDistractors(1, 1, count: distractors, unique: false, in: &world)
      for _ in 0..<4 { objects.append(rooms.addDoor(1, 1, in: &world).door) }
      try world.checkReachable()
      target = world.drawElement(objects)
    }
    return Gridworld.Instruction(Gridworld.Clause(.goTo, Gridworld.Description(target)))
  }

  /// Locks a drawn room and puts the key anywhere.
  ///
  /// BabyAI means to put it into another room, but compares numbers by identity and so never looks.
  func lockRoom(
    _ rooms: inout Gridworld.RoomGrid, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) -> (door: Gridworld.Cell, column: Int, row: Int) {
    let column = world.draw(0, columns)
    let row = world.draw(0, rows)
    let door = rooms.addDoor(column, row, locked: true, in: &world).door
    let keyColumn = world.draw(0, columns)
    let keyRow = world.draw(0, rows)
    try rooms.addObject(keyColumn, keyRow, .key, door.color, in: &world)
    return (door, column, row)
  }

  /// Objects in every room, the locked one too, for the same reason.
  func distractEachRoom(
    _ rooms: inout Gridworld.RoomGrid, count: Int, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) {
    for column in 0..<columns {
      for row in 0..<self.rows { try rooms.addDistractors(column, row, count: count, unique: false, in: &world) }
    }
  }

  /// Places the agent in another room than the given one.
  func placeAgent(
    outside room: (column: Int, row: Int)?, _ rooms: Gridworld.RoomGrid, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) {
    for _ in 0..<10_000 {
      try rooms.placeAgent(in: &world)
      guard let room else { return }
      let home = rooms.agentRoom(in: world)
      if home.column != room.column || home.row != room.row { return }
    }
    throw Gridworld.LevelRejected()
  }
}

extension Gridworld {
  /// Gives objects that lie on the grid another colour.
  mutating func recolor(_ objects: [Cell], _ color: Color) {
    for index in cells.indices where objects.contains(cells[index]) { cells[index] = cells[index].recolored(color) }
  }
}
