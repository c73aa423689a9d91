internal import EnvironmentKit
public import ReinforcementLearning

/// A snake eats fruit, grows and must not bite itself or leave the board.
///
/// **Task.** Eat as much as possible.
///
/// **Actions.** 0 `up`, 1 `right`, 2 `down`, 3 `left`: move the head by a cell.
///
/// **Observation.** `board` uint8 [height, width, 1]: a code a cell, 0 empty, 1 fruit, 2 body, 3 head. `order` uint8
/// [height, width]: in how many steps the body leaves the cell when nothing is eaten (1 the tail, the length at the
/// head), 0 elsewhere.
///
/// **Signals.** `length` int32; `distance` int32: of the head to the fruit, columns plus rows; `cell` uint8 [2]: the
/// head's row and column.
///
/// **Reward.** 1 for a fruit, otherwise 0.
///
/// **Start.** A snake of length 1 in a uniform cell, the fruit in another. A new fruit appears in a uniform empty
/// cell when one is eaten.
///
/// **End.** Terminated when the head leaves the board or enters the body (the tail's cell is free, since the tail
/// moves on), or when the snake fills the board. Truncated after `timeLimit` steps. The step in which the length
/// reaches `successLength` is a success.
///
/// **Configuration.** Board, success, time limit.
///
/// **Source.** The game as in Jumanji's `Snake-v1` (Bonnet et al. 2023): 12 x 12, +1 a fruit, 4,000 steps.
public struct Snake: Environment, Drawable {
  /// The head's next cell: 0 above, 1 right, 2 below, 3 left. Turning back into the neck is death from a length
  /// of 3 on.
  public enum Action: UInt8, DiscreteAction { case up, right, down, left }

  /// The board and what counts as a success; the defaults are Jumanji's board.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Cells, 3 to 15.
    public var width = 12
    /// Cells, 3 to 15.
    public var height = 12
    /// The length that counts as a success, 2 or more and no more than there are cells.
    public var successLength = 36
    /// Steps, at least 1.
    public var timeLimit = 4000

    /// 12 x 12 cells and 4,000 steps.
    public init() {}
  }

  /// The board of this value.
  public let configuration: Configuration
  /// In how many steps the body leaves each cell, row by row; 0 for no body.
  var order: [UInt8]
  var head = 0
  var fruit = 0
  /// Cells of the snake; one more than the fruits that it ate.
  public internal(set) var length = 1
  var random = RandomSource(seed: 0)

  /// An empty board until the first `reset`.
  public init(plan configuration: Configuration) {
    self.configuration = configuration
    order = Array(repeating: 0, count: configuration.width * configuration.height)
  }

  /// - Throws: `UserError` when a side is not in 3 to 15, the success longer than the board has cells or
  ///   shorter than 2, or the time limit below 1.
  public static func plan(_ configuration: Configuration) throws -> Configuration {
    try require((3...15).contains(configuration.width), "width", Double(configuration.width), "3 to 15")
    try require((3...15).contains(configuration.height), "height", Double(configuration.height), "3 to 15")
    try require(
      configuration.successLength >= 2 && configuration.successLength <= configuration.width * configuration.height,
      "successLength", Double(configuration.successLength), "2 to the number of cells")
    try require(
      (1...1_000_000).contains(configuration.timeLimit), "timeLimit", Double(configuration.timeLimit), "1 to 1000000")
    return configuration
  }

  /// `board` [height, width, 1] and `order` [height, width] uint8 and three signals; always stochastic.
  public static func specification(of configuration: Configuration) -> Specification {
    let cells = configuration.width * configuration.height
    return Specification(
      measures: [
        .return(in: 0...Double(cells - 1)), .length(.higher),
        Measure("snakeLength", of: .field("length", element: 0), .last, summary: "of the snake when it ends"),
      ],
      fields: [
        Field(
          "board", shape: [configuration.height, configuration.width, 1], element: .uint8, kind: .categorical([4]),
          summary: "empty, fruit, body or head"),
        Field(
          "order", shape: [configuration.height, configuration.width], element: .uint8, range: 0...Double(cells),
          summary: "in how many steps the body leaves the cell"),
        .signal("length", element: .int32, range: 1...Double(cells), summary: "of the snake"),
        .signal(
          "distance", element: .int32, range: 0...Double(configuration.width + configuration.height),
          summary: "of the head to the fruit, columns plus rows"),
        .signal("cell", shape: [2], element: .uint8, range: 0...14, summary: "row and column of the head"),
      ],
      actions: .discrete(Action.names), timeLimit: configuration.timeLimit, rewards: 0...1, cell: ["cell"],
      isStochastic: true)
  }

  /// Draws the head's cell, then the fruit's.
  public mutating func reset(seed: UInt64) {
    random = RandomSource(seed: seed)
    for index in order.indices { order[index] = 0 }
    head = random.integer(in: 0..<order.count)
    order[head] = 1
    length = 1
    placeFruit()
  }

  /// Changes where the next fruits appear.
  public mutating func reseed(_ seed: UInt64) { random = RandomSource(seed: seed) }

  /// Puts a fruit into a uniform cell without body.
  private mutating func placeFruit() {
    var remaining = random.integer(in: 0..<order.count - length)
    for index in order.indices where order[index] == 0 {
      if remaining == 0 {
        fruit = index
        return
      }
      remaining -= 1
    }
  }

  /// Moves the head; a fruit pays 1 and lengthens the snake, the edge or the body ends the episode.
  ///
  /// - Complexity: O(cells): every number of `order` falls by one unless something was eaten.
  public mutating func step(_ action: Action) -> Transition {
    let (row, column) = head.quotientAndRemainder(dividingBy: configuration.width)
    let next: Int
    switch action {
    case .up: next = row > 0 ? head - configuration.width : -1
    case .down: next = row < configuration.height - 1 ? head + configuration.width : -1
    case .left: next = column > 0 ? head - 1 : -1
    case .right: next = column < configuration.width - 1 ? head + 1 : -1
    }
    // What is 1 is the tail, which moves on.
    guard next >= 0, order[next] <= 1 else { return Transition(reward: 0, outcome: .terminated) }
    head = next
    if next == fruit {
      length += 1
      order[head] = UInt8(length)
      let isFull = length == order.count
      if !isFull { placeFruit() }
      return Transition(
        reward: 1, outcome: isFull ? .terminated : .running, success: length == configuration.successLength)
    }
    order.withUnsafeMutableBufferPointer { order in
      for index in 0..<order.count { order[index] &-= order[index] == 0 ? 0 : 1 }
    }
    order[head] = UInt8(length)
    return Transition(reward: 0)
  }

  /// Writes codes and order of all cells, and the signals that the row has.
  public func observe(into row: inout ObservationRow) {
    // Unsafe: checks keep the compiler from writing 16 bytes at a time.
    if let board = row.unsafeStart(of: 0) {
      order.withUnsafeBufferPointer { order in
        // Bytes are bound to no type in a row; this loop writes 16 at a time.
        let codes = board.assumingMemoryBound(to: UInt8.self)
        for index in 0..<order.count { codes[index] = order[index] == 0 ? 0 : 2 }
      }
      if length < order.count { board.storeBytes(of: 1, toByteOffset: fruit, as: UInt8.self) }
      board.storeBytes(of: 3, toByteOffset: head, as: UInt8.self)
    }
    if row.wants(1) { row.write(order.span, to: 1) }
    row.write(Int32(length), to: 2)
    let (headRow, headColumn) = head.quotientAndRemainder(dividingBy: configuration.width)
    let (fruitRow, fruitColumn) = fruit.quotientAndRemainder(dividingBy: configuration.width)
    row.write(Int32(abs(headRow - fruitRow) + abs(headColumn - fruitColumn)), to: 3)
    row.write(SIMD2(UInt8(headRow), UInt8(headColumn)), to: 4)
  }

  /// The board; the body fades towards the tail.
  public func sketch() -> Sketch {
    var tiles = Tiles(columns: configuration.width, rows: configuration.height)
    for index in order.indices where order[index] > 0 {
      let (row, column) = index.quotientAndRemainder(dividingBy: configuration.width)
      // The body fades towards the tail.
      let color = Sketch.Color.blend(.ground, .goal, 0.3 + 0.7 * Double(order[index]) / Double(length))
      index == head ? tiles.square(column, row, .pole, "@") : tiles.square(column, row, color, "s", margin: 0.1)
    }
    if length < order.count {
      tiles.disc(fruit % configuration.width, fruit / configuration.width, .danger, "*", radius: 0.3)
    }
    tiles.caption("length \(length)")
    return tiles.sketch
  }
}
