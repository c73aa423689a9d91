extension Gridworld.BabyAI {
  /// Levels with a locked door.
  func sayUnlock(
    _ rooms: inout Gridworld.RoomGrid, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) -> Gridworld.Instruction {
    typealias Description = Gridworld.Description
    switch task {
    case .unlock:
      // A locked door of a maze, in half the levels the only one of its colour.
      let (door, column, row) = try lockRoom(&rooms, in: &world)
      let isOnlyOne = world.drawBool()
      try rooms.connectAll(colors: Gridworld.Color.drawn.filter { !isOnlyOne || $0 != door.color }, in: &world)
      try distractEachRoom(&rooms, count: 3, in: &world)
      try placeAgent(outside: (column, row), rooms, in: &world)
      try world.checkReachable()
      return Gridworld.Instruction(Gridworld.Clause(.open, Description(door)))
    case .unlockLocal:
      // A locked door, and its key in the room, perhaps among others.
      let door = rooms.addDoor(1, 1, locked: true, in: &world).door
      try rooms.addObject(1, 1, .key, door.color, in: &world)
      try rooms.addDistractors(1, 1, count: distractors, in: &world)
      try rooms.placeAgent(1, 1, in: &world)
      return Gridworld.Instruction(Gridworld.Clause(.open, Description(anyOf: .door)))
    case .keyInBox:
      let door = rooms.addDoor(1, 1, locked: true, in: &world).door
      let key = world.makeObject(.key, door.color)
      let box = world.makeObject(.box, world.drawColor())
      world.put(key, into: box)
      try rooms.place(box, 1, 1, in: &world)
      try rooms.placeAgent(1, 1, in: &world)
      return Gridworld.Instruction(Gridworld.Clause(.open, Description(anyOf: .door)))
    case .unlockPickUp, .blockedUnlockPickUp:
      // A box behind a locked door, before which a ball may stand.
      let box = try rooms.addObject(1, 0, .box, in: &world)
      let (door, x, y) = rooms.addDoor(0, 0, side: 0, locked: true, in: &world)
      if task == .blockedUnlockPickUp { world[x - 1, y] = world.makeObject(.ball, world.drawColor()) }
      try rooms.addObject(0, 0, .key, door.color, in: &world)
      try rooms.addDistractors(count: distractors, in: &world)
      try rooms.placeAgent(0, 0, in: &world)
      let description = task == .unlockPickUp ? Description(box) : Description(anyOf: .box)
      return Gridworld.Instruction(Gridworld.Clause(.pickUp, description))
    case .unlockToUnlock:
      // The key of the ball's room is in a room that is locked too.
      let colors = world.drawSubset(Gridworld.Color.drawn, count: 2)
      rooms.addDoor(0, 0, side: 0, colors[0], locked: true, in: &world)
      try rooms.addObject(2, 0, .key, colors[0], in: &world)
      rooms.addDoor(1, 0, side: 0, colors[1], locked: true, in: &world)
      try rooms.addObject(1, 0, .key, colors[1], in: &world)
      let ball = try rooms.addObject(0, 0, .ball, in: &world)
      try rooms.placeAgent(1, 0, in: &world)
      return Gridworld.Instruction(Gridworld.Clause(.pickUp, Description(anyOf: ball.tile)))
    default:
      let ball = try Gridworld.furnishKeyCorridor(&rooms, in: &world)
      return Gridworld.Instruction(Gridworld.Clause(.pickUp, Description(anyOf: ball.tile)))
    }
  }
}
