import ReinforcementLearning

/// What families draw levels with. Coordinates are the grid's: (0, 0) is the upper left corner of the outer wall.
///
/// Draws follow MiniGrid's order exactly; see its `place_obj` and `place_agent`.
extension Gridworld {
  /// The index of a cell.
  @inline(__always) func index(_ x: Int, _ y: Int) -> Int { plan.first &+ y &* rowStride &+ x }

  /// Column and row of a cell.
  func coordinates(_ index: Int) -> (x: Int, y: Int) {
    ((index - plan.first) % rowStride, (index - plan.first) / rowStride)
  }

  /// The cell in that column and row; writing does not note whether it blocks sight, which `start` does for all
  /// cells.
  subscript(x: Int, y: Int) -> Cell {
    get { cells[index(x, y)] }
    set { cells[index(x, y)] = newValue }
  }

  /// Columns of the grid, the outer wall included, 3 to 100.
  var width: Int { plan.width }
  /// Rows of the grid, the outer wall included, 3 to 100.
  var height: Int { plan.height }

  /// A key, ball, box or door of its own, not yet anywhere.
  mutating func makeObject(_ tile: Tile, _ color: Color, state: DoorState = .open) -> Cell {
    precondition(nextIdentity < 128, "a level has at most 127 objects")
    defer { nextIdentity += 1 }
    return Cell(tile, color, state: state.rawValue, identity: nextIdentity)
  }

  /// Puts a new door into the cell and returns it.
  @discardableResult
  mutating func putDoor(_ color: Color, _ state: DoorState, atX x: Int, y: Int) -> Cell {
    let door = makeObject(.door, color, state: state)
    self[x, y] = door
    doors.append(Int32(index(x, y)))
    return door
  }

  /// Puts an object into a box that is not yet toggled.
  mutating func put(_ object: Cell, into box: Cell) {
    if contents.isEmpty { for _ in 0..<128 { contents.append(Cell(bits: 0)) } }
    contents[box.identity] = object
  }

  /// So many cells to the right, the first one at x, y.
  mutating func horizontalWall(x: Int, y: Int, length: Int, of cell: Cell = .wall) {
    for column in x..<x + length { self[column, y] = cell }
  }

  /// So many cells downwards, the first one at x, y.
  mutating func verticalWall(x: Int, y: Int, length: Int, of cell: Cell = .wall) {
    for row in y..<y + length { self[x, row] = cell }
  }

  /// The four walls of a rectangle.
  mutating func wallRectangle(x: Int, y: Int, width: Int, height: Int) {
    horizontalWall(x: x, y: y, length: width)
    horizontalWall(x: x, y: y + height - 1, length: width)
    verticalWall(x: x, y: y, length: height)
    verticalWall(x: x + width - 1, y: y, length: height)
  }

  /// The wall around the whole grid; levels may replace cells of it by doors.
  mutating func outerWall() { wallRectangle(x: 0, y: 0, width: width, height: height) }

  /// A uniform integer of low..<high.
  @inline(__always) mutating func draw(_ low: Int, _ high: Int) -> Int { random.integer(in: low..<high) }

  /// True with probability one half, as MiniGrid draws it.
  mutating func drawBool() -> Bool { draw(0, 2) == 0 }

  /// A uniform element; a list of one draws nothing from the stream.
  mutating func drawElement<Element>(_ elements: [Element]) -> Element { elements[draw(0, elements.count)] }

  /// A uniform colour of the six, in MiniGrid's order of names.
  mutating func drawColor() -> Color { drawElement(Color.drawn) }

  /// So many different elements, in the order in which they were drawn.
  mutating func drawSubset<Element>(_ elements: [Element], count: Int) -> [Element] {
    var rest = elements
    return (0..<count).map { _ in rest.remove(at: draw(0, rest.count)) }
  }

  /// Draws cells of a rectangle until one holds nothing, is not the agent's and is not rejected.
  ///
  /// - Returns: The cell's index, or nil when so many draws found none.
  mutating func freeCell(
    x: Range<Int>, y: Range<Int>, tries: Int, reject: (_ x: Int, _ y: Int) -> Bool
  ) -> Int? {
    // Unlike MiniGrid, a placement without a limit gives up too, so that no seed can hang.
    for _ in 0..<tries {
      let column = draw(x.lowerBound, x.upperBound)
      let row = draw(y.lowerBound, y.upperBound)
      let index = index(column, row)
      if cells[index] == .empty && index != agent && !reject(column, row) { return index }
    }
    return nil
  }

  /// The rectangle that MiniGrid draws from: the corner moved into the grid, then cut at the far sides.
  private func clipped(x: Int, y: Int, width: Int, height: Int) -> (x: Range<Int>, y: Range<Int>) {
    let left = max(x, 0)
    let top = max(y, 0)
    return (left..<min(left + width, self.width), top..<min(top + height, self.height))
  }

  /// Draws an empty cell of a rectangle and puts the object there.
  ///
  /// - Returns: The cell's index.
  @discardableResult
  mutating func place(
    _ object: Cell?, x: Int = 0, y: Int = 0, width: Int? = nil, height: Int? = nil, tries: Int = 100_000,
    reject: (_ x: Int, _ y: Int) -> Bool = { _, _ in false }
  ) throws(LevelRejected) -> Int {
    let area = clipped(x: x, y: y, width: width ?? self.width, height: height ?? self.height)
    guard let index = freeCell(x: area.x, y: area.y, tries: tries, reject: reject) else { throw LevelRejected() }
    if let object { cells[index] = object }
    return index
  }

  /// Draws the agent's cell in a rectangle, then its direction.
  mutating func placeAgent(
    x: Int = 0, y: Int = 0, width: Int? = nil, height: Int? = nil, tries: Int = 100_000
  ) throws(LevelRejected) {
    agent = -1
    agent = try place(nil, x: x, y: y, width: width, height: height, tries: tries)
    direction = draw(0, 4)
  }

  /// Puts the agent somewhere without drawing.
  mutating func putAgent(x: Int, y: Int, direction: Int = 0) {
    agent = index(x, y)
    self.direction = direction
  }
}
