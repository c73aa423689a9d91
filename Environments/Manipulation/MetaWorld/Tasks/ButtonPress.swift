#if MuJoCo
  extension MetaWorldTask {
    /// The button's stem points at the robot.
    static let buttonPress = MetaWorldTask(
      "button-press", "push in a button that points at the robot", model: "sawyer_button_press",
      hand: single(0, 0.4, 0.2),
      object: Box([-0.1, 0.85, 0.115], [0.1, 0.9, 0.115]), terms: ["near", "pressed"],
      see: { Seen($0.body("button").by(0, -0.193, 0), $0.quaternion(body: "button")) },
      place: { scene, draw in placeButton(&scene, draw) },
      pay: { scene, _ in
        let near = norm(scene.object - scene.tcp)
        let far = abs(scene.notes.target.y - scene.object.y)
        let close = tolerance(near, 0, 0.05, margin: norm(scene.object - scene.notes.hand))
        let pressed = tolerance(far, 0, 0.005, margin: scene.notes.distance)
        var pay = Payment(near: near <= 0.05, grasp: close, inPlace: pressed, distance: far, success: far <= 0.02)
        pay.graspSuccess = scene.opened > 0
        pay.add(0, 2 * hamacher(Promoted(max(scene.opened, 0)), close))
        if near <= 0.05 { pay.add(1, 8 * pressed) }
        return pay
      },
      expert: { seen in
        var button = seen.object.by(0, 0, -0.07)
        let aligned = isClose(seen.hand.x, button.x, 0.02) && isClose(seen.hand.z, button.z, 0.02)
        button.y = aligned ? button.y + 0.02 : seen.hand.y - 0.1
        return Order(to: button, gain: 25, grip: 0)
      })

    /// Puts the box there with the stem out and finds where the stem starts and ends.
    static func placeButton(_ scene: inout Scene, _ draw: Draw) {
      scene.notes.object = draw.object
      scene.move(body: "box", to: draw.object)
      scene.slide(to: 0)
      scene.notes.target = scene.site("hole")
      scene.notes.distance = abs(scene.notes.target.y - scene.site("buttonStart").y)
    }
  }
#endif
