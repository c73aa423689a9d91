internal import EnvironmentKit
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

  /// A place in squares from the board's upper left corner, in world units.
  private func point(_ x: Float, _ y: Float) -> Sketch.Point { Sketch.Point(x + margin, y + margin) }

  private func center(_ column: Int, _ row: Int) -> Sketch.Point { point(Float(column) + 0.5, Float(row) + 0.5) }

  /// Sets the square's character.
  private mutating func mark(_ column: Int, _ row: Int, _ character: Character, _ color: Sketch.Color) {
    sketch.board[row][column] = Sketch.Character(character, color)
  }

  /// A line between two places in squares.
  mutating func line(_ a: (Float, Float), _ b: (Float, Float), width: Float, _ color: Sketch.Color) {
    sketch.shapes.append(.line(point(a.0, a.1), point(b.0, b.1), width: width, color))
  }

  /// Colours a square's ground.
  mutating func shade(_ column: Int, _ row: Int, _ color: Sketch.Color) {
    let corner = point(Float(column) + 0.04, Float(row) + 0.04)
    sketch.shapes.append(.rectangle(corner: corner, width: 0.92, height: 0.92, color))
  }

  /// A disc in the middle of a square; its radius is in squares.
  mutating func disc(
    _ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character? = nil, radius: Float = 0.4
  ) {
    sketch.shapes.append(.ellipse(center: center(column, row), radiusX: radius, radiusY: radius, color))
    if let character { mark(column, row, character, color) }
  }

  /// A disc with a smaller one of another colour in it: a nought.
  mutating func ring(_ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character, inside: Sketch.Color) {
    disc(column, row, color, character, radius: 0.34)
    disc(column, row, inside, radius: 0.22)
  }

  /// Two diagonals: a cross.
  mutating func cross(_ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character) {
    let (x, y) = (Float(column) + 0.5, Float(row) + 0.5)
    let reach: Float = 0.28
    line((x - reach, y - reach), (x + reach, y + reach), width: 0.13, color)
    line((x - reach, y + reach), (x + reach, y - reach), width: 0.13, color)
    mark(column, row, character, color)
  }

  /// A line across the squares from one to another, in a straight line.
  mutating func strike(_ a: (Int, Int), _ b: (Int, Int), _ color: Sketch.Color) {
    // A little beyond the outer squares' middles: across what stands there, to the squares' edges.
    let beyond: Float = 0.32
    let across = beyond * Float((b.0 - a.0).signum())
    let down = beyond * Float((b.1 - a.1).signum())
    let (first, last) = (center(a.0, a.1), center(b.0, b.1))
    sketch.shapes.append(
      .line(
        Sketch.Point(first.x - across, first.y - down), Sketch.Point(last.x + across, last.y + down), width: 0.07, color
      ))
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
