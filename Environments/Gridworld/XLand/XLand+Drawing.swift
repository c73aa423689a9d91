internal import EnvironmentKit
import ReinforcementLearning

extension XLand {
  /// Shapes and characters of tiles on squares of one unit.
  struct Drawing {
    /// What was drawn so far.
    var sketch: Sketch

    private static let ground = Sketch.Color(24, 27, 35)
    private static let seam = Sketch.Color(33, 37, 47)
    private static let stone = Sketch.Color(92, 99, 114)
    private static let stoneEdge = Sketch.Color(112, 120, 136)
    private static let void = Sketch.Color(12, 13, 17)

    /// An empty drawing; one unit a cell.
    init(columns: Int, rows: Int) {
      sketch = Sketch(width: Float(columns), height: Float(rows))
      sketch.shapes = [
        .rectangle(corner: Sketch.Point(0, 0), width: Float(columns), height: Float(rows), Drawing.void)
      ]
      sketch.board = Array(repeating: Array(repeating: Sketch.Character(" "), count: columns), count: rows)
    }

    /// What lies in a cell, with the floor under it.
    mutating func cell(_ cell: Cell, _ column: Int, _ row: Int) {
      let (x, y) = (Float(column), Float(row))
      let color = Drawing.color(cell.color)
      sketch.board[row][column] = Sketch.Character(
        Drawing.characters[Int(cell.tileCode)], cell == .floor ? Drawing.stone : color)
      switch cell.tile {
      case .empty: return
      case .wall:
        rectangle(x, y, 1, 1, Drawing.stone)
        rectangle(x, y, 1, 0.08, Drawing.stoneEdge)
        return
      default:
        rectangle(x, y, 1, 1, Drawing.seam)
        rectangle(x + 0.02, y + 0.02, 0.96, 0.96, Drawing.ground)
      }
      switch cell.tile {
      case .lockedDoor, .closedDoor, .openDoor: door(cell.tile, color, x, y)
      case .goal:
        rectangle(x + 0.06, y + 0.06, 0.88, 0.88, Drawing.color(cell.color, alpha: 90))
        disc(x + 0.5, y + 0.5, 0.34, color)
        disc(x + 0.5, y + 0.5, 0.23, Drawing.ground)
        disc(x + 0.5, y + 0.5, 0.12, color)
      case .floor where cell != .floor: rectangle(x + 0.02, y + 0.02, 0.96, 0.96, Drawing.color(cell.color, alpha: 60))
      default: thing(cell, x + 0.5, y + 0.5, 0.36)
      }
    }

    /// The square that the agent sees, a little lighter.
    mutating func shade(_ corner: (row: Int, column: Int), side: Int) {
      let left = max(0, Float(corner.column))
      let top = max(0, Float(corner.row))
      let right = min(sketch.width, Float(corner.column + side))
      let bottom = min(sketch.height, Float(corner.row + side))
      rectangle(left, top, right - left, bottom - top, Sketch.Color(255, 255, 255, alpha: 20))
    }

    /// An arrow head that points where the agent looks: up for direction 0.
    mutating func agent(_ column: Int, _ row: Int, direction: Int) {
      let (x, y) = (Float(column) + 0.5, Float(row) + 0.5)
      func arrow(_ scale: Float, _ color: Sketch.Color) {
        let tip = turned(0, -0.4 * scale, direction)
        let left = turned(-0.32 * scale, 0.32 * scale, direction)
        let notch = turned(0, 0.18 * scale, direction)
        let right = turned(0.32 * scale, 0.32 * scale, direction)
        polygon([(x + tip.x, y + tip.y), (x + right.x, y + right.y), (x + notch.x, y + notch.y)], color)
        polygon([(x + tip.x, y + tip.y), (x + notch.x, y + notch.y), (x + left.x, y + left.y)], color)
      }
      arrow(1.12, Sketch.Color(12, 13, 17))
      arrow(0.92, Sketch.Color(245, 247, 250))
      sketch.board[row][column] = Sketch.Character(["^", ">", "v", "<"][direction & 3], Sketch.Color(245, 247, 250))
    }

    /// What the agent carries, small on its back.
    mutating func held(_ cell: Cell, _ column: Int, _ row: Int, direction: Int) {
      let place = turned(0, 0.16, direction)
      thing(cell, Float(column) + 0.5 + place.x, Float(row) + 0.5 + place.y, 0.17)
    }

    /// A thing that can be carried, of that radius around a point.
    private mutating func thing(_ cell: Cell, _ x: Float, _ y: Float, _ r: Float) {
      let color = Drawing.color(cell.color)
      switch cell.tile {
      case .ball:
        disc(x, y, r, color)
        disc(x - 0.32 * r, y - 0.34 * r, 0.22 * r, Sketch.Color(255, 255, 255, alpha: 110))
      case .square:
        rectangle(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r, color)
        rectangle(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 0.28 * r, Sketch.Color(255, 255, 255, alpha: 60))
      case .pyramid:
        polygon([(x, y - r), (x + r, y + 0.8 * r), (x - r, y + 0.8 * r)], color)
        polygon([(x, y - r), (x + r, y + 0.8 * r), (x + 0.2 * r, y + 0.8 * r)], Sketch.Color(0, 0, 0, alpha: 70))
      case .key:
        disc(x, y - 0.5 * r, 0.48 * r, color)
        disc(x, y - 0.5 * r, 0.2 * r, Drawing.ground)
        rectangle(x - 0.12 * r, y - 0.1 * r, 0.24 * r, 1.1 * r, color)
        rectangle(x + 0.1 * r, y + 0.42 * r, 0.34 * r, 0.18 * r, color)
        rectangle(x + 0.1 * r, y + 0.78 * r, 0.34 * r, 0.18 * r, color)
      case .hex:
        let corners: [(Float, Float)] = [(0, -1), (0.87, -0.5), (0.87, 0.5), (0, 1), (-0.87, 0.5), (-0.87, -0.5)]
        let top: [(Float, Float)] = [(0, -1), (0.87, -0.5), (0, 0), (-0.87, -0.5)]
        polygon(corners.map { (x + $0 * r, y + $1 * r) }, color)
        polygon(top.map { (x + $0 * r, y + $1 * r) }, Sketch.Color(255, 255, 255, alpha: 55))
      case .star:
        // Five points around a pentagon: a star is not convex.
        let outer: [(Float, Float)] = [(0, -1), (0.951, -0.309), (0.588, 0.809), (-0.588, 0.809), (-0.951, -0.309)]
        let inner: [(Float, Float)] = [
          (0.225, -0.309), (0.363, 0.118), (0, 0.382), (-0.363, 0.118), (-0.225, -0.309),
        ]
        polygon(inner.map { (x + $0 * r * 1.1, y + $1 * r * 1.1) }, color)
        for point in 0..<5 {
          let corners = [outer[point], inner[point], inner[(point + 4) % 5]]
          polygon(corners.map { (x + $0 * r * 1.1, y + $1 * r * 1.1) }, color)
        }
      case .goal: disc(x, y, r, color)
      default: break
      }
    }

    /// Open: two jambs. Closed: a square with a handle. Locked: with a key hole.
    private mutating func door(_ tile: Tile, _ color: Sketch.Color, _ x: Float, _ y: Float) {
      let dark = Sketch.Color(color.red / 3, color.green / 3, color.blue / 3)
      guard tile != .openDoor else {
        rectangle(x + 0.02, y + 0.02, 0.14, 0.96, color)
        rectangle(x + 0.84, y + 0.02, 0.14, 0.96, dark)
        return
      }
      rectangle(x + 0.02, y + 0.02, 0.96, 0.96, color)
      rectangle(x + 0.12, y + 0.12, 0.76, 0.76, dark)
      if tile == .lockedDoor {
        disc(x + 0.5, y + 0.42, 0.14, color)
        polygon([(x + 0.5, y + 0.4), (x + 0.62, y + 0.74), (x + 0.38, y + 0.74)], color)
      } else {
        disc(x + 0.72, y + 0.5, 0.09, color)
      }
    }

    /// A vector that points up, turned clockwise.
    private func turned(_ x: Float, _ y: Float, _ direction: Int) -> (x: Float, y: Float) {
      switch direction & 3 {
      case 0: (x, y)
      case 1: (-y, x)
      case 2: (-x, -y)
      default: (y, -x)
      }
    }

    private mutating func rectangle(_ x: Float, _ y: Float, _ width: Float, _ height: Float, _ color: Sketch.Color) {
      sketch.shapes.append(.rectangle(corner: Sketch.Point(x, y), width: width, height: height, color))
    }

    private mutating func disc(_ x: Float, _ y: Float, _ radius: Float, _ color: Sketch.Color) {
      sketch.shapes.append(.ellipse(center: Sketch.Point(x, y), radiusX: radius, radiusY: radius, color))
    }

    private mutating func polygon(_ points: [(Float, Float)], _ color: Sketch.Color) {
      sketch.shapes.append(.polygon(points.map { Sketch.Point($0.0, $0.1) }, color))
    }

    /// The tiles' characters by code.
    private static let characters: [Character] = [" ", ".", "#", "o", "s", "A", "G", "k", "L", "+", "'", "h", "*"]

    /// The colour on a screen; an alpha below 255 lets the floor through.
    static func color(_ color: Color, alpha: UInt8 = 255) -> Sketch.Color {
      switch color {
      case .none: Sketch.Color(60, 64, 74, alpha: alpha)
      case .red: Sketch.Color(235, 78, 70, alpha: alpha)
      case .green: Sketch.Color(72, 199, 110, alpha: alpha)
      case .blue: Sketch.Color(74, 134, 245, alpha: alpha)
      case .purple: Sketch.Color(165, 90, 235, alpha: alpha)
      case .yellow: Sketch.Color(245, 215, 66, alpha: alpha)
      case .grey: Sketch.Color(146, 152, 164, alpha: alpha)
      case .black: Sketch.Color(58, 60, 68, alpha: alpha)
      case .orange: Sketch.Color(250, 150, 40, alpha: alpha)
      case .white: Sketch.Color(240, 242, 246, alpha: alpha)
      case .brown: Sketch.Color(160, 105, 62, alpha: alpha)
      case .pink: Sketch.Color(245, 145, 190, alpha: alpha)
      }
    }
  }
}
