#if Viewer
  import ReinforcementLearning

  /// A canvas of pixels with SDL's text, at any number of pixels a point.
  final class PixelCanvas: Canvas {
    let buffer: PixelBuffer
    /// Pixels a point: 1 on ordinary screens, 2 on dense ones.
    let scale: Float
    private let typesetter: Typesetter

    init(pixelWidth: Int, pixelHeight: Int, scale: Float, typesetter: Typesetter) {
      precondition(scale > 0, "a scale is positive")
      buffer = PixelBuffer(width: pixelWidth, height: pixelHeight)
      self.scale = scale
      self.typesetter = typesetter
    }

    var width: Float { Float(buffer.width) / scale }
    var height: Float { Float(buffer.height) / scale }

    func fill(_ polygons: [[Sketch.Point]], _ color: Sketch.Color) {
      guard scale != 1 else { return buffer.fill(polygons, color) }
      buffer.fill(polygons.map { $0.map { Sketch.Point($0.x * scale, $0.y * scale) } }, color)
    }

    func text(_ string: String, at point: Sketch.Point, size: Float, face: Face, _ color: Sketch.Color) {
      guard let mask = typesetter.mask(of: string, pixels: size * scale, face: face) else { return }
      buffer.paint(mask, x: Int((point.x * scale).rounded()), y: Int((point.y * scale).rounded()), color)
    }

    func width(of string: String, size: Float, face: Face) -> Float {
      Float(typesetter.width(of: string, pixels: size * scale, face: face)) / scale
    }

    func clip(to box: Box?) {
      buffer.clip(to: box.map { Box($0.x * scale, $0.y * scale, $0.width * scale, $0.height * scale) })
    }
  }
#endif
