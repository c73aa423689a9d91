#if MuJoCo
  internal import CMuJoCo
  import ReinforcementLearning

  extension Physics {
    /// Equality constraints of the model.
    var equalities: Int { Int(model.pointee.neq) }

    /// Whether a constraint welds two bodies.
    func isWeld(_ index: Int) -> Bool { model.pointee.eq_type[index] == Int32(mjEQ_WELD.rawValue) }

    /// Sets a number of a constraint.
    func setEquality(_ index: Int, _ place: Int, _ number: Double) {
      model.pointee.eq_data[11 * index + place] = number
    }

    /// Steps of the simulation in a step of a task.
    static let substeps = 5

    /// The model's own start.
    func reset() { mj_resetData(model, data) }

    /// Holds the mocap body there, which the hand is welded to, and opens the fingers, until the hand is there: fifty
    /// times five substeps.
    func settle(at place: Vector) {
      for _ in 0..<50 {
        hold(at: place)
        data.pointee.ctrl[0] = -1
        data.pointee.ctrl[1] = 1
        step(Self.substeps)
      }
    }

    /// Five substeps with the mocap body moved by the action, within a box.
    ///
    /// - Returns: Whether the simulation stayed stable.
    func drive(_ action: VectorAction, within box: Box) -> Bool {
      var place = Vector(data.pointee.mocap_pos)
      for axis in 0..<3 {
        // Actions are float32, and NumPy scales them in single precision.
        let way = min(max(action[axis], -1), 1) * 0.01
        place[axis] = min(max(place[axis] + Double(way), box.low[axis]), box.high[axis])
      }
      hold(at: place)
      data.pointee.ctrl[0] = Double(action[3])
      data.pointee.ctrl[1] = -Double(action[3])
      guard step(Self.substeps) else { return false }
      mj_forward(model, data)
      return true
    }

    private func hold(at place: Vector) {
      place.write(to: data.pointee.mocap_pos)
      // As the package writes it: not of length 1.
      let quaternion = SIMD4<Double>(1, 0, 1, 0)
      for index in 0..<4 { data.pointee.mocap_quat[index] = quaternion[index] }
    }
  }
#endif
