public import ReinforcementLearning

/// An image in memory, and the filling of polygons in it with exactly antialiased edges.
///
/// The same code draws windows and recordings, so a recording shows the pixels that the window shows; SDL's own
/// triangles have stair-step edges. Pixels are opaque `0xFFRRGGBB`.
///
/// It is not a canvas: units are pixels and there is no text. Not for several threads at a time.
public final class PixelBuffer {
  /// Pixels, 1 or more each; they never change.
  public let width, height: Int
  /// `[height, width]`
  public let pixels: UnsafeMutablePointer<UInt32>
  /// Drawing is limited to these columns and rows.
  private var clip: (left: Int, top: Int, right: Int, bottom: Int)
  /// Signed coverage, `[rows, columns + 2]` of the polygon that is being filled; zero between calls.
  private var coverage: UnsafeMutableBufferPointer<Float>

  /// A black image.
  ///
  /// - Precondition: Both sides are at least 1.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "an image has at least one pixel")
    self.width = width
    self.height = height
    pixels = .allocate(capacity: width * height)
    pixels.initialize(repeating: 0xFF00_0000, count: width * height)
    coverage = .allocate(capacity: (width + 2) * height)
    coverage.initialize(repeating: 0)
    clip = (0, 0, width, height)
  }

  deinit {
    pixels.deallocate()
    coverage.deallocate()
  }

  /// Limits drawing to a box in pixels; nil for all of the image.
  public func clip(to box: Box?) {
    guard let box else {
      clip = (0, 0, width, height)
      return
    }
    clip = (
      max(0, Int(box.x.rounded())), max(0, Int(box.y.rounded())), min(width, Int(box.right.rounded())),
      min(height, Int(box.bottom.rounded()))
    )
  }

  /// Fills all that any of the polygons covers, in pixels.
  ///
  /// Each edge adds, to the pixel that it passes and to all at its right, the part of their area at its right;
  /// downward edges with one sign and upward ones with the other. The running sum along a row is then how much
  /// of each pixel is covered. The edge that two polygons share cancels out.
  public func fill(_ polygons: [[Sketch.Point]], _ color: Sketch.Color) {
    guard color.alpha > 0 else { return }
    // Far away points would overflow integers; nothing visible is that far.
    let limit: Float = 1e6
    var shapes: [[Sketch.Point]] = []
    var (low, high) = (Sketch.Point(limit, limit), Sketch.Point(-limit, -limit))
    for points in polygons where points.count > 2 && points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) {
      let points = points.map { Sketch.Point(min(max($0.x, -limit), limit), min(max($0.y, -limit), limit)) }
      for point in points {
        low = Sketch.Point(min(low.x, point.x), min(low.y, point.y))
        high = Sketch.Point(max(high.x, point.x), max(high.y, point.y))
      }
      // All turn the same way, so that where two overlap they add up instead of cancelling.
      shapes.append(Self.turnsClockwise(points) ? points : points.reversed())
    }
    let left = max(clip.left, Int(low.x.rounded(.down)))
    let right = min(clip.right, Int(high.x.rounded(.up)))
    let top = max(clip.top, Int(low.y.rounded(.down)))
    let bottom = min(clip.bottom, Int(high.y.rounded(.up)))
    guard left < right, top < bottom else { return }
    let columns = right - left
    let stride = columns + 2
    for points in shapes {
      var previous = points[points.count - 1]
      for point in points {
        addEdge(
          Sketch.Point(previous.x - Float(left), previous.y - Float(top)),
          Sketch.Point(point.x - Float(left), point.y - Float(top)), columns: columns, rows: bottom - top)
        previous = point
      }
    }
    let source = color.packed
    let opacity = Float(color.alpha) / 255 * 256
    for row in 0..<(bottom - top) {
      let cells = coverage.baseAddress! + row * stride
      let line = pixels + (top + row) * width + left
      var sum: Float = 0
      for column in 0..<columns {
        sum += cells[column]
        cells[column] = 0
        let weight = UInt32(min(abs(sum), 1) * opacity + 0.5)
        if weight >= 256 {
          line[column] = source
        } else if weight > 0 {
          line[column] = Self.blend(line[column], source, weight: weight)
        }
      }
      cells[columns] = 0
      cells[columns + 1] = 0
    }
  }

  /// Whether the polygon's signed area is not negative, y downwards.
  private static func turnsClockwise(_ points: [Sketch.Point]) -> Bool {
    var area: Float = 0
    var previous = points[points.count - 1]
    for point in points {
      area += previous.x * point.y - point.x * previous.y
      previous = point
    }
    return area >= 0
  }

  /// Adds the coverage of one edge, relative to the corner of the polygon's rows and columns.
  private func addEdge(_ start: Sketch.Point, _ end: Sketch.Point, columns: Int, rows: Int) {
    guard start.y != end.y else { return }
    let sign: Float = start.y < end.y ? 1 : -1
    let (upper, lower) = start.y < end.y ? (start, end) : (end, start)
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    let first = max(0, Int(upper.y.rounded(.down)))
    let last = min(rows, Int(lower.y.rounded(.up)))
    guard first < last else { return }
    let stride = columns + 2
    let limit = Float(columns)
    for row in first..<last {
      let from = max(Float(row), upper.y)
      let to = min(Float(row + 1), lower.y)
      guard from < to else { continue }
      let cells = coverage.baseAddress! + row * stride
      // Outside at the left all of the row is at the edge's right; outside at the right nothing is.
      let a = min(max(upper.x + (from - upper.y) * slope, 0), limit)
      let b = min(max(upper.x + (to - upper.y) * slope, 0), limit)
      let (near, far) = a < b ? (a, b) : (b, a)
      let height = (to - from) * sign
      let span = far - near
      var column = Int(near)
      if span < 1e-5 || far <= Float(column + 1) {
        let share = (near + far) / 2 - Float(column)
        cells[column] += height * (1 - share)
        cells[column + 1] += height * share
        continue
      }
      var x = near
      while x < far {
        let next = min(Float(column + 1), far)
        let part = height * (next - x) / span
        let share = (x + next) / 2 - Float(column)
        cells[column] += part * (1 - share)
        cells[column + 1] += part * share
        x = next
        column += 1
      }
    }
  }

  /// Paints a colour through a mask of opacities `[rows, columns]`, its upper left corner at a pixel.
  ///
  /// - Complexity: O(pixels of the mask that are inside the clip).
  public func paint(_ mask: GlyphMask, x: Int, y: Int, _ color: Sketch.Color) {
    guard color.alpha > 0 else { return }
    let source = color.packed
    let opacity = UInt32(color.alpha) + 1
    let columns = max(clip.left - x, 0)..<max(max(clip.left - x, 0), min(mask.width, clip.right - x))
    let rows = max(clip.top - y, 0)..<max(max(clip.top - y, 0), min(mask.height, clip.bottom - y))
    mask.opacities.withUnsafeBufferPointer { opacities in
      for row in rows {
        let line = pixels + (y + row) * width + x
        for column in columns {
          let own = UInt32(opacities[row * mask.width + column])
          guard own > 0 else { continue }
          // 0...255 to 0...256, so that an opaque pixel of an opaque colour is that colour.
          line[column] = Self.blend(line[column], source, weight: ((own + (own >> 7)) * opacity) >> 8)
        }
      }
    }
  }

  /// `weight` 0 to 256 of the source.
  @inline(__always)
  private static func blend(_ under: UInt32, _ source: UInt32, weight: UInt32) -> UInt32 {
    let rest = 256 - weight
    let redBlue = ((source & 0xFF00FF) * weight + (under & 0xFF00FF) * rest + 0x800080) >> 8 & 0xFF00FF
    let green = ((source & 0x00FF00) * weight + (under & 0x00FF00) * rest + 0x008000) >> 8 & 0x00FF00
    return 0xFF00_0000 | redBlue | green
  }

  /// Red, green and blue of every pixel, row by row: what video encoders read.
  ///
  /// - Returns: `[height, width, 3]`; alpha is left out, since pixels are opaque.
  public func rgbBytes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: width * height * 3) { bytes, count in
      for index in 0..<(width * height) {
        let pixel = pixels[index]
        bytes[index * 3] = UInt8(truncatingIfNeeded: pixel >> 16)
        bytes[index * 3 + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
        bytes[index * 3 + 2] = UInt8(truncatingIfNeeded: pixel)
      }
      count = width * height * 3
    }
  }
}

extension Sketch.Color {
  /// As an opaque pixel.
  var packed: UInt32 { 0xFF00_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }
}
