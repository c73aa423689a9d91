#if MuJoCo
  extension MetaWorldTask {
    /// The ball rolls into the goal.
    static let soccer = MetaWorldTask(
      "soccer", "roll a ball into a goal", model: "sawyer_soccer", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.6, 0.03], [0.1, 0.7, 0.03]), goal: Box([-0.1, 0.8, 0], [0.1, 0.9, 0]), apart: 0.15,
      terms: ["grasp", "inPlace", "done"],
      see: { Seen($0.body("soccer_ball"), $0.rotation(body: "soccer_ball")) },
      place: { scene, draw in
        scene.notes.target = draw.goal
        scene.notes.object = [draw.object.x, draw.object.y, 0.03]
        scene.move(body: "goal_whole", to: draw.goal)
        scene.put(object: scene.notes.object)
        scene.move(site: "goal", to: draw.goal)
      },
      pay: { scene, _ in
        let (ball, target) = (scene.object, scene.notes.target)
        let near = norm(ball - scene.tcp)
        let far = norm((ball - target) * [3, 1, 1])
        var inPlace = tolerance(far, 0, 0.07, margin: norm((ball - scene.notes.object) * [3, 1, 1]))
        let line = target.y - 0.1
        if ball.y > line && abs(ball.x - target.x) > 0.1 {
          inPlace = Promoted(double: min(max(inPlace.value - 2 * ((ball.y - line) / (1 - line)), 0), 1))
        }
        let grasp = wrapping(scene, radius: 0.013, grip: 0.01, xz: 0.005)
        let distance = norm(ball - target)
        var pay = Payment(
          near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: distance, success: distance <= 0.07)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && ball.z - 0.02 > scene.notes.object.z
        pay.add(0, 3 * grasp)
        pay.add(1, 6.5 * inPlace)
        if far < 0.07 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let ball = seen.object.by(0, 0, 0.03)
        let side = ball.x - seen.goal.x
        var push = ball + (side < -0.05 ? [-0.03, 0, 0] : side > 0.05 ? [0.03, 0, 0] : [0, -0.03, 0])
        push.z = plane(seen.hand - ball) < 0.02 ? 0.1 : 0.03
        return Order(to: norm(seen.hand - push) > 0.01 ? push : ball, gain: 25, grip: 1)
      })
  }
#endif
