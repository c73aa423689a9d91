#if MuJoCo
  extension MetaWorldTask {
    /// The mug is pushed under the machine.
    static let coffeePush = MetaWorldTask(
      "coffee-push", "put the mug into the coffee machine", model: "sawyer_coffee", hand: [0, 0.4, 0.2],
      object: Box([-0.1, 0.55, -0.001], [0.1, 0.65, 0.001]), goal: Box([-0.05, 0.7, -0.001], [0.05, 0.75, 0.001]),
      apart: 0.15, terms: ["graspAndPlace", "held", "done"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "mug")) },
      place: { scene, draw in placeMug(&scene, draw, machine: draw.goal) },
      pay: { scene, effort in payMug(scene, effort) },
      expert: { seen in
        let mug = seen.object.by(0.01, 0, 0.05)
        let to: Vector =
          plane(seen.hand - mug) > 0.06
          ? mug.by(0, 0, 0.2) : abs(seen.hand.z - mug.z) > 0.02 ? mug : [seen.goal.x, seen.goal.y, 0.1]
        return Order(to: to, gain: 10, grip: seen.isAbout(mug, 0.06, 0.1) ? 0.5 : -1)
      })
  }
#endif
