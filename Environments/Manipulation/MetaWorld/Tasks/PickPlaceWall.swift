#if MuJoCo
  extension MetaWorldTask {
    /// Over a wall.
    static let pickPlaceWall = MetaWorldTask(
      "pick-place-wall", "carry a puck over a wall to a place in the air", model: "sawyer_pick_place_wall_v3",
      hand: [0, 0.6, 0.2], object: Box([-0.05, 0.6, 0.015], [0.05, 0.65, 0.015]),
      goal: Box([-0.05, 0.85, 0.05], [0.05, 0.9, 0.3]), apart: 0.15,
      terms: ["graspAndPlace", "lifted", "overTheWall", "done"],
      see: { Seen($0.geom("objGeom"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in scene.placeAsDrawn(draw) },
      pay: { scene, effort in
        let target = scene.notes.target
        let middle: Vector = [target.x, 0.77, 0.25]
        let near = norm(scene.object - scene.tcp)
        let first = tolerance(
          norm((scene.object - middle) * [1, 1, 3]), 0, 0.05, margin: norm((scene.notes.object - middle) * [1, 1, 3]))
        let far = norm(scene.object - target)
        let last = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - target))
        let grasp = caging(scene, scene.object, effort, radius: 0.015, pad: 0.05, reach: 0.01, xz: 0.005, .plain)
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: last, distance: far, success: far <= 0.07)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && scene.object.z - 0.02 > scene.notes.object.z
        pay.add(0, hamacher(grasp, first))
        if near < 0.02 && scene.opened > 0 && scene.object.z - 0.015 > scene.notes.object.z {
          if scene.object.y > 0.75 {
            pay.add(1, 1)
            pay.add(1, 4)
            pay.add(2, 3 * last)
          } else {
            pay.add(1, 1)
            pay.add(1, 4 * first)
          }
        }
        if far < 0.05 { pay.only(3, 10) }
        return pay
      },
      expert: { seen in
        let puck = seen.object.by(-0.005, 0, 0)
        let (hand, goal) = (seen.hand, seen.goal)
        let overWall = hand.x >= -0.15 && hand.x <= 0.35 && hand.y >= 0.6 && hand.y <= 0.8
        let to: Vector =
          plane(hand - puck) > 0.015
          ? puck.by(0, 0, 0.1)
          : abs(hand.z - puck.z) > 0.04 && puck.z < 0.03
            ? puck.by(0, 0, 0.03)
            : overWall && hand.z < 0.25
              ? hand.by(0, 0, 1)
              : overWall && hand.z < 0.35
                ? [goal.x, goal.y, hand.z] : abs(hand.z - goal.z) > 0.01 ? [hand.x, hand.y, goal.z] : goal
        return Order(to: to, gain: 10, grip: seen.isAbout(seen.object, 0.015, 0.1) ? 0.9 : 0)
      })
  }
#endif
