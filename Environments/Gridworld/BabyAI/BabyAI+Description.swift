extension Gridworld {
  /// Calls a function with every cell that a description means, until it returns false.
  ///
  /// Walls count too: they are grey objects.
  @inline(__always) private func forEachMatch(
    _ description: Description, rooms: RoomGrid, _ body: (Cell, _ x: Int, _ y: Int) -> Bool
  ) {
    let home = rooms.agentRoom(in: self)
    let (agentX, agentY) = position
    let (aheadX, aheadY) = [(1, 0), (0, 1), (-1, 0), (0, -1)][direction]
    // Most cells are empty or wall and are passed over by one comparison of the bytes that must agree.
    var mask: UInt32 = 0
    var look: UInt32 = 0
    if let tile = description.tile {
      mask |= 0xff
      look |= UInt32(tile.rawValue)
    }
    if let color = description.color {
      mask |= 0xff00
      look |= UInt32(color.rawValue) << 8
    }
    let (first, pitch, width, height) = (plan.first, rowStride, plan.width, plan.height)
    for y in 0..<height {
      for x in 0..<width {
        let cell = cells[first + y * pitch + x]
        guard cell.bits & mask == look, !cell.isEmpty else { continue }
        if let location = description.location {
          guard rooms.contains(column: home.column, row: home.row, x: x, y: y) else { continue }
          let ahead = (x - agentX) * aheadX + (y - agentY) * aheadY
          let right = (y - agentY) * aheadX - (x - agentX) * aheadY
          let isThere =
            switch location {
            case .left: right < 0
            case .right: right > 0
            case .front: ahead > 0
            case .behind: ahead < 0
            }
          guard isThere else { continue }
        }
        if !body(cell, x, y) { return }
      }
    }
  }

  /// The identities that a description means, and how many cells, walls counted.
  private func matches(_ description: Description, rooms: RoomGrid) -> (identities: UInt128, count: Int) {
    var identities = UInt128(0)
    var count = 0
    forEachMatch(description, rooms: rooms) { cell, _, _ in
      count += 1
      if cell.identity != 0 { identities |= UInt128(1) &<< UInt128(cell.identity) }
      return true
    }
    return (identities, count)
  }

  /// Whether something matches, and, where a room is given, whether something outside it does.
  func hasMatch(_ description: Description, rooms: RoomGrid, outside room: (column: Int, row: Int)? = nil) -> Bool {
    var found = false
    forEachMatch(description, rooms: rooms) { _, x, y in
      if let room, rooms.contains(column: room.column, row: room.row, x: x, y: y) { return true }
      found = true
      return false
    }
    return found
  }

  /// Looks up the objects of every clause and writes the mission.
  mutating func resolve(_ instruction: inout Instruction, rooms: RoomGrid) {
    var mission = Mission()
    resolve(&instruction.a, rooms: rooms, into: &mission)
    if instruction.order != .single {
      if instruction.order == .before { mission.append(.comma, .then) } else { mission.append(.after, .you) }
      resolve(&instruction.b, rooms: rooms, into: &mission)
    }
    self.mission = mission
  }

  /// Looks up the part's one or two clauses and says them.
  private func resolve(_ part: inout Part, rooms: RoomGrid, into mission: inout Mission) {
    resolve(&part.first, rooms: rooms, into: &mission)
    guard part.isPair else { return }
    mission.append(.and)
    resolve(&part.second, rooms: rooms, into: &mission)
  }

  /// Looks up the clause's objects and says it; descriptions that mean one thing get "the".
  private func resolve(_ clause: inout Clause, rooms: RoomGrid, into mission: inout Mission) {
    switch clause.kind {
    case .goTo: mission.append(.go, .to)
    case .open: mission.append(.open)
    case .pickUp: mission.append(.pick, .up)
    case .putNext: mission.append(.put)
    }
    let meant = matches(clause.description, rooms: rooms)
    clause.objects = meant.identities
    clause.description.say(isOne: meant.count == 1, into: &mission)
    guard clause.kind == .putNext else { return }
    mission.append(.next, .to)
    let fixed = matches(clause.fixedDescription, rooms: rooms)
    clause.fixedObjects = fixed.identities
    clause.fixedDescription.say(isOne: fixed.count == 1, into: &mission)
  }

  /// Refuses an instruction that is done already, or cannot be done for lack of a key.
  func check(_ instruction: Instruction, unblocking: Bool, rooms: RoomGrid) throws(LevelRejected) {
    var instruction = instruction
    var isRefused = false
    instruction.forEachClause { clause in
      if clause.kind == .putNext && isPointless(clause, rooms: rooms) { isRefused = true }
      guard unblocking else { return }
      for description in [clause.description, clause.fixedDescription] where description.tile == .key {
        for door in doors where cells[Int(door)].isLockedDoor && cells[Int(door)].color == description.color {
          isRefused = true
        }
      }
    }
    if isRefused { throw LevelRejected() }
  }

  /// Whether something may be put next to itself, or is next to it already.
  private func isPointless(_ clause: Clause, rooms: RoomGrid) -> Bool {
    let moved = matches(clause.description, rooms: rooms).identities
    let fixed = matches(clause.fixedDescription, rooms: rooms).identities
    if moved & fixed != 0 { return true }
    var isNext = false
    forEachMatch(clause.description, rooms: rooms) { _, x, y in
      for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
        // Objects are never on the grid's edge, except doors, which cannot be moved.
        let neighbor = cells[index(x + dx, y + dy)]
        if neighbor.identity != 0 && fixed >> UInt128(neighbor.identity) & 1 != 0 { isNext = true }
      }
      return !isNext
    }
    return isNext
  }

  /// Refuses a level in which an object cannot be faced without moving another.
  func checkReachable() throws(LevelRejected) {
    if !allReachable { throw LevelRejected() }
  }

  /// Whether every object and door can be faced without moving another; doors of any state are walked through.
  var allReachable: Bool {
    var reached = [Bool](repeating: false, count: cells.count)
    var stack = [agent]
    while let index = stack.popLast() {
      guard !reached[index] else { continue }
      reached[index] = true
      let cell = cells[index]
      guard cell.isEmpty || cell.isDoor else { continue }
      stack += [index + 1, index - 1, index + rowStride, index - rowStride]
    }
    for y in 0..<height {
      for x in 0..<width where !self[x, y].isEmpty && !self[x, y].is(.wall) && !reached[index(x, y)] { return false }
    }
    return true
  }

  /// Starts the episode with the first clause's object in hand; see `showsInitialObject`.
  mutating func takeFirstObject() {
    let objects = instruction.a.first.objects
    for index in cells.indices where objects >> UInt128(cells[index].identity) & 1 != 0 && cells[index].isPortable {
      carried = cells[index]
      cells[index] = carried.vacated
      hasVacatedCells = true
      otherPlace = index
      return
    }
  }
}

extension Gridworld.Description {
  /// Says "the red ball", or "a ball on your left" where several match.
  func say(isOne: Bool, into mission: inout Gridworld.Mission) {
    mission.append(isOne ? .the : .a)
    if let color { mission.append(Gridworld.Word(color)) }
    mission.append(tile.map { Gridworld.Word($0) } ?? .object)
    switch location {
    case .left: mission.append(.on, .your, .left)
    case .right: mission.append(.on, .your, .right)
    case .front: mission.append(.in, .front, .of, .you)
    case .behind: mission.append(.behind, .you)
    case nil: break
    }
  }
}
