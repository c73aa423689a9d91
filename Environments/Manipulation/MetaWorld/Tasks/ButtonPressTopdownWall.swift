#if MuJoCo
  extension MetaWorldTask {
    /// The button's stem points up, behind a wall.
    static let buttonPressTopdownWall = MetaWorldTask(
      "button-press-topdown-wall", "push down a button that stands behind a wall",
      model: "sawyer_button_press_topdown_wall", hand: single(0, 0.4, 0.2),
      object: Box([-0.1, 0.8, 0.115], [0.1, 0.9, 0.115]), terms: ["near", "pressed"],
      see: { Seen($0.body("button").by(0, 0, 0.193), $0.quaternion(body: "button")) },
      place: { scene, draw in placeTopdownButton(&scene, draw) },
      pay: { scene, _ in payTopdownButton(scene, closed: max(scene.opened, 0)) },
      expert: { seen in
        let button = seen.object.by(0, -0.06, 0)
        let over = plane(seen.hand - button) <= 0.04
        return Order(to: over ? button : button.by(0, 0, 0.1), gain: 25, grip: -1)
      })
  }
#endif
