#if MuJoCo
  internal import CMuJoCo
  import Groundwork

  /// What decides a Fetch episode besides its seed and its actions.
  public struct FetchConfiguration: Codable, Hashable, Sendable {
    /// Reach, Push, Slide or PickAndPlace.
    public var name = "Reach"
    /// Whether a step pays minus the distance to the goal; else -1, or 0 at the goal.
    public var isDense = false
    /// How near the goal counts as there, metres, above 0.
    public var distanceThreshold = 0.05
    /// The version of MuJoCo that episodes belong to: this program's, and no other.
    public var engine = Engine.version
    /// Steps, 1 to 100,000; the package's limit is 50.
    public var timeLimit = 50

    /// `FetchReach-v4`.
    public init() {}
  }

  /// What follows from a configuration: the model, and how every episode starts.
  public final class FetchPlan: Sendable {
    /// The configuration that was checked.
    public let configuration: FetchConfiguration
    let task: FetchTask
    let pool: PhysicsPool
    let renderer: ModelRenderer
    let stateCount: Int
    /// Steps a second of the simulation.
    let controlFrequency: Double
    let parts: Parts
    /// Positions, velocities and time after the arm has come to the table.
    let positions, velocities: [Double]
    let time: Double
    /// Where the gripper is then, and how high the object lies.
    let gripper: Vector
    let objectHeight: Double

    /// Numbers of what the task reads of the model.
    struct Parts: Sendable {
      var grip, object: Int
      /// The welded body that the mocap body drags.
      var dragged: Int
      /// Places of the fingers' joints in positions and velocities, right and left.
      var fingers: [Int], fingerVelocities: [Int]
      /// Place of the object's joint in the positions.
      var objectJoint: Int
      /// For each actuator the place of its joint in the positions where its control is relative; else -1.
      var relative: [Int]
    }

    init(_ configuration: FetchConfiguration) throws(UserError) {
      self.configuration = configuration
      guard let task = FetchTask.all.first(where: { $0.name == configuration.name }) else {
        throw UserError.unknown(
          "task of Fetch", configuration.name, among: FetchTask.all.map(\.name),
          hint: "`forage list environments` shows all")
      }
      self.task = task
      try Check.all([
        Check("environment.distanceThreshold", configuration.distanceThreshold, in: 0.001...1),
        Check("environment.timeLimit", configuration.timeLimit, in: 1...100_000),
      ])
      try Engine.checkModels(for: configuration.engine)
      let physics = try Physics(loading: Engine.fetch + task.model + ".xml")
      let (model, data) = (physics.model, physics.data)
      func position(_ joint: StaticString) -> Int { Int(model.pointee.jnt_qposadr[physics.number(mjOBJ_JOINT, joint)]) }
      func velocity(_ joint: StaticString) -> Int { Int(model.pointee.jnt_dofadr[physics.number(mjOBJ_JOINT, joint)]) }
      data.pointee.qpos[position("robot0:slide0")] = task.base
      data.pointee.qpos[position("robot0:slide1")] = 0.48
      data.pointee.qpos[position("robot0:slide2")] = 0
      var objectJoint = -1
      if let object = task.object {
        objectJoint = position("object0:joint")
        object.write(to: data.pointee.qpos + objectJoint)
        for (index, number) in [1.0, 0, 0, 0].enumerated() { data.pointee.qpos[objectJoint + 3 + index] = number }
      }
      // The package writes seven numbers and leaves the rest of the weld as the model has it.
      var dragged = -1
      for index in 0..<physics.equalities where physics.isWeld(index) {
        for (place, number) in [0.0, 0, 0, 0, 0, 0, 1].enumerated() { physics.setEquality(index, place, number) }
        let (first, second) = (Int(model.pointee.eq_obj1id[index]), Int(model.pointee.eq_obj2id[index]))
        dragged = model.pointee.body_mocapid[first] >= 0 ? second : first
      }
      guard dragged >= 0 else { throw UserError("'\(task.model).xml' welds nothing to a mocap body") }
      mj_forward(model, data)
      let grip = physics.number(mjOBJ_SITE, "robot0:grip")
      (Vector(-0.498, 0.005, -0.431 + task.height) + physics.site(grip)).write(to: data.pointee.mocap_pos)
      for (index, number) in [1.0, 0, 1, 0].enumerated() { data.pointee.mocap_quat[index] = number }
      for _ in 0..<10 { physics.step(Fetch.substeps) }
      gripper = physics.site(grip)
      let object = task.object == nil ? -1 : physics.number(mjOBJ_SITE, "object0")
      objectHeight = object < 0 ? 0 : physics.site(object).z
      positions = Array(UnsafeBufferPointer(start: data.pointee.qpos, count: Int(model.pointee.nq)))
      velocities = Array(UnsafeBufferPointer(start: data.pointee.qvel, count: Int(model.pointee.nv)))
      time = data.pointee.time
      parts = Parts(
        grip: grip, object: object, dragged: dragged,
        fingers: [position("robot0:r_gripper_finger_joint"), position("robot0:l_gripper_finger_joint")],
        fingerVelocities: [velocity("robot0:r_gripper_finger_joint"), velocity("robot0:l_gripper_finger_joint")],
        objectJoint: objectJoint,
        relative: (0..<Int(model.pointee.nu)).map { actuator in
          model.pointee.actuator_biastype[actuator] == 0
            ? -1 : Int(model.pointee.jnt_qposadr[Int(model.pointee.actuator_trnid[2 * actuator])])
        })
      stateCount = physics.stateCount
      controlFrequency = physics.frequency(substeps: Fetch.substeps)
      pool = PhysicsPool(physics)
      renderer = ModelRenderer(
        pool, camera: .init(center: [1.3, 0.75, 0.5], distance: 1.7, azimuth: 132, elevation: -20),
        showsSky: false)
    }
  }
#endif
