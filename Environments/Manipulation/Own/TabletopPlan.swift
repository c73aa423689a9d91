#if MuJoCo
  internal import CMuJoCo
  import Groundwork

  /// What follows from a model and a task file: the model with what the task names in it.
  public final class TabletopPlan: Sendable {
    let name: String
    let task: TaskDescription
    let timeLimit: Int
    let pool: PhysicsPool
    let renderer: ModelRenderer
    let stateCount: Int
    /// Steps a second of the simulation.
    let controlFrequency: Double
    /// The observed hand, objects and joints, by number of the model.
    let hand: Int
    let objects, joints: [Int]
    /// The body that actions put somewhere, its number among mocap bodies; -1 where actuators are driven.
    let mocap: Int
    /// The actuators that the last action closes, or that all actions drive, and the ends of their controls.
    let actuators: [Int]
    let controls: [(low: Double, high: Double)]
    /// Joints of the fingers.
    let fingers: [Int]
    /// By object: where its free joint's position begins; -1 where it has none.
    let places: [Int]
    let goal: Int
    let goalStart: Vector
    let releases: [(constraint: Int, condition: TaskExpression)]
    let terms: [TaskExpression]
    let success: TaskExpression
    let cell: [TaskExpression]
    /// Numbers of the observation.
    let observed: Int
    /// What the expert asks: as numbers of the model.
    let names: TaskNames

    /// Numbers of an action.
    var actionCount: Int { mocap < 0 ? actuators.count : actuators.isEmpty ? 3 : 4 }

    /// Most numbers of an action: a `VectorAction` has no more.
    static let mostActions = 16
    /// How deep an object's start may be in a floor or a wall, metres: models let bodies sink in a little.
    static let mostDepth = 0.01
    /// Most seconds of a step of the task.
    static let mostSeconds = 10.0
    /// Most positions, velocities and actuators of a model.
    static let mostNumbers = 5_000

    /// - Parameters:
    ///   - timeLimit: 0 for the task file's horizon.
    ///   - goalSite: In place of the task file's.
    /// - Throws: `UserError` for files that cannot be read or have changed, a model that MuJoCo refuses, and a task
    ///   file that names what the model lacks; `StopRequested` when the program is asked to stop meanwhile.
    init(
      name: String, model: ModelFile, task file: TaskFile, timeLimit: Int, engine wanted: String,
      goalSite: String? = nil
    ) throws {
      self.name = name
      try Check("environment.timeLimit", timeLimit, in: 0...100_000).enforce()
      try Engine.check(for: wanted)
      try model.file.check()
      try file.file.check()
      var task = try TaskDescription(file.file.text, name: "'\(file.path)'")
      if let goalSite { task.goalSite = goalSite }
      self.task = task
      self.timeLimit = timeLimit > 0 ? timeLimit : task.horizon
      let isOwn = OwnScenes.model(model.path) != nil
      if !isOwn { try Self.checkTime(try ModelTrial.run(model.path), task) }
      let physics =
        isOwn ? try Physics(text: model.file.text, name: model.path) : try Physics(loading: model.path)
      try Self.checkSize(physics, model.path)
      let engine = physics.model
      func find(_ kind: Physics.Part, _ part: String, _ key: String) throws(UserError) -> Int {
        guard let number = physics.find(kind, part) else {
          let unknown = UserError.unknown(
            kind.rawValue, part, among: physics.names(kind), hint: "The model is '\(model.path)'")
          throw task.refusal(key, unknown.reason, fix: unknown.fix)
        }
        return number
      }
      let hand = try find(.body, task.hand, "hand.body")
      self.hand = hand
      guard physics.moves(body: hand) else {
        throw task.refusal("hand", "'\(task.hand)' never moves", fix: "Name a body with a joint, or a mocap body")
      }
      var places: [String: TaskExpression.Place] = ["hand": .init(isSite: false, number: hand)]
      var (objects, joints): ([Int], [Int]) = ([], [])
      for (index, object) in task.objects.enumerated() {
        objects.append(try find(.body, object.part, "objects.\(index)"))
        guard objects[index] > 0 else {
          throw task.refusal("objects.\(index)", "'\(object.part)' is all there is", fix: "Name a body in it")
        }
        places[object.name] = .init(isSite: false, number: objects[index])
      }
      var jointNames: [String: Int] = [:]
      for (index, joint) in task.joints.enumerated() {
        joints.append(try find(.joint, joint.part, "joints.\(index)"))
        jointNames[joint.name] = joints[index]
        guard physics.isScalar(joint: joints[index]) else {
          throw task.refusal("joints.\(index)", "it is neither a hinge nor a slide", fix: "List its body under objects")
        }
      }
      (self.objects, self.joints) = (objects, joints)
      goal = try find(.site, task.goalSite, "goal.site")
      guard task.goalRange == nil || engine.pointee.site_bodyid[goal] == 0 else {
        throw task.refusal(
            "goal.site", "its site is part of a body, and moves with it", fix: "Put it into the worldbody")
      }
      places["goal"] = .init(isSite: true, number: goal)
      goalStart = Vector(engine.pointee.site_pos + 3 * goal)
      var jointPlaces: [Int] = []
      for (index, object) in objects.enumerated() {
        let first = Int(engine.pointee.body_jntadr[object])
        let isFree = first >= 0 && engine.pointee.jnt_type[first] == Int32(mjJNT_FREE.rawValue)
        jointPlaces.append(isFree ? Int(engine.pointee.jnt_qposadr[first]) : -1)
        guard isFree || task.starts[index] == nil else {
          throw task.refusal(
            "start.\(task.objects[index].name)", "its body has no free joint", fix: "Add <freejoint/>, or leave it out")
        }
      }
      self.places = jointPlaces
      try Self.checkStarts(task, physics, objects, jointPlaces)
      (mocap, actuators, controls, fingers) = try Self.drive(task, physics, find)
      let names = TaskNames(places: places, joints: jointNames, physics: physics)
      self.names = names
      func expression(_ text: String, _ key: String) throws(UserError) -> TaskExpression {
        do throws(UserError) {
          return try TaskExpression(text, names)
        } catch {
          throw task.refusal(key, "\"\(text)\": \(error.reason)", fix: error.fix)
        }
      }
      var releases: [(constraint: Int, condition: TaskExpression)] = []
      for (index, release) in task.releases.enumerated() {
        releases.append(
          (
            try find(.equality, release.constraint, "release.\(index).constraint"),
            try expression(release.condition, "release.\(index).when")
          ))
      }
      self.releases = releases
      var (terms, cell): ([TaskExpression], [TaskExpression]) = ([], [])
      for (index, term) in task.terms.enumerated() { terms.append(try expression(term.value, "reward.\(index).value")) }
      for (index, part) in task.cell.enumerated() {
        cell.append(try expression(part, "cell.\(index)"))
        guard !cell[index].isConstant else {
          throw task.refusal(
            "cell.\(index)", "\"\(part)\" is the same everywhere",
            fix: "Write what tells places apart, such as 10 * x(hand)")
        }
      }
      (self.terms, self.cell) = (terms, cell)
      success = try expression(task.success, "success")
      observed = 6 + fingers.count + 13 * objects.count + 2 * joints.count + 3
      stateCount = physics.stateCount
      controlFrequency = physics.frequency(substeps: task.substeps)
      pool = PhysicsPool(physics)
      // What the model says of itself.
      let (look, statistic) = (engine.pointee.vis.global, engine.pointee.stat)
      renderer = ModelRenderer(
        pool,
        camera: .init(
          center: Vector(statistic.center.0, statistic.center.1, statistic.center.2), distance: 1.8 * statistic.extent,
          azimuth: Double(look.azimuth), elevation: Double(look.elevation)))
    }

    /// - Throws: `UserError` where a step of the task, or its start, would take so long that nothing can be learnt.
    private static func checkTime(_ seconds: Double, _ task: TaskDescription) throws(UserError) {
      for (key, count) in [("settle", task.settle), ("substeps", task.substeps)] {
        guard Double(count) * seconds > mostSeconds else { continue }
        let most = Int(mostSeconds / seconds)
        throw task.refusal(
          key, "\(count) steps of the simulation, of \(Int(seconds * 1000)) ms each, take too long",
          fix: most > 0 ? "Use at most \(most), or a simpler model" : "Use a simpler model")
      }
    }

    /// - Throws: `UserError` for a model with more positions and velocities than is sensible.
    private static func checkSize(_ physics: Physics, _ path: String) throws(UserError) {
      let model = physics.model.pointee
      let numbers = Int(model.nq) + Int(model.nv) + Int(model.nu) + Int(model.na)
      guard numbers <= mostNumbers else {
        throw UserError(
          "'\(path)' has \(numbers) positions, velocities and actuators", fix: "Use a model of at most \(mostNumbers)")
      }
    }

    /// - Throws: `UserError` where an object may be put into something that does not move, such as beneath a floor:
    ///   looked at in the middle of its range and in its corners.
    private static func checkStarts(
      _ task: TaskDescription, _ physics: Physics, _ objects: [Int], _ places: [Int]
    ) throws(UserError) {
      for (index, range) in task.starts.enumerated() {
        guard let range else { continue }
        let (low, high) = (Vector(range.low), Vector(range.high))
        let corners = (0..<8).map { corner in
          Vector(
            corner & 1 == 0 ? low.x : high.x, corner & 2 == 0 ? low.y : high.y, corner & 4 == 0 ? low.z : high.z)
        }
        for place in [(low + high) / 2] + corners {
          physics.reset()
          place.write(to: physics.data.pointee.qpos + places[index])
          mj_forward(physics.model, physics.data)
          guard let depth = physics.depth(ofBody: objects[index]), depth > mostDepth else { continue }
          let name = task.objects[index].name
          throw task.refusal(
            "start.\(name)",
            "at [\(place.x), \(place.y), \(place.z)] '\(name)' is \(Int((depth * 1000).rounded())) mm inside what does "
              + "not move", fix: "Put it higher, or elsewhere")
        }
      }
      physics.reset()
    }

    private static func drive(
      _ task: TaskDescription, _ physics: Physics,
      _ find: (Physics.Part, String, String) throws(UserError) -> Int
    ) throws(UserError) -> (Int, [Int], [(low: Double, high: Double)], [Int]) {
      let model = physics.model.pointee
      var mocap = -1
      var actuators: [Int] = []
      var fingers: [Int] = []
      if case .mocap(let body, _, let low, let high) = task.drive {
        let number = try find(.body, body, "hand.mocap")
        mocap = Int(model.body_mocapid[number])
        guard mocap >= 0 else {
          throw task.refusal("hand.mocap", "'\(body)' is no mocap body", fix: "Add mocap=\"true\", or write body: NAME")
        }
        // From outside of it the first step would put it on the edge, however far that is.
        let start = Vector(model.body_pos + 3 * number)
        guard (0..<3).allSatisfy({ (low[$0] - 1e-9...high[$0] + 1e-9).contains(start[$0]) }) else {
          throw task.refusal(
            "hand", "the box that '\(body)' may be in does not hold its start, [\(start.x), \(start.y), \(start.z)]",
            fix: "Set low and high around it, or move it in the model")
        }
        for (index, finger) in task.fingers.enumerated() {
          let key = "fingers.\(index)"
          let actuator = try find(.actuator, finger, key)
          actuators.append(actuator)
          let joint = Int(model.actuator_trnid[2 * actuator])
          guard model.actuator_trntype[actuator] == Int32(mjTRN_JOINT.rawValue), physics.isScalar(joint: joint) else {
            throw task.refusal(key, "it drives no hinge or slide", fix: "Use an actuator of a joint")
          }
          fingers.append(joint)
        }
      } else {
        actuators = Array(0..<Int(model.nu))
        guard !actuators.isEmpty, actuators.count <= mostActions else {
          throw task.refusal(
            "hand", "the model has \(actuators.count) actuators", fix: "Use 1 to \(mostActions), or a mocap body")
        }
      }
      var controls: [(low: Double, high: Double)] = []
      for actuator in actuators {
        let given = physics.names(.actuator)[actuator]
        let name = given.isEmpty ? "number \(actuator + 1)" : given
        guard model.actuator_ctrllimited[actuator] != 0 else {
          throw task.refusal("hand", "the actuator '\(name)' has no ctrlrange", fix: "Give it one in the model")
        }
        let ends = (low: model.actuator_ctrlrange[2 * actuator], high: model.actuator_ctrlrange[2 * actuator + 1])
        // The engine takes all controls for 0 where one is larger.
        guard Physics.isSound(ends.low), Physics.isSound(ends.high) else {
          throw task.refusal(
            "hand", "the ctrlrange of the actuator '\(name)' is \(ends.low) to \(ends.high)",
            fix: "Use one within 1e10 of 0, and gear or gainprm for the rest")
        }
        controls.append(ends)
      }
      return (mocap, actuators, controls, fingers)
    }
  }
#endif
