package import ReinforcementLearning

/// A drawing in physical coordinates (y upwards), written to a sketch's shapes and to its board of characters.
///
/// Not drawing code: it only describes, as `Sketch` does.
package struct Scene {
  package typealias Place = (x: Double, y: Double)

  /// Shapes, board and captions so far.
  package var sketch: Sketch
  /// The part of the world that is drawn.
  private let left, top, width, height: Double
  /// Characters of the board.
  private let columns, rows: Int

  /// An empty scene of that part of the world with a board of so many characters; the ground is the backdrop.
  package init(left: Double, right: Double, bottom: Double, top: Double, columns: Int, rows: Int) {
    self.left = left
    self.top = top
    self.columns = columns
    self.rows = rows
    width = right - left
    height = top - bottom
    sketch = Sketch(width: Float(width), height: Float(height))
    sketch.shapes = [
      .rectangle(corner: Sketch.Point(0, 0), width: Float(width), height: Float(height), .backdrop)
    ]
    sketch.board = Array(repeating: Array(repeating: Sketch.Character(" "), count: columns), count: rows)
  }

  /// A place of the world in the sketch's units, where y grows downwards.
  private func point(_ place: Place) -> Sketch.Point { Sketch.Point(Float(place.x - left), Float(top - place.y)) }

  /// Sets the character at a place; nothing outside the board.
  package mutating func mark(_ place: Place, _ character: Character, _ color: Sketch.Color) {
    let column = ((place.x - left) / width * Double(columns)).rounded(.down)
    let row = ((top - place.y) / height * Double(rows)).rounded(.down)
    guard column >= 0, row >= 0, column < Double(columns), row < Double(rows) else { return }
    sketch.board[Int(row)][Int(column)] = Sketch.Character(character, color)
  }

  /// A straight line; without a character of its own it is drawn by its slope.
  package mutating func line(
    _ a: Place, _ b: Place, width lineWidth: Double, _ color: Sketch.Color, _ character: Character? = nil
  ) {
    sketch.shapes.append(.line(point(a), point(b), width: Float(lineWidth), color))
    let across = (b.x - a.x) / width * Double(columns)
    let up = (b.y - a.y) / height * Double(rows)
    let count = max(1, Int(max(abs(across), abs(up)) * 2))
    let slope: Character =
      abs(up) > 2 * abs(across) ? "|" : abs(across) > 2 * abs(up) ? "-" : across * up > 0 ? "/" : "\\"
    for index in 0...count {
      let part = Double(index) / Double(count)
      mark((a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part), character ?? slope, color)
    }
  }

  /// An upright rectangle; on the board a line of the character along its middle.
  package mutating func box(
    center: Place, width boxWidth: Double, height boxHeight: Double, _ color: Sketch.Color, _ character: Character
  ) {
    let corner = point((center.x - boxWidth / 2, center.y + boxHeight / 2))
    sketch.shapes.append(.rectangle(corner: corner, width: Float(boxWidth), height: Float(boxHeight), color))
    let count = max(1, Int(boxWidth / width * Double(columns) * 2))
    for index in 0...count {
      mark((center.x + boxWidth * (Double(index) / Double(count) - 0.5), center.y), character, color)
    }
  }

  /// A disc; on the board one character at its centre, if any.
  package mutating func disc(_ center: Place, radius: Double, _ color: Sketch.Color, _ character: Character? = nil) {
    sketch.shapes.append(.ellipse(center: point(center), radiusX: Float(radius), radiusY: Float(radius), color))
    if let character { mark(center, character, color) }
  }

  /// A convex polygon; it leaves no mark on the board.
  package mutating func polygon(_ places: [Place], _ color: Sketch.Color) {
    sketch.shapes.append(.polygon(places.map(point), color))
  }

  /// The ground under a curve, in convex strips, and the curve itself.
  package mutating func ground(
    under curve: (Double) -> Double, from start: Double, to end: Double, strips: Int, bottom: Double
  ) {
    for index in 0..<strips {
      let a = start + (end - start) * Double(index) / Double(strips)
      let b = start + (end - start) * Double(index + 1) / Double(strips)
      polygon([(a, curve(a)), (b, curve(b)), (b, bottom), (a, bottom)], .ground)
    }
    for index in 0..<strips {
      let a = start + (end - start) * Double(index) / Double(strips)
      let b = start + (end - start) * Double(index + 1) / Double(strips)
      line((a, curve(a)), (b, curve(b)), width: width / 150, .track, ".")
    }
  }

  /// A curved arrow around a centre, as long as `turn` says: a torque. Angles in radians from the x axis.
  package mutating func torque(
    around center: Place, radius: Double, from start: Double, turn: Double, _ color: Sketch.Color
  ) {
    guard abs(turn) > 0.02 else { return }
    func place(_ angle: Double, _ distance: Double) -> Place {
      let (sine, cosine) = sineCosine(angle)
      return (center.x + distance * cosine, center.y + distance * sine)
    }
    let parts = 16
    for index in 0..<parts {
      let a = start + turn * Double(index) / Double(parts)
      let b = start + turn * Double(index + 1) / Double(parts)
      sketch.shapes.append(.line(point(place(a, radius)), point(place(b, radius)), width: Float(radius / 9), color))
    }
    let end = start + turn
    polygon(
      [place(end, radius * 1.2), place(end, radius * 0.8), place(end + (turn > 0 ? 0.35 : -0.35), radius)], color)
  }

  /// A line of text below the picture.
  package mutating func caption(_ text: String) { sketch.captions.append(text) }
}
