#if MuJoCo
  extension MetaWorldTask {
    /// The window stands shut.
    static let windowOpen = MetaWorldTask(
      "window-open", "slide a window open", model: "sawyer_window_horizontal", hand: single(0, 0.4, 0.2),
      object: Box([-0.1, 0.7, 0.16], [0.1, 0.9, 0.16]), terms: ["reachAndPlace"],
      see: { Seen($0.site("handleOpenStart"), .zero) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.target = draw.object.by(0.2, 0, 0)
        scene.move(body: "window", to: draw.object)
        scene.notes.mark = scene.site("handleOpenStart")
        scene.set("window_slide", to: 0)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, _ in
        payWindow(scene, handle: scene.site("handleOpenStart"), start: scene.notes.object.x, .longTail)
      },
      expert: { seen in
        let window = seen.object.by(-0.03, -0.03, -0.08)
        let to =
          plane(seen.hand - window) > 0.04
          ? window.by(0, 0, 0.3) : abs(seen.hand.z - window.z) > 0.02 ? window : window.by(0.1, 0, 0)
        return Order(to: to, gain: 25, grip: 1)
      })

    /// Pays for reaching the handle and for how near it is to its end.
    static func payWindow(_ scene: Scene, handle: Vector, start: Double, _ shape: Falloff) -> Payment {
      let target = scene.notes.target
      let far = norm(handle.x - target.x)
      let inPlace = tolerance(far, 0, 0.05, margin: abs(norm(start - target.x) - 0.05))
      let near = norm(handle - scene.tcp)
      let reach = tolerance(near, 0, 0.02, margin: abs(norm(scene.notes.mark - scene.notes.hand) - 0.02), shape)
      var pay = Payment(near: near <= 0.05, grasp: reach, inPlace: inPlace, distance: far, success: far <= 0.05)
      pay.graspSuccess = true
      pay.add(0, 10 * hamacher(reach, inPlace))
      return pay
    }
  }
#endif
