public import ReinforcementLearning

/// A canvas of pixels, at any number of pixels a point.
public final class PixelCanvas: Canvas {
  /// The pixels, in the canvas's own memory.
  public let buffer: PixelBuffer
  /// Pixels a point: 1 on ordinary screens, 2 on dense ones.
  public let scale: Float
  /// Nil leaves texts out and makes them 0 wide.
  private let lettering: (any Lettering)?

  /// - Parameter lettering: Nil to leave texts out.
  public init(pixelWidth: Int, pixelHeight: Int, scale: Float, lettering: (any Lettering)?) {
    precondition(scale > 0, "a scale is positive")
    buffer = PixelBuffer(width: pixelWidth, height: pixelHeight)
    self.scale = scale
    self.lettering = lettering
  }

  /// The buffer's columns over the scale, in points.
  public var width: Float { Float(buffer.width) / scale }
  /// The buffer's rows over the scale, in points.
  public var height: Float { Float(buffer.height) / scale }

  /// Fills the polygons, whose corners are points, with antialiased edges.
  public func fill(_ polygons: [[Sketch.Point]], _ color: Sketch.Color) {
    guard scale != 1 else { return buffer.fill(polygons, color) }
    buffer.fill(polygons.map { $0.map { Sketch.Point($0.x * scale, $0.y * scale) } }, color)
  }

  /// Draws a line through the lettering at whole pixels; nothing without one.
  public func text(_ string: String, at point: Sketch.Point, size: Float, face: Face, _ color: Sketch.Color) {
    guard let mask = lettering?.mask(of: string, pixels: size * scale, face: face) else { return }
    buffer.paint(mask, x: Int((point.x * scale).rounded()), y: Int((point.y * scale).rounded()), color)
  }

  /// The line's width in points; 0 without a lettering.
  public func width(of string: String, size: Float, face: Face) -> Float {
    Float(lettering?.width(of: string, pixels: size * scale, face: face) ?? 0) / scale
  }

  /// Scales the image to the box, between its pixels where sizes differ.
  public func paint(_ pixels: [UInt32], width: Int, height: Int, in box: Box) {
    buffer.paint(
      pixels, width: width, height: height,
      in: Box(box.x * scale, box.y * scale, box.width * scale, box.height * scale))
  }

  /// Limits drawing to a box in points, rounded to whole pixels.
  public func clip(to box: Box?) {
    buffer.clip(to: box.map { Box($0.x * scale, $0.y * scale, $0.width * scale, $0.height * scale) })
  }
}

extension PixelBuffer {
  /// A sketch in colour on black, its longer side `side` pixels long: what a report keeps and a judge of pictures looks
  /// at. Insets are left out; so are texts where there is no lettering.
  public convenience init(_ sketch: Sketch, side: Int, lettering: (any Lettering)? = nil) {
    let scale = Float(side) / max(sketch.width, sketch.height, 1e-6)
    let canvas = PixelCanvas(
      pixelWidth: max(1, Int((sketch.width * scale).rounded())),
      pixelHeight: max(1, Int((sketch.height * scale).rounded())), scale: 1, lettering: lettering)
    let place = Box(0, 0, canvas.width, canvas.height).fitting(width: sketch.width, height: sketch.height)
    SketchPainter(sketch: sketch, place: place).draw(on: canvas)
    self.init(width: canvas.buffer.width, height: canvas.buffer.height)
    pixels.update(from: canvas.buffer.pixels, count: width * height)
  }
}
