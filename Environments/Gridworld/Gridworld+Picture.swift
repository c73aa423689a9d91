internal import EnvironmentKit
import ReinforcementLearning

extension Gridworld {
  /// Tiles as shapes and characters. Each tile fills the unit square whose upper left corner is (x, y).
  struct Picture {
    /// What was drawn so far.
    private(set) var sketch: Sketch

    private static let floor = Sketch.Color(22, 22, 26)
    private static let line = Sketch.Color(58, 58, 64)
    private static let light = Sketch.Color(255, 255, 255, alpha: 46)
    private static let agentColor = Sketch.Color(255, 60, 60)

    /// An empty picture of so many tiles.
    init(width: Int, height: Int) {
      sketch = Sketch(width: Float(width), height: Float(height))
      sketch.board = Array(repeating: Array(repeating: Sketch.Character(" "), count: width), count: height)
    }

    /// A rectangle within the tile at x, y; its edges are parts of the tile, 0 to 1.
    private mutating func rectangle(
      _ x: Int, _ y: Int, from left: Float, _ top: Float, to right: Float, _ bottom: Float, _ color: Sketch.Color
    ) {
      let corner = Sketch.Point(Float(x) + left, Float(y) + top)
      sketch.shapes.append(.rectangle(corner: corner, width: right - left, height: bottom - top, color))
    }

    /// A disc within the tile at x, y; centre and radius are parts of the tile.
    private mutating func disc(
      _ x: Int, _ y: Int, at centerX: Float, _ centerY: Float, radius: Float, _ color: Sketch.Color
    ) {
      let center = Sketch.Point(Float(x) + centerX, Float(y) + centerY)
      sketch.shapes.append(.ellipse(center: center, radiusX: radius, radiusY: radius, color))
    }

    /// The colour with each channel multiplied, for what lies in shadow.
    private func darker(_ color: Sketch.Color, by factor: Float) -> Sketch.Color {
      Sketch.Color(
        UInt8(Float(color.red) * factor), UInt8(Float(color.green) * factor), UInt8(Float(color.blue) * factor))
    }

    /// A cell, brighter where the agent sees it.
    mutating func draw(_ cell: Cell, x: Int, y: Int, isLit: Bool) {
      rectangle(x, y, from: 0, 0, to: 1, 1, Self.line)
      rectangle(x, y, from: 0.02, 0.02, to: 1, 1, Self.floor)
      let color = Color(rawValue: UInt8(truncatingIfNeeded: cell.bits >> 8))?.shade ?? Self.line
      var character: Character = "."
      switch Tile(rawValue: cell.code) {
      case .wall:
        character = "#"
        rectangle(x, y, from: 0, 0, to: 1, 1, color)
        rectangle(x, y, from: 0, 0, to: 1, 0.06, Sketch.Color(150, 150, 155))
        rectangle(x, y, from: 0, 0.94, to: 1, 1, Sketch.Color(95, 95, 100))
      case .goal:
        character = "G"
        rectangle(x, y, from: 0.02, 0.02, to: 1, 1, color)
      case .floor:
        character = ","
        rectangle(x, y, from: 0.03, 0.03, to: 1, 1, darker(color, by: 0.5))
      case .lava:
        character = "~"
        drawLava(x, y)
      case .door:
        character = cell.isOpenDoor ? "/" : cell.isLockedDoor ? "L" : "D"
        drawDoor(cell, color, x, y)
      case .key:
        character = "k"
        drawKey(color, x, y)
      case .ball:
        character = "o"
        disc(x, y, at: 0.5, 0.5, radius: 0.31, color)
        disc(x, y, at: 0.41, 0.4, radius: 0.08, Sketch.Color(255, 255, 255, alpha: 120))
      case .box:
        character = "b"
        rectangle(x, y, from: 0.12, 0.12, to: 0.88, 0.88, color)
        rectangle(x, y, from: 0.18, 0.18, to: 0.82, 0.82, Self.floor)
        rectangle(x, y, from: 0.16, 0.47, to: 0.84, 0.53, color)
      default: break
      }
      if isLit { rectangle(x, y, from: 0, 0, to: 1, 1, Self.light) }
      let plain = cell.isEmpty || cell.is(.wall)
      sketch.board[y][x] = Sketch.Character(
        character, plain ? Sketch.Color(120, 120, 125) : cell.is(.lava) ? Sketch.Color(255, 128, 0) : color)
    }

    /// A cell that the agent does not see.
    mutating func drawUnseen(x: Int, y: Int) {
      rectangle(x, y, from: 0, 0, to: 1, 1, Sketch.Color(8, 8, 10))
      sketch.board[y][x] = Sketch.Character(" ")
    }

    /// The agent, a triangle that points where it looks.
    mutating func drawAgent(x: Int, y: Int, direction: Int) {
      let corners: [(Float, Float)] = [(0.38, 0), (-0.36, 0.32), (-0.36, -0.32)]
      let (cosine, sine): (Float, Float) = [(1, 0), (0, 1), (-1, 0), (0, -1)][direction]
      let points = corners.map { along, across in
        Sketch.Point(Float(x) + 0.5 + along * cosine - across * sine, Float(y) + 0.5 + along * sine + across * cosine)
      }
      sketch.shapes.append(.polygon(points, Self.agentColor))
      sketch.board[y][x] = Sketch.Character([">", "v", "<", "^"][direction], Self.agentColor)
    }

    /// Orange with three zigzag waves.
    private mutating func drawLava(_ x: Int, _ y: Int) {
      rectangle(x, y, from: 0, 0, to: 1, 1, Sketch.Color(255, 128, 0))
      for wave in 0..<3 {
        let high = Float(y) + 0.3 + 0.2 * Float(wave)
        for part in 0..<4 {
          let left = Float(x) + 0.1 + 0.2 * Float(part)
          let (from, to) = part % 2 == 0 ? (high, high + 0.1) : (high + 0.1, high)
          sketch.shapes.append(
            .line(Sketch.Point(left, from), Sketch.Point(left + 0.2, to), width: 0.05, Sketch.Color(70, 20, 0)))
        }
      }
    }

    /// Open: a narrow frame at the right. Closed: a square with a handle. Locked: a dark square with a key
    /// hole.
    private mutating func drawDoor(_ cell: Cell, _ color: Sketch.Color, _ x: Int, _ y: Int) {
      if cell.isOpenDoor {
        rectangle(x, y, from: 0.88, 0, to: 1, 1, color)
        rectangle(x, y, from: 0.92, 0.04, to: 0.96, 0.96, Self.floor)
        return
      }
      rectangle(x, y, from: 0, 0, to: 1, 1, color)
      if cell.isLockedDoor {
        rectangle(x, y, from: 0.06, 0.06, to: 0.94, 0.94, darker(color, by: 0.45))
        // The key hole.
        disc(x, y, at: 0.66, 0.46, radius: 0.09, color)
        rectangle(x, y, from: 0.62, 0.48, to: 0.7, 0.68, color)
      } else {
        rectangle(x, y, from: 0.04, 0.04, to: 0.96, 0.96, Self.floor)
        rectangle(x, y, from: 0.08, 0.08, to: 0.92, 0.92, color)
        rectangle(x, y, from: 0.12, 0.12, to: 0.88, 0.88, Self.floor)
        disc(x, y, at: 0.75, 0.5, radius: 0.08, color)
      }
    }

    /// A ring with a shaft and two teeth.
    private mutating func drawKey(_ color: Sketch.Color, _ x: Int, _ y: Int) {
      rectangle(x, y, from: 0.5, 0.31, to: 0.63, 0.88, color)
      rectangle(x, y, from: 0.38, 0.59, to: 0.5, 0.66, color)
      rectangle(x, y, from: 0.38, 0.81, to: 0.5, 0.88, color)
      disc(x, y, at: 0.56, 0.28, radius: 0.19, color)
      disc(x, y, at: 0.56, 0.28, radius: 0.064, Self.floor)
    }
  }
}
