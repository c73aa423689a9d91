#if MuJoCo
  extension MetaWorldTask {
    /// The button's stem points at the robot, behind a wall.
    static let buttonPressWall = MetaWorldTask(
      "button-press-wall", "push in a button that is behind a wall", model: "sawyer_button_press_wall",
      hand: single(0, 0.4, 0.2), object: Box([-0.05, 0.85, 0.1149], [0.05, 0.9, 0.1151]),
      terms: ["near", "arrived", "opened", "pressed"],
      see: { Seen($0.body("button").by(0, -0.193, 0), $0.quaternion(body: "button")) },
      place: { scene, draw in placeButton(&scene, draw) },
      pay: { scene, _ in
        let near = norm(scene.object - scene.tcp)
        let far = abs(scene.notes.target.y - scene.object.y)
        let close = tolerance(near, 0, 0.01, margin: norm(scene.object - scene.notes.hand))
        let pressed = tolerance(far, 0, 0.005, margin: scene.notes.distance)
        var pay = Payment(near: near <= 0.05, grasp: close, inPlace: pressed, distance: far, success: far <= 0.03)
        pay.graspSuccess = scene.opened > 0
        if near > 0.07 {
          pay.add(0, 2 * hamacher(Promoted((1 - scene.opened) / 2), close))
        } else {
          pay.add(1, 2)
          pay.add(2, Promoted(2 * (1 + scene.opened)))
          pay.add(3, 4 * Promoted(squared(pressed.value)))
        }
        return pay
      },
      expert: { seen in
        let button = seen.object.by(0, 0, 0.04)
        let beside = abs(seen.hand.x - button.x) > 0.02
        let before = button.y - seen.hand.y > 0.09
        let above = abs(seen.hand.z - button.z) > 0.02
        let to: Vector =
          beside
          ? [button.x, seen.hand.y, 0.3]
          : before ? [button.x, button.y, 0.3] : above ? button.by(0, -0.05, 0) : button.by(0, -0.02, 0)
        return Order(to: to, gain: 15, grip: beside || before || above ? 1 : -1)
      })
  }
#endif
