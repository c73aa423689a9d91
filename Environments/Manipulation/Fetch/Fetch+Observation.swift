#if MuJoCo
  internal import CMuJoCo
  public import ReinforcementLearning
  import RealModule

  extension Fetch {
    /// Reads the observation; positions are those before the last substep's end where nothing was computed after it, as
    /// in the package.
    mutating func look(_ physics: Physics) {
      let (model, data, parts) = (physics.model, physics.data, plan.parts)
      let seconds = Double(Self.substeps) * model.pointee.opt.timestep
      let grip = physics.site(parts.grip)
      let gripSpeed = physics.velocity(ofSite: parts.grip).linear * seconds
      let (right, left) = (data.pointee.qpos[parts.fingers[0]], data.pointee.qpos[parts.fingers[1]])
      let rightSpeed = data.pointee.qvel[parts.fingerVelocities[0]] * seconds
      let leftSpeed = data.pointee.qvel[parts.fingerVelocities[1]] * seconds
      place(grip, at: 0)
      if plan.task.object == nil {
        (view[3], view[4]) = (right, left)
        place(gripSpeed, at: 5)
        (view[8], view[9]) = (rightSpeed, leftSpeed)
        achieved = grip
      } else {
        let object = physics.site(parts.object)
        let speed = physics.velocity(ofSite: parts.object)
        place(object, at: 3)
        place(object - grip, at: 6)
        (view[9], view[10]) = (right, left)
        place(Self.angles(data.pointee.site_xmat + 9 * parts.object), at: 11)
        place(speed.linear * seconds - gripSpeed, at: 14)
        place(speed.angular * seconds, at: 17)
        place(gripSpeed, at: 20)
        (view[23], view[24]) = (rightSpeed, leftSpeed)
        achieved = object
      }
      dragged = physics.body(parts.dragged)
      let quaternion = data.pointee.xquat! + 4 * parts.dragged
      draggedQuaternion = SIMD4(quaternion[0], quaternion[1], quaternion[2], quaternion[3])
    }

    private mutating func place(_ vector: Vector, at index: Int) {
      view[index] = vector.x
      view[index + 1] = vector.y
      view[index + 2] = vector.z
    }

    /// Euler's angles of a rotation matrix, about x, then y, then z.
    private static func angles(_ m: UnsafePointer<Double>) -> Vector {
      let cosine = (m[8] * m[8] + m[5] * m[5]).squareRoot()
      let y = -Double.atan2(y: -m[2], x: cosine)
      guard cosine > Double.ulpOfOne * 4 else { return Vector(0, y, -Double.atan2(y: -m[3], x: m[4])) }
      return Vector(-Double.atan2(y: m[5], x: m[8]), y, -Double.atan2(y: m[1], x: m[0]))
    }

    /// Writes observation, goals, and the signals that the row has.
    public func observe(into row: inout ObservationRow) {
      for (index, number) in view.enumerated() { row.write(Float(number), to: 0, at: index) }
      for axis in 0..<3 {
        row.write(Float(achieved[axis]), to: 1, at: axis)
        row.write(Float(goal[axis]), to: 2, at: axis)
      }
      row.write(Float(norm(achieved - goal)), to: 3)
      row.write(Float(isBroken ? 1 : 0), to: 4)
      if row.wants(5) {
        for axis in 0..<3 {
          row.write(Self.cube(view[axis]), to: 5, at: axis)
          row.write(Self.cube(achieved[axis]), to: 5, at: 3 + axis)
        }
      }
    }

    /// Which 5 cm a coordinate lies in, from -1 m on.
    private static func cube(_ place: Double) -> UInt8 { UInt8(min(max((place + 1) / 0.05, 0), 255)) }

    /// `observation`, `achieved` and `desired`, three signals, four actions in ±1.
    public static func specification(of plan: FetchPlan) -> Specification {
      let limit = Double(plan.configuration.timeLimit)
      var specification = Specification(
        measures: [.success, .successAtEnd, .return(in: -limit...0), .length(), Physics.faults],
        fields: [
          Field(
            "observation", shape: [plan.task.object == nil ? 10 : 25], element: .float32,
            summary: "gripper, object, fingers, velocities"),
          Field("achieved", shape: [3], element: .float32, unit: "m", summary: "where gripper or object is, m"),
          Field("desired", shape: [3], element: .float32, unit: "m", summary: "where it is to be, m"),
          .signal("goalDistance", range: 0...Double.infinity, unit: "m", summary: "from one to the other, m"),
          .signal("fault", range: 0...1, summary: "1 in a step that broke the simulation"),
          .signal("cell", shape: [6], element: .uint8, summary: "gripper and what is achieved in cubes of 5 cm"),
        ],
        actions: .continuous(low: [-1, -1, -1, -1], high: [1, 1, 1, 1]), timeLimit: plan.configuration.timeLimit,
        rewards: plan.configuration.isDense ? -100...0 : -1...0, cell: ["cell"], archiveCell: ["cell"])
      specification.controlFrequency = plan.controlFrequency
      return specification
    }
  }

  extension Fetch {
    /// The fields' names.
    public static var goal: GoalFields { GoalFields() }

    /// -1 or 0; dense: minus the distance.
    public static func reward(achieved: Span<Float>, desired: Span<Float>, plan: FetchPlan) -> Float {
      reward(distance(achieved, desired), plan)
    }

    /// Whether it is within the threshold.
    public static func isSuccess(achieved: Span<Float>, desired: Span<Float>, plan: FetchPlan) -> Bool {
      distance(achieved, desired) < Float(plan.configuration.distanceThreshold)
    }

    static func reward(_ distance: Float, _ plan: FetchPlan) -> Float {
      if plan.configuration.isDense { return -distance }
      return distance > Float(plan.configuration.distanceThreshold) ? -1 : 0
    }

    private static func distance(_ a: Span<Float>, _ b: Span<Float>) -> Float {
      distance(SIMD3(a[0], a[1], a[2]), SIMD3(b[0], b[1], b[2]))
    }

    static func distance(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
      let way = Vector(a) - Vector(b)
      return Float((way.x * way.x + way.y * way.y + way.z * way.z).squareRoot())
    }
  }

  extension Physics {
    /// A site's velocities, m/s and rad/s.
    func velocity(ofSite number: Int) -> (linear: Vector, angular: Vector) {
      let count = Int(model.pointee.nv)
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: 6 * count) { rows in
        let start = rows.baseAddress!
        mj_jacSite(model, data, start, start + 3 * count, Int32(number))
        func product(_ row: Int) -> Double {
          var sum = 0.0
          for index in 0..<count { sum = sum.addingProduct(start[row * count + index], data.pointee.qvel[index]) }
          return sum
        }
        return (Vector(product(0), product(1), product(2)), Vector(product(3), product(4), product(5)))
      }
    }
  }
#endif
