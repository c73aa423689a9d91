#if MuJoCo
  internal import CMuJoCo
  import ReinforcementLearning

  extension Tabletop {
    /// The model from above and from the robot's right: each geom as the outline of its box, far ones first.
    func sketch() -> Sketch {
      let size: Float = 1
      var sketch = Sketch(width: 2 * size, height: size)
      sketch.shapes.append(.rectangle(corner: .init(0, 0), width: 2 * size, height: size, .init(24, 26, 32)))
      plan.pool.withPhysics { physics in
        physics.restore(state)
        goal.write(to: physics.model.pointee.site_pos + 3 * plan.goal)
        mj_kinematics(physics.model, physics.data)
        let middle = physics.model.pointee.stat.center
        sketch.shapes += physics.shapes(
          around: Vector(middle.0, middle.1, middle.2), reach: physics.model.pointee.stat.extent, size: size)
      }
      let (saved, place, site) = (state, goal, plan.goal)
      sketch.view = plan.renderer.view(targets: [target]) { physics in
        physics.restore(saved)
        place.write(to: physics.model.pointee.site_pos + 3 * site)
      }
      sketch.board = board()
      sketch.captions = ["\(plan.name)   " + plan.task.terms.enumerated().map { "\($1.name) \(Self.text(terms[$0]))" }
        .joined(separator: "   ")]
      if isBroken { sketch.captions.append("the simulation became unstable") }
      return sketch
    }

    /// Hand, objects and goal from above, half a metre around the middle of the table.
    private func board() -> [[Sketch.Character]] {
      var board = [[Sketch.Character]](
        repeating: [Sketch.Character](repeating: Sketch.Character("."), count: 41), count: 21)
      var parts: [(Vector, Character, Sketch.Color)] = [(target, "x", .init(90, 200, 110))]
      for (index, object) in plan.task.objects.enumerated() {
        parts.append((self.object(index), object.name.first ?? "o", .init(225, 90, 70)))
      }
      parts.append((hand, "H", .init(200, 210, 230)))
      for (place, letter, color) in parts {
        guard abs(place.x) < 10, abs(place.y) < 10 else { continue }
        let column = Int(((place.x + 0.3) * 40).rounded())
        let row = Int(((0.5 - place.y) * 20).rounded())
        if board.indices.contains(row), board[row].indices.contains(column) {
          board[row][column] = Sketch.Character(letter, color)
        }
      }
      return board
    }

    /// Two decimals.
    private static func text(_ value: Double) -> String {
      let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
      let digits = abs(hundredths) % 100
      return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
  }
#endif
