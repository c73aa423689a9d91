#if MuJoCo
  internal import CMuJoCo
  public import ReinforcementLearning

  /// A task of Gymnasium-Robotics' Fetch (v4) on the real MuJoCo, seed for seed the Python package's, as a value.
  ///
  /// **Task.** A robot's arm with two fingers reaches, pushes, strikes or carries: see `FetchTask`.
  ///
  /// **Actions.** A vector of four numbers in ±1: the gripper's way in x, y and z in units of 5 cm, and the fingers'
  /// (without effect where they are shut); what lies outside is clipped. A number that is none truncates the episode as
  /// a fault.
  ///
  /// **Observation.** `observation` float32 [10], or [25] with an object: gripper, object, the way between them,
  /// fingers, the object's angles, velocities a step; `achieved` [3]: where gripper or object is; `desired` [3]: the
  /// goal.
  ///
  /// **Signals.** `goalDistance`, m; `fault`, 1 in a step that broke the simulation; `cell` uint8 [6], gripper and what
  /// is achieved in cubes of 5 cm.
  ///
  /// **Reward.** -1, or 0 within `distanceThreshold` of the goal; dense: minus the distance. Of the fields as they are
  /// written, in single precision.
  ///
  /// **Start.** Object and goal are drawn by NumPy's generator of the episode's seed, as the package draws them.
  ///
  /// **End.** Never terminated. Truncated after `timeLimit` steps, and by a fault.
  ///
  /// **Configuration.** `FetchConfiguration`.
  ///
  /// **Source.** Plappert et al., "Multi-Goal Reinforcement Learning", 2018; the package `gymnasium-robotics` 1.4.2,
  /// checked number by number.
  public struct Fetch: Environment, GoalConditioned, Scripted {
    /// Which task, and how it pays.
    public typealias Configuration = FetchConfiguration
    /// A class: the model's copies are shared.
    public typealias Plan = FetchPlan
    /// Three ways and the fingers'.
    public typealias Action = VectorAction

    /// Steps of the simulation in a step.
    static let substeps = 20

    /// Task and model.
    public let plan: FetchPlan
    /// The simulation's state: what `Physics.stateParts` names.
    var state: [Double]
    /// Where the dragged body was seen last, and its quaternion: the next step starts the mocap body there.
    var dragged = Vector.zero
    var draggedQuaternion = SIMD4<Double>.zero
    /// The observation.
    var view: [Double]
    /// What is achieved, and what is to be.
    var achieved = Vector.zero
    var goal = Vector.zero
    /// Whether the last step broke the simulation.
    var isBroken = false

    /// Without an episode until the first `reset`.
    public init(plan: FetchPlan) {
      self.plan = plan
      state = Array(repeating: 0, count: plan.stateCount)
      view = Array(repeating: 0, count: plan.task.object == nil ? 10 : 25)
    }

    /// Loads the model and moves the arm to the table.
    ///
    /// - Throws: `UserError` when models or library are not there, or a setting is refused.
    public static func plan(_ configuration: FetchConfiguration) throws -> FetchPlan { try FetchPlan(configuration) }

    /// Draws the object's place and the goal.
    public mutating func reset(seed: UInt64) {
      var random = RandomSource(seed: seed)
      let plan = plan
      let task = plan.task
      plan.pool.withPhysics { physics in
        let (model, data) = (physics.model, physics.data)
        physics.reset()
        data.pointee.time = plan.time
        for (index, number) in plan.positions.enumerated() { data.pointee.qpos[index] = number }
        for (index, number) in plan.velocities.enumerated() { data.pointee.qvel[index] = number }
        if task.object != nil {
          var place = plan.gripper
          while plane(place - plan.gripper) < 0.1 {
            place.x = plan.gripper.x + random.uniform(-task.objectRange, task.objectRange)
            place.y = plan.gripper.y + random.uniform(-task.objectRange, task.objectRange)
          }
          data.pointee.qpos[plan.parts.objectJoint] = place.x
          data.pointee.qpos[plan.parts.objectJoint + 1] = place.y
        }
        mj_forward(model, data)
        for axis in 0..<3 { goal[axis] = plan.gripper[axis] + random.uniform(-task.goalRange, task.goalRange) }
        if task.object != nil {
          goal += task.offset
          goal.z = plan.objectHeight
          if task.isInAir && random.uniform() < 0.5 { goal.z += random.uniform(0, 0.45) }
        }
        look(physics)
        physics.save(into: &state)
      }
      isBroken = false
    }

    /// Nothing is drawn after the start.
    public mutating func reseed(_ seed: UInt64) {}

    /// Moves the mocap body, steps the simulation twenty times and pays.
    public mutating func step(_ action: VectorAction) -> Transition {
      guard action[0].isFinite && action[1].isFinite && action[2].isFinite && action[3].isFinite else { return fail() }
      let plan = plan
      return plan.pool.withPhysics { physics in
        physics.restore(state)
        drive(physics, action)
        guard physics.step(Self.substeps) else { return fail() }
        isBroken = false
        if plan.task.isBlocked {
          for finger in plan.parts.fingers { physics.data.pointee.qpos[finger] = 0 }
          mj_forward(physics.model, physics.data)
        }
        look(physics)
        physics.save(into: &state)
        let distance = Self.distance(SIMD3<Float>(achieved), SIMD3<Float>(goal))
        return Transition(
          reward: Self.reward(distance, plan), success: distance < Float(plan.configuration.distanceThreshold))
      }
    }

    /// The state before the step stays, and the episode is cut.
    private mutating func fail() -> Transition {
      isBroken = true
      let distance = Self.distance(SIMD3<Float>(achieved), SIMD3<Float>(goal))
      return Transition(reward: Self.reward(distance, plan), outcome: .truncated)
    }

    /// The mocap body starts where the body that it drags was seen last.
    private func drive(_ physics: Physics, _ action: VectorAction) {
      let data = physics.data
      func clipped(_ index: Int) -> Float { min(max(action[index], -1), 1) }
      // Actions are float32, and NumPy scales them in single precision.
      let way = Vector(Double(clipped(0) * 0.05), Double(clipped(1) * 0.05), Double(clipped(2) * 0.05))
      let fingers = plan.task.isBlocked ? 0 : Double(clipped(3))
      for (actuator, joint) in plan.parts.relative.enumerated() {
        data.pointee.ctrl[actuator] = joint < 0 ? fingers : data.pointee.qpos[joint] + fingers
      }
      (dragged + way).write(to: data.pointee.mocap_pos)
      let quaternion = draggedQuaternion + SIMD4(1, 0, 1, 0)
      for index in 0..<4 { data.pointee.mocap_quat[index] = quaternion[index] }
    }
  }
#endif
