#if MuJoCo
  extension MetaWorldTask {
    /// Over a wall.
    static let reachWall = MetaWorldTask(
      "reach-wall", "bring the gripper over a wall to a place in the air", model: "sawyer_reach_wall_v3",
      hand: [0, 0.6, 0.2],
      object: Box([-0.05, 0.6, 0.015], [0.05, 0.65, 0.015]), goal: Box([-0.05, 0.85, 0.05], [0.05, 0.9, 0.3]),
      apart: 0.15, terms: ["inPlace"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in scene.placeAsDrawn(draw) },
      pay: { scene, _ in
        let far = norm(scene.tcp - scene.notes.target)
        let inPlace = tolerance(far, 0, 0.05, margin: norm([0, 0.6, 0.2] - scene.notes.target))
        var pay = Payment(near: false, grasp: 0, inPlace: inPlace, distance: far, success: far <= 0.05)
        pay.add(0, 10 * inPlace)
        return pay
      },
      expert: { seen in
        let hand = seen.hand
        let before = hand.x >= -0.1 && hand.x <= 0.3 && hand.y >= 0.6 && hand.y <= 0.8 && hand.z < 0.25
        return Order(to: before ? seen.goal.by(0, 0, 1) : seen.goal, gain: 5, grip: 0)
      })
  }
#endif
