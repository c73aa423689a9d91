#if MuJoCo
  internal import CMuJoCo
  import ReinforcementLearning
  import RealModule

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
        let center = Vector(middle.0, middle.1, middle.2)
        let reach = max(physics.model.pointee.stat.extent, 1e-3)
        let boxes = physics.boxes()
        // From above: x to the right, y up. From the right: x to the right, z up.
        for (left, up, depth) in [(Float(0), 1, 2), (size, 2, 1)] {
          let isNearer: (Physics.Outlined, Physics.Outlined) -> Bool = { first, second in
            up == 1 ? first.center[depth] < second.center[depth] : first.center[depth] > second.center[depth]
          }
          for box in boxes.sorted(by: isNearer) {
            let corners = box.corners.map { corner in
              Sketch.Point(
                left + size / 2 + Float((corner.x - center.x) / reach) * size / 2,
                size / 2 - Float((corner[up] - center[up]) / reach) * size / 2)
            }
            let outline = Self.outline(of: corners.map { .init(min(max($0.x, left), left + size), $0.y) })
            if outline.count >= 3 { sketch.shapes.append(.polygon(outline, box.color)) }
          }
        }
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

    /// The convex outline of points, by Andrew's monotone chain.
    static func outline(of points: [Sketch.Point]) -> [Sketch.Point] {
      let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
      func chain(_ points: [Sketch.Point]) -> [Sketch.Point] {
        var chain: [Sketch.Point] = []
        for point in points {
          while chain.count >= 2 {
            let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
            guard (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) <= 0 else { break }
            chain.removeLast()
          }
          chain.append(point)
        }
        return chain.dropLast()
      }
      return chain(sorted) + chain(sorted.reversed())
    }

    /// Two decimals.
    private static func text(_ value: Double) -> String {
      let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
      let digits = abs(hundredths) % 100
      return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
  }

  extension Physics {
    /// A geom as the box around it.
    struct Outlined {
      var center: Vector
      var corners: [Vector]
      var color: Sketch.Color
    }

    /// All visible geoms but planes, where they are.
    func boxes() -> [Outlined] {
      let model = model.pointee
      return (0..<Int(model.ngeom)).compactMap { number in
        let alpha = model.geom_rgba[4 * number + 3]
        guard alpha > 0, model.geom_type[number] != Int32(mjGEOM_PLANE.rawValue) else { return nil }
        let center = geom(number)
        let bounds = model.geom_aabb + 6 * number
        let turn = data.pointee.geom_xmat + 9 * number
        func turned(_ v: Vector) -> Vector {
          var sum = Vector.zero
          for axis in 0..<3 { sum[axis] = turn[3 * axis] * v.x + turn[3 * axis + 1] * v.y + turn[3 * axis + 2] * v.z }
          return sum
        }
        let (middle, half) = (Vector(bounds), Vector(bounds + 3))
        let corners = (0..<8).map { corner in
          let signs = Vector(corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1)
          return center + turned(middle + signs * half)
        }
        func level(_ place: Int) -> UInt8 { UInt8(min(max(model.geom_rgba[4 * number + place], 0), 1) * 255) }
        return Outlined(
          center: center, corners: corners, color: .init(level(0), level(1), level(2), alpha: level(3)))
      }
    }
  }
#endif
