public import ReinforcementLearning

/// A grey picture of a state, `[height, width]`, 0 black to 1 white: what is made smaller still, or read by a network.
///
/// Not a `PixelBuffer`, whose edges are smooth: each pixel has the colour of its centre. The bits are part of what an
/// archive of frames is keyed by, so they stay as they are.
public struct GreyImage: Hashable, Sendable {
  /// Pixels, 1 or more each.
  public let width, height: Int
  /// `[height, width]`, row by row, 0 black to 1 white.
  public private(set) var pixels: [Float]

  /// - Parameter pixels: `[height, width]`.
  public init(width: Int, height: Int, pixels: [Float]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A sketch, its longer side `side` pixels long; texts and insets are left out.
  ///
  /// Shapes are drawn over one another in their order, with their opacity, on black.
  ///
  /// - Parameter side: At least 1.
  /// - Complexity: O(pixels of each shape's box).
  public init(_ sketch: Sketch, side: Int) {
    let longer = max(sketch.width, sketch.height, 1e-6)
    let scale = Float(side) / longer
    width = max(1, Int((sketch.width * scale).rounded()))
    height = max(1, Int((sketch.height * scale).rounded()))
    pixels = Array(repeating: 0, count: width * height)
    for shape in sketch.shapes { draw(shape, scale) }
  }

  /// Draws one shape; texts are left out.
  private mutating func draw(_ shape: Sketch.Shape, _ scale: Float) {
    switch shape {
    case .rectangle(let corner, let width, let height, let color):
      fill(corner.x, corner.y, corner.x + width, corner.y + height, scale, color) { _, _ in true }
    case .ellipse(let center, let radiusX, let radiusY, let color):
      fill(center.x - radiusX, center.y - radiusY, center.x + radiusX, center.y + radiusY, scale, color) { x, y in
        let (dx, dy) = ((x - center.x) / max(radiusX, 1e-6), (y - center.y) / max(radiusY, 1e-6))
        return dx * dx + dy * dy <= 1
      }
    case .polygon(let points, let color): fill(points, scale, color)
    case .line(let a, let b, let width, let color):
      fill(Sketch.outline(from: a, to: b, width: width), scale, color)
    case .text, .character: break
    }
  }

  /// Fills a convex polygon by the centres of its pixels.
  private mutating func fill(_ points: [Sketch.Point], _ scale: Float, _ color: Sketch.Color) {
    guard let first = points.first else { return }
    var (left, top, right, bottom) = (first.x, first.y, first.x, first.y)
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
    fill(left, top, right, bottom, scale, color) { x, y in
      // Inside a convex outline a point is on the same side of every edge.
      var (isLeft, isRight) = (true, true)
      for index in points.indices {
        let (a, b) = (points[index], points[(index + 1) % points.count])
        let side = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)
        isLeft = isLeft && side >= 0
        isRight = isRight && side <= 0
      }
      return isLeft || isRight
    }
  }

  /// Blends a colour over the pixels of a box, in world units, whose centres are inside.
  @inline(__always) private mutating func fill(
    _ left: Float, _ top: Float, _ right: Float, _ bottom: Float, _ scale: Float, _ color: Sketch.Color,
    where isInside: (_ x: Float, _ y: Float) -> Bool
  ) {
    // The luminance of Rec. 601.
    let grey = (0.299 * Float(color.red) + 0.587 * Float(color.green) + 0.114 * Float(color.blue)) / 255
    let opacity = Float(color.alpha) / 255
    let columns = range(left * scale, right * scale, width)
    for row in range(top * scale, bottom * scale, height) {
      for column in columns where isInside((Float(column) + 0.5) / scale, (Float(row) + 0.5) / scale) {
        let index = row * width + column
        pixels[index] += (grey - pixels[index]) * opacity
      }
    }
  }

  /// The pixels whose centres lie between two places.
  private func range(_ low: Float, _ high: Float, _ count: Int) -> Range<Int> {
    let first = min(max((low - 0.5).rounded(.up), 0), Float(count))
    let last = min(max((high - 0.5).rounded(.up), first), Float(count))
    return Int(first)..<Int(last)
  }
}
