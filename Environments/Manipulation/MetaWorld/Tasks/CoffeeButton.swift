#if MuJoCo
  extension MetaWorldTask {
    /// A button on the front of the coffee machine.
    static let coffeeButton = MetaWorldTask(
      "coffee-button", "push the coffee machine's button", model: "sawyer_coffee", hand: [0, 0.4, 0.2],
      object: Box([-0.1, 0.8, -0.001], [0.1, 0.9, 0.001]),
      goalSpace: Box(
        [-0.1 + -0.001, 0.8 + (-0.22 + 0.03), -0.001 + 0.299], [0.1 + 0.001, 0.9 + (-0.22 + 0.03), 0.001 + 0.301]),
      terms: ["near", "pressed"],
      see: { Seen($0.site("buttonStart"), [1, 0, 0, 0]) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.move(body: "coffee_machine", to: draw.object)
        scene.put(draw.object.by(0, -0.22, 0), at: 0, stopping: 9..<15)
        scene.notes.target = draw.object.by(0, -0.22, 0.3).by(0, 0.03, 0)
      },
      pay: { scene, _ in
        let near = norm(scene.object - scene.tcp)
        let far = abs(scene.notes.target.y - scene.object.y)
        let close = tolerance(near, 0, 0.05, margin: norm(scene.object - scene.notes.hand))
        let pressed = tolerance(far, 0, 0.005, margin: 0.03)
        var pay = Payment(near: near <= 0.05, grasp: close, inPlace: pressed, distance: far, success: far <= 0.02)
        pay.graspSuccess = scene.opened > 0
        pay.add(0, 2 * hamacher(Promoted(max(scene.opened, 0)), close))
        if near <= 0.05 { pay.add(1, 8 * pressed) }
        return pay
      },
      expert: { seen in
        let button = seen.object.by(0, 0, -0.07)
        let aligned = norm(seen.hand.x - button.x, seen.hand.z - button.z) <= 0.02
        return Order(
          to: aligned ? button.by(0, 0.2, 0) : [button.x, seen.hand.y, button.z], gain: 10, grip: -1)
      })
  }
#endif
