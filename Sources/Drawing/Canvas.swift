public import ReinforcementLearning

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What pictures are drawn on: pixels of a window, a recording or a file, or a list of calls in a test.
///
/// Units are points; y grows downwards. A canvas draws, it does not lay out.
public protocol Canvas: AnyObject {
  /// Points.
  var width: Float { get }
  /// Points.
  var height: Float { get }
  /// Pixels a point, for what should begin and end with whole pixels.
  var scale: Float { get }
  /// Fills all that any of the polygons covers, none of which intersects itself; no seam shows where they touch.
  func fill(_ polygons: [[Sketch.Point]], _ color: Sketch.Color)
  /// A line of text; `point` is the upper left corner of its line box, which is 1.2 times `size` high.
  func text(_ string: String, at point: Sketch.Point, size: Float, face: Face, _ color: Sketch.Color)
  /// The width in points of that line.
  func width(of string: String, size: Float, face: Face) -> Float
  /// Paints an image over a box; by default nothing.
  ///
  /// - Parameter pixels: `[height, width]`, opaque `0xFFRRGGBB`.
  func paint(_ pixels: [UInt32], width: Int, height: Int, in box: Box)
  /// Draws only inside the box from here on; nil ends it.
  func clip(to box: Box?)
}

/// The cuts of type that pictures use.
public enum Face: Hashable, Sendable, CaseIterable {
  /// DejaVu Sans, its bold cut, and its monospaced one, where the viewer's lettering draws them.
  case regular, bold, mono
}

extension Canvas {
  /// Nothing: a canvas that is no image shows none.
  public func paint(_ pixels: [UInt32], width: Int, height: Int, in box: Box) {}

  /// One polygon, which does not intersect itself.
  public func fill(_ polygon: [Sketch.Point], _ color: Sketch.Color) { fill([polygon], color) }

  /// The nearest place between two pixels.
  public func snapped(_ coordinate: Float) -> Float { (coordinate * scale).rounded() / scale }

  /// The box with its edges between pixels, at least one pixel wide and high.
  public func snapped(_ box: Box) -> Box {
    let (x, y) = (snapped(box.x), snapped(box.y))
    return Box(x, y, max(1 / scale, snapped(box.right) - x), max(1 / scale, snapped(box.bottom) - y))
  }

  /// A box; nothing where it has no area.
  public func fill(_ box: Box, _ color: Sketch.Color) {
    guard box.width > 0, box.height > 0 else { return }
    fill(
      [
        Sketch.Point(box.x, box.y), Sketch.Point(box.right, box.y), Sketch.Point(box.right, box.bottom),
        Sketch.Point(box.x, box.bottom),
      ], color)
  }

  /// A box with round corners.
  public func fill(_ box: Box, radius: Float, _ color: Sketch.Color) {
    guard box.width > 0, box.height > 0 else { return }
    let radius = min(radius, box.width / 2, box.height / 2)
    let centers = [
      (box.right - radius, box.y + radius, -Float.pi / 2), (box.right - radius, box.bottom - radius, 0),
      (box.x + radius, box.bottom - radius, .pi / 2), (box.x + radius, box.y + radius, .pi),
    ]
    let segments = max(2, Int(radius))
    fill(
      centers.flatMap { x, y, start in
        (0...segments).map { step in
          let angle = start + .pi / 2 * Float(step) / Float(segments)
          return Sketch.Point(x + radius * cosf(angle), y + radius * sinf(angle))
        }
      }, color)
  }

  /// A box with round corners and an edge one point wide.
  ///
  /// - Precondition: The radius is 1 or more, since the inside's is one less.
  public func panel(_ box: Box, radius: Float, fill color: Sketch.Color, edge: Sketch.Color) {
    fill(box, radius: radius, edge)
    fill(box.inset(1), radius: radius - 1, color)
  }

  /// An ellipse as a polygon of 12 to 160 edges, more for larger ones.
  public func fillEllipse(center: Sketch.Point, radiusX: Float, radiusY: Float, _ color: Sketch.Color) {
    guard radiusX > 0, radiusY > 0 else { return }
    let segments = min(max(12, Int(4 * max(radiusX, radiusY).squareRoot()) * 2), 160)
    fill(
      (0..<segments).map { step in
        let angle = 2 * Float.pi * Float(step) / Float(segments)
        return Sketch.Point(center.x + radiusX * cosf(angle), center.y + radiusY * sinf(angle))
      }, color)
  }

  /// A line with square ends, at least a hairline.
  ///
  /// Two lines that meet leave a notch at the corner; who wants it closed lets each reach half a width farther.
  public func line(_ start: Sketch.Point, _ end: Sketch.Point, width: Float, _ color: Sketch.Color) {
    guard start != end else { return }
    fill(Sketch.outline(from: start, to: end, width: max(width, 0.75)), color)
  }

  /// A line of text whose upper right corner is the point.
  public func textRight(_ string: String, at point: Sketch.Point, size: Float, face: Face, _ color: Sketch.Color) {
    let left = Sketch.Point(point.x - width(of: string, size: size, face: face), point.y)
    text(string, at: left, size: size, face: face, color)
  }

  /// The string, cut with an ellipsis where it is wider than `limit` points.
  ///
  /// - Complexity: O(log n) measurements.
  public func fitted(_ string: String, size: Float, face: Face, limit: Float) -> String {
    guard width(of: string, size: size, face: face) > limit else { return string }
    // By halves: measuring costs a pass over the text.
    var (low, high) = (0, string.count)
    while low < high {
      let middle = (low + high + 1) / 2
      if width(of: string.prefix(middle) + "…", size: size, face: face) <= limit {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return low == 0 ? "" : string.prefix(low) + "…"
  }

  /// The string in lines of at most `limit` points, broken between words.
  ///
  /// A word that is wider than a line is cut with an ellipsis.
  public func wrapped(_ string: String, size: Float, face: Face, limit: Float) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in string.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if line.isEmpty || width(of: longer, size: size, face: face) <= limit {
        line = longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { fitted($0, size: size, face: face, limit: limit) }
  }
}
