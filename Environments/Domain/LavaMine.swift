internal import EnvironmentKit
public import ReinforcementLearning

/// A mine with lava, rock and ore, of which a miner sees only a cone ahead.
///
/// **Task.** Find the ore and dig it without stepping into lava.
///
/// **Actions.** 0 `turnLeft`, 1 `turnRight`, 2 `forward`, 3 `dig`: make the rock ahead floor, or take the ore ahead.
/// Rock and ore stop the miner; the rock of the border cannot be dug.
///
/// **Observation.** `view` uint8 [6, 7, 1]: what is seen, a code a cell: 0 unseen, 1 floor, 2 rock, 3 lava, 4 ore. Row
/// 0 is the farthest, row 5 the miner's own, column 3 straight ahead; a cell is seen when it lies within 45 degrees of
/// straight ahead and no rock hides it. `direction` uint8 [1]: a code, 0 right, 1 down, 2 left, 3 up. `position` uint8
/// [2]: row and column.
///
/// **Signals.** `distance` int32: steps to the ore around the lava, rock counted as free; `nearLava` uint8: of the
/// four neighbours, those of lava; `lavaAhead` uint8, 0 or 1; `oreSeen` uint8, 0 or 1; `visited` int32: cells that
/// were entered; `died` uint8, 0 or 1; `dug` int32: rocks that were dug; `cell` uint8 [3]: row, column, direction.
///
/// **Reward.** 1 for the ore, `deathReward` for lava, otherwise 0.
///
/// **Start.** The miner in the middle, looking in a uniform direction, with floor around; every other cell inside
/// the border is lava with probability `lava`, otherwise rock with probability `rock`, otherwise floor. The ore lies in
/// a uniform cell at least `size` / 2 steps away, and lava is drawn again until a way round it exists.
///
/// **End.** Terminated by taking the ore, a success, or by stepping into lava. Truncated after `timeLimit` steps.
///
/// **Configuration.** Size, probabilities, the reward of death, time limit.
///
/// **Source.** A grid version of the task in Li et al., "Auto MC-Reward", 2024: a horizontal search for diamonds with
/// lava and a limited view. The rules are this project's own.
public struct LavaMine: Environment, Drawable {
  /// Turn left, turn right, go forward, dig ahead: 0 to 3.
  public enum Action: UInt8, DiscreteAction { case turnLeft, turnRight, forward, dig }

  /// The mine's size and contents, and what death costs.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Side of the mine with its border, odd, 7 to 31.
    public var size = 15
    /// Probability of lava, 0 to 0.3.
    public var lava = 0.1
    /// Probability of rock where there is no lava, 0 to 1.
    public var rock = 0.25
    /// 0 or less.
    public var deathReward = 0.0
    /// Steps, at least 1.
    public var timeLimit = 200

    /// 15 x 15 cells, a tenth of them lava, death without a reward.
    public init() {}
  }

  enum Cell { static let floor: UInt8 = 1, rock: UInt8 = 2, lava: UInt8 = 3, ore: UInt8 = 4 }

  /// The mine of this value.
  public let configuration: Configuration
  /// Codes, row by row.
  var cells: [UInt8]
  /// Steps to the ore around the lava, row by row; `Int16.max` where there is no way.
  var distances: [Int16]
  /// Cells that were entered, row by row.
  var entered: [Bool]
  /// The miner's row from the top.
  public internal(set) var row = 0
  /// The miner's column from the left.
  public internal(set) var column = 0
  /// 0 right, 1 down, 2 left, 3 up.
  public internal(set) var direction = 0
  /// Different cells that were entered, the start included.
  var visited = 0
  var dug = 0
  var died = false

  /// All rock until the first `reset`.
  public init(plan configuration: Configuration) {
    self.configuration = configuration
    let count = configuration.size * configuration.size
    cells = Array(repeating: Cell.rock, count: count)
    distances = Array(repeating: .max, count: count)
    entered = Array(repeating: false, count: count)
  }

  /// - Throws: `UserError` when the size is even or not in 7 to 31, a probability or the death's reward (-10 to
  ///   0) is out of range, or the time limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    let c = configuration
    try require((7...31).contains(c.size) && c.size % 2 == 1, "size", Double(c.size), "odd, 7 to 31")
    try require((0...0.3).contains(c.lava), "lava", c.lava, "0 to 0.3")
    try require((0...1).contains(c.rock), "rock", c.rock, "0 to 1")
    try require((-10...0).contains(c.deathReward), "deathReward", c.deathReward, "-10 to 0")
    try require(
      (1...1_000_000).contains(c.timeLimit), "timeLimit", Double(c.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `view` [6, 7, 1], `direction` [1] and `position` [2], all uint8, and eight signals.
  public static func specification(of configuration: Configuration) -> Specification {
    let last = Double(configuration.size - 1)
    let count = last * last
    return Specification(
      measures: [
        .success, .return(), .length(),
        Measure("died", of: .field("died", element: 0), .any, .lower, summary: "whether lava ended it"),
      ],
      fields: [
        Field(
          "view", shape: [6, 7, 1], element: .uint8, kind: .categorical([5]), summary: "the cone that the miner sees"),
        Field("direction", shape: [1], element: .uint8, kind: .categorical([4]), summary: "right, down, left or up"),
        Field("position", shape: [2], element: .uint8, range: 0...last, summary: "row and column"),
        .signal("distance", element: .int32, range: 0...count, summary: "steps to the ore around the lava"),
        .signal("nearLava", element: .uint8, range: 0...4, summary: "neighbouring cells of lava"),
        .signal("lavaAhead", element: .uint8, range: 0...1, summary: "whether the next step forward is death"),
        .signal("oreSeen", element: .uint8, range: 0...1, summary: "whether the ore is in view"),
        .signal("visited", element: .int32, range: 1...count, summary: "cells that were entered"),
        .signal("died", element: .uint8, range: 0...1, summary: "whether the miner stepped into lava"),
        .signal("dug", element: .int32, range: 0...count, summary: "rocks that were dug"),
        .signal("cell", shape: [3], element: .uint8, range: 0...last, summary: "row, column and direction"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: configuration.deathReward...1,
      cell: ["cell"])
  }

  /// Nothing is drawn after the start.
  public mutating func reseed(_ seed: UInt64) {}

  /// The offset of the cell ahead.
  private var ahead: Int {
    switch direction {
    case 0: 1
    case 1: configuration.size
    case 2: -1
    default: -configuration.size
    }
  }

  /// The index of the miner's cell.
  private var here: Int { row * configuration.size + column }

  /// Turns, walks or digs; lava ends the episode, and so does taking the ore.
  public mutating func step(_ action: Action) -> Transition {
    switch action {
    case .turnLeft: direction = (direction + 3) & 3
    case .turnRight: direction = (direction + 1) & 3
    case .forward:
      let next = here + ahead
      if cells[next] == Cell.rock || cells[next] == Cell.ore { break }
      (row, column) = next.quotientAndRemainder(dividingBy: configuration.size)
      if cells[next] == Cell.lava {
        died = true
        return Transition(reward: Float(configuration.deathReward), outcome: .terminated)
      }
      enter()
    case .dig:
      let next = here + ahead
      if cells[next] == Cell.ore {
        cells[next] = Cell.floor
        return Transition(reward: 1, outcome: .terminated, success: true)
      }
      let (nextRow, nextColumn) = next.quotientAndRemainder(dividingBy: configuration.size)
      let last = configuration.size - 1
      if cells[next] == Cell.rock && nextRow > 0 && nextRow < last && nextColumn > 0 && nextColumn < last {
        cells[next] = Cell.floor
        dug += 1
      }
    }
    return Transition(reward: 0)
  }

  /// Counts the miner's cell if it is new.
  mutating func enter() {
    if !entered[here] {
      entered[here] = true
      visited += 1
    }
  }

  /// A cell of the view: its place in the field, the place that must be seen for it to be seen, and where it lies.
  private struct Ray {
    var place, parent, depth, side: Int
  }

  /// The cells ahead within 45 degrees, near ones first. A cell's parent is the nearest one of the row before on the
  /// line to the miner.
  private static let cone: [Ray] = (1...5).flatMap { depth in
    (-min(depth, 3)...min(depth, 3)).map { side in
      let before = (abs(side) * (depth - 1) + depth / 2) / depth
      return Ray(
        place: (5 - depth) * 7 + 3 + side, parent: (6 - depth) * 7 + 3 + (side < 0 ? -before : before), depth: depth,
        side: side)
    }
  }

  /// The index of a cell of the cone. Only cells with a parent that is seen and no rock are asked for; those lie in
  /// the mine, since its border is rock.
  private func index(_ ray: Ray) -> Int {
    let right = direction & 1 == 0 ? ahead * configuration.size : -(ahead / configuration.size)
    return here + ray.depth * ahead + ray.side * right
  }

  /// Writes the 42 codes of the view; returns whether the ore is among them.
  private func writeView(to view: UnsafeMutableRawPointer) -> Bool {
    var oreSeen = false
    // Unsafe: a span's checks of the cone's places, which are all below 42, cost 5 percent of a step.
    view.initializeMemory(as: UInt8.self, repeating: 0, count: 42)
    view.storeBytes(of: cells[here], toByteOffset: 5 * 7 + 3, as: UInt8.self)
    for ray in Self.cone {
      let parent = view.load(fromByteOffset: ray.parent, as: UInt8.self)
      if parent == 0 || (parent == Cell.rock && ray.depth > 1) { continue }
      let code = cells[index(ray)]
      view.storeBytes(of: code, toByteOffset: ray.place, as: UInt8.self)
      if code == Cell.ore { oreSeen = true }
    }
    return oreSeen
  }

  /// Writes the cone, direction and position, and the signals that the row has.
  public func observe(into output: inout ObservationRow) {
    let oreSeen = output.unsafeStart(of: 0).map { writeView(to: $0) } ?? false
    output.write(UInt8(direction), to: 1)
    output.write(SIMD2(UInt8(row), UInt8(column)), to: 2)
    output.write(Int32(distances[here]), to: 3)
    if output.wants(4) {
      func lava(_ offset: Int) -> UInt8 { cells[here + offset] == Cell.lava ? 1 : 0 }
      output.write(lava(1) + lava(-1) + lava(configuration.size) + lava(-configuration.size), to: 4)
    }
    output.write(UInt8(cells[here + ahead] == Cell.lava ? 1 : 0), to: 5)
    output.write(UInt8(oreSeen ? 1 : 0), to: 6)
    output.write(Int32(visited), to: 7)
    output.write(UInt8(died ? 1 : 0), to: 8)
    output.write(Int32(dug), to: 9)
    output.write(UInt8(row), to: 10, at: 0)
    output.write(UInt8(column), to: 10, at: 1)
    output.write(UInt8(direction), to: 10, at: 2)
  }

  /// The whole mine with what the miner sees lit up and where it was shaded.
  public func sketch() -> Sketch {
    let size = configuration.size
    var tiles = Tiles(columns: size, rows: size)
    for index in cells.indices {
      let (row, column) = index.quotientAndRemainder(dividingBy: size)
      switch cells[index] {
      case Cell.rock: tiles.square(column, row, .track, "#", margin: 0)
      case Cell.lava: tiles.square(column, row, .danger, "~", margin: 0)
      case Cell.ore:
        tiles.square(column, row, .ground, margin: 0)
        tiles.disc(column, row, .torque, "*", radius: 0.3)
      default: tiles.square(column, row, entered[index] ? .ground : .wheel, margin: 0)
      }
    }
    // A veil of light over what the miner sees.
    withUnsafeTemporaryAllocation(byteCount: 42, alignment: 1) { view in
      _ = writeView(to: view.baseAddress!)
      for ray in Self.cone where view[ray.place] != 0 {
        let (row, column) = index(ray).quotientAndRemainder(dividingBy: size)
        tiles.square(column, row, Sketch.Color(255, 240, 180, alpha: 48), margin: 0)
      }
    }
    tiles.arrow(column, row, direction: direction, .pole)
    tiles.caption("visited \(visited)   dug \(dug)" + (died ? "   died in lava" : ""))
    return tiles.sketch
  }
}
