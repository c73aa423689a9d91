extension Gridworld.BabyAI {
  /// Levels that say "pick up ...", and one that may say anything about one thing.
  func sayPickUp(
    _ rooms: inout Gridworld.RoomGrid, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) -> Gridworld.Instruction {
    var description = Gridworld.Description()
    var kind = Gridworld.Clause.Kind.pickUp
    switch task {
    case .pickUp, .unblockPickUp:
      // One of the objects of a maze; with `unblockPickUp` some object is behind another.
      try rooms.placeAgent(in: &world)
      try rooms.connectAll(in: &world)
      let objects = try rooms.addDistractors(count: distractors, unique: false, in: &world)
      if world.allReachable == (task == .unblockPickUp) { throw Gridworld.LevelRejected() }
      description = Gridworld.Description(world.drawElement(objects))
    case .pickUpDistractor:
      // One of the objects of a room, named by its kind, its colour or both.
      let objects = try rooms.addDistractors(count: distractors, in: &world)
      try rooms.placeAgent(0, 0, in: &world)
      description = Gridworld.Description(world.drawElement(objects))
      switch world.draw(0, 3) {
      case 0: description.color = nil
      case 1: description.tile = nil
      default: break
      }
    case .pickUpAbove:
      // An object in the room above.
      let object = try rooms.addObject(1, 0, in: &world)
      rooms.addDoor(1, 1, side: 3, locked: false, in: &world)
      try rooms.placeAgent(1, 1, in: &world)
      try rooms.connectAll(in: &world)
      description = Gridworld.Description(object)
    case .findObject:
      // The only object of a maze; BabyAI draws the column by the number of rows and the other way round.
      let column = world.draw(0, self.rows)
      let row = world.draw(0, columns)
      let object = try rooms.addObject(column, row, in: &world)
      try rooms.placeAgent(1, 1, in: &world)
      try rooms.connectAll(in: &world)
      description = Gridworld.Description(anyOf: object.tile)
    case .oneRoom:
      let object = try rooms.addObject(0, 0, .ball, in: &world)
      try rooms.placeAgent(in: &world)
      description = Gridworld.Description(anyOf: object.tile)
    default:
      // actOnObjectOrDoor: go to or open a door of a room with four, or go to or pick up an object in it.
      var objects = try rooms.addDistractors(1, 1, count: distractors, in: &world)
      for _ in 0..<4 { objects.append(rooms.addDoor(1, 1, locked: false, in: &world).door) }
      try rooms.placeAgent(1, 1, in: &world)
      let object = world.drawElement(objects)
      description = Gridworld.Description(object)
      kind = world.drawBool() ? .goTo : object.isDoor ? .open : .pickUp
    }
    return Gridworld.Instruction(Gridworld.Clause(kind, description, isStrict: isStrict))
  }
}
