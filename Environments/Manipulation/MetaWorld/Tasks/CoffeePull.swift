#if MuJoCo
  extension MetaWorldTask {
    /// The mug is pulled out from under the machine.
    static let coffeePull = MetaWorldTask(
      "coffee-pull", "take the mug out of the coffee machine", model: "sawyer_coffee", hand: [0, 0.4, 0.2],
      object: Box([-0.05, 0.7, -0.001], [0.05, 0.75, 0.001]), goal: Box([-0.1, 0.55, -0.001], [0.1, 0.65, 0.001]),
      apart: 0.15, terms: ["graspAndPlace", "held", "done"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "mug")) },
      place: { scene, draw in placeMug(&scene, draw, machine: draw.object) },
      pay: { scene, effort in payMug(scene, effort) },
      expert: { seen in
        let mug = seen.object.by(-0.005, 0, 0.05)
        let to =
          plane(seen.hand - mug) > 0.06
          ? mug.by(0, 0, 0.15) : abs(seen.hand.z - mug.z) > 0.02 ? mug : seen.goal
        return Order(to: to, gain: 10, grip: seen.isAbout(seen.object.by(0.01, 0, 0.05), 0.06, 0.1) ? 0.7 : -1)
      })

    /// Puts mug, goal and machine, which stands behind one of them.
    static func placeMug(_ scene: inout Scene, _ draw: Draw, machine front: Vector) {
      scene.put(draw.object, at: 0, stopping: 9..<15)
      scene.notes.object = draw.object
      scene.move(body: "coffee_machine", to: front.by(0, 0.22, 0))
      scene.notes.target = draw.goal
      scene.move(site: "mug_goal", to: draw.goal)
    }

    /// Pays for a mug that is held and near its goal.
    static func payMug(_ scene: Scene, _ effort: Float) -> Payment {
      let target = scene.notes.target
      let far = norm((scene.object - target) * [2, 2, 1])
      let inPlace = tolerance(far, 0, 0.05, margin: norm((scene.notes.object - target) * [2, 2, 1]))
      let near = norm(scene.object - scene.tcp)
      let grasp = caging(
        scene, scene.object, effort, radius: 0.02, pad: 0.05, reach: 0.04, xz: 0.05, desired: 0.7, .medium)
      let distance = norm(scene.object - target)
      var pay = Payment(
        near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: distance, success: distance <= 0.07)
      pay.graspSuccess = scene.isTouched("mug") && scene.opened > 0
      pay.add(0, hamacher(grasp, inPlace))
      if near < 0.04 && scene.opened > 0 { pay.add(1, 1 + 5 * inPlace) }
      if far < 0.05 { pay.only(2, 10) }
      return pay
    }
  }
#endif
