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

    /// What it is called.
    static let name = "MuJoCo's renderer"
    /// Most pixels of a side.
    static let mostPixels = 2048

    private let camera: Camera
    private let pool: PhysicsPool
    private let session = Mutex<Result<Session, UserError>?>(nil)

    /// - Parameter pool: Whose model is drawn, a copy of it.
    init(_ pool: PhysicsPool, camera: Camera) { (self.pool, self.camera) = (pool, camera) }

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
        session = .success(try Session(try pool.copy()))
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
      _ viewpoint: SpatialView.Viewpoint, width: Int, height: Int, targets: [Vector], prepare: (Physics) -> Void
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
    func view(targets: [Vector], prepare: @escaping @Sendable (Physics) -> Void) -> SpatialView {
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
    /// Most geoms of a picture.
    private static let mostGeoms = 5_000

    init(_ physics: Physics) throws(UserError) {
      self.physics = physics
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
      mjr_defaultContext(&context)
      mjr_makeContext(physics.model, &context, Int32(mjFONTSCALE_100.rawValue))
      mjr_setBuffer(Int32(mjFB_OFFSCREEN.rawValue), &context)
      mjv_defaultScene(&scene)
      mjv_makeScene(physics.model, &scene, Int32(Self.mostGeoms))
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
      _ camera: ModelRenderer.Camera, _ viewpoint: SpatialView.Viewpoint, width: Int, height: Int, targets: [Vector]
    ) -> SpatialView.Pixels {
      var pixels: SpatialView.Pixels = []
      thread.run { pixels = paint(camera, viewpoint, width: width, height: height, targets: targets) }
      return pixels
    }

    private func paint(
      _ camera: ModelRenderer.Camera, _ viewpoint: SpatialView.Viewpoint, width: Int, height: Int, targets: [Vector]
    ) -> SpatialView.Pixels {
      if size != (width, height) {
        mjr_resizeOffscreen(Int32(width), Int32(height), &context)
        mjr_setBuffer(Int32(mjFB_OFFSCREEN.rawValue), &context)
        size = (width, height)
        bytes = Array(repeating: 0, count: 3 * width * height)
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
      }
      mjv_updateScene(physics.model, physics.data, &options, nil, &eye, Int32(mjCAT_ALL.rawValue), &scene)
      if viewpoint.showsTargets { for target in targets { mark(target) } }
      let place = mjrRect(left: 0, bottom: 0, width: Int32(width), height: Int32(height))
      mjr_render(place, &scene, &context)
      bytes.withUnsafeMutableBufferPointer { mjr_readPixels($0.baseAddress, nil, place, &context) }
      // OpenGL's first row is the lowest.
      return SpatialView.Pixels(unsafeUninitializedCapacity: width * height) { pixels, count in
        for row in 0..<height {
          for column in 0..<width {
            let from = 3 * ((height - 1 - row) * width + column)
            pixels[row * width + column] =
              0xFF00_0000 | UInt32(bytes[from]) << 16 | UInt32(bytes[from + 1]) << 8 | UInt32(bytes[from + 2])
          }
        }
        count = width * height
      }
    }

    /// A green ball that one can see through.
    private func mark(_ target: Vector) {
      guard scene.ngeom < scene.maxgeom else { return }
      let place = [target.x, target.y, target.z]
      let radius = [0.015, 0, 0]
      let turn: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
      mjv_initGeom(
        scene.geoms + Int(scene.ngeom), Int32(mjGEOM_SPHERE.rawValue), radius, place, turn, [0.3, 0.85, 0.4, 0.6])
      scene.ngeom += 1
    }
  }
#endif
