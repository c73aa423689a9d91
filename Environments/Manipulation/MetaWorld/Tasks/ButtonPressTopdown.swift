#if MuJoCo
  extension MetaWorldTask {
    /// The button's stem points up.
    static let buttonPressTopdown = MetaWorldTask(
      "button-press-topdown", "push down a button that points up", model: "sawyer_button_press_topdown",
      hand: single(0, 0.4, 0.2), object: Box([-0.1, 0.8, 0.115], [0.1, 0.9, 0.115]), terms: ["near", "pressed"],
      see: { Seen($0.body("button").by(0, 0, 0.193), $0.quaternion(body: "button")) },
      place: { scene, draw in placeTopdownButton(&scene, draw) },
      pay: { scene, _ in payTopdownButton(scene, closed: 1 - scene.opened) },
      expert: { seen in
        let over = plane(seen.hand - seen.object) <= 0.04
        return Order(to: over ? seen.object : seen.object.by(0, 0, 0.1), gain: 25, grip: 1)
      })

    /// Puts the box there and finds where the stem starts and ends.
    static func placeTopdownButton(_ scene: inout Scene, _ draw: Draw) {
      scene.notes.object = draw.object
      scene.move(body: "box", to: draw.object)
      scene.forward()
      scene.notes.target = scene.site("hole")
      scene.notes.distance = abs(scene.notes.target.z - scene.site("buttonStart").z)
    }

    /// Pays for nearness with the fingers as they are wanted, then for how far the stem is in.
    static func payTopdownButton(_ scene: Scene, closed: Double) -> Payment {
      let near = norm(scene.object - scene.tcp)
      let far = abs(scene.notes.target.z - scene.object.z)
      let close = tolerance(near, 0, 0.01, margin: norm(scene.object - scene.notes.hand))
      let pressed = tolerance(far, 0, 0.005, margin: scene.notes.distance)
      var pay = Payment(near: near <= 0.05, grasp: close, inPlace: pressed, distance: far, success: far <= 0.024)
      pay.graspSuccess = scene.opened > 0
      pay.add(0, 5 * hamacher(Promoted(closed), close))
      if near <= 0.03 { pay.add(1, 5 * pressed) }
      return pay
    }
  }
#endif
