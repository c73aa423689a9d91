import Drawing
import ReinforcementLearning

/// A state's main picture in a box: the environment's own view where it has one, else its sketch.
struct ScenePicture {
  let sketch: Sketch
  /// Where a scene that can be turned is looked at from.
  var viewpoint = SpatialView.Viewpoint()

  /// Whether it stands by itself and is drawn as finely as can be.
  var isStill = false
  /// Most pixels that a renderer is asked for where it does not.
  var mostPixels = ScenePicture.usualPixels

  /// What any processor that has to do it draws fifteen times a second.
  static let usualPixels = 480 * 480
  /// Most pixels of a side.
  private static let mostPixelsOfASide: Float = 4096
  /// Most pixels each way for one of the picture: they smooth edges.
  private static let finest: Float = 2

  /// Draws the environment's view in all of the box, or its sketch in the greatest box of its shape.
  func draw(in box: Box, on canvas: some Canvas) {
    if let view = sketch.view, box.width > 0, box.height > 0 {
      let box = canvas.snapped(box)
      let (width, height) = (box.width * canvas.scale, box.height * canvas.scale)
      let affordable = isStill ? .infinity : (Float(mostPixels) / (width * height)).squareRoot()
      let share = min(Self.finest, Self.mostPixelsOfASide / max(width, height), affordable)
      let (columns, rows) = (max(1, Int((width * share).rounded())), max(1, Int((height * share).rounded())))
      if let pixels = try? view.pixels(viewpoint, width: columns, height: rows) {
        canvas.paint(pixels, width: columns, height: rows, in: box)
        return
      }
    }
    let place = box.fitting(width: sketch.width, height: sketch.height)
    SketchPainter(sketch: sketch, place: place).draw(on: canvas)
  }
}
