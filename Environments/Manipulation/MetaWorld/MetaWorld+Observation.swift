#if MuJoCo
  public import ReinforcementLearning

  extension MetaWorld {
    /// Where the hand is seen at most.
    private static let handSpace = Box([-0.525, 0.348, -0.0525], [0.525, 1.025, 0.7])

    /// Reads hand, fingers and objects; after a step what is seen is clipped to the observation's ranges, and what is
    /// kept for the next step is not.
    mutating func look(_ scene: inout Scene, afterStep: Bool) {
      let physics = scene.physics
      let seen = plan.task.see(scene)
      let hand = physics.body(physics.parts.hand)
      let apart = norm(physics.body(physics.parts.rightClaw) - physics.body(physics.parts.leftClaw))
      let opened = min(max(apart / 0.1, 0), 1)
      let kept = 2 * Self.frame + 3
      // The frame before moves on: at the start it is the present one.
      for index in 0..<Self.frame { view[Self.frame + index] = view[kept + index] }
      place(hand, at: kept)
      view[kept + 3] = opened
      place(seen.position, at: kept + 4)
      for index in 0..<4 { view[kept + 7 + index] = seen.quaternion[index] }
      place(seen.second, at: kept + 11)
      for index in 0..<4 { view[kept + 14 + index] = seen.secondQuaternion[index] }
      for index in 0..<Self.frame { view[index] = view[kept + index] }
      var goal = scene.notes.target
      if afterStep {
        let space = Self.handSpace
        for index in 0..<3 {
          view[index] = min(max(view[index], space.low[index]), space.high[index])
          view[Self.frame + index] = min(max(view[Self.frame + index], space.low[index]), space.high[index])
        }
        goal = goal.clamped(lowerBound: plan.task.goalSpace.low, upperBound: plan.task.goalSpace.high)
      } else {
        for index in 0..<Self.frame { view[Self.frame + index] = view[index] }
      }
      place(goal, at: 2 * Self.frame)
      scene.hand = Vector(view[0], view[1], view[2])
      scene.opened = view[3]
      scene.object = seen.position
      scene.quaternion = seen.quaternion
      scene.second = seen.second
    }

    private mutating func place(_ vector: Vector, at index: Int) {
      view[index] = vector.x
      view[index + 1] = vector.y
      view[index + 2] = vector.z
    }

    private static let signals: [Field] = [
      .signal("nearObject", summary: "the package's near_object"),
      .signal("graspSuccess", range: 0...1, summary: "the package's grasp_success"),
      .signal("graspReward", summary: "the package's grasp_reward"),
      .signal("inPlaceReward", summary: "the package's in_place_reward"),
      .signal("objectToTarget", unit: "m", summary: "the package's obj_to_target"),
      .signal("fault", range: 0...1, summary: "1 in a step that broke the simulation"),
      .signal("hand", shape: [3], unit: "m", summary: "the hand, m"),
      .signal("object", shape: [3], unit: "m", summary: "the observed object, m"),
      .signal("goal", shape: [3], unit: "m", summary: "the goal, m"),
      .signal("reachDistance", range: 0...Double.infinity, unit: "m", summary: "from the hand to the object, m"),
      .signal("goalDistance", range: 0...Double.infinity, unit: "m", summary: "from the object to the goal, m"),
      .signal("cell", shape: [6], element: .uint8, summary: "hand and object in cubes of 5 cm"),
    ]

    /// `observation` [39] float32, the signals, then one for each term of the reward; four actions in ±1.
    public static func specification(of plan: MetaWorldPlan) -> Specification {
      let terms = plan.task.terms.map { name in
        Field.signal("term_\(name)", summary: "what '\(name)' adds to the reward")
      }
      var specification = Specification(
        measures: [
          .success, .return(in: 0...10 * Double(plan.configuration.timeLimit)), .length(), Physics.faults,
        ],
        fields: [
          Field(
            "observation", shape: [39], element: .float32,
            summary: "hand, fingers, objects; the same a step before; the goal")
        ] + signals + terms,
        actions: .continuous(low: [-1, -1, -1, -1], high: [1, 1, 1, 1]), timeLimit: plan.configuration.timeLimit,
        rewards: -0.001...10.001, cell: ["cell"], archiveCell: ["cell"])
      specification.controlFrequency = plan.controlFrequency
      return specification
    }

    /// Writes the observation in single precision, and the signals that the row has.
    public func observe(into row: inout ObservationRow) {
      let shown = plan.configuration.goalHidden ? 36 : 39
      for index in 0..<39 { row.write(index < shown ? Float(view[index]) : 0, to: 0, at: index) }
      row.write(Float(payment.nearObject), to: 1)
      row.write(Float(payment.graspSuccess ? 1 : 0), to: 2)
      row.write(Float(payment.graspReward), to: 3)
      row.write(Float(payment.inPlaceReward), to: 4)
      row.write(Float(payment.objectToTarget), to: 5)
      row.write(Float(isBroken ? 1 : 0), to: 6)
      let hand = Vector(view[0], view[1], view[2])
      let object = Vector(view[4], view[5], view[6])
      for axis in 0..<3 {
        row.write(Float(hand[axis]), to: 7, at: axis)
        row.write(Float(object[axis]), to: 8, at: axis)
        row.write(Float(notes.target[axis]), to: 9, at: axis)
      }
      row.write(Float(norm(hand - object)), to: 10)
      row.write(Float(norm(object - notes.target)), to: 11)
      if row.wants(12) {
        for axis in 0..<3 {
          row.write(Self.cube(hand[axis]), to: 12, at: axis)
          row.write(Self.cube(object[axis]), to: 12, at: 3 + axis)
        }
      }
      for (term, _) in plan.task.terms.enumerated() { row.write(Float(payment.terms[term]), to: 13 + term) }
    }

    /// Which 5 cm a coordinate lies in, from -1 m on.
    private static func cube(_ place: Double) -> UInt8 { UInt8(min(max((place + 1) / 0.05, 0), 255)) }
  }

  extension Physics {
    /// As the package sets the weld between hand and mocap body after loading.
    func setWelds() {
      let weld: [Double] = [0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 5]
      for index in 0..<equalities where isWeld(index) {
        for (place, number) in weld.enumerated() { setEquality(index, place, number) }
      }
    }
  }
#endif
