#if MuJoCo
  extension MetaWorldTask {
    /// The goal is beside the table.
    static let sweep = MetaWorldTask(
      "sweep", "sweep a puck off the table", model: "sawyer_sweep_v3", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.6, 0.02], [0.1, 0.7, 0.02]), goalSpace: Box([0.49, 0.6, 0], [0.51, 0.7, 0.02]),
      terms: ["grasp", "graspAndPlace", "done"],
      see: { Seen($0.body("obj"), $0.quaternion(body: "obj")) },
      place: { scene, draw in
        scene.notes.object = [draw.object.x, draw.object.y, 0.02]
        scene.notes.target = [0.5, draw.object.y, 0.01]
        scene.put(object: scene.notes.object)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, _ in payForSweeping(scene, target: scene.notes.target, grip: 0.01, xz: 0.005) },
      expert: { seen in
        let cube = seen.object.by(0, 0, 0.015)
        let way = seen.hand.x < 0.2
        let to =
          way && plane(seen.hand - cube) > 0.04
          ? cube.by(0, 0, 0.3) : way && abs(seen.hand.z - cube.z) > 0.04 ? cube : seen.goal.by(0, 0, 0.1)
        return Order(
          to: to, gain: 25, grip: seen.isAbout(seen.object, 0.04, 0.15) && seen.object.x < 0.4 ? 0.7 : -1)
      })
  }
#endif
