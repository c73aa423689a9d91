#if MuJoCo
  import Groundwork
  import ReinforcementLearning
  import Testing

  @testable import ManipulationEnvironments

  /// MuJoCo's own pictures, where there is an OpenGL; it may be one that a processor runs.
  @Suite("MuJoCo's renderer", .serialized) struct RendererTests {
    private static let stack: SceneTask? = (try? SceneTask.plan(SceneConfiguration())).map { SceneTask(plan: $0) }
    private static let hasRenderer = stack?.base.plan.renderer.absence == nil

    private func environment(seed: UInt64) throws -> SceneTask {
      var environment = try #require(Self.stack)
      environment.reset(seed: seed)
      return environment
    }

    @Test("a picture shows the state, and shows it again after others were drawn", .enabled(if: hasRenderer))
    func pictures() throws {
      var environment = try environment(seed: 1)
      let view = try #require(environment.sketch().view)
      let first = try view.pixels(.init(), width: 120, height: 90)
      #expect(first.count == 120 * 90 && Set(first).count > 50 && first.allSatisfy { $0 >> 24 == 0xFF })
      for _ in 0..<20 { _ = environment.step(environment.expertAction()) }
      let later = try #require(environment.sketch().view).pixels(.init(), width: 120, height: 90)
      #expect(later != first)
      #expect(try view.pixels(.init(), width: 120, height: 90) == first)
    }

    @Test("turning, going nearer, contacts and targets change the picture", .enabled(if: hasRenderer))
    func viewpoints() throws {
      let view = try #require(try environment(seed: 2).sketch().view)
      func pixels(_ change: (inout SpatialView.Viewpoint) -> Void) throws -> [UInt32] {
        var viewpoint = SpatialView.Viewpoint()
        change(&viewpoint)
        return try view.pixels(viewpoint, width: 160, height: 160)
      }
      let plain = try pixels { _ in }
      for change: (inout SpatialView.Viewpoint) -> Void in [
        { $0.turn = 40 }, { $0.tilt = 30 }, { $0.zoom = 2 }, { $0.showsContacts = true }, { $0.showsTargets = false },
      ] { #expect(try pixels(change) != plain) }
    }

    @Test("behind a scene without a sky is a grey, and a picture tells the right shelf", .enabled(if: hasRenderer))
    func background() throws {
      let view = try #require(try environment(seed: 2).sketch().view)
      let pixels = try view.pixels(.init(), width: 120, height: 90)
      for corner in [pixels[0], pixels[119]] {
        let parts = [corner >> 16 & 0xFF, corner >> 8 & 0xFF, corner & 0xFF]
        #expect(parts.min()! > 80 && parts.max()! - parts.min()! < 40, "\(parts)")
      }
      var pictures: Set<[UInt32]> = []
      var captions: Set<String> = []
      for shelf in 0..<4 {
        var scene = try SceneTask(scene: "Shelves", shelf: shelf)
        scene.reset(seed: 1)
        let sketch = scene.sketch()
        pictures.insert(try #require(sketch.view).pixels(.init(), width: 120, height: 90))
        captions.insert(sketch.captions[0])
      }
      #expect(pictures.count == 4 && captions.count == 4, "\(captions)")
    }

    @Test("drawing does not change how an episode goes on", .enabled(if: hasRenderer))
    func harmless() throws {
      var watched = try environment(seed: 3)
      var other = watched
      for _ in 0..<30 {
        _ = try watched.sketch().view?.pixels(.init(), width: 40, height: 40)
        let action = other.expertAction()
        #expect(watched.step(action) == other.step(action))
      }
      #expect(watched.base.state == other.base.state)
    }
  }
#endif
