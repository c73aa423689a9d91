public import ReinforcementLearning

extension Gridworld {
  /// The square on which the agent stands.
  public func placeOnSketch() -> Sketch.Area? {
    let (x, y) = position
    return Sketch.Area(x: Float(x), y: Float(y), width: 1, height: 1)
  }
}
