#if MuJoCo
  extension MetaWorldTask {
    /// The goal is in the air; a puck lies about.
    static let reach = MetaWorldTask(
      "reach", "bring the gripper to a place in the air", model: "sawyer_reach_v3", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.6, 0.02], [0.1, 0.7, 0.02]), goal: Box([-0.1, 0.8, 0.05], [0.1, 0.9, 0.3]), apart: 0.15,
      terms: ["inPlace"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in scene.placeAsDrawn(draw) },
      pay: { scene, _ in
        let far = norm(scene.tcp - scene.notes.target)
        let inPlace = tolerance(far, 0, 0.05, margin: norm([0, 0.6, 0.2] - scene.notes.target))
        var pay = Payment(near: far, grasp: Promoted(far), inPlace: inPlace, distance: far, success: far <= 0.05)
        pay.graspSuccess = true
        pay.add(0, 10 * inPlace)
        return pay
      },
      expert: { seen in Order(to: seen.goal, gain: 5, grip: 0) })
  }
#endif
