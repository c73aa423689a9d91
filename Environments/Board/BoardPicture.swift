internal import ReinforcementLearning

/// A board drawn as shapes and as characters, square (0, 0) at the upper left.
struct BoardPicture {
  var sketch: Sketch
  let field: Sketch.Color
  private let margin: Float

  /// - Parameters:
  ///   - margin: World units around the board; a square is 1.
  ///   - field: The colour of the squares.
  init(columns: Int, rows: Int, margin: Float, field: Sketch.Color) {
    self.field = field
    self.margin = margin
    let (width, height) = (Float(columns) + 2 * margin, Float(rows) + 2 * margin)
    sketch = Sketch(width: width, height: height)
    sketch.shapes = [
      .rectangle(corner: Sketch.Point(0, 0), width: width, height: height, .backdrop),
      .rectangle(corner: Sketch.Point(margin, margin), width: Float(columns), height: Float(rows), field),
    ]
    sketch.board = Array(repeating: Array(repeating: Sketch.Character(".", .ground), count: columns), count: rows)
  }

  private func point(_ x: Float, _ y: Float) -> Sketch.Point { Sketch.Point(x + margin, y + margin) }

  private func center(_ column: Int, _ row: Int) -> Sketch.Point { point(Float(column) + 0.5, Float(row) + 0.5) }

  private mutating func mark(_ column: Int, _ row: Int, _ character: Character, _ color: Sketch.Color) {
    sketch.board[row][column] = Sketch.Character(character, color)
  }

  mutating func line(_ a: (Float, Float), _ b: (Float, Float), width: Float, _ color: Sketch.Color) {
    sketch.shapes.append(.line(point(a.0, a.1), point(b.0, b.1), width: width, color))
  }

  /// Colours a square's ground.
  mutating func shade(_ column: Int, _ row: Int, _ color: Sketch.Color) {
    let corner = point(Float(column) + 0.04, Float(row) + 0.04)
    sketch.shapes.append(.rectangle(corner: corner, width: 0.92, height: 0.92, color))
  }

  mutating func disc(
    _ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character? = nil, radius: Float = 0.4
  ) {
    sketch.shapes.append(.ellipse(center: center(column, row), radiusX: radius, radiusY: radius, color))
    if let character { mark(column, row, character, color) }
  }

  mutating func ring(_ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character, inside: Sketch.Color) {
    disc(column, row, color, character, radius: 0.34)
    disc(column, row, inside, radius: 0.22)
  }

  mutating func cross(_ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character) {
    let (x, y) = (Float(column) + 0.5, Float(row) + 0.5)
    let reach: Float = 0.28
    line((x - reach, y - reach), (x + reach, y + reach), width: 0.13, color)
    line((x - reach, y + reach), (x + reach, y - reach), width: 0.13, color)
    mark(column, row, character, color)
  }

  /// A line from the middle of one square to that of another.
  mutating func strike(_ a: (Int, Int), _ b: (Int, Int), _ color: Sketch.Color) {
    sketch.shapes.append(.line(center(a.0, a.1), center(b.0, b.1), width: 0.07, color))
  }

  /// A small text in a square, which may lie beside the board; in the middle unless told.
  mutating func label(_ text: String, _ column: Int, _ row: Int, x: Float = 0.5, y: Float = 0.5) {
    let height: Float = 0.3
    let left = Float(column) + x - 0.3 * height * Float(text.count)
    sketch.shapes.append(.text(text, at: point(left, Float(row) + y - height / 2), height: height, .track))
    guard sketch.board.indices.contains(row), sketch.board[row].indices.contains(column) else { return }
    guard let character = text.first, text.count == 1 else { return }
    mark(column, row, character, .track)
  }

  mutating func caption(_ text: String) { sketch.captions.append(text) }
}

extension BoardGame {
  /// The pieces of who began, and of the other.
  var pieces: (first: UInt64, second: UInt64) {
    turn.isFirst ? (position.mine, position.theirs) : (position.theirs, position.mine)
  }

  /// A line about the game: who has won, or who is to move, and whom the agent plays.
  func state(names: (first: String, second: String), winner: String?, isOver: Bool) -> String {
    let mover = turn.isFirst ? names.first : names.second
    let agent = configuration.opponent == .none ? "" : "; the agent plays \(mover)"
    if let winner { return "\(winner) has won\(agent)" }
    return isOver ? "a draw\(agent)" : configuration.opponent == .none ? "\(mover) to move" : "\(mover) to move\(agent)"
  }
}
