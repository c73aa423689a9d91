extension Gridworld {
  /// Distances from every cell to the end of a plan, built stage by stage from the last to the first.
  ///
  /// Cells are numbered row by row with one more row and column on each side that cannot be entered, so that all
  /// neighbours exist. Unsafe buffers: scratch memory of one call, on the stack for grids of usual size.
  struct DistanceField {
    /// The state that is asked about; it does not change meanwhile.
    private let world: Gridworld
    /// Distances of the stage that is built, and of the one after it.
    private var values, later: UnsafeMutablePointer<UInt16>
    /// A ring of cells whose distance fell; each is in it at most once.
    private let queue: UnsafeMutablePointer<UInt16>
    /// Low bits: what moving into the cell costs, 0 if it cannot be entered. `queuedBit`: it waits in the ring.
    private let costs: UnsafeMutablePointer<UInt8>
    /// Cells with the border around them.
    private let count: Int
    /// Cells from one row to the next, the border's two columns included.
    private let pitch: Int
    /// The agent's number among these cells.
    private let agent: Int
    /// Where the ring's oldest cell is.
    private var head = 0
    /// Cells in the ring.
    private var waiting = 0
    /// Whether the stage that is built is the plan's last, so that nothing comes after it.
    private var isLast = true
    /// Locked doors that the first stage is about.
    private var target = UInt128(0)

    /// No way was found yet.
    private static let unreached = UInt16.max
    private static let queuedBit: UInt8 = 0x80

    private init(_ world: Gridworld, _ numbers: UnsafeMutablePointer<UInt16>, _ costs: UnsafeMutablePointer<UInt8>) {
      self.world = world
      pitch = world.width + 2
      count = pitch * (world.height + 2)
      values = numbers
      later = numbers + count
      queue = numbers + 2 * count
      self.costs = costs
      let (x, y) = world.position
      agent = (y + 1) * pitch + x + 1
    }

    /// Calls the function with a field over the world's cells; only grids of more than 2048 need an allocation.
    static func withField<Result>(over world: Gridworld, _ body: (inout DistanceField) -> Result) -> Result {
      func run(_ numbers: UnsafeMutablePointer<UInt16>, _ costs: UnsafeMutablePointer<UInt8>) -> Result {
        var field = DistanceField(world, numbers, costs)
        return body(&field)
      }
      let count = (world.width + 2) * (world.height + 2)
      if count <= 144 {
        // The usual small room: less memory to clear.
        var numbers = InlineArray<432, UInt16>(repeating: 0)
        var costs = InlineArray<144, UInt8>(repeating: 0)
        var numberSpan = numbers.mutableSpan
        var costSpan = costs.mutableSpan
        return numberSpan.withUnsafeMutableBufferPointer { numbers in
          costSpan.withUnsafeMutableBufferPointer { run(numbers.baseAddress!, $0.baseAddress!) }
        }
      }
      if count <= 2048 {
        var numbers = InlineArray<6144, UInt16>(repeating: 0)
        var costs = InlineArray<2048, UInt8>(repeating: 0)
        var numberSpan = numbers.mutableSpan
        var costSpan = costs.mutableSpan
        return numberSpan.withUnsafeMutableBufferPointer { numbers in
          costSpan.withUnsafeMutableBufferPointer { run(numbers.baseAddress!, $0.baseAddress!) }
        }
      }
      return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 3 * count) { numbers in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { run(numbers.baseAddress!, $0.baseAddress!) }
      }
    }

    /// Starts a plan on which keys of these colours are fetched, so that their cells are empty.
    mutating func begin(keys: InlineColors) {
      var fetched = 0
      for index in 0..<keys.count { fetched |= 1 << Int(keys[index].rawValue) }
      for index in 0..<count { costs[index] = 0 }
      // In the memory levels nothing can be moved away, and moving balls move by themselves.
      let moved: UInt8 = world.rule == .memory ? 0 : world.rule == .dynamicObstacles ? 1 : 3
      for y in 0..<world.height {
        for x in 0..<world.width {
          let cell = world.cells[world.index(x, y)]
          guard !cell.is(.wall) else { continue }
          let cost: UInt8
          switch cell.code {
          case Tile.empty.rawValue, Tile.floor.rawValue, Tile.goal.rawValue: cost = 1
          case Tile.door.rawValue: cost = cell.isOpenDoor ? 1 : 2
          case Tile.key.rawValue: cost = fetched >> Int(cell.color.rawValue) & 1 != 0 ? 1 : moved
          case Tile.box.rawValue: cost = fetched != 0 && fetched & keyColors(in: cell) != 0 ? 1 : moved
          case Tile.ball.rawValue: cost = moved
          default: cost = 0
          }
          costs[(y + 1) * pitch + x + 1] = cost
        }
      }
    }

    /// Locked doors of that colour cannot be passed in the stages that are added from here on.
    mutating func bar(_ color: Color) {
      for door in world.doors where world.cells[Int(door)].isLockedDoor && world.cells[Int(door)].color == color {
        costs[number(Int(door))] = 0
      }
    }

    /// The agent's distance, or -1.
    var value: Int { values[agent] == Self.unreached ? -1 : Int(values[agent]) }

    /// The colour of the key in a box, as a bit.
    private func keyColors(in box: Cell) -> Int {
      guard !world.contents.isEmpty else { return 0 }
      let content = world.contents[box.identity]
      return content.is(.key) ? 1 << Int(content.color.rawValue) : 0
    }

    /// Whether it is a box that holds one of the objects.
    private func isBox(_ cell: Cell, with objects: UInt128) -> Bool {
      cell.is(.box) && !world.contents.isEmpty && Self.contains(objects, world.contents[cell.identity])
    }

    /// The number here of an index of `cells`.
    private func number(_ index: Int) -> Int {
      let (x, y) = world.coordinates(index)
      return (y + 1) * pitch + x + 1
    }

    /// The cell with that number; wall outside the grid.
    private func cell(_ number: Int) -> Cell {
      let (x, y) = (number % pitch - 1, number / pitch - 1)
      return x < 0 || y < 0 || x >= world.width || y >= world.height ? .wall : world.cells[world.index(x, y)]
    }

    /// The neighbour's distance in numbers: right, left, below, above.
    private func step(_ side: Int) -> Int { side < 2 ? (side == 0 ? 1 : -1) : side == 2 ? pitch : -pitch }

    /// Adds the stage before those that were added.
    ///
    /// - Parameters:
    ///   - isLast: Whether it is the plan's last, so that nothing comes after it.
    ///   - handsAreFull: Whether something must be put down before something is picked up.
    mutating func extend(_ stage: Stage, isLast: Bool, handsAreFull: Bool) {
      swap(&values, &later)
      for index in 0..<count { values[index] = Self.unreached }
      self.isLast = isLast
      target = 0
      let take = handsAreFull ? 2 : 1
      switch stage {
      case .goal: forEachObject { field, number, cell in if cell.is(.goal) { field.seed(number, 0) } }
      case .enter(let place): seed(number(place), 0)
      case .face(let place): seedAround(number(place), 1)
      case .openDoor(let place):
        target = 1 << UInt128(world.cells[place].identity)
        seedAround(number(place), 1)
      case .faceObject(let objects, let purpose):
        if purpose == .open { target = objects }
        forEachObject { field, number, cell in
          guard Self.contains(objects, cell) else {
            // What a map hides in a box can be meant; the box is opened first.
            if purpose == .take && field.isBox(cell, with: objects) { field.seedAround(number, take + 1) }
            return
          }
          switch purpose {
          case .look: field.seedAround(number, 0)
          // An open door must be closed before it can be opened.
          case .open: field.seedAround(number, cell.isOpenDoor ? 2 : 1)
          case .take: field.seedAround(number, take)
          }
        }
      case .pickUpLook(let look):
        forEachObject { field, number, cell in if cell.look == look { field.seedAround(number, take) } }
      case .dropNear(let place):
        for row in -1...1 { for column in -1...1 { seedDrop(number(place) + row * pitch + column) } }
      case .dropBeside(let objects):
        forEachObject { field, number, cell in
          guard Self.contains(objects, cell) else { return }
          for side in 0..<4 { field.seedDrop(number + field.step(side)) }
        }
      case .key(let color):
        forEachObject { field, number, cell in
          if cell.is(.key) && cell.color == color {
            field.seedAround(number, take)
          } else if cell.is(.box) && field.keyColors(in: cell) >> Int(color.rawValue) & 1 != 0 {
            // The box is opened first.
            field.seedAround(number, take + 1)
          }
        }
      }
      spread()
    }

    /// The colour of the first locked door, on the way from the agent to the first stage or as its object, to
    /// which the agent does not carry the key.
    func firstLock() -> Color? {
      var number = agent
      guard values[number] != Self.unreached else { return nil }
      walk: while true {
        for side in 0..<4 {
          let next = number + step(side)
          let cost = Int(costs[next])
          if cost > 0 && values[next] != Self.unreached && Int(values[next]) + cost == Int(values[number]) {
            number = next
            // Only doors cost two.
            if cost == 2, let color = lock(cell(number)) { return color }
            continue walk
          }
        }
        break
      }
      guard target != 0 else { return nil }
      for side in 0..<4 {
        let beside = cell(number + step(side))
        if Self.contains(target, beside), let color = lock(beside) { return color }
      }
      return nil
    }

    /// The colour of a locked door without its key at hand; nil for everything else.
    private func lock(_ cell: Cell) -> Color? {
      guard cell.isLockedDoor, !(world.carried.is(.key) && world.carried.color == cell.color) else { return nil }
      return cell.color
    }

    /// Whether the cell holds one of the objects now; what an empty cell remembers does not count.
    private static func contains(_ objects: UInt128, _ cell: Cell) -> Bool {
      !cell.isEmpty && cell.identity != 0 && objects &>> UInt128(cell.identity) & 1 != 0
    }

    /// Calls the function with every cell that is neither empty nor wall.
    @inline(__always) private mutating func forEachObject(_ body: (inout DistanceField, Int, Cell) -> Void) {
      for y in 0..<world.height {
        for x in 0..<world.width {
          let cell = world.cells[world.index(x, y)]
          if !cell.isEmpty && !cell.is(.wall) { body(&self, (y + 1) * pitch + x + 1, cell) }
        }
      }
    }

    /// Where one can drop something into a cell, if it is free.
    private mutating func seedDrop(_ number: Int) {
      if cell(number).isEmpty { seedAround(number, 1) }
    }

    /// The four cells from which that one is faced.
    private mutating func seedAround(_ number: Int, _ actions: Int) {
      for side in 0..<4 { seed(number + step(side), actions) }
    }

    /// A cell where the stage can be done at that price.
    private mutating func seed(_ number: Int, _ actions: Int) {
      guard number >= 0 && number < count, costs[number] & ~Self.queuedBit != 0 || number == agent else { return }
      if !isLast && later[number] == Self.unreached { return }
      lower(number, actions + (isLast ? 0 : Int(later[number])))
    }

    /// Takes a lower distance in and has the cell looked at again.
    @inline(__always) private mutating func lower(_ number: Int, _ value: Int) {
      guard value < Int(values[number]) else { return }
      values[number] = UInt16(truncatingIfNeeded: value)
      guard costs[number] & Self.queuedBit == 0 else { return }
      costs[number] |= Self.queuedBit
      let end = head &+ waiting
      queue[end < count ? end : end &- count] = UInt16(truncatingIfNeeded: number)
      waiting &+= 1
    }

    /// A distance that reaches a cell, if it can be entered or the agent is there.
    @inline(__always) private mutating func flow(_ value: Int, to number: Int) {
      if costs[number] & ~Self.queuedBit != 0 || number == agent { lower(number, value) }
    }

    /// Lets distances flow to the cells from which one comes here.
    private mutating func spread() {
      while waiting > 0 {
        let number = Int(queue[head])
        head = head &+ 1 == count ? 0 : head &+ 1
        waiting &-= 1
        costs[number] &= ~Self.queuedBit
        let cost = Int(costs[number])
        guard cost > 0 else { continue }
        let value = Int(values[number]) &+ cost
        flow(value, to: number &+ 1)
        flow(value, to: number &- 1)
        flow(value, to: number &+ pitch)
        flow(value, to: number &- pitch)
      }
    }
  }
}
