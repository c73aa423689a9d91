#if MuJoCo
  internal import CMuJoCo
  public import ReinforcementLearning

  extension Fetch: Drawable {
    /// The robot from above and from the right, and the goal.
    public func sketch() -> Sketch {
      let size: Float = 1
      var sketch = Sketch(width: 2 * size, height: size)
      sketch.shapes.append(.rectangle(corner: .init(0, 0), width: 2 * size, height: size, .init(24, 26, 32)))
      let (center, reach) = (Vector(1.2, 0.75, 0.5), 0.8)
      plan.pool.withPhysics { physics in
        physics.restore(state)
        mj_kinematics(physics.model, physics.data)
        sketch.shapes += physics.shapes(around: center, reach: reach, size: size)
      }
      for (left, up) in [(Float(0), 1), (size, 2)] {
        let place = Sketch.Point(
          left + size / 2 + Float((goal.x - center.x) / reach) * size / 2,
          size / 2 - Float((goal[up] - center[up]) / reach) * size / 2)
        sketch.shapes.append(.ellipse(center: place, radiusX: 0.02, radiusY: 0.02, .init(90, 200, 110)))
      }
      sketch.board = board()
      let centimetres = Int((min(norm(achieved - goal), 100) * 100).rounded())
      sketch.captions = [plan.task.name]
      // What is paid is a function of it.
      sketch.payments = ["\(centimetres) cm from the goal"]
      if isBroken { sketch.captions.append("the simulation became unstable") }
      let (saved, target) = (state, goal)
      sketch.view = plan.renderer.view(targets: []) { physics in
        physics.restore(saved)
        mj_kinematics(physics.model, physics.data)
        // The model's own mark, whose place the model has relative to a body.
        let site = physics.number(mjOBJ_SITE, "target0")
        let place = physics.model.pointee.site_pos + 3 * site
        (Vector(place) + target - physics.site(site)).write(to: place)
      }
      return sketch
    }

    /// Gripper, what is achieved and the goal from above, a metre around the table's middle.
    private func board() -> [[Sketch.Character]] {
      Sketch.board(
        of: [
          (goal, "x", .init(90, 200, 110)), (achieved, "o", .init(225, 90, 70)),
          (Vector(view[0], view[1], view[2]), "H", .init(200, 210, 230)),
        ], left: 0.8, far: 1.25)
    }
  }
#endif
