#if MuJoCo
  extension MetaWorldTask {
    /// The puck goes up onto a shelf.
    static let shelfPlace = MetaWorldTask(
      "shelf-place", "put a puck onto a shelf", model: "sawyer_shelf_placing", hand: single(0, 0.6, 0.2),
      object: Box([-0.1, 0.5, 0.019], [0.1, 0.6, 0.021]), goal: Box([-0.1, 0.8, 0.299], [0.1, 0.9, 0.301]),
      apart: 0.1, terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.body("obj"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in
        scene.notes.object = [draw.object.x, draw.object.y, scene.body("obj").z]
        let shelf = draw.goal - [0, 0, 0.3]
        scene.move(body: "shelf", to: shelf)
        scene.forward()
        scene.notes.target = scene.place(ofSite: "goal") + shelf
        scene.put(object: scene.notes.object)
      },
      pay: { scene, effort in
        let (puck, target) = (scene.object, scene.notes.target)
        let far = norm(puck - target)
        let near = norm(puck - scene.tcp)
        var inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - target))
        let grasp = caging(scene, puck, effort, radius: 0.02, pad: 0.05, reach: 0.01, xz: 0.01, .plain)
        let both = hamacher(grasp, inPlace)
        // Below the shelf, in front of it or behind it, nearness is worth less.
        if puck.z > 0 && puck.z < 0.24 && puck.x > target.x - 0.15 && puck.x < target.x + 0.15 {
          if puck.y > target.y - 3 * 0.05 && puck.y < target.y {
            let height = (0.24 - puck.z) / 0.24
            let depth = (puck.y - (target.y - 3 * 0.05)) / (3 * 0.05)
            let loss = hamacher(Promoted(depth), Promoted(height))
            inPlace = Promoted(double: min(max(inPlace.value - loss.value, 0), 1))
          }
          if puck.y > target.y { inPlace = 0 }
        }
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && puck.z - 0.02 > scene.notes.object.z
        pay.add(0, both)
        if near < 0.025 && scene.opened > 0 && puck.z - 0.01 > scene.notes.object.z { pay.add(1, 1 + 5 * inPlace) }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let block = seen.object.by(-0.005, 0, 0.015)
        let to: Vector =
          plane(seen.hand - block) > 0.04
          ? block.by(0, 0, 0.3)
          : abs(seen.hand.z - block.z) > 0.04
            ? block
            : abs(seen.hand.x - seen.goal.x) > 0.02
              ? [seen.goal.x, seen.hand.y, 0.3]
              : seen.hand.z < 0.3 ? seen.hand.by(0, 0, 0.3) : seen.hand.by(0, 0.05, 0)
        return Order(to: to, gain: 25, grip: seen.isAbout(seen.object, 0.04, 0.15) ? 0.7 : -1)
      })
  }
#endif
