import ReinforcementLearning

extension Gridworld {
  /// A grid of equal square rooms that share walls, while a level is drawn.
  ///
  /// Rooms are numbered by column and row; sides are 0 right, 1 bottom, 2 left, 3 top. Each wall between two
  /// rooms has one drawn place for a door. Draws follow MiniGrid's `RoomGrid` exactly.
  struct RoomGrid {
    /// Cells of a room's side with its walls, and how many rooms there are.
    let roomSize, rows, columns: Int
    /// What joins each room with its neighbours: a door, an empty cell where the wall was taken away, or nil.
    private(set) var passages: [Cell?]
    /// Where doors can be, by room and side.
    private let doorPlaces: [(x: Int, y: Int)?]
    /// Rooms whose last door that was added from their side is locked.
    private var locked: [Bool]
    /// Object and colour of everything put into a room.
    private var looks: [UInt32] = []

    /// The sides of all rooms, walls included.
    static func size(roomSize: Int, rows: Int, columns: Int) -> (width: Int, height: Int) {
      ((roomSize - 1) * columns + 1, (roomSize - 1) * rows + 1)
    }

    /// Draws the walls and the doors' places, and stands the agent in the middle, looking right.
    init(roomSize: Int, rows: Int, columns: Int, in world: inout Gridworld) {
      self.roomSize = roomSize
      self.rows = rows
      self.columns = columns
      let pitch = roomSize - 1
      passages = Array(repeating: nil, count: rows * columns * 4)
      locked = Array(repeating: false, count: rows * columns)
      for row in 0...rows { world.horizontalWall(x: 0, y: row * pitch, length: world.width) }
      for column in 0...columns { world.verticalWall(x: column * pitch, y: 0, length: world.height) }
      var places = [(x: Int, y: Int)?](repeating: nil, count: rows * columns * 4)
      for row in 0..<rows {
        for column in 0..<columns {
          let room = row * columns + column
          let (x, y) = (column * pitch, row * pitch)
          if column < columns - 1 {
            let place = (x: x + pitch, y: world.draw(y + 1, y + pitch))
            places[room * 4] = place
            places[(room + 1) * 4 + 2] = place
          }
          if row < rows - 1 {
            let place = (x: world.draw(x + 1, x + pitch), y: y + pitch)
            places[room * 4 + 1] = place
            places[(room + columns) * 4 + 3] = place
          }
        }
      }
      doorPlaces = places
      world.putAgent(x: columns / 2 * pitch + roomSize / 2, y: rows / 2 * pitch + roomSize / 2)
    }

    /// The neighbour's number, nil where the outer wall is.
    private func neighbor(_ room: Int, _ side: Int) -> Int? {
      guard doorPlaces[room * 4 + side] != nil else { return nil }
      return room + [1, columns, -1, -columns][side]
    }

    /// The room's upper left cell, which is wall.
    private func corner(_ column: Int, _ row: Int) -> (x: Int, y: Int) {
      (column * (roomSize - 1), row * (roomSize - 1))
    }

    /// Whether the cell belongs to the room or its walls.
    func contains(column: Int, row: Int, x: Int, y: Int) -> Bool {
      let corner = corner(column, row)
      return x >= corner.x && y >= corner.y && x < corner.x + roomSize && y < corner.y + roomSize
    }

    /// Column and row of the room in which the agent is.
    func agentRoom(in world: Gridworld) -> (column: Int, row: Int) {
      let (x, y) = world.position
      return (x / (roomSize - 1), y / (roomSize - 1))
    }

    /// The door or opening on a side of a room.
    func passage(_ column: Int, _ row: Int, side: Int) -> Cell? { passages[(row * columns + column) * 4 + side] }

    /// Whether another room lies beyond that side.
    func hasNeighbor(_ column: Int, _ row: Int, side: Int) -> Bool {
      doorPlaces[(row * columns + column) * 4 + side] != nil
    }

    /// Places an object in a room, not beside the agent.
    @discardableResult
    mutating func place(
      _ object: Cell, _ column: Int, _ row: Int, in world: inout Gridworld
    ) throws(LevelRejected) -> Int {
      let corner = corner(column, row)
      let agent = world.position
      let index = try world.place(object, x: corner.x, y: corner.y, width: roomSize, height: roomSize, tries: 1001) {
        x, y in
        abs(agent.x - x) + abs(agent.y - y) < 2
      }
      looks.append(object.look)
      return index
    }

    /// Places a new object in a room; what is not given is drawn, the kind before the colour.
    @discardableResult
    mutating func addObject(
      _ column: Int, _ row: Int, _ kind: Tile? = nil, _ color: Color? = nil, in world: inout Gridworld
    ) throws(LevelRejected) -> Cell {
      let kind = kind ?? world.drawElement([.key, .ball, .box])
      let color = color ?? world.drawColor()
      let object = world.makeObject(kind, color)
      try place(object, column, row, in: &world)
      return object
    }

    /// Puts a door into a wall; what is not given is drawn: a side without one, the colour, whether it is locked.
    @discardableResult
    mutating func addDoor(
      _ column: Int, _ row: Int, side: Int? = nil, _ color: Color? = nil, locked isLocked: Bool? = nil,
      in world: inout Gridworld
    ) -> (door: Cell, x: Int, y: Int) {
      let room = row * columns + column
      var side = side ?? -1
      while side < 0 {
        let drawn = world.draw(0, 4)
        if doorPlaces[room * 4 + drawn] != nil && passages[room * 4 + drawn] == nil { side = drawn }
      }
      let color = color ?? world.drawColor()
      let isLocked = isLocked ?? world.drawBool()
      guard let place = doorPlaces[room * 4 + side], let neighbor = neighbor(room, side) else {
        preconditionFailure("room \(column), \(row) has no neighbour on side \(side)")
      }
      locked[room] = isLocked
      let door = world.putDoor(color, isLocked ? .locked : .closed, atX: place.x, y: place.y)
      passages[room * 4 + side] = door
      passages[neighbor * 4 + (side + 2) % 4] = door
      return (door, place.x, place.y)
    }

    /// Takes a wall between two rooms away.
    mutating func removeWall(_ column: Int, _ row: Int, side: Int, in world: inout Gridworld) {
      let room = row * columns + column
      guard let neighbor = neighbor(room, side) else { preconditionFailure("an outer wall cannot be removed") }
      let (x, y) = corner(column, row)
      let far = roomSize - 1
      for step in 1..<far {
        switch side {
        case 0: world[x + far, y + step] = .empty
        case 1: world[x + step, y + far] = .empty
        case 2: world[x, y + step] = .empty
        default: world[x + step, y] = .empty
        }
      }
      passages[room * 4 + side] = .empty
      passages[neighbor * 4 + (side + 2) % 4] = .empty
    }

    /// Places the agent in a room where it does not face an object; a room that is not given is drawn.
    func placeAgent(_ column: Int? = nil, _ row: Int? = nil, in world: inout Gridworld) throws(LevelRejected) {
      let column = column ?? world.draw(0, columns)
      let row = row ?? world.draw(0, rows)
      let corner = corner(column, row)
      for _ in 0..<10_000 {
        try world.placeAgent(x: corner.x, y: corner.y, width: roomSize, height: roomSize, tries: 1001)
        let front = world.cells[world.front]
        if front.isEmpty || front.is(.wall) { return }
      }
      throw LevelRejected()
    }

    /// Adds doors in drawn places until every room can be reached from the agent's, locked ones left alone.
    mutating func connectAll(colors: [Color] = Color.drawn, in world: inout Gridworld) throws(LevelRejected) {
      let start = agentRoom(in: world)
      for _ in 0...5000 {
        if reachesAll(from: start.row * columns + start.column) { return }
        let column = world.draw(0, columns)
        let row = world.draw(0, rows)
        let side = world.draw(0, 4)
        let room = row * columns + column
        guard let neighbor = neighbor(room, side), passages[room * 4 + side] == nil else { continue }
        if locked[room] || locked[neighbor] { continue }
        addDoor(column, row, side: side, world.drawElement(colors), locked: false, in: &world)
      }
      throw LevelRejected()
    }

    /// Whether doors and openings, locked ones too, join all rooms to that one.
    private func reachesAll(from start: Int) -> Bool {
      var reached: UInt128 = 1 << UInt128(start)
      var stack = [start]
      while let room = stack.popLast() {
        for side in 0..<4 where passages[room * 4 + side] != nil {
          guard let next = neighbor(room, side), reached >> UInt128(next) & 1 == 0 else { continue }
          reached |= 1 << UInt128(next)
          stack.append(next)
        }
      }
      return reached.nonzeroBitCount == rows * columns
    }

    /// Adds objects of drawn colour and kind, in drawn rooms where none is given.
    ///
    /// - Parameter unique: Whether no two objects of the level may look alike.
    @discardableResult
    mutating func addDistractors(
      _ column: Int? = nil, _ row: Int? = nil, count: Int, unique: Bool = true, in world: inout Gridworld
    ) throws(LevelRejected) -> [Cell] {
      var added: [Cell] = []
      var tries = 0
      while added.count < count {
        tries += 1
        guard tries < 100_000 else { throw LevelRejected() }
        let color = world.drawColor()
        let kind = world.drawElement([Tile.key, .ball, .box])
        if unique && looks.contains(Cell(kind, color).look) { continue }
        let toColumn = column ?? world.draw(0, columns)
        let toRow = row ?? world.draw(0, rows)
        added.append(try addObject(toColumn, toRow, kind, color, in: &world))
      }
      return added
    }
  }
}
