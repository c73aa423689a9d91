#if MuJoCo
  extension MetaWorldTask {
    /// Towards the robot.
    static let pushBack = MetaWorldTask(
      "push-back", "draw a puck back to a place near the robot", model: "sawyer_push_back_v3",
      hand: single(0, 0.6, 0.2),
      object: Box([-0.1, 0.8, 0.02], [0.1, 0.85, 0.02]), goal: Box([-0.1, 0.6, 0.0199], [0.1, 0.7, 0.0201]),
      apart: 0.15, terms: ["graspAndPlace", "moved", "done"],
      see: { Seen($0.geom("objGeom"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in
        let height = scene.geom("objGeom").z
        scene.notes.target = [draw.goal.x, draw.goal.y, height]
        scene.notes.object = [draw.object.x, draw.object.y, height]
        scene.put(object: scene.notes.object)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, _ in
        let near = norm(scene.object - scene.tcp)
        let far = norm(scene.object - scene.notes.target)
        let start = norm(scene.notes.object - scene.notes.target)
        let inPlace = tolerance(far, 0, 0.05, margin: start)
        let grasp = wrapping(scene, radius: 0.007, grip: 0.003, xz: 0.01)
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && scene.object.z - 0.02 > scene.notes.object.z
        pay.add(0, hamacher(grasp, inPlace))
        if near < 0.01 && scene.opened > 0 && scene.opened < 0.55 && start - far > 0.01 {
          pay.add(1, 1 + 5 * inPlace)
        }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let to =
          plane(seen.hand - seen.object) > 0.04
          ? seen.object.by(0, 0, 0.3)
          : abs(seen.hand.z - seen.object.z) > 0.055 ? seen.object : seen.goal.by(0, 0, seen.hand.z)
        return Order(to: to, gain: 10, grip: seen.isAbout(seen.object, 0.04, 0.05) ? 0.9 : 0)
      })
  }
#endif
