#if MuJoCo
  internal import CMuJoCo
  import RealModule

  /// What a reset computes and rewards read; together with the simulation's state it is an episode's state.
  struct Notes: Sendable, Hashable {
    /// The gripper's centre when the hand had settled.
    var hand = Vector.zero
    /// Where the object was put.
    var object = Vector.zero
    /// The goal.
    var target = Vector.zero
    /// One more place that the task remembers.
    var mark = Vector.zero
    /// One more length that the task remembers.
    var distance = 0.0
  }

  /// What MetaWorld's observation shows of the scene beside the hand: one object, or two.
  struct Seen: Sendable {
    var position: Vector
    var quaternion: SIMD4<Double>
    var second = Vector.zero
    var secondQuaternion = SIMD4<Double>.zero

    init(_ position: Vector, _ quaternion: SIMD4<Double>) { (self.position, self.quaternion) = (position, quaternion) }
  }

  /// A simulation as a task reads and changes it.
  struct Scene {
    let physics: Physics
    var notes: Notes
    /// Model positions that this reset has moved, in order.
    var moves: [Move] = []
    /// The hand as the observation shows it: within the observation's box.
    var hand = Vector.zero
    /// How far the fingers are apart, 0...1, as the observation shows it.
    var opened = 0.0
    /// The observed object, its quaternion and the second object.
    var object = Vector.zero
    var quaternion = SIMD4<Double>.zero
    var second = Vector.zero

    /// A position of the model that an episode has changed.
    struct Move: Sendable, Hashable {
      var isSite: Bool
      var number: Int
      var place: Vector
    }

    init(_ physics: Physics, _ notes: Notes) { (self.physics, self.notes) = (physics, notes) }
  }

  // What tasks read.
  extension Scene {
    private var data: UnsafeMutablePointer<mjData> { physics.data }
    private var model: UnsafeMutablePointer<mjModel> { physics.model }

    /// Where the body of that name is.
    func body(_ name: StaticString) -> Vector { physics.body(physics.number(mjOBJ_BODY, name)) }
    /// Where the site of that name is.
    func site(_ name: StaticString) -> Vector { physics.site(physics.number(mjOBJ_SITE, name)) }
    /// Where the geom of that name is.
    func geom(_ name: StaticString) -> Vector { physics.geom(physics.number(mjOBJ_GEOM, name)) }
    /// Where a site is on its body.
    func place(ofSite name: StaticString) -> Vector {
      Vector(model.pointee.site_pos + 3 * physics.number(mjOBJ_SITE, name))
    }
    /// The angle or way of a joint of one degree.
    func joint(_ name: StaticString) -> Double {
      data.pointee.qpos[Int(model.pointee.jnt_qposadr[physics.number(mjOBJ_JOINT, name)])]
    }

    /// A body's quaternion: w, x, y, z.
    func quaternion(body name: StaticString) -> SIMD4<Double> {
      let start = data.pointee.xquat! + 4 * physics.number(mjOBJ_BODY, name)
      return SIMD4(start[0], start[1], start[2], start[3])
    }
    /// The quaternion of a geom's matrix: x, y, z, w.
    func rotation(geom name: StaticString) -> SIMD4<Double> {
      Self.quaternion(data.pointee.geom_xmat + 9 * physics.number(mjOBJ_GEOM, name))
    }
    /// The quaternion of a site's matrix: x, y, z, w.
    func rotation(site name: StaticString) -> SIMD4<Double> {
      Self.quaternion(data.pointee.site_xmat + 9 * physics.number(mjOBJ_SITE, name))
    }
    /// The quaternion of a body's matrix: x, y, z, w.
    func rotation(body name: StaticString) -> SIMD4<Double> {
      Self.quaternion(data.pointee.xmat + 9 * physics.number(mjOBJ_BODY, name))
    }

    /// Between the fingers' tips.
    var tcp: Vector { (physics.site(physics.parts.rightFinger) + physics.site(physics.parts.leftFinger)) / 2 }
    var leftPad: Vector { physics.body(physics.parts.leftPad) }
    var rightPad: Vector { physics.body(physics.parts.rightPad) }

    /// Whether both pads press on the geom of that name.
    func isTouched(_ name: StaticString) -> Bool {
      let object = Int32(physics.number(mjOBJ_GEOM, name))
      var (left, right) = (0.0, 0.0)
      for index in 0..<Int(data.pointee.ncon) {
        let contact = data.pointee.contact[index]
        guard contact.geom1 == object || contact.geom2 == object else { continue }
        // One that exerts no force has the number -1, and Python takes the last force for it.
        let address = contact.efc_address >= 0 ? Int(contact.efc_address) : Int(data.pointee.nefc) - 1
        guard address >= 0 else { continue }
        let force = data.pointee.efc_force[address]
        if contact.geom1 == physics.parts.leftPadGeom || contact.geom2 == physics.parts.leftPadGeom { left += force }
        if contact.geom1 == physics.parts.rightPadGeom || contact.geom2 == physics.parts.rightPadGeom { right += force }
      }
      return left > 0 && right > 0
    }

    /// Where a long object is reached: at the hand's own x where that is within so much of the object's.
    func reachedAlong(_ object: Vector, _ half: Double) -> Vector {
      abs(object.x - hand.x) < half ? Vector(hand.x, object.y, object.z) : object
    }

    /// SciPy's quaternion of a rotation matrix.
    static func quaternion(_ m: UnsafePointer<Double>) -> SIMD4<Double> {
      let trace = m[0] + m[4] + m[8]
      var q = SIMD4<Double>.zero
      var choice = 0
      if m[4] > m[0] { choice = 1 }
      if m[8] > m[4 * choice] { choice = 2 }
      if trace > m[4 * choice] {
        q = SIMD4(m[7] - m[5], m[2] - m[6], m[3] - m[1], 1 + trace)
      } else {
        let (i, j, k) = (choice, (choice + 1) % 3, (choice + 2) % 3)
        q[i] = 1 - trace + 2 * m[4 * i]
        q[j] = m[3 * j + i] + m[3 * i + j]
        q[k] = m[3 * k + i] + m[3 * i + k]
        q[3] = m[3 * k + j] - m[3 * j + k]
      }
      return q / (q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w).squareRoot()
    }
  }

  // What resets change.
  extension Scene {
    /// Moves a body of the model.
    mutating func move(body name: StaticString, to place: Vector) {
      moves.append(Move(isSite: false, number: physics.number(mjOBJ_BODY, name), place: place))
      physics.apply(moves[moves.count - 1])
    }

    /// Moves a site of the model.
    mutating func move(site name: StaticString, to place: Vector) {
      moves.append(Move(isSite: true, number: physics.number(mjOBJ_SITE, name), place: place))
      physics.apply(moves[moves.count - 1])
    }

    /// Computes what follows from positions and velocities.
    func forward() { mj_forward(model, data) }

    /// Substeps with the present controls.
    func step(_ substeps: Int) { physics.step(substeps) }

    /// Puts the free object there, at rest.
    func put(object place: Vector) { put(place, at: 9, stopping: 9..<15) }

    /// Writes three positions and stops some velocities.
    func put(_ place: Vector, at start: Int, stopping stopped: Range<Int>) {
      place.write(to: data.pointee.qpos + start)
      // Models with one joint fewer than the range have no velocities to stop there.
      for index in stopped where index < Int(model.pointee.nv) { data.pointee.qvel[index] = 0 }
      forward()
    }

    /// Puts the free object there, turned so, with its linear velocity 0.
    func put(_ place: Vector, turned quaternion: SIMD4<Double>) {
      for index in 0..<4 { data.pointee.qpos[12 + index] = quaternion[index] }
      put(place, at: 9, stopping: 9..<12)
    }

    /// Puts an object so far along its two slides.
    func put(slides x: Double, _ y: Double, at start: Int = 9, stopping stops: Bool = false) {
      data.pointee.qpos[start] = x
      data.pointee.qpos[start + 1] = y
      if stops { for index in start..<start + 2 where index < Int(model.pointee.nv) { data.pointee.qvel[index] = 0 } }
      forward()
    }

    /// Sets the first joint after the robot's.
    func slide(to place: Double, stops: Bool = true) {
      data.pointee.qpos[9] = place
      if stops { data.pointee.qvel[9] = 0 }
      forward()
    }

    /// Sets a joint of one degree and stops it.
    func turn(_ name: StaticString, to angle: Double) {
      let number = physics.number(mjOBJ_JOINT, name)
      data.pointee.qpos[Int(model.pointee.jnt_qposadr[number])] = angle
      data.pointee.qvel[Int(model.pointee.jnt_dofadr[number])] = 0
      forward()
    }

    /// Sets a joint of one degree, and nothing that follows from it.
    func set(_ name: StaticString, to place: Double) {
      data.pointee.qpos[Int(model.pointee.jnt_qposadr[physics.number(mjOBJ_JOINT, name)])] = place
    }

    /// Object and goal where they were drawn.
    mutating func placeAsDrawn(_ draw: Draw) {
      notes.object = draw.object
      notes.target = draw.goal
      put(object: draw.object)
      move(site: "goal", to: draw.goal)
    }
  }

  extension Physics {
    /// Writes a moved position into this copy of the model.
    func apply(_ move: Scene.Move) {
      let positions = move.isSite ? model.pointee.site_pos : model.pointee.body_pos
      move.place.write(to: positions! + 3 * move.number)
    }
  }
#endif
