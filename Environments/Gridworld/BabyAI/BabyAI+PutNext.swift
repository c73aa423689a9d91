extension Gridworld.BabyAI {
  /// Levels that say "put ... next to ...".
  func sayPutNext(
    _ rooms: inout Gridworld.RoomGrid, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) -> Gridworld.Instruction {
    func put(_ object: Gridworld.Cell, nextTo other: Gridworld.Cell) -> Gridworld.Clause {
      Gridworld.Clause(.putNext, Gridworld.Description(object), nextTo: Gridworld.Description(other))
    }
    if task == .putNextLocal {
      // Two of the objects of one room.
      try rooms.placeAgent(in: &world)
      let objects = try rooms.addDistractors(count: distractors, in: &world)
      try world.checkReachable()
      let two = world.drawSubset(objects, count: 2)
      return Gridworld.Instruction(put(two[0], nextTo: two[1]))
    }
    // Objects of two rooms whose wall is taken away once they lie apart.
    try rooms.placeAgent(0, 0, in: &world)
    let left = try rooms.addDistractors(0, 0, count: distractors, in: &world)
    let right = try rooms.addDistractors(1, 0, count: distractors, in: &world)
    rooms.removeWall(0, 0, side: 0, in: &world)
    if task == .moveTwoAcross {
      let fromLeft = world.drawSubset(left, count: 2)
      let fromRight = world.drawSubset(right, count: 2)
      return Gridworld.Instruction(
        Gridworld.Part(put(fromLeft[0], nextTo: fromRight[0])), .before,
        Gridworld.Part(put(fromRight[1], nextTo: fromLeft[1])))
    }
    let a = world.drawElement(left)
    let b = world.drawElement(right)
    return Gridworld.Instruction(world.drawBool() ? put(b, nextTo: a) : put(a, nextTo: b))
  }
}
