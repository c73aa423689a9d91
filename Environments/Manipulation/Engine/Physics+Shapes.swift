#if MuJoCo
  internal import CMuJoCo
  import ReinforcementLearning

  extension Physics {
    /// The model from above and from the right, side by side: each geom as the outline of its box, far ones first.
    ///
    /// - Parameters:
    ///   - center: What is in the middle of both.
    ///   - reach: Metres from there to an edge.
    ///   - size: Of each of the two squares.
    func shapes(around center: Vector, reach: Double, size: Float) -> [Sketch.Shape] {
      let boxes = boxes()
      let scale = 1 / max(reach, 1e-3)
      var shapes: [Sketch.Shape] = []
      // From above: x to the right, y up. From the right: x to the right, z up.
      for (left, up, depth) in [(Float(0), 1, 2), (size, 2, 1)] {
        let isNearer: (Outlined, Outlined) -> Bool = { first, second in
          up == 1 ? first.center[depth] < second.center[depth] : first.center[depth] > second.center[depth]
        }
        for box in boxes.sorted(by: isNearer) {
          let corners = box.corners.map { corner in
            let x = left + size / 2 + Float((corner.x - center.x) * scale) * size / 2
            let y = size / 2 - Float((corner[up] - center[up]) * scale) * size / 2
            return Sketch.Point(min(max(x, left), left + size), min(max(y, 0), size))
          }
          let outline = Self.outline(of: corners)
          if outline.count >= 3 { shapes.append(.polygon(outline, box.color)) }
        }
      }
      return shapes
    }

    /// The convex outline of points, by Andrew's monotone chain.
    private static func outline(of points: [Sketch.Point]) -> [Sketch.Point] {
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
