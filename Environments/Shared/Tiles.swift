package import ReinforcementLearning

/// A drawing on square tiles, row 0 at the top, written to a sketch's shapes and to its board of characters.
package struct Tiles {
  /// Shapes, board and captions so far.
  package var sketch: Sketch

  /// A chequered floor of so many tiles, one unit each, and a board of one character a tile.
  package init(columns: Int, rows: Int) {
    sketch = Sketch(width: Float(columns), height: Float(rows))
    sketch.shapes = [
      .rectangle(corner: Sketch.Point(0, 0), width: Float(columns), height: Float(rows), .backdrop)
    ]
    // A faint chequered floor.
    for row in 0..<rows {
      for column in 0..<columns where (row + column) % 2 == 1 {
        square(column, row, .blend(.backdrop, .ground, 0.3), margin: 0)
      }
    }
    sketch.board = Array(repeating: Array(repeating: Sketch.Character(".", .ground), count: columns), count: rows)
  }

  /// Sets a tile's character; nothing outside the board.
  private mutating func mark(_ column: Int, _ row: Int, _ character: Character, _ color: Sketch.Color) {
    guard sketch.board.indices.contains(row), sketch.board[row].indices.contains(column) else { return }
    sketch.board[row][column] = Sketch.Character(character, color)
  }

  /// A square that leaves a thin margin to its tile.
  package mutating func square(
    _ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character? = nil, margin: Float = 0.04
  ) {
    let corner = Sketch.Point(Float(column) + margin, Float(row) + margin)
    sketch.shapes.append(.rectangle(corner: corner, width: 1 - 2 * margin, height: 1 - 2 * margin, color))
    if let character { mark(column, row, character, color) }
  }

  /// A disc in the middle of its tile; its radius is in tiles.
  package mutating func disc(
    _ column: Int, _ row: Int, _ color: Sketch.Color, _ character: Character? = nil, radius: Float = 0.34
  ) {
    let center = Sketch.Point(Float(column) + 0.5, Float(row) + 0.5)
    sketch.shapes.append(.ellipse(center: center, radiusX: radius, radiusY: radius, color))
    if let character { mark(column, row, character, color) }
  }

  /// A triangle that points right (0), down (1), left (2) or up (3).
  package mutating func arrow(_ column: Int, _ row: Int, direction: Int, _ color: Sketch.Color) {
    let x = Float(column) + 0.5
    let y = Float(row) + 0.5
    let (dx, dy) = [(1, 0), (0, 1), (-1, 0), (0, -1)][direction & 3] as (Float, Float)
    let points = [(0.36, 0), (-0.3, 0.3), (-0.3, -0.3)] as [(Float, Float)]
    sketch.shapes.append(
      .polygon(points.map { Sketch.Point(x + $0.0 * dx - $0.1 * dy, y + $0.0 * dy + $0.1 * dx) }, color))
    mark(column, row, [">", "v", "<", "^"][direction & 3], color)
  }

  /// A wall between two neighbouring tiles: on the right of the tile, or under it.
  package mutating func wall(_ column: Int, _ row: Int, under: Bool) {
    let corner = Sketch.Point(Float(column) + (under ? 0 : 1), Float(row) + (under ? 1 : 0))
    let end = Sketch.Point(corner.x + (under ? 1 : 0), corner.y + (under ? 0 : 1))
    sketch.shapes.append(.line(corner, end, width: 0.12, .track))
  }

  /// A line of text below the picture.
  package mutating func caption(_ text: String) { sketch.captions.append(text) }
}
