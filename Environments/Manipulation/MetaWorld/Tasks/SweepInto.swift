#if MuJoCo
  extension MetaWorldTask {
    /// The goal is a hole of the table.
    static let sweepInto = MetaWorldTask(
      "sweep-into", "sweep a puck into a hole of the table", model: "sawyer_table_with_hole", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.6, 0.02], [0.1, 0.7, 0.02]), goal: Box([-0.001, 0.8399, 0.0199], [0.001, 0.8401, 0.0201]),
      apart: 0.15, fixedGoal: [0, 0.84, 0.02], terms: ["grasp", "graspAndPlace", "done"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in
        scene.notes.target = [0, 0.84, 0.02]
        scene.notes.object = [draw.object.x, draw.object.y, scene.body("obj").z]
        scene.put(object: scene.notes.object)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, _ in
        let target: Vector = [scene.notes.target.x, scene.notes.target.y, scene.object.z]
        return payForSweeping(scene, target: target, grip: 0.005, xz: 0.01)
      },
      expert: { seen in
        let cube = seen.object.by(-0.005, 0, 0.01)
        let to =
          plane(seen.hand - cube) > 0.04
          ? cube.by(0, 0, 0.3) : abs(seen.hand.z - cube.z) > 0.04 ? cube : seen.goal
        return Order(to: to, gain: 25, grip: seen.isAbout(seen.object, 0.04, 0.15) ? 0.7 : -1)
      })

    /// Pays for a puck that is held and near its goal.
    static func payForSweeping(_ scene: Scene, target: Vector, grip: Double, xz: Double) -> Payment {
      let far = norm(scene.object - target)
      let near = norm(scene.object - scene.tcp)
      let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - target))
      let grasp = wrapping(scene, radius: 0.02, grip: grip, xz: xz)
      var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.05)
      pay.graspSuccess = scene.isTouched("objGeom") && scene.opened > 0
      pay.add(0, 2 * grasp)
      pay.add(1, 6 * hamacher(grasp, inPlace))
      if far < 0.05 { pay.only(2, 10) }
      return pay
    }
  }
#endif
