#if MuJoCo
  public import ReinforcementLearning

  extension MetaWorld: Drawable {
    /// The table from above and from the robot's left: hand, object and goal, each as a disc; no picture of the robot.
    public func sketch() -> Sketch {
      let size: Float = 1.1
      var sketch = Sketch(width: 2 * size, height: size)
      sketch.shapes.append(.rectangle(corner: .init(0, 0), width: 2 * size, height: size, .init(24, 26, 32)))
      sketch.shapes.append(.rectangle(corner: .init(0.05, 0.05), width: 1, height: 1, .init(96, 74, 56)))
      sketch.shapes.append(.rectangle(corner: .init(size + 0.05, 0.9), width: 1, height: 0.15, .init(96, 74, 56)))
      var board = [[Sketch.Character]](
        repeating: [Sketch.Character](repeating: Sketch.Character("."), count: 41), count: 21)
      let hand = Vector(view[0], view[1], view[2])
      let object = Vector(view[4], view[5], view[6])
      let goal = notes.target
      let parts: [(Vector, Float, Sketch.Color, Character)] = [
        (goal, 0.03, .init(90, 200, 110), "x"), (object, 0.025, .init(225, 90, 70), "o"),
        (hand, 0.02, .init(200, 210, 230), "H"),
      ]
      for (place, radius, color, letter) in parts {
        // From above: x to the right, y away from the robot. From the side: y to the right, z up.
        let (x, y, z) = (Float(place.x), Float(place.y), Float(place.z))
        let above = Sketch.Point(0.55 + x, 1.05 - (y - 0.1))
        let beside = Sketch.Point(size + 0.05 + (y - 0.1), 0.9 - z)
        for center in [above, beside] {
          sketch.shapes.append(.ellipse(center: center, radiusX: radius, radiusY: radius, color))
        }
        let column = Int(((x + 0.5) * 40).rounded())
        let row = Int(((1.1 - y) * 20).rounded())
        if board.indices.contains(row), board[row].indices.contains(column) {
          board[row][column] = Sketch.Character(letter, color)
        }
      }
      sketch.board = board
      sketch.captions = ["\(plan.task.name)   fingers \(Sketch.hundredths(view[3]))"]
      // How near the goal is says what is paid, too.
      sketch.payments = [
        "object to goal \(Sketch.hundredths(norm(object - goal))) m   reward \(Sketch.hundredths(payment.total.value))"
      ]
      let (saved, moved) = (state, moves)
      sketch.view = plan.renderer.view(targets: [.init(place: notes.target)]) { physics in
        physics.restore(saved)
        for move in moved { physics.apply(move) }
      }
      if isBroken { sketch.captions.append("the simulation became unstable") }
      return sketch
    }
  }
#endif
