public import ReinforcementLearning

/// Draws a sketch into a box of a canvas, scaled to fill it; what reaches beyond the sketch's edges is cut.
///
/// Polygons of one opaque colour that follow one another are filled together, so that a surface made of many
/// shows no seams. Insets are not drawn: where they go is the picture's business.
public struct SketchPainter {
  /// What is drawn; its world units are scaled to the place.
  public let sketch: Sketch
  /// Of the sketch's own shape, see `Box.fitting`.
  public let place: Box

  /// A sketch and the box of the canvas that it fills, in points.
  public init(sketch: Sketch, place: Box) {
    (self.sketch, self.place) = (sketch, place)
  }

  /// Where exactly it is drawn, with points a world unit.
  public func fitted(on canvas: some Canvas) -> (place: Box, scale: Float) {
    var scale = place.width / sketch.width
    var place = place
    // A grid looks clean when all its cells have the same whole number of pixels; it may cost some size, but
    // not much of it.
    let whole = (scale * canvas.scale).rounded(.down) / canvas.scale
    if whole > scale * 0.93 {
      scale = whole
      place.x += (place.width - sketch.width * scale) / 2
      place.y += (place.height - sketch.height * scale) / 2
    }
    place = Box(
      canvas.snapped(place.x), canvas.snapped(place.y), sketch.width * scale, sketch.height * scale)
    return (place, scale)
  }

  /// Draws all shapes in their order and ends the clip; nothing where the place or the sketch has no area.
  public func draw(on canvas: some Canvas) {
    guard place.width > 0, sketch.width > 0, sketch.height > 0 else { return }
    let (place, scale) = fitted(on: canvas)
    func point(_ point: Sketch.Point) -> Sketch.Point {
      Sketch.Point(place.x + point.x * scale, place.y + point.y * scale)
    }
    canvas.clip(to: place)
    var index = 0
    while index < sketch.shapes.count {
      let shape = sketch.shapes[index]
      index += 1
      switch shape {
      case .rectangle(let corner, let width, let height, let color):
        let corner = point(corner)
        // Neighbours share their edge: no seam shows between them.
        canvas.fill(canvas.snapped(Box(corner.x, corner.y, width * scale, height * scale)), color)
      case .ellipse(let center, let radiusX, let radiusY, let color):
        canvas.fillEllipse(center: point(center), radiusX: radiusX * scale, radiusY: radiusY * scale, color)
      case .polygon(let points, let color):
        // A surface made of many polygons shows no seams when they are filled together.
        var polygons = [points.map(point)]
        while color.alpha == 255, index < sketch.shapes.count, case .polygon(let more, color) = sketch.shapes[index] {
          polygons.append(more.map(point))
          index += 1
        }
        canvas.fill(polygons, color)
      case .line(let start, let end, let width, let color):
        canvas.line(point(start), point(end), width: width * scale, color)
      case .text(let string, let corner, let height, let color):
        // The line box of a face is 1.2 times its size.
        canvas.text(string, at: point(corner), size: height * scale / 1.2, face: .regular, color)
      case .character(let character, let center, let height, let color):
        let (text, center, size) = (String(character), point(center), height * scale / 1.2)
        let corner = Sketch.Point(
          center.x - canvas.width(of: text, size: size, face: .mono) / 2, center.y - height * scale / 2)
        canvas.text(text, at: corner, size: size, face: .mono, color)
      }
    }
    canvas.clip(to: nil)
  }
}
