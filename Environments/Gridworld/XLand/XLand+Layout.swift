import ReinforcementLearning

extension XLand {
  /// How walls divide the square; doors, closed and not locked, join the rooms.
  public enum Layout: String, Codable, Hashable, Sendable, CaseIterable {
    /// One room.
    case R1
    /// Two rooms side by side, a door in a drawn row.
    case R2
    /// Four rooms, a door in a drawn place of each wall.
    case R4
    /// Three rooms on each side of a corridor of three columns, doors in the middle of the rooms' walls.
    case R6
    /// Nine rooms, a door in a drawn place of each wall.
    case R9

    /// 1, 2, 4, 6 or 9, as the name says.
    var rooms: Int { Int(rawValue.dropFirst())! }

    /// The sizes that can be divided so, and how to say it.
    func allows(size: Int) -> Bool {
      switch self {
      case .R1, .R2: (5...64).contains(size)
      case .R4: (7...63).contains(size) && size % 2 == 1
      case .R6: (11...63).contains(size) && size % 2 == 1
      case .R9: (10...64).contains(size) && size % 3 == 1
      }
    }

    /// The sizes in words, for errors.
    var sizes: String {
      switch self {
      case .R1, .R2: "5 to 64"
      case .R4: "an odd number from 7 to 63"
      case .R6: "an odd number from 11 to 63"
      case .R9: "10, 13, 16 and so on to 64"
      }
    }
  }

  /// A place for a door: cells of a wall of which one is drawn.
  struct DoorPlace: Sendable {
    /// The index of the first cell.
    var first: Int
    /// Cells from one to the next.
    var stride: Int
    /// Cells of which the door takes one; 1 for a door that has its place.
    var count: Int
  }

  /// What follows from a configuration and never changes: shared by all copies.
  public final class Plan: Sendable {
    /// The configuration that was checked.
    let configuration: Configuration
    /// Cells of a side, walls included, 5 to 64.
    let size: Int
    /// Cells of nothing around the grid: the view's side less one.
    let margin: Int
    /// Cells from one row to the next.
    let rowStride: Int
    /// The index of the grid's upper left cell.
    let first: Int
    /// The grid with its margin, walls and floor, without doors.
    let template: [Cell]
    /// The cells of floor, where objects and the agent start.
    let free: [UInt16]
    /// The doors of every world of this layout, in XLand-MiniGrid's order.
    let doors: [DoorPlace]
    /// Steps of a trial.
    let trialLimit: Int
    /// The ruleset of every trial, where there is only one.
    let ruleset: Ruleset?
    /// Rows of the `rules` field.
    let rules: Int
    /// The most objects of a ruleset; one cell more is needed for the agent.
    let objects: Int

    /// - Precondition: `XLand.plan` found the layout and the size to agree.
    init(_ configuration: Configuration) {
      self.configuration = configuration
      size = configuration.size
      margin = configuration.viewSize - 1
      rowStride = size + 2 * margin
      first = margin * rowStride + margin
      trialLimit = configuration.trialLimit
      rules = configuration.mostRules
      objects = configuration.ruleset?.objects.count ?? configuration.rulesetSetting.mostObjects
      ruleset =
        configuration.ruleset
        ?? (configuration.rulesetCount == 1
          ? XLand.ruleset(configuration.rulesetSetting, seed: configuration.rulesetSeed) : nil)
      var walls = Walls(size: size, rowStride: rowStride, first: first)
      walls.divide(configuration.layout)
      template = walls.cells
      doors = walls.doors
      free = walls.cells.indices.filter { walls.cells[$0] == .floor }.map { UInt16($0) }
    }
  }

  /// The walls of a layout while they are drawn.
  private struct Walls {
    let size, rowStride, first: Int
    /// The grid with its margin.
    var cells: [Cell]
    var doors: [DoorPlace] = []

    init(size: Int, rowStride: Int, first: Int) {
      self.size = size
      self.rowStride = rowStride
      self.first = first
      cells = Array(repeating: .empty, count: rowStride * (size + 2 * (first / (rowStride + 1))))
      for row in 0..<size {
        for column in 0..<size {
          let isBorder = row == 0 || column == 0 || row == size - 1 || column == size - 1
          cells[index(row, column)] = isBorder ? .wall : .floor
        }
      }
    }

    /// The cell's place in the array with its margin.
    func index(_ row: Int, _ column: Int) -> Int { first + row * rowStride + column }

    /// A wall over the whole height.
    mutating func vertical(column: Int) {
      for row in 0..<size { cells[index(row, column)] = .wall }
    }

    /// A wall over those columns.
    mutating func horizontal(row: Int, columns: Range<Int>) {
      for column in columns { cells[index(row, column)] = .wall }
    }

    /// A stretch of wall, from that cell down or to the right, in which one door is drawn.
    mutating func door(row: Int, column: Int, count: Int = 1, vertical: Bool = true) {
      doors.append(DoorPlace(first: index(row, column), stride: vertical ? rowStride : 1, count: count))
    }

    /// Walls, and the doors in the order in which XLand-MiniGrid numbers them.
    mutating func divide(_ layout: Layout) {
      let half = size / 2
      let third = size / 3
      switch layout {
      case .R1: break
      case .R2:
        vertical(column: half)
        door(row: 1, column: half, count: size - 2)
      case .R4:
        vertical(column: half)
        horizontal(row: half, columns: 0..<size)
        door(row: half, column: 1, count: half - 1, vertical: false)
        door(row: half, column: half + 1, count: half - 1, vertical: false)
        door(row: 1, column: half, count: half - 1)
        door(row: half + 1, column: half, count: half - 1)
      case .R6:
        for column in [half - 2, half + 2] { vertical(column: column) }
        for row in [third, 2 * third] {
          horizontal(row: row, columns: 0..<half - 2)
          horizontal(row: row, columns: half + 2..<size)
        }
        for column in [half - 2, half + 2] {
          for row in [half - third, half, half + third] { door(row: row, column: column) }
        }
      case .R9:
        for line in [third, 2 * third] {
          vertical(column: line)
          horizontal(row: line, columns: 0..<size)
        }
        for column in 0..<3 {
          for row in 0..<3 {
            if column < 2 { door(row: row * third + 1, column: (column + 1) * third, count: third - 1) }
            if row < 2 { door(row: (row + 1) * third, column: column * third + 1, count: third - 1, vertical: false) }
          }
        }
      }
    }
  }

  /// The colours of doors.
  private static let doorColors: [Color] = [.red, .green, .blue, .purple, .yellow, .grey]

  /// Draws a world: doors, then the ruleset's objects and the agent on different free cells, then its direction.
  mutating func drawWorld() {
    let plan = self.plan
    let objects = ruleset.objects
    var random = self.random
    var agent = 0
    cells.withUnsafeMutableBufferPointer { cells in
      plan.template.withUnsafeBufferPointer { _ = cells.update(fromContentsOf: $0) }
      for door in plan.doors {
        let place = door.first &+ random.integer(in: 0..<door.count) &* door.stride
        cells[place] = Cell(.closedDoor, XLand.doorColors[random.integer(in: 0..<6)])
      }
      // Uniform without replacement: what is taken is no longer floor. There is room, see `validate`.
      func drawFree() -> Int {
        while true {
          let place = Int(plan.free[random.integer(in: 0..<plan.free.count)])
          if cells[place] == .floor { return place }
        }
      }
      for object in objects { cells[drawFree()] = object }
      agent = drawFree()
    }
    direction = random.integer(in: 0..<4)
    self.random = random
    self.agent = agent
    carried = .empty
    stepCount = 0
  }
}
