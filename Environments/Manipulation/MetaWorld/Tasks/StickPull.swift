#if MuJoCo
  extension MetaWorldTask {
    /// The stick goes through the thermos' handle and pulls it.
    static let stickPull = MetaWorldTask(
      "stick-pull", "pull a thermos with a stick through its handle", model: "sawyer_stick_obj", hand: [0, 0.6, 0.2],
      handLow: [-0.5, 0.35, 0.05], object: Box([-0.1, 0.55, 0], [0, 0.65, 0.001]),
      goal: Box([0.35, 0.45, 0.0199], [0.45, 0.55, 0.0201]), apart: 0.1,
      terms: ["graspAndPlace", "stick", "inserted", "done"],
      see: { scene in
        var seen = Seen(scene.body("stick"), scene.rotation(body: "stick"))
        seen.second = scene.site("insertion")
        return seen
      },
      place: { scene, draw in
        scene.notes.mark = [draw.object.x, draw.object.y, 0.02]
        scene.notes.target = [draw.goal.x, draw.goal.y, 0.02]
        placeStick(&scene, slides: 0, 0.09)
      },
      pay: { scene, effort in
        let (stick, handle) = (scene.object, scene.second)
        let (target, start) = (scene.notes.target, scene.notes.mark)
        let end = scene.site("stick_end")
        let box = handle.by(0.05, 0, 0)
        let near = norm(stick - scene.tcp)
        let far = norm(handle - target)
        let inPlace = tolerance(
          norm((stick - box) * [1, 1, 2]), 0, 0.05,
          margin: norm((start - (scene.notes.object.by(0.05, 0, 0))) * [1, 1, 2]))
        let stickAtTarget = tolerance(norm(stick - target), 0, 0.05, margin: norm(start - target))
        let boxAtTarget = tolerance(norm(box - target), 0, 0.05, margin: norm(scene.notes.object - target))
        var grasp = caging(scene, stick, effort, radius: 0.014, pad: 0.05, reach: 0.01, xz: 0.01, .high)
        let held = near < 0.02 && scene.opened > 0 && stick.z - 0.01 > start.z
        if held { grasp = 1 }
        let inserted = end.x >= handle.x && abs(end.y - handle.y) <= 0.04 && abs(end.z - handle.z) <= 0.06
        var pay = Payment(
          near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.12 && inserted)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && stick.z - 0.02 > scene.notes.object.z
        let both = hamacher(grasp, inPlace)
        if held { pay.add(1, 1) }
        pay.add(0, both)
        if held && !inserted { pay.add(1, 5 * inPlace) }
        if held && inserted {
          pay.add(1, 5)
          pay.add(2, 2 * stickAtTarget)
          pay.add(2, boxAtTarget)
          if far <= 0.12 { pay.only(3, 10) }
        }
        return pay
      },
      expert: { seen in
        let order = orderStick(
          seen, stick: seen.object.by(-0.015, 0, 0.03), thermos: seen.second.by(-0.015, 0, 0.03))
        return Order(to: order.to ?? seen.goal.by(-0.05, 0, 0), gain: 25, grip: order.grip)
      })
  }
#endif
