#if MuJoCo
  extension MetaWorldTask {
    /// The ball is gripped, carried above the rim and dropped.
    static let basketball = MetaWorldTask(
      "basketball", "drop a ball through a hoop", model: "sawyer_basketball", hand: single(0, 0.6, 0.2),
      object: Box([-0.1, 0.6, 0.0299], [0.1, 0.7, 0.0301]), goal: Box([-0.1, 0.85, 0], [0.1, 0.9 + 1e-7, 0]),
      goalSpace: Box([-0.1, 0.85 - 0.083, 0.2499], [0.1, 0.9 + 1e-7 - 0.083, 0.2501]), apart: 0.15,
      terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.body("bsktball"), $0.quaternion(body: "bsktball")) },
      place: { scene, draw in
        scene.notes.object = [draw.object.x, draw.object.y, single(0, 0, 0.03).z]
        scene.move(body: "basket_goal", to: draw.goal)
        scene.put(object: scene.notes.object)
        scene.notes.target = scene.site("goal")
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, effort in
        let target: Vector = [scene.notes.target.x, scene.notes.target.y, 0.3]
        let far = norm((scene.object - target) * [1, 1, 2])
        let inPlace = tolerance(far, 0, 0.08, margin: norm((scene.notes.object - target) * [1, 1, 2]))
        let near = norm(scene.object - scene.tcp)
        var grasp = caging(scene, scene.object, effort, radius: 0.025, pad: 0.06, reach: 0.01, xz: 0.005, .high)
        let lifted = near < 0.035 && scene.opened > 0 && scene.object.z - 0.01 > scene.notes.object.z
        if lifted { grasp = 1 }
        var pay = Payment(near: near <= 0.05, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.08)
        pay.graspSuccess = scene.opened > 0 && scene.object.z - 0.03 > scene.notes.object.z
        pay.add(0, hamacher(grasp, inPlace))
        if lifted { pay.add(1, 1 + 5 * inPlace) }
        if far < 0.08 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let ball = seen.object.by(0, 0, 0.01)
        let hoop: Vector = [seen.goal.x, 0.875, 0.35]
        let to =
          plane(seen.hand - ball) > 0.04
          ? ball.by(0, 0, 0.3)
          : abs(seen.hand.z - ball.z) > 0.025
            ? ball : abs(ball.z - hoop.z) > 0.025 ? [seen.hand.x, seen.hand.y, hoop.z] : hoop
        return Order(to: to, gain: 25, grip: seen.isAbout(seen.object, 0.04, 0.15) ? 0.6 : -1)
      })
  }
#endif
