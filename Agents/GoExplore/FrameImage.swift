import ReinforcementLearning

/// A grey picture of a state, `[height, width]`, 0 black to 1 white.
struct FrameImage: Hashable, Sendable {
  let width, height: Int
  var pixels: [Float]

  init(width: Int, height: Int, pixels: [Float]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A sketch, its longer side `side` pixels long; texts and insets are left out.
  ///
  /// Each pixel has the colour of its centre: these pictures are made smaller still, so edges need not be smooth.
  init(_ sketch: Sketch, side: Int) {
    let longer = max(sketch.width, sketch.height, 1e-6)
    let scale = Float(side) / longer
    width = max(1, Int((sketch.width * scale).rounded()))
    height = max(1, Int((sketch.height * scale).rounded()))
    pixels = Array(repeating: 0, count: width * height)
    for shape in sketch.shapes { draw(shape, scale) }
  }

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
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = max((dx * dx + dy * dy).squareRoot(), 1e-6)
      let (sideX, sideY) = (-dy / length * width / 2, dx / length * width / 2)
      fill(
        [
          Sketch.Point(a.x + sideX, a.y + sideY), Sketch.Point(b.x + sideX, b.y + sideY),
          Sketch.Point(b.x - sideX, b.y - sideY), Sketch.Point(a.x - sideX, a.y - sideY),
        ], scale, color)
    case .text: break
    }
  }

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

/// How coarse a frame becomes a key: its size in pixels, and how many shades of grey are told apart.
struct FrameRepresentation: Hashable, Sendable {
  var width, height, levels: Int

  /// Words of a key: four pixels a word.
  var words: Int { (width * height + 3) / 4 }

  /// Writes the key, `[words]`: the mean of each coarse pixel's area, cut into levels.
  func write(_ image: FrameImage, to key: UnsafeMutablePointer<Int32>) {
    for word in 0..<words { key[word] = 0 }
    image.pixels.withUnsafeBufferPointer { pixels in
      let (stepX, stepY) = (Float(image.width) / Float(width), Float(image.height) / Float(height))
      for row in 0..<height {
        let (top, bottom) = (Float(row) * stepY, Float(row + 1) * stepY)
        for column in 0..<width {
          let (left, right) = (Float(column) * stepX, Float(column + 1) * stepX)
          var sum: Float = 0
          for y in Int(top)..<min(image.height, Int(bottom.rounded(.up))) {
            let share = min(bottom, Float(y + 1)) - max(top, Float(y))
            for x in Int(left)..<min(image.width, Int(right.rounded(.up))) {
              sum += pixels[y * image.width + x] * share * (min(right, Float(x + 1)) - max(left, Float(x)))
            }
          }
          let mean = sum / (stepX * stepY)
          let level = min(levels - 1, max(0, Int(mean * Float(levels))))
          let index = row * width + column
          key[index / 4] |= Int32(level) << Int32(index % 4 * 8)
        }
      }
    }
  }
}

/// Draws states as keys of the present representation.
///
/// A state's picture is drawn once: where the environment has a digest, keys are remembered by it. (A digest leaves out
/// the time and the random stream; a picture that shows either would be remembered as it was first seen.)
struct FrameCamera {
  var representation = FrameRepresentation(width: 1, height: 1, levels: 2) {
    didSet { remembered.removeAll() }
  }
  /// What was drawn last.
  private(set) var image = FrameImage(Sketch(width: 1, height: 1), side: 1)
  private let side: Int
  private var remembered: [UInt64: FrameImage] = [:]
  /// Pictures to remember.
  private static let capacity = 4096

  init(side: Int) { self.side = side }

  mutating func write(_ arena: SnapshotArena, _ snapshot: Int, to key: UnsafeMutablePointer<Int32>) {
    let digest = arena.digest(snapshot)
    if let digest, let known = remembered[digest] {
      image = known
    } else {
      image = FrameImage(arena.sketch(snapshot), side: side)
      if let digest {
        if remembered.count >= FrameCamera.capacity { remembered.removeAll(keepingCapacity: true) }
        remembered[digest] = image
      }
    }
    representation.write(image, to: key)
  }
}
