#if MuJoCo
  extension MetaWorldTask {
    /// The stick pushes the thermos.
    static let stickPush = MetaWorldTask(
      "stick-push", "push a thermos with a stick", model: "sawyer_stick_obj", hand: [0, 0.6, 0.2],
      object: Box([-0.08, 0.58, 0], [-0.03, 0.62, 0.001]), goal: Box([0.399, 0.55, 0.1319], [0.401, 0.6, 0.1321]),
      apart: 0.1, terms: ["grasp", "stickInPlace", "boxInPlace", "done"],
      see: { scene in
        var seen = Seen(scene.body("stick"), scene.rotation(body: "stick"))
        seen.second = scene.site("insertion").by(0, 0.09, 0)
        return seen
      },
      place: { scene, draw in
        scene.notes.mark = [draw.object.x, draw.object.y, 0.02]
        scene.notes.target = [draw.goal.x, draw.goal.y, scene.site("insertion").z]
        placeStick(&scene, slides: 0, 0)
      },
      pay: { scene, effort in
        let (target, start) = (scene.notes.target, scene.notes.mark)
        let stick = scene.object.by(0.015, 0, 0)
        let near = norm(stick - scene.tcp)
        let stickInPlace = tolerance(norm(stick - target), 0, 0.12, margin: norm(start - target) - 0.12)
        let far = norm(scene.second - target)
        let boxInPlace = tolerance(far, 0, 0.12, margin: norm(scene.notes.object - target) - 0.12)
        var grasp = caging(
          scene, stick, effort, radius: 0.04, pad: 0.05, reach: 0.01, xz: 0.01, around: start, .high)
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: stickInPlace, distance: far, success: false)
        if near < 0.02 && scene.opened > 0 && stick.z - 0.01 > start.z {
          grasp = 1
          pay.graspReward = 1
          pay.add(0, 2)
          pay.add(1, 5 * stickInPlace)
          pay.add(2, 3 * boxInPlace)
          if far <= 0.12 { pay.only(3, 10) }
        } else {
          pay.add(0, grasp)
        }
        pay.graspSuccess = scene.isTouched("objGeom") && scene.opened > 0 && scene.object.z - 0.01 > start.z
        pay.success = pay.graspSuccess && far <= 0.12
        return pay
      },
      expert: { seen in
        let order = orderStick(seen, stick: seen.object.by(0.015, 0, 0.03), thermos: seen.second)
        return Order(to: order.to ?? seen.goal.by(0, 0, 0.132), gain: 10, grip: order.grip)
      })

    /// Puts the stick at `mark` and the thermos along its slides.
    static func placeStick(_ scene: inout Scene, slides x: Double, _ y: Double) {
      scene.put(object: scene.notes.mark)
      scene.put(slides: x, y, at: 16, stopping: true)
      scene.notes.object = scene.body("object")
      scene.move(site: "goal", to: scene.notes.target)
    }

    /// The way to the stick and with it to the thermos; nil once it is there.
    static func orderStick(_ seen: ExpertView, stick: Vector, thermos: Vector) -> (to: Vector?, grip: Double) {
      let grip = seen.isAbout(stick, 0.02, 0.1) ? 0.7 : -1.0
      guard abs(stick.x - thermos.x) > 0.04 else { return (nil, grip) }
      let to: Vector =
        plane(seen.hand - stick) > 0.02
        ? stick.by(0, 0, 0.1)
        : abs(seen.hand.z - stick.z) > 0.02
          ? stick
          : abs(stick.y - thermos.y) > 0.02
            ? [stick.x, thermos.y, stick.z]
            : abs(stick.z - thermos.z) > 0.02 ? [stick.x, thermos.y, thermos.z] : thermos
      return (to, grip)
    }
  }
#endif
