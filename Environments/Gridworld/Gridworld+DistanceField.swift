extension Gridworld {
  /// Distances from every cell to the end of a plan, built stage by stage from the last to the first.
  ///
  /// Unsafe buffers: scratch memory of one call, on the stack for grids of usual size; see `remainingDistance`.
  /// Indices are those of `cells`, whose margin of walls keeps all neighbours inside.
  struct DistanceField {
    private let world: Gridworld
    /// Distances of the stage that is built, and of the one after it.
    private var values, later: UnsafeMutablePointer<UInt16>
    /// A ring of cells whose distance fell; each is in it at most once.
    private let queue: UnsafeMutablePointer<UInt16>
    private let isQueued: UnsafeMutablePointer<Bool>
    private let count: Int
    private var head = 0
    private var waiting = 0
    private var isLast = true
    /// Colours whose keys are taken on the way, as bits; their cells are then empty.
    private var fetched = 0
    /// Colours whose locked doors are not yet passable, as bits.
    private var barred = 0
    /// Locked doors that the first stage is about.
    private var target = UInt128(0)

    private static let unreached = UInt16.max

    private init(
      _ world: Gridworld, _ a: UnsafeMutablePointer<UInt16>, _ b: UnsafeMutablePointer<UInt16>,
      _ queue: UnsafeMutablePointer<UInt16>, _ isQueued: UnsafeMutablePointer<Bool>
    ) {
      self.world = world
      values = a
      later = b
      self.queue = queue
      self.isQueued = isQueued
      count = world.cells.count
      for index in 0..<count { isQueued[index] = false }
    }

    /// Calls the function with a field over the world's cells; up to 2048 of them need no allocation.
    static func withField<Result>(over world: Gridworld, _ body: (inout DistanceField) -> Result) -> Result {
      let count = world.cells.count
      guard count > 2048 else {
        var numbers = InlineArray<6144, UInt16>(repeating: 0)
        var flags = InlineArray<2048, Bool>(repeating: false)
        var numberSpan = numbers.mutableSpan
        var flagSpan = flags.mutableSpan
        return numberSpan.withUnsafeMutableBufferPointer { numbers in
          flagSpan.withUnsafeMutableBufferPointer { flags in
            let start = numbers.baseAddress!
            var field = DistanceField(world, start, start + 2048, start + 4096, flags.baseAddress!)
            return body(&field)
          }
        }
      }
      return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 3 * count) { numbers in
        withUnsafeTemporaryAllocation(of: Bool.self, capacity: count) { flags in
          let start = numbers.baseAddress!
          var field = DistanceField(world, start, start + count, start + 2 * count, flags.baseAddress!)
          return body(&field)
        }
      }
    }

    /// Starts a plan on which keys of these colours are fetched.
    mutating func begin(keys: InlineColors) {
      fetched = 0
      barred = 0
      for index in 0..<keys.count { fetched |= 1 << Int(keys[index].rawValue) }
    }

    /// Locked doors of that colour cannot be passed in the stages that are added from here on.
    mutating func bar(_ color: Color) { barred |= 1 << Int(color.rawValue) }

    /// The agent's distance, or -1.
    var value: Int { values[world.agent] == Self.unreached ? -1 : Int(values[world.agent]) }

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
      let full = handsAreFull ? 1 : 0
      switch stage {
      case .goal: forEachCell { field, index, cell in if cell.is(.goal) { field.seed(index, 0) } }
      case .enter(let place): seed(place, 0)
      case .face(let place): seedAround(place, 1)
      case .openDoor(let place):
        target = 1 << UInt128(world.cells[place].identity)
        seedAround(place, 1)
      case .faceObject(let objects, let purpose):
        if purpose == .open { target = objects }
        forEachCell { field, index, cell in
          guard Self.contains(objects, cell) else { return }
          switch purpose {
          case .look: field.seedAround(index, 0)
          // An open door must be closed before it can be opened.
          case .open: field.seedAround(index, cell.isOpenDoor ? 2 : 1)
          case .take: field.seedAround(index, 1 + full)
          }
        }
      case .pickUpLook(let look):
        forEachCell { field, index, cell in if cell.look == look { field.seedAround(index, 1 + full) } }
      case .dropNear(let place):
        for row in -1...1 {
          for column in -1...1 {
            let free = place + row * world.rowStride + column
            if world.cells[free].isEmpty { seedAround(free, 1) }
          }
        }
      case .dropBeside(let objects):
        forEachCell { field, index, cell in
          guard Self.contains(objects, cell) else { return }
          for side in 0..<4 {
            let free = index + field.world.offset(side)
            if field.world.cells[free].isEmpty { field.seedAround(free, 1) }
          }
        }
      case .key(let color):
        forEachCell { field, index, cell in
          if cell.is(.key) && cell.color == color {
            field.seedAround(index, 1 + full)
          } else if cell.is(.box) && field.content(cell, is: color) {
            field.seedAround(index, 2 + full)
          }
        }
      }
      spread()
    }

    /// The colour of the first locked door, on the way from the agent to the first stage or as its object, to
    /// which the agent does not carry the key.
    func firstLock() -> Color? {
      var index = world.agent
      guard values[index] != Self.unreached else { return nil }
      for _ in 0..<count {
        var next = -1
        for side in 0..<4 {
          let neighbor = index + world.offset(side)
          let cost = cost(neighbor)
          if cost > 0 && values[neighbor] != Self.unreached && Int(values[neighbor]) + cost == Int(values[index]) {
            next = neighbor
            break
          }
        }
        if next < 0 { break }
        index = next
        if let color = lock(index) { return color }
      }
      for side in 0..<4 {
        let neighbor = index + world.offset(side)
        if Self.contains(target, world.cells[neighbor]), let color = lock(neighbor) { return color }
      }
      return nil
    }

    private func lock(_ index: Int) -> Color? {
      let cell = world.cells[index]
      guard cell.isLockedDoor, !(world.carried.is(.key) && world.carried.color == cell.color) else { return nil }
      return cell.color
    }

    private static func contains(_ objects: UInt128, _ cell: Cell) -> Bool {
      !cell.isEmpty && cell.identity != 0 && objects >> UInt128(cell.identity) & 1 != 0
    }

    private func content(_ box: Cell, is color: Color) -> Bool {
      guard !world.contents.isEmpty else { return false }
      let content = world.contents[box.identity]
      return content.is(.key) && content.color == color
    }

    private mutating func forEachCell(_ body: (inout DistanceField, Int, Cell) -> Void) {
      for y in 0..<world.height {
        for x in 0..<world.width {
          let index = world.index(x, y)
          body(&self, index, world.cells[index])
        }
      }
    }

    /// What moving into the cell costs, with what must be done before; 0: it cannot be entered.
    private func cost(_ index: Int) -> Int {
      let cell = world.cells[index]
      switch Tile(rawValue: cell.code) {
      case .empty, .floor, .goal: return 1
      case .door:
        if cell.isOpenDoor { return 1 }
        return cell.isLockedDoor && barred >> Int(cell.color.rawValue) & 1 != 0 ? 0 : 2
      case .key: return fetched >> Int(cell.color.rawValue) & 1 != 0 ? 1 : pushed
      case .box:
        let isFetched = fetched != 0 && Color.allCases.contains { fetched >> Int($0.rawValue) & 1 != 0 && content(cell, is: $0) }
        return isFetched ? 1 : pushed
      case .ball: return world.rule == .dynamicObstacles ? 1 : pushed
      default: return 0
      }
    }

    /// The cost of a cell with an object that has to be moved away; in the memory levels none can be.
    private var pushed: Int { world.rule == .memory ? 0 : 3 }

    private mutating func seedAround(_ index: Int, _ actions: Int) {
      for side in 0..<4 { seed(index + world.offset(side), actions) }
    }

    /// A cell where the stage can be done at that price.
    private mutating func seed(_ index: Int, _ actions: Int) {
      guard cost(index) > 0 || index == world.agent else { return }
      if !isLast && later[index] == Self.unreached { return }
      lower(index, actions + (isLast ? 0 : Int(later[index])))
    }

    private mutating func lower(_ index: Int, _ value: Int) {
      guard value < Int(values[index]) else { return }
      values[index] = UInt16(value)
      guard !isQueued[index] else { return }
      isQueued[index] = true
      let end = head + waiting
      queue[end < count ? end : end - count] = UInt16(index)
      waiting += 1
    }

    /// Lets distances flow to the cells from which one comes here.
    private mutating func spread() {
      while waiting > 0 {
        let index = Int(queue[head])
        head = head + 1 == count ? 0 : head + 1
        waiting -= 1
        isQueued[index] = false
        let step = cost(index)
        guard step > 0 else { continue }
        let value = Int(values[index]) + step
        for side in 0..<4 {
          let neighbor = index + world.offset(side)
          if value < Int(values[neighbor]) && (cost(neighbor) > 0 || neighbor == world.agent) { lower(neighbor, value) }
        }
      }
    }
  }
}
