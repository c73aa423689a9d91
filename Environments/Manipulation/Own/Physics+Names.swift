#if MuJoCo
  internal import CMuJoCo
  import Groundwork

  extension Physics {
    /// A kind of named parts of a model.
    enum Part: String, CaseIterable {
      case body, joint, site, actuator
      case equality = "constraint"

      var kind: mjtObj {
        switch self {
        case .body: mjOBJ_BODY
        case .joint: mjOBJ_JOINT
        case .site: mjOBJ_SITE
        case .actuator: mjOBJ_ACTUATOR
        case .equality: mjOBJ_EQUALITY
        }
      }
    }

    /// The number of the part of that name; nil where the model has none.
    func find(_ part: Part, _ name: String) -> Int? {
      let number = mj_name2id(model, Int32(part.kind.rawValue), name)
      return number < 0 ? nil : Int(number)
    }

    /// All names of a kind in order, empty where a part has none.
    func names(_ part: Part) -> [String] {
      let count =
        switch part {
        case .body: model.pointee.nbody
        case .joint: model.pointee.njnt
        case .site: model.pointee.nsite
        case .actuator: model.pointee.nu
        case .equality: model.pointee.neq
        }
      return (0..<Int(count)).map { number in
        mj_id2name(model, Int32(part.kind.rawValue), Int32(number)).map { String(cString: $0) } ?? ""
      }
    }

    /// Whether a joint has one degree: a hinge or a slide.
    func isScalar(joint: Int) -> Bool {
      let kind = model.pointee.jnt_type[joint]
      return kind == Int32(mjJNT_HINGE.rawValue) || kind == Int32(mjJNT_SLIDE.rawValue)
    }

    /// Angle or way of a joint of one degree.
    func position(ofJoint joint: Int) -> Double { data.pointee.qpos[Int(model.pointee.jnt_qposadr[joint])] }
    /// The same a second.
    func velocity(ofJoint joint: Int) -> Double { data.pointee.qvel[Int(model.pointee.jnt_dofadr[joint])] }

    /// Where a body or site is.
    func place(_ place: TaskExpression.Place) -> Vector { place.isSite ? site(place.number) : body(place.number) }

    /// The body that a place is part of.
    func body(of place: TaskExpression.Place) -> Int {
      place.isSite ? Int(model.pointee.site_bodyid[place.number]) : place.number
    }

    /// A body's velocities at its frame, m/s and rad/s.
    func speed(ofBody number: Int) -> (linear: Vector, angular: Vector) {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 6) { numbers in
        mj_objectVelocity(model, data, Int32(mjOBJ_XBODY.rawValue), Int32(number), numbers.baseAddress!, 0)
        return (Vector(numbers.baseAddress! + 3), Vector(numbers.baseAddress!))
      }
    }

    /// Whether two bodies press on each other.
    func areTouching(_ first: Int, _ second: Int) -> Bool {
      for index in 0..<Int(data.pointee.ncon) {
        let contact = data.pointee.contact[index]
        guard contact.geom1 >= 0, contact.geom2 >= 0 else { continue }
        let bodies = (
          Int(model.pointee.geom_bodyid[Int(contact.geom1)]), Int(model.pointee.geom_bodyid[Int(contact.geom2)])
        )
        if bodies == (first, second) || bodies == (second, first) { return true }
      }
      return false
    }

    /// Whether a body can move: by a joint of its own or of what it is part of, or as or with a mocap body.
    func moves(body: Int) -> Bool {
      model.pointee.body_weldid[body] != 0 || model.pointee.body_mocapid[Int(model.pointee.body_rootid[body])] >= 0
    }

    /// How deep a body is in something that does not move; nil where it touches nothing of the kind.
    func depth(ofBody body: Int) -> Double? {
      var deepest: Double?
      for index in 0..<Int(data.pointee.ncon) {
        let contact = data.pointee.contact[index]
        guard contact.geom1 >= 0, contact.geom2 >= 0 else { continue }
        let bodies = [
          Int(model.pointee.geom_bodyid[Int(contact.geom1)]), Int(model.pointee.geom_bodyid[Int(contact.geom2)]),
        ]
        guard bodies.contains(body), bodies.contains(where: { $0 != body && !moves(body: $0) }) else { continue }
        deepest = max(deepest ?? -contact.dist, -contact.dist)
      }
      return deepest
    }

    /// A model that is a text of the program's own.
    ///
    /// - Throws: `UserError` where the engine refuses it.
    convenience init(text: String, name: String) throws(UserError) {
      try Engine.check()
      var files = mjVFS()
      mj_defaultVFS(&files)
      defer { mj_deleteVFS(&files) }
      let bytes = Array(text.utf8)
      guard mj_addBufferVFS(&files, "model.xml", bytes, Int32(bytes.count)) == 0 else {
        throw UserError("there is no memory for a model")
      }
      try self.init(loading: "model.xml", as: name, among: &files)
    }
  }
#endif
