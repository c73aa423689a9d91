extension Gridworld.BabyAI {
  /// Levels that say "open ...".
  func sayOpen(
    _ rooms: inout Gridworld.RoomGrid, in world: inout Gridworld
  ) throws(Gridworld.LevelRejected) -> Gridworld.Instruction {
    func open(_ door: Gridworld.Cell, isStrict: Bool) -> Gridworld.Clause {
      Gridworld.Clause(.open, Gridworld.Description(door), isStrict: isStrict)
    }
    switch task {
    case .open:
      // A door of a maze; each door counts once for each of its rooms.
      try rooms.placeAgent(in: &world)
      try rooms.connectAll(in: &world)
      try rooms.addDistractors(count: distractors, unique: false, in: &world)
      try world.checkReachable()
      var doors: [Gridworld.Cell] = []
      for column in 0..<columns {
        for row in 0..<self.rows {
          for side in 0..<4 { if let door = rooms.passage(column, row, side: side) { doors.append(door) } }
        }
      }
      return Gridworld.Instruction(open(world.drawElement(doors), isStrict: false))
    case .openRedDoor:
      let door = rooms.addDoor(0, 0, side: 0, .red, locked: false, in: &world).door
      try rooms.placeAgent(0, 0, in: &world)
      return Gridworld.Instruction(open(door, isStrict: false))
    case .openDoor:
      // One of four doors, named by its colour or by where it is (`selectBy`).
      let colors = world.drawSubset(Gridworld.Color.drawn, count: 4)
      let doors = colors.enumerated().map {
        rooms.addDoor(1, 1, side: $0.offset, $0.element, locked: false, in: &world).door
      }
      let byColor = selectBy.isEmpty ? world.draw(0, 2) == 0 : selectBy == "color"
      var description = Gridworld.Description(tile: .door)
      if byColor {
        description.color = doors[0].color
      } else {
        description.location = world.drawElement(Gridworld.Description.Location.allCases)
      }
      try rooms.placeAgent(1, 1, in: &world)
      return Gridworld.Instruction(Gridworld.Clause(.open, description, isStrict: isStrict))
    case .openTwoDoors:
      let drawn = world.drawSubset(Gridworld.Color.drawn, count: 2)
      let colors = self.colors.isEmpty ? drawn : self.colors
      let left = rooms.addDoor(1, 1, side: 2, colors[0], locked: false, in: &world).door
      let right = rooms.addDoor(1, 1, side: 0, colors[1], locked: false, in: &world).door
      try rooms.placeAgent(1, 1, in: &world)
      return Gridworld.Instruction(
        Gridworld.Part(open(left, isStrict: isStrict)), .before, Gridworld.Part(open(right, isStrict: false)))
    default:
      // openDoorsInOrder: one of several doors, or two of them in an order that is said in one of two ways.
      let colors = world.drawSubset(Gridworld.Color.drawn, count: doors)
      let all = colors.map { rooms.addDoor(1, 1, $0, locked: false, in: &world).door }
      try rooms.placeAgent(1, 1, in: &world)
      let two = world.drawSubset(all, count: 2)
      let (a, b) = (open(two[0], isStrict: isStrict), open(two[1], isStrict: isStrict))
      switch world.draw(0, 3) {
      case 0: return Gridworld.Instruction(a)
      case 1: return Gridworld.Instruction(Gridworld.Part(a), .before, Gridworld.Part(b))
      default: return Gridworld.Instruction(Gridworld.Part(a), .after, Gridworld.Part(b))
      }
    }
  }
}
