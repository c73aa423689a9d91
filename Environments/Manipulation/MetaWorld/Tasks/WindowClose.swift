#if MuJoCo
  extension MetaWorldTask {
    /// The window stands open.
    static let windowClose = MetaWorldTask(
      "window-close", "slide a window shut", model: "sawyer_window_horizontal", hand: single(0, 0.4, 0.2),
      object: Box([0, 0.75, 0.2], [0, 0.9, 0.2]), terms: ["reachAndPlace"],
      see: { Seen($0.site("handleCloseStart"), .zero) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.target = draw.object
        scene.move(body: "window", to: draw.object)
        scene.notes.mark = scene.site("handleCloseStart").by(0.2, 0, 0)
        scene.set("window_slide", to: 0.2)
        scene.move(site: "goal", to: draw.object)
      },
      pay: { scene, _ in
        payWindow(scene, handle: scene.site("handleCloseStart"), start: scene.notes.mark.x, .gaussian)
      },
      expert: { seen in
        let window = seen.object.by(0.03, -0.03, -0.08)
        let to =
          plane(seen.hand - window) > 0.04
          ? window.by(0, 0, 0.25) : abs(seen.hand.z - window.z) > 0.02 ? window : window.by(-0.1, 0, 0)
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
