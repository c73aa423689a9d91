import Drawing
import ReinforcementLearning

/// A state's main picture in a box: the environment's own view where it has one, else its sketch.
struct ScenePicture {
  let sketch: Sketch
  /// Where a scene that can be turned is looked at from.
  var viewpoint = SpatialView.Viewpoint()

  /// Whether it stands by itself and is drawn as finely as can be: twice as many pixels each way, which smooths edges.
  var isStill = false

  /// Most pixels of a side.
  private static let mostPixelsOfASide: Float = 4096
  /// Most pixels that a renderer is asked for: a processor that has to do it draws no more fifteen times a second.
  private static let mostMovingPixels: Float = 480 * 480

  /// Draws the environment's view in all of the box, or its sketch in the greatest box of its shape.
  func draw(in box: Box, on canvas: some Canvas) {
    if let view = sketch.view, box.width > 0, box.height > 0 {
      let box = canvas.snapped(box)
      let (width, height) = (box.width * canvas.scale, box.height * canvas.scale)
      let share =
        isStill
        ? min(2, Self.mostPixelsOfASide / max(width, height))
        : min(1, (Self.mostMovingPixels / (width * height)).squareRoot())
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
