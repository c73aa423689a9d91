#if MuJoCo
  extension MetaWorldTask {
    /// The goal is in the air.
    static let pickPlace = MetaWorldTask(
      "pick-place", "carry a puck to a place in the air", model: "sawyer_pick_place_v3", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.6, 0.02], [0.1, 0.7, 0.02]), goal: Box([-0.1, 0.8, 0.05], [0.1, 0.9, 0.3]), apart: 0.15,
      terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in scene.placeAsDrawn(draw) },
      pay: { scene, effort in
        let far = norm(scene.object - scene.notes.target)
        let near = norm(scene.object - scene.tcp)
        let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - scene.notes.target))
        let grasp = pinching(scene, effort)
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && scene.object.z - 0.02 > scene.notes.object.z
        pay.add(0, hamacher(grasp, inPlace))
        if near < 0.02 && scene.opened > 0 && scene.object.z - 0.01 > scene.notes.object.z {
          pay.add(1, 1 + 5 * inPlace)
        }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let puck = seen.object.by(-0.005, 0, 0)
        let to =
          plane(seen.hand - puck) > 0.02
          ? puck.by(0, 0, 0.1)
          : abs(seen.hand.z - puck.z) > 0.05 && puck.z < 0.04
            ? puck.by(0, 0, 0.03) : seen.opened > 0.73 ? seen.hand : seen.goal
        return Order(to: to, gain: 10, grip: norm(seen.hand - seen.object) < 0.07 ? 1 : 0)
      })
  }
#endif
