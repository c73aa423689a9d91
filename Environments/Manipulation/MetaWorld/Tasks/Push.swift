#if MuJoCo
  extension MetaWorldTask {
    /// The goal is on the table.
    static let push = MetaWorldTask(
      "push", "push a puck to a place on the table", model: "sawyer_push_v3", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.6, 0.02], [0.1, 0.7, 0.02]), goal: Box([-0.1, 0.8, 0.01], [0.1, 0.9, 0.02]), apart: 0.15,
      terms: ["grasp", "inPlace", "done"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in
        let height = scene.body("obj").z
        scene.notes.target = [draw.goal.x, draw.goal.y, height]
        scene.notes.object = [draw.object.x, draw.object.y, height]
        scene.put(object: scene.notes.object)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, effort in
        let near = norm(scene.object - scene.tcp)
        let far = norm(scene.object - scene.notes.target)
        let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - scene.notes.target))
        let grasp = caging(scene, scene.object, effort, radius: 0.015, pad: 0.05, reach: 0.01, xz: 0.005, .high)
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.05)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && scene.object.z - 0.02 > scene.notes.object.z
        pay.add(0, 2 * grasp)
        if near < 0.02 && scene.opened > 0 { pay.add(1, 1 + pay.total + 5 * inPlace) }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let puck = seen.object.by(-0.005, 0, 0)
        let to =
          plane(seen.hand - puck) > 0.02
          ? puck.by(0, 0, 0.2) : abs(seen.hand.z - puck.z) > 0.04 ? puck.by(0, 0, 0.03) : seen.goal
        return Order(to: to, gain: 10, grip: seen.isAbout(puck, 0.02, 0.1) ? 0.6 : 0)
      })
  }
#endif
