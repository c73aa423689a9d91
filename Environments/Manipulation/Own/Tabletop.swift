#if MuJoCo
  internal import CMuJoCo
  import ReinforcementLearning

  /// An episode of a task file on a model, as a value: what `OwnTask` and `SceneTask` are made of.
  struct Tabletop: Sendable {
    let plan: TabletopPlan
    /// The simulation's state: what `Physics.stateParts` names.
    var state: [Double]
    /// The observation: hand, its velocity, fingers, objects, joints, goal; see `look`.
    var view: [Double]
    /// What each term adds to the reward.
    var terms: [Double]
    /// What tells places apart, a byte a part.
    var cell: [UInt8]
    /// Where the goal's site was put on its body.
    var goal = Vector.zero
    /// Whether the last step broke the simulation.
    var isBroken = false
    /// Whether the simulation breaks while it settles, or an expression is no number at the start, which ends the
    /// episode with its first step.
    private var isVoid = false

    /// Numbers of an object: place, quaternion, velocity, angular velocity.
    static let objectCount = 13
    /// No step pays more or less than this.
    static let mostReward = 1e6

    init(plan: TabletopPlan) {
      self.plan = plan
      state = Array(repeating: 0, count: plan.stateCount)
      view = Array(repeating: 0, count: plan.observed)
      terms = Array(repeating: 0, count: plan.terms.count)
      cell = Array(repeating: 0, count: plan.cellCount)
    }

    /// Draws where objects and goal are, in the order of the task file, and lets them settle.
    mutating func reset(seed: UInt64) {
      var random = RandomSource(seed: seed)
      let plan = plan
      func draw(_ range: TaskDescription.Range) -> Vector {
        var place = Vector.zero
        for axis in 0..<3 { place[axis] = random.uniform(range.low[axis], range.high[axis]) }
        return place
      }
      plan.pool.withPhysics { physics in
        physics.reset()
        for (index, range) in plan.task.starts.enumerated() {
          guard let range else { continue }
          draw(range).write(to: physics.data.pointee.qpos + plan.places[index])
        }
        goal = plan.task.goalRange.map { draw($0) } ?? plan.goalStart
        goal.write(to: physics.model.pointee.site_pos + 3 * plan.goal)
        mj_forward(physics.model, physics.data)
        let isStable = physics.step(plan.task.settle)
        // What is shown of a start that there is not is the model's own.
        if !isStable { physics.reset() }
        mj_forward(physics.model, physics.data)
        isVoid = !look(physics) || pay(physics) == nil || !isStable
        physics.save(into: &state)
      }
      for index in terms.indices { terms[index] = 0 }
      isBroken = false
    }

    /// Moves the hand, steps the simulation, ends constraints whose time has come, and pays.
    mutating func step(_ action: VectorAction) -> Transition {
      let plan = plan
      guard !isVoid else { return fail() }
      for index in 0..<plan.actionCount where !action[index].isFinite { return fail() }
      return plan.pool.withPhysics { physics in
        physics.restore(state)
        goal.write(to: physics.model.pointee.site_pos + 3 * plan.goal)
        drive(physics, action)
        guard physics.step(plan.task.substeps) else { return fail() }
        mj_forward(physics.model, physics.data)
        guard release(physics), look(physics), let (reward, isDone) = pay(physics) else {
          physics.restore(state)
          mj_forward(physics.model, physics.data)
          _ = look(physics)
          return fail()
        }
        isBroken = false
        physics.save(into: &state)
        return Transition(reward: reward, success: isDone)
      }
    }

    /// Ends the constraints whose time has come.
    ///
    /// - Returns: Whether all conditions are numbers.
    private func release(_ physics: Physics) -> Bool {
      for release in plan.releases where physics.data.pointee.eq_active[release.constraint] != 0 {
        let value = release.condition.value(physics)
        guard value.isFinite else { return false }
        if value != 0 { physics.data.pointee.eq_active[release.constraint] = 0 }
      }
      return true
    }

    /// Reckons the terms, and whether the task is done; nil where something of it is no number.
    private mutating func pay(_ physics: Physics) -> (reward: Float, isDone: Bool)? {
      var reward = 0.0
      for (index, term) in plan.terms.enumerated() {
        let value = plan.task.terms[index].weight * term.value(physics)
        guard value.isFinite else { return nil }
        terms[index] = min(max(value, -Self.mostReward), Self.mostReward)
        reward += terms[index]
      }
      let done = plan.success.value(physics)
      guard done.isFinite else { return nil }
      return (Float(min(max(reward, -Self.mostReward), Self.mostReward)), done != 0)
    }

    /// The state before the step stays, and the episode is cut.
    private mutating func fail() -> Transition {
      isBroken = true
      for index in terms.indices { terms[index] = 0 }
      return Transition(reward: 0, outcome: .truncated)
    }

    /// Puts the mocap body, or sets the controls.
    private func drive(_ physics: Physics, _ action: VectorAction) {
      let data = physics.data
      func clipped(_ index: Int) -> Double { Double(min(max(action[index], -1), 1)) }
      func control(_ index: Int, _ share: Double) {
        let ends = plan.controls[index]
        data.pointee.ctrl[plan.actuators[index]] = ends.low + (share + 1) / 2 * (ends.high - ends.low)
      }
      guard case .mocap(_, let step, let low, let high) = plan.task.drive else {
        for index in plan.actuators.indices { control(index, clipped(index)) }
        return
      }
      let start = data.pointee.mocap_pos + 3 * plan.mocap
      for axis in 0..<3 { start[axis] = min(max(start[axis] + step * clipped(axis), low[axis]), high[axis]) }
      for index in plan.actuators.indices { control(index, clipped(3)) }
    }
  }

  extension TabletopPlan {
    /// Bytes of a cell: the task file's, else hand and objects in cubes of 5 cm.
    var cellCount: Int { cell.isEmpty ? 3 + 3 * objects.count : cell.count }
  }

  extension Tabletop {
    /// Reads what is seen, and the cell.
    ///
    /// - Returns: Whether all parts of the cell are numbers.
    private mutating func look(_ physics: Physics) -> Bool {
      var index = 0
      func write(_ vector: Vector) {
        for axis in 0..<3 { view[index + axis] = vector[axis] }
        index += 3
      }
      func write(_ number: Double) {
        view[index] = number
        index += 1
      }
      write(physics.body(plan.hand))
      write(physics.speed(ofBody: plan.hand).linear)
      for finger in plan.fingers { write(physics.position(ofJoint: finger)) }
      for object in plan.objects {
        write(physics.body(object))
        let quaternion = physics.data.pointee.xquat! + 4 * object
        for axis in 0..<4 { write(quaternion[axis]) }
        let speed = physics.speed(ofBody: object)
        write(speed.linear)
        write(speed.angular)
      }
      for joint in plan.joints {
        write(physics.position(ofJoint: joint))
        write(physics.velocity(ofJoint: joint))
      }
      write(physics.site(plan.goal))
      if plan.cell.isEmpty {
        for axis in 0..<3 {
          cell[axis] = Self.byte((hand[axis] + 1) / 0.05)
          for number in plan.objects.indices {
            cell[3 * number + 3 + axis] = Self.byte((object(number)[axis] + 1) / 0.05)
          }
        }
      } else {
        for (index, part) in plan.cell.enumerated() {
          let value = part.value(physics)
          guard value.isFinite else { return false }
          cell[index] = Self.byte(value)
        }
      }
      return true
    }

    private static func byte(_ value: Double) -> UInt8 { UInt8(min(max(value, 0), 255)) }

    private func vector(_ index: Int) -> Vector { Vector(view[index], view[index + 1], view[index + 2]) }

    /// Where the hand is.
    var hand: Vector { vector(0) }
    /// The sum of what the fingers' joints say.
    var fingers: Double { view[6..<(6 + plan.fingers.count)].reduce(0, +) }
    /// Where an object is.
    func object(_ number: Int) -> Vector { vector(6 + plan.fingers.count + Self.objectCount * number) }
    /// Angle or way of an observed joint.
    func joint(_ number: Int) -> Double {
      view[6 + plan.fingers.count + Self.objectCount * plan.objects.count + 2 * number]
    }
    /// Where the goal is.
    var target: Vector { vector(view.count - 3) }
  }

  // MARK: Fields

  extension Tabletop {
    /// - Parameter rewards: Of a step; nil where nobody knows.
    static func specification(of plan: TabletopPlan, rewards: ClosedRange<Double>?) -> Specification {
      let limit = Double(plan.timeLimit)
      var fields = [
        Field(
          "observation", shape: [plan.observed], element: .float32,
          summary: "hand and its velocity, fingers, objects (place, quaternion, velocities), joints and theirs, goal"),
        .signal("hand", shape: [3], unit: "m", summary: "the hand, m"),
        .signal("goal", shape: [3], unit: "m", summary: "the goal, m"),
        .signal("fault", range: 0...1, summary: "1 in a step that broke the simulation"),
        .signal("cell", shape: [plan.cellCount], element: .uint8, summary: "what tells places apart"),
      ]
      fields += plan.task.terms.map { .signal("term_\($0.name)", summary: "what '\($0.name)' adds to the reward") }
      fields += plan.task.objects.map { .signal("object_\($0.name)", shape: [3], unit: "m", summary: "\($0.name), m") }
      fields += plan.task.joints.map { .signal("joint_\($0.name)", summary: "\($0.name), rad or m") }
      if !plan.objects.isEmpty {
        fields.append(
          .signal("reachDistance", range: 0...Double.infinity, unit: "m", summary: "from hand to first object, m"))
        fields.append(
          .signal("goalDistance", range: 0...Double.infinity, unit: "m", summary: "from first object to goal, m"))
      }
      let ends = Array(repeating: Float(1), count: plan.actionCount)
      var specification = Specification(
        measures: [
          .success, .return(in: rewards.map { $0.lowerBound * limit...$0.upperBound * limit }), .length(),
          Physics.faults,
        ],
        fields: fields, actions: .continuous(low: ends.map { -$0 }, high: ends), timeLimit: plan.timeLimit,
        rewards: rewards.map { $0.lowerBound - 0.001...$0.upperBound + 0.001 } ?? -mostReward...mostReward,
        cell: ["cell"], archiveCell: ["cell"])
      specification.summary = plan.task.summary
      specification.controlFrequency = plan.controlFrequency
      return specification
    }

    func observe(into row: inout ObservationRow) {
      for (index, number) in view.enumerated() { row.write(Float(number), to: 0, at: index) }
      write(hand, to: 1, &row)
      write(target, to: 2, &row)
      row.write(Float(isBroken ? 1 : 0), to: 3)
      for (index, part) in cell.enumerated() { row.write(part, to: 4, at: index) }
      var field = 5
      for term in terms {
        row.write(Float(term), to: field)
        field += 1
      }
      for index in plan.objects.indices {
        write(object(index), to: field, &row)
        field += 1
      }
      for index in plan.joints.indices {
        row.write(Float(joint(index)), to: field)
        field += 1
      }
      guard !plan.objects.isEmpty else { return }
      row.write(Float(norm(hand - object(0))), to: field)
      row.write(Float(norm(object(0) - target)), to: field + 1)
    }

    private func write(_ vector: Vector, to field: Int, _ row: inout ObservationRow) {
      for axis in 0..<3 { row.write(Float(vector[axis]), to: field, at: axis) }
    }
  }
#endif
