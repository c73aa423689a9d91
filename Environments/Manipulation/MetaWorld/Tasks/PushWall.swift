#if MuJoCo
  extension MetaWorldTask {
    /// Around a wall.
    static let pushWall = MetaWorldTask(
      "push-wall", "push a puck around a wall", model: "sawyer_push_wall_v3", hand: [0, 0.6, 0.2],
      object: Box([-0.05, 0.6, 0.015], [0.05, 0.65, 0.015]), goal: Box([-0.05, 0.85, 0.01], [0.05, 0.9, 0.02]),
      apart: 0.15, terms: ["grasp", "beforeTheWall", "behindTheWall", "done"],
      see: { Seen($0.geom("objGeom"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in
        let height = scene.geom("objGeom").z
        scene.notes.target = [draw.goal.x, draw.goal.y, height]
        scene.notes.object = [draw.object.x, draw.object.y, height]
        scene.move(site: "goal", to: scene.notes.target)
        scene.put(object: scene.notes.object)
      },
      pay: { scene, effort in
        let middle: Vector = [-0.05, 0.77, scene.object.z]
        let near = norm(scene.object - scene.tcp)
        let far = norm(scene.object - scene.notes.target)
        let first = tolerance(
          norm((scene.object - middle) * [3, 1, 1]), 0, 0.05, margin: norm((scene.notes.object - middle) * [3, 1, 1]))
        let last = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - scene.notes.target))
        let grasp = caging(scene, scene.object, effort, radius: 0.015, pad: 0.05, reach: 0.01, xz: 0.005, .high)
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: last, distance: far, success: far <= 0.07)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && scene.object.z - 0.02 > scene.notes.object.z
        pay.add(0, 2 * grasp)
        if near < 0.02 && scene.opened > 0 {
          pay.add(1, 1)
          if scene.object.y > 0.75 {
            pay.add(1, 4)
            pay.add(2, 3 * last)
          } else {
            pay.add(1, 4 * first)
          }
        }
        if far < 0.05 { pay.only(3, 10) }
        return pay
      },
      expert: { seen in
        let puck = seen.object.by(-0.005, 0, 0)
        let before = puck.x >= -0.1 && puck.x <= 0.3 && puck.y >= 0.65 && puck.y <= 0.75
        let beside =
          (puck.x > -0.15 && puck.x < 0.05 || puck.x > 0.15 && puck.x < 0.35) && puck.y >= 0.695 && puck.y <= 0.755
        let to =
          plane(seen.hand - puck) > 0.02
          ? puck.by(0, 0, 0.2)
          : abs(seen.hand.z - puck.z) > 0.04
            ? puck.by(0, 0, 0.03)
            : before ? seen.hand.by(-1, 0, 0) : beside ? seen.hand.by(0, 1, 0) : seen.goal
        return Order(to: to, gain: 10, grip: seen.isAbout(seen.object, 0.02, 0.1) ? 0.6 : 0)
      })
  }
#endif
