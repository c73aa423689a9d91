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
      sketch.view = plan.renderer.view(targets: marks) { physics in
        physics.restore(saved)
        place.write(to: physics.model.pointee.site_pos + 3 * site)
      }
      sketch.board = board()
      let values = plan.task.terms.enumerated().map { "\($1.name) \(Sketch.hundredths(terms[$0]))" }
      sketch.captions = [[plan.title, plan.place].filter { !$0.isEmpty }.joined(separator: "   ")]
      sketch.payments = [values.joined(separator: "   ")].filter { !$0.isEmpty }
      if isBroken { sketch.captions.append("the simulation became unstable") }
      return sketch
    }

    /// The goal, and where that is a shelf all of its board.
    private var marks: [ModelRenderer.Target] {
      let ball = ModelRenderer.Target(place: target)
      guard plan.task.goalSite.hasPrefix("shelf"), plan.name == "Shelves" else { return [ball] }
      // Blocks that lie on the board have their middle at the goal.
      return [ball, .init(place: target - Vector(0, 0, 0.019), half: Vector(0.08, 0.1, 0.0015))]
    }

    /// Hand, objects and goal from above, half a metre around the middle of the table.
    private func board() -> [[Sketch.Character]] {
      var marks: [(Vector, Character, Sketch.Color)] = [(target, "x", .init(90, 200, 110))]
      for (index, object) in plan.task.objects.enumerated() {
        marks.append((self.object(index), object.name.first ?? "o", .init(225, 90, 70)))
      }
      marks.append((hand, "H", .init(200, 210, 230)))
      return Sketch.board(of: marks, left: -0.3, far: 0.5)
    }
  }

  extension TabletopPlan {
    /// A user's own task is called what its file says that it is.
    fileprivate var title: String { name == "Own" && !task.summary.isEmpty ? task.summary : name }

    /// Where the goal is in words, where it has a name: on which shelf. Left and right are the hand's.
    fileprivate var place: String {
      guard name == "Shelves" else { return "" }
      let places = ["above, left", "above, right", "below, left, behind a door", "below, right, behind a door"]
      let number = places.indices.first { task.goalSite == "shelf\($0)" }
      return number.map { "to shelf \($0), the green one: \(places[$0])" } ?? ""
    }
  }
#endif
