/// An environment with a picture. Others are shown by their step count and their fields.
public protocol Drawable: Environment {
  /// What the present state looks like, as shapes and characters.
  func sketch() -> Sketch
}

/// An environment whose picture is a map of its states, on which can be painted what was visited.
public protocol Mapped: Drawable {
  /// Which part of the picture stands for the present state: the square on which the agent is. Nil where none does.
  func placeOnSketch() -> Sketch.Area?
}

extension Sketch {
  /// What stands for the picture of an environment that has none.
  static func placeholder(step: Int) -> Sketch {
    var sketch = Sketch(width: 1, height: 1)
    sketch.captions = ["step \(step)"]
    return sketch
  }
}
