import Groundwork

extension Gridworld.CustomMap {
  typealias Color = Gridworld.Color
  typealias Tile = Gridworld.Tile

  /// What a map's text means: everything that a level is made from.
  struct Drawing: Hashable, Sendable {
    /// A key, ball, box or door.
    struct Object: Hashable, Sendable {
      /// Key, ball, box, door, or floor while the legend is read.
      var tile: Tile
      var color: Color
      /// Of doors only; closed unless the legend says otherwise.
      var state = Gridworld.DoorState.closed
      /// What a box holds: at most one object.
      var contents: [Object] = []

      /// Whether the object, or something in it, is meant.
      func count(_ tile: Tile, _ color: Color) -> Int {
        contents.reduce(self.tile == tile && self.color == color ? 1 : 0) { $0 + $1.count(tile, color) }
      }

      /// Itself and what is in it.
      var total: Int { contents.reduce(1) { $0 + $1.total } }
    }

    /// What one character stands for; the agent stands on `empty`.
    enum Square: Hashable, Sendable {
      case empty, wall, goal, lava
      case floor(Color)
      case object(Object)
    }

    /// What ends the episode with success, beside the goal square.
    enum Task: Hashable, Sendable {
      case reach
      case pickUp(Tile, Color)
      case open(Color)
    }

    /// Where the agent starts: column and row from 0.
    struct Agent: Hashable, Sendable {
      /// Column and row, from 0.
      var x, y: Int
      /// 0 right, 1 down, 2 left, 3 up; nil: drawn.
      var direction: Int?
    }

    /// Cells a side, outer walls included where there are any: a map needs none.
    static let sides = 3...64
    /// Characters that the legend cannot give a meaning to.
    static let reserved = Array("#. @>v<^GL~F".unicodeScalars)
    static let reservedMeanings =
      "# is wall, . and space empty, @ > v < ^ the agent, G goal, L and ~ lava, F floor"

    /// Columns, 3 to 64.
    var width = 0
    /// Rows, 3 to 64.
    var height = 0
    /// Row by row.
    var squares: [Square] = []
    /// Nil where it starts in a drawn cell.
    var agent: Agent?
    /// What is to be done.
    var task = Task.reach
    /// The missions' words, parted by single spaces.
    var mission = ""
    /// Steps of an episode, 1 to 1,000,000.
    var timeLimit = 0
    var seesThroughWalls = false

    /// Gives rows and legend their meaning.
    ///
    /// - Throws: `UserError` with the line and column of what has none.
    init(_ source: Source) throws(UserError) {
      var symbols: [Unicode.Scalar: Square] = [:]
      for entry in source.entries {
        if case .symbol(let scalar) = entry.topic { symbols[scalar] = try Legend.square(entry.value, of: source) }
      }
      try measure(source)
      try draw(source, symbols)
      task =
        try source.entry(.goal).map { entry throws(UserError) in try Legend.task(entry.value, of: source) } ?? .reach
      try checkTask(source)
      mission =
        try source.entry(.mission).map { entry throws(UserError) in try Legend.mission(entry.value, of: source) }
        ?? defaultMission
      timeLimit =
        try source.entry(.timeLimit).map { entry throws(UserError) in try Legend.timeLimit(entry.value, of: source) }
        ?? 10 * width * height
      seesThroughWalls =
        try source.entry(.seeThrough).map { entry throws(UserError) in try Legend.flag(entry.value, of: source) }
        ?? false
    }

    /// Refuses maps that are too small or too large, and rows of different lengths.
    private mutating func measure(_ source: Source) throws(UserError) {
      let fix = "Draw 3 to 64 rows of 3 to 64 characters"
      let rows = source.rows
      guard rows.count >= Self.sides.lowerBound else {
        throw source.error(line: rows.last?.line ?? 1, column: 1, "the map ends after \(rows.count) rows", fix: fix)
      }
      width = rows[0].scalars.count
      height = rows.count
      guard width >= Self.sides.lowerBound else {
        throw source.error(line: rows[0].line, column: rows[0].end, "the row ends after \(width) characters", fix: fix)
      }
      guard width <= Self.sides.upperBound else {
        throw source.error(
          line: rows[0].line, column: rows[0].columns[64], "the row has \(width) characters", fix: fix)
      }
      guard height <= Self.sides.upperBound else {
        throw source.error(line: rows[64].line, column: rows[64].column, "the map has \(height) rows", fix: fix)
      }
      for row in rows where row.scalars.count != width {
        let count = row.scalars.count
        let reason = "the row has \(count) characters, the first one \(width)"
        guard count > width else {
          throw source.error(line: row.line, column: row.end, reason, fix: "Fill it up, for example with '#' or '.'")
        }
        throw source.error(line: row.line, column: row.columns[width], reason, fix: "Make all rows equally long")
      }
    }

    /// Gives each character its meaning, and refuses more objects than identities, and a map with no place for
    /// an agent.
    private mutating func draw(_ source: Source, _ symbols: [Unicode.Scalar: Square]) throws(UserError) {
      var objects = 0
      for (y, row) in source.rows.enumerated() {
        for (x, scalar) in row.scalars.enumerated() {
          let square = try square(scalar, x: x, y: y, symbols, source)
          squares.append(square)
          guard case .object(let object) = square else { continue }
          objects += object.total
          guard objects <= 127 else {
            throw source.error(
              line: row.line, column: row.columns[x], "'\(scalar)' is one object too many",
              fix: "Draw at most 127 of them")
          }
        }
      }
      guard agent != nil || squares.contains(.empty) else {
        throw source.error(
          at: source.rows[0], "there is neither an agent nor an empty cell for it", fix: "Draw an @ where it starts")
      }
    }

    /// The meaning of one character; also notes the agent.
    ///
    /// - Throws: `UserError` for a second agent, or for a character that nothing describes.
    private mutating func square(
      _ scalar: Unicode.Scalar, x: Int, y: Int, _ symbols: [Unicode.Scalar: Square], _ source: Source
    ) throws(UserError) -> Square {
      let row = source.rows[y]
      switch scalar {
      case "#": return .wall
      case ".", " ": return .empty
      case "G": return .goal
      case "L", "~": return .lava
      case "F": return .floor(.blue)
      case "@", ">", "v", "<", "^":
        if let agent {
          let first = source.rows[agent.y]
          throw source.error(
            line: row.line, column: row.columns[x], "'\(scalar)' is a second agent",
            fix: "Keep one of them; the first is in line \(first.line), column \(first.columns[agent.x])")
        }
        agent = Agent(x: x, y: y, direction: [">", "v", "<", "^"].firstIndex(of: scalar))
        return .empty
      default:
        if let square = symbols[scalar] { return square }
        let known = source.entries.compactMap { if case .symbol(let scalar) = $0.topic { scalar } else { nil } }
        let near = known.first { $0.properties.lowercaseMapping == scalar.properties.lowercaseMapping }
        let legend = known.isEmpty ? "" : ", and the legend has \(known.map { "\($0)" }.joined(separator: " "))"
        throw source.error(
          line: row.line, column: row.columns[x], "\(scalar.quoted) means nothing",
          fix: (near.map { "Did you mean '\($0)'?" } ?? "Describe it in the legend (\(Legend.sample(scalar))).")
            + " Otherwise \(Self.reservedMeanings)\(legend)")
      }
    }

    /// Refuses a goal that is not on the map, or more than once.
    private func checkTask(_ source: Source) throws(UserError) {
      let (tile, color): (Tile, Color)
      switch task {
      case .reach:
        guard !squares.contains(.goal) else { return }
        throw source.error(
          at: source.rows[0], "there is no goal on the map", fix: "Draw a G, or name another goal: pick up ball blue")
      case .pickUp(let wanted, let wantedColor): (tile, color) = (wanted, wantedColor)
      case .open(let wantedColor): (tile, color) = (.door, wantedColor)
      }
      let objects = squares.compactMap { if case .object(let object) = $0 { object } else { nil } }
      let count = objects.reduce(0) { $0 + $1.count(tile, color) }
      let place = source.entry(.goal)!.value
      guard count > 0 else {
        var known: [String] = []
        for object in objects where !known.contains("\(object.color) \(object.tile)") {
          known.append("\(object.color) \(object.tile)")
        }
        throw source.error(
          at: place, "there is no \(color) \(tile) on the map",
          fix: known.isEmpty ? "Draw one" : "Draw one; on it are \(known.joined(separator: ", "))")
      }
      guard count == 1 else {
        throw source.error(
          at: place, "there are \(count) of the \(color) \(tile) on the map", fix: "Give the others another colour")
      }
      if tile == .door, objects.contains(where: { $0.tile == .door && $0.color == color && $0.state == .open }) {
        throw source.error(
          at: place, "the \(color) door is open already", fix: "Make it closed or locked in the legend")
      }
    }

    /// The goal in the missions' words.
    private var defaultMission: String {
      switch task {
      case .reach: "get to the green goal square"
      case .pickUp(let tile, let color): "pick up the \(color) \(tile)"
      case .open(let color): "open the \(color) door"
      }
    }
  }
}
