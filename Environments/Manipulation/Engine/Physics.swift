#if MuJoCo
  internal import CMuJoCo
  import Groundwork
  import ReinforcementLearning
  import Synchronization

  /// One copy of a model with its data: what one thread steps at a time. It holds no episode: whoever steps it writes
  /// an episode's state into it before and reads it out after.
  final class Physics: @unchecked Sendable {
    let model: UnsafeMutablePointer<mjModel>
    let data: UnsafeMutablePointer<mjData>
    /// Numbers of the bodies and sites that every step reads.
    let parts: Parts

    /// What decides how a simulation goes on: the warm start included, without which a restored state goes on with
    /// other last bits. Forces from outside are never set here.
    static let stateParts: UInt32 =
      mjSTATE_TIME.rawValue | mjSTATE_QPOS.rawValue | mjSTATE_QVEL.rawValue | mjSTATE_ACT.rawValue
      | mjSTATE_WARMSTART.rawValue | mjSTATE_CTRL.rawValue | mjSTATE_EQ_ACTIVE.rawValue
      | mjSTATE_MOCAP_POS.rawValue | mjSTATE_MOCAP_QUAT.rawValue

    /// Most bytes of a model and of what its simulation works with.
    static let mostBytes = 1 << 30

    /// Takes ownership of a model.
    ///
    /// - Throws: `UserError` for one that asks for more memory than a simulation may have.
    private init(owning model: UnsafeMutablePointer<mjModel>) throws(UserError) {
      let bytes = Int(model.pointee.narena) + Int(model.pointee.nbuffer)
      guard bytes <= Self.mostBytes else {
        mj_deleteModel(model)
        throw UserError("the model asks for \(bytes >> 20) MiB", fix: "Use one of at most \(Self.mostBytes >> 20) MiB")
      }
      guard let data = mj_makeData(model) else {
        mj_deleteModel(model)
        throw UserError("there is no memory for a simulation")
      }
      self.model = model
      self.data = data
      parts = Parts(model)
    }

    /// - Throws: `UserError` when the library is of another version, or the file is no model that it reads.
    ///
    /// - Parameters:
    ///   - name: What errors call it; the path unless it is said otherwise.
    ///   - files: Files in memory that come before those on disk; nil for none.
    convenience init(
      loading path: String, as name: String? = nil, among files: UnsafePointer<mjVFS>? = nil
    ) throws(UserError) {
      try Engine.check()
      var message = [CChar](repeating: 0, count: 1000)
      nonisolated(unsafe) var loaded: UnsafeMutablePointer<mjModel>?
      Engine.reading.withLock { _ in loaded = mj_loadXML(path, files, &message, 1000) }
      guard let model = loaded else {
        let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: ": ")
        throw Self.refusal(name ?? path, text)
      }
      try self.init(owning: model)
    }

    /// What the engine says of a text that is no model.
    static func refusal(_ name: String, _ text: String) -> UserError {
      UserError(
        "'\(name)' is no model that MuJoCo \(Engine.version) reads: \(text)",
        fix: "Correct it, or use a model for that version")
    }

    /// Another copy for another thread.
    ///
    /// - Throws: `UserError` when there is no memory for it.
    func copy() throws(UserError) -> Physics {
      guard let model = mj_copyModel(nil, model) else { throw UserError("there is no memory for a model") }
      return try Physics(owning: model)
    }

    deinit {
      mj_deleteData(data)
      mj_deleteModel(model)
    }

    /// Numbers of a state.
    var stateCount: Int { Int(mj_stateSize(model, Self.stateParts)) }

    /// Writes a state into the simulation, which counts as sound again. Derived quantities are those of another state
    /// until the next step.
    func restore(_ state: [Double]) {
      mj_setState(model, data, state, Self.stateParts)
      clearFaults()
    }

    /// Reads the state into an array of `stateCount`.
    func save(into state: inout [Double]) {
      state.withUnsafeMutableBufferPointer { mj_getState(model, data, $0.baseAddress, Self.stateParts) }
    }

    /// Substeps with the present controls.
    ///
    /// - Returns: Whether the simulation is stable (`isStable`).
    @discardableResult func step(_ substeps: Int) -> Bool {
      for _ in 0..<substeps { mj_step(model, data) }
      return isStable
    }

    /// Whether the simulation has stayed sound since it was restored or reset: the engine starts anew from the model's
    /// own state where it does not.
    ///
    /// The engine counts what it met, but whenever it starts anew it clears all counts and then has counted one: they
    /// are cleared where a simulation begins, and say no more than whether there was anything. What the last substep
    /// did is looked at here, since the engine looks only when the next begins.
    var isStable: Bool {
      let warnings = data.pointee.warning
      // The engine's list: inertia, contacts, constraints, picture, positions, velocities, accelerations.
      guard warnings.4.number == 0, warnings.5.number == 0, warnings.6.number == 0 else { return false }
      let (positions, velocities) = (data.pointee.qpos!, data.pointee.qvel!)
      for index in 0..<Int(model.pointee.nq) where !Self.isSound(positions[index]) { return false }
      for index in 0..<Int(model.pointee.nv) where !Self.isSound(velocities[index]) { return false }
      return true
    }

    /// Whether the engine takes a number for a position, a velocity or a control.
    static func isSound(_ number: Double) -> Bool { abs(number) <= mjMAXVAL }

    /// Forgets what the engine met.
    private func clearFaults() {
      data.pointee.warning.4.number = 0
      data.pointee.warning.5.number = 0
      data.pointee.warning.6.number = 0
    }
  }

  extension Physics {
    /// Steps of so many substeps in a second of the simulation, Hz.
    func frequency(substeps: Int) -> Double { 1 / (model.pointee.opt.timestep * Double(substeps)) }

    /// How many episodes ended because the simulation broke: as a rate over episodes.
    static let faults = Measure(
      Measure.faultName, of: .field("fault", element: 0), .any, .lower,
      summary: "whether the simulation broke, which truncates the episode")
  }

  extension Physics {
    /// Numbers of bodies and sites of the robot that MetaWorld's models share; -1 where a model has none.
    struct Parts: Sendable {
      var hand, leftPad, rightPad, leftClaw, rightClaw: Int
      var leftFinger, rightFinger: Int
      var leftPadGeom, rightPadGeom: Int32

      init(_ model: UnsafeMutablePointer<mjModel>) {
        func number(_ kind: mjtObj, _ name: String) -> Int { Int(mj_name2id(model, Int32(kind.rawValue), name)) }
        hand = number(mjOBJ_BODY, "hand")
        leftPad = number(mjOBJ_BODY, "leftpad")
        rightPad = number(mjOBJ_BODY, "rightpad")
        leftClaw = number(mjOBJ_BODY, "leftclaw")
        rightClaw = number(mjOBJ_BODY, "rightclaw")
        leftFinger = number(mjOBJ_SITE, "leftEndEffector")
        rightFinger = number(mjOBJ_SITE, "rightEndEffector")
        leftPadGeom = Int32(number(mjOBJ_GEOM, "leftpad_geom"))
        rightPadGeom = Int32(number(mjOBJ_GEOM, "rightpad_geom"))
      }
    }

    /// The number of what is so called; the names are the program's own, so that a missing one is a wrong file.
    func number(_ kind: mjtObj, _ name: StaticString) -> Int {
      let number = name.withUTF8Buffer { text in
        text.withMemoryRebound(to: CChar.self) { mj_name2id(model, Int32(kind.rawValue), $0.baseAddress!) }
      }
      precondition(number >= 0, "the model has no '\(name)'")
      return Int(number)
    }

    /// Where a body is.
    func body(_ number: Int) -> Vector { Vector(data.pointee.xpos + 3 * number) }
    /// Where a site is.
    func site(_ number: Int) -> Vector { Vector(data.pointee.site_xpos + 3 * number) }
    /// Where a geom is.
    func geom(_ number: Int) -> Vector { Vector(data.pointee.geom_xpos + 3 * number) }
  }

  /// A point or a way in metres.
  typealias Vector = SIMD3<Double>

  extension SIMD3<Double> {
    /// Three numbers of the engine's.
    init(_ start: UnsafePointer<Double>) { self.init(start[0], start[1], start[2]) }

    /// Three numbers of the engine's.
    init(_ start: UnsafeMutablePointer<Double>) { self.init(start[0], start[1], start[2]) }

    /// Writes it where three numbers of the engine's are.
    func write(to start: UnsafeMutablePointer<Double>) {
      start[0] = x
      start[1] = y
      start[2] = z
    }

    /// Three numbers.
    init(_ numbers: [Double]) { self.init(numbers[0], numbers[1], numbers[2]) }

    /// The point that lies so far from it.
    func by(_ x: Double, _ y: Double, _ z: Double) -> Vector { self + Vector(x, y, z) }
  }
#endif
