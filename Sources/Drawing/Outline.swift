import ReinforcementLearning

extension Sketch {
  /// The four corners of a line with square ends, which all pictures fill as a polygon.
  static func outline(from start: Point, to end: Point, width: Float) -> [Point] {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = max((dx * dx + dy * dy).squareRoot(), 1e-6)
    let (x, y) = (-dy / length * width / 2, dx / length * width / 2)
    return [
      Point(start.x + x, start.y + y), Point(end.x + x, end.y + y), Point(end.x - x, end.y - y),
      Point(start.x - x, start.y - y),
    ]
  }
}
