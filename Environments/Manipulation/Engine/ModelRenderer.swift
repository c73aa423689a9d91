#if MuJoCo
  internal import CMuJoCo
  import Groundwork
  import RealModule
  import ReinforcementLearning
  import Synchronization

  /// MuJoCo's own renderer of one model, in memory: OpenGL by EGL, which needs neither a display nor a graphics card.
  ///
  /// One for each plan, made when it is first asked for. A lock keeps one caller at a time in it.
  final class ModelRenderer: Sendable {
    /// Where a scene is looked at from, unless somebody turns it.
    struct Camera: Sendable {
      var center: Vector
      /// Metres.
      var distance: Double
      /// Degrees: the direction of sight from the x axis, and how far it falls.
      var azimuth, elevation: Double
    }

    /// Where a goal is: a ball, or a box of a size.
    struct Target: Sendable {
      var place: Vector
      /// Half of the box's edges; nil for a ball.
      var half: Vector?
    }

    /// What it is called.
    static let name = "MuJoCo's renderer"
    /// Most pixels of a side.
    static let mostPixels = 4096

    private let camera: Camera
    private let showsSky: Bool
    private let pool: PhysicsPool
    private let session = Mutex<Result<Session, UserError>?>(nil)

    /// - Parameters:
    ///   - pool: Whose model is drawn, a copy of it.
    ///   - showsSky: Whether the model's own sky is drawn, where it has one; else a grey that leaves the eye alone.
    init(_ pool: PhysicsPool, camera: Camera, showsSky: Bool = true) {
      (self.pool, self.camera, self.showsSky) = (pool, camera, showsSky)
    }

    /// Why nothing can be drawn here; nil where it can. The first call opens OpenGL, which takes up to a second.
    var absence: UserError? {
      session.withLock { session in
        open(&session)
        if case .failure(let error) = session { return error }
        return nil
      }
    }

    private func open(_ session: inout Result<Session, UserError>?) {
      guard session == nil else { return }
      do throws(UserError) {
        session = .success(try Session(try pool.copy(), showsSky: showsSky))
      } catch {
        session = .failure(error)
      }
    }

    /// A picture, `[height, width]` of 0xFFRRGGBB.
    ///
    /// - Parameters:
    ///   - targets: Places of goals that the model does not show.
    ///   - prepare: Writes the state into the simulation that is drawn.
    /// - Throws: `UserError` where there is no OpenGL here.
    func pixels(
      _ viewpoint: SpatialView.Viewpoint, width: Int, height: Int, targets: [Target], prepare: (Physics) -> Void
    ) throws(UserError) -> SpatialView.Pixels {
      let result: Result<SpatialView.Pixels, UserError> = session.withLock { session in
        open(&session)
        switch session! {
        case .failure(let error): return .failure(error)
        case .success(let session):
          prepare(session.physics)
          return .success(
            session.draw(
              camera, viewpoint, width: min(max(width, 1), Self.mostPixels),
              height: min(max(height, 1), Self.mostPixels), targets: targets))
        }
      }
      return try result.get()
    }
  }

  extension ModelRenderer {
    /// A state as it can be drawn from any side.
    ///
    /// - Parameters:
    ///   - targets: Places of goals.
    ///   - prepare: Writes the state into the simulation that is drawn.
    func view(targets: [Target], prepare: @escaping @Sendable (Physics) -> Void) -> SpatialView {
      SpatialView(renderer: Self.name, absence: { self.absence }) { (viewpoint, width, height) throws(UserError) in
        try self.pixels(viewpoint, width: width, height: height, targets: targets, prepare: prepare)
      }
    }
  }

  /// A context with what MuJoCo keeps in it, on a thread of its own.
  private final class Session: @unchecked Sendable {
    let physics: Physics
    private let thread = DrawingThread()
    private var gl = forage_gl()
    private var context = mjrContext()
    private var scene = mjvScene()
    private var size = (width: 0, height: 0)
    private var bytes: [UInt8] = []
    private var depths: [Float] = []
    /// Whether the model's sky is what is seen behind everything.
    private let hasSky: Bool
    /// Most geoms of a picture.
    private static let mostGeoms = 5_000

    init(_ physics: Physics, showsSky: Bool) throws(UserError) {
      self.physics = physics
      let model = physics.model.pointee
      hasSky = showsSky && (0..<Int(model.ntex)).contains { model.tex_type[$0] == Int32(mjTEXTURE_SKYBOX.rawValue) }
      var reason: String?
      thread.run {
        reason = forage_gl_open(&gl).map { String(cString: $0) }
        if reason == nil, forage_gl_use(&gl) == 0 { reason = "its context cannot be used" }
        if reason == nil { prepare() }
      }
      if let reason {
        throw UserError("there is no OpenGL: \(reason)", fix: "scripts/bootstrap installs one that needs no card")
      }
    }

    private func prepare() {
      // The models ask for shadows and edges that a processor cannot draw fifteen times a second.
      physics.model.pointee.vis.quality.offsamples = 0
      physics.model.pointee.vis.quality.shadowsize = 1024
      hideHandles()
      mjr_defaultContext(&context)
      mjr_makeContext(physics.model, &context, Int32(mjFONTSCALE_100.rawValue))
      mjr_setBuffer(Int32(mjFB_OFFSCREEN.rawValue), &context)
      mjv_defaultScene(&scene)
      mjv_makeScene(physics.model, &scene, Int32(Self.mostGeoms))
    }

    /// What only shows where a mocap body is touches nothing and is no part of the scene.
    private func hideHandles() {
      let model = physics.model.pointee
      for geom in 0..<Int(model.ngeom) where model.geom_contype[geom] == 0 && model.geom_conaffinity[geom] == 0 {
        if model.body_mocapid[Int(model.geom_bodyid[geom])] >= 0 { model.geom_rgba[4 * geom + 3] = 0 }
      }
    }

    deinit {
      // A session that failed half way has nothing of the scene yet.
      guard scene.maxgeom > 0 else { return }
      thread.run {
        mjr_freeContext(&context)
        mjv_freeScene(&scene)
      }
    }

    func draw(
      _ camera: ModelRenderer.Camera, _ viewpoint: SpatialView.Viewpoint, width: Int, height: Int,
      targets: [ModelRenderer.Target]
    ) -> SpatialView.Pixels {
      var pixels: SpatialView.Pixels = []
      thread.run { pixels = paint(camera, viewpoint, width: width, height: height, targets: targets) }
      return pixels
    }

    private func paint(
      _ camera: ModelRenderer.Camera, _ viewpoint: SpatialView.Viewpoint, width: Int, height: Int,
      targets: [ModelRenderer.Target]
    ) -> SpatialView.Pixels {
      if size != (width, height) {
        mjr_resizeOffscreen(Int32(width), Int32(height), &context)
        mjr_setBuffer(Int32(mjFB_OFFSCREEN.rawValue), &context)
        size = (width, height)
        bytes = Array(repeating: 0, count: 3 * width * height)
        depths = Array(repeating: 0, count: hasSky ? 0 : width * height)
      }
      mj_forward(physics.model, physics.data)
      var options = mjvOption()
      mjv_defaultOption(&options)
      if viewpoint.showsContacts {
        withUnsafeMutableBytes(of: &options.flags) { flags in
          flags[Int(mjVIS_CONTACTPOINT.rawValue)] = 1
          flags[Int(mjVIS_CONTACTFORCE.rawValue)] = 1
        }
      }
      if !viewpoint.showsTargets {
        withUnsafeMutableBytes(of: &options.sitegroup) { groups in for index in groups.indices { groups[index] = 0 } }
      }
      var eye = mjvCamera()
      mjv_defaultFreeCamera(physics.model, &eye)
      eye.lookat = (camera.center.x, camera.center.y, camera.center.z)
      eye.distance = camera.distance / min(max(viewpoint.zoom, 0.05), 50)
      eye.azimuth = camera.azimuth - viewpoint.turn
      eye.elevation = min(max(camera.elevation - viewpoint.tilt, -89), 89)
      withUnsafeMutableBytes(of: &scene.flags) { flags in
        // Reflections and shadows cost a processor two thirds of its pictures.
        flags[Int(mjRND_SHADOW.rawValue)] = 0
        flags[Int(mjRND_REFLECTION.rawValue)] = 0
        flags[Int(mjRND_SKYBOX.rawValue)] = hasSky ? 1 : 0
      }
      mjv_updateScene(physics.model, physics.data, &options, nil, &eye, Int32(mjCAT_ALL.rawValue), &scene)
      if viewpoint.showsTargets { for target in targets { mark(target) } }
      let place = mjrRect(left: 0, bottom: 0, width: Int32(width), height: Int32(height))
      mjr_render(place, &scene, &context)
      bytes.withUnsafeMutableBufferPointer { bytes in
        depths.withUnsafeMutableBufferPointer { depths in
          mjr_readPixels(bytes.baseAddress, hasSky ? nil : depths.baseAddress, place, &context)
        }
      }
      // OpenGL's first row is the lowest.
      return SpatialView.Pixels(unsafeUninitializedCapacity: width * height) { pixels, count in
        for row in 0..<height {
          let behind = Self.background(Float(row) / Float(height))
          for column in 0..<width {
            let at = (height - 1 - row) * width + column
            let from = 3 * at
            // Nothing was drawn there: farthest away, and as black as the buffer was cleared.
            if !hasSky, depths[at] >= 0.999_999, bytes[from] == 0, bytes[from + 1] == 0, bytes[from + 2] == 0 {
              pixels[row * width + column] = behind
              continue
            }
            pixels[row * width + column] =
              0xFF00_0000 | UInt32(bytes[from]) << 16 | UInt32(bytes[from + 1]) << 8 | UInt32(bytes[from + 2])
          }
        }
        count = width * height
      }
    }

    /// What is behind everything where a model has no sky: a grey, lighter above.
    private static func background(_ height: Float) -> UInt32 {
      func mix(_ top: Float, _ bottom: Float) -> UInt32 { UInt32(top + (bottom - top) * height) }
      return 0xFF00_0000 | mix(112, 58) << 16 | mix(122, 64) << 8 | mix(138, 74)
    }

    /// A green ball or box that one can see through.
    private func mark(_ target: ModelRenderer.Target) {
      guard scene.ngeom < scene.maxgeom else { return }
      let place = [target.place.x, target.place.y, target.place.z]
      let size: [Double] = target.half.map { [$0.x, $0.y, $0.z] } ?? [0.015, 0, 0]
      let kind = target.half == nil ? mjGEOM_SPHERE : mjGEOM_BOX
      let turn: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
      mjv_initGeom(
        scene.geoms + Int(scene.ngeom), Int32(kind.rawValue), size, place, turn, [0.3, 0.85, 0.4, 0.6])
      scene.ngeom += 1
    }
  }
#endif
