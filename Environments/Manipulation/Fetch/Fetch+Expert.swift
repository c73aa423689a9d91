#if MuJoCo
  public import ReinforcementLearning

  extension Fetch {
    /// Reach: straight to the goal. Push and Slide: behind the object as seen from the goal, then through it, for Slide
    /// as fast as the way is long. PickAndPlace: above the object, down, shut, to the goal.
    public func expertAction() -> VectorAction {
      let grip = Vector(view[0], view[1], view[2])
      switch plan.task.name {
      case "Reach": return order(goal - grip, fingers: 0)
      case "PickAndPlace": return carry(grip)
      default: return push(grip)
      }
    }

    /// A way in metres as an action that goes it in a step, or as much of it as a step goes.
    private func order(_ way: Vector, fingers: Float, gain: Double = 1) -> VectorAction {
      var values = SIMD16<Float>.zero
      for axis in 0..<3 { values[axis] = Float(min(max(way[axis] * gain / 0.05, -1), 1)) }
      values[3] = fingers
      return VectorAction(values)
    }

    private func carry(_ grip: Vector) -> VectorAction {
      let way = achieved - grip
      let fingers = view[9] + view[10]
      if plane(way) > 0.01 || abs(way.z) > 0.02 {
        // Down only where the fingers are open and above it.
        let above: Vector = plane(way) > 0.015 ? [way.x, way.y, way.z + 0.08] : way
        return order(above, fingers: 1)
      }
      // The block is 5 cm wide: fingers that are farther apart do not hold it yet.
      if fingers > 0.0515 { return order(.zero, fingers: -1) }
      return order(goal - achieved, fingers: -1)
    }

    private func push(_ grip: Vector) -> VectorAction {
      var way = goal - achieved
      way.z = 0
      let far = plane(way)
      if far < 0.01 { return order(.zero, fingers: 0) }
      let direction = way / far
      let behind = achieved - direction * 0.07
      let offset = grip - achieved
      let along = offset.x * direction.x + offset.y * direction.y
      let aside = abs(offset.x * direction.y - offset.y * direction.x)
      if along < -0.03 && aside < 0.02 && grip.z - achieved.z < 0.03 {
        let lag = behind - grip
        let correction = lag - direction * (lag.x * direction.x + lag.y * direction.y)
        return order(
          direction * min(far, 0.05) + correction * [1, 1, 0] + [0, 0, achieved.z - grip.z], fingers: 0,
          gain: plan.task.name == "Slide" ? 1 : 0.6)
      }
      if plane(behind - grip) > 0.015 {
        return order([behind.x - grip.x, behind.y - grip.y, achieved.z + 0.1 - grip.z], fingers: 0)
      }
      return order([behind.x - grip.x, behind.y - grip.y, achieved.z - grip.z], fingers: 0)
    }
  }
#endif
