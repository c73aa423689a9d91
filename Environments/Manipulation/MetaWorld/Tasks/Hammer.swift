#if MuJoCo
  extension MetaWorldTask {
    /// The hammer is gripped by its handle and drives the nail into the wall.
    static let hammer = MetaWorldTask(
      "hammer", "drive a nail into a wall with a hammer", model: "sawyer_hammer", hand: [0, 0.4, 0.2],
      object: Box([-0.1, 0.4, 0], [0.1, 0.5, 0]), goalSpace: Box([0.2399, 0.7399, 0.109], [0.2401, 0.7401, 0.111]),
      terms: ["grasp", "inPlace", "done"],
      see: { scene in
        var seen = Seen(scene.body("hammer"), scene.quaternion(body: "hammer"))
        seen.second = scene.body("nail_link")
        seen.secondQuaternion = scene.quaternion(body: "nail_link")
        return seen
      },
      place: { scene, draw in
        scene.move(body: "box", to: [0.24, 0.85, 0])
        scene.notes.target = scene.site("goal")
        scene.notes.object = draw.object
        scene.put(object: draw.object)
      },
      pay: { scene, effort in
        let flat = uprightness(scene.quaternion, of: [1, 0, 0, 0], within: 0.4)
        let grasp = caging(
          scene, scene.reachedAlong(scene.object, 0.07), effort, radius: 0.015, pad: 0.02, reach: 0.01, xz: 0.01, .high)
        let head = scene.object.by(0.16, 0.06, 0)
        let inPlace =
          0.1 * Promoted(head.z > 0.02 ? 1 : 0)
          + 0.9 * tolerance(norm(scene.notes.target - head), 0, 0.02, margin: 0.2)
        let success = scene.joint("NailSlideJoint") > 0.09
        var pay = Payment(near: flat.value, grasp: grasp, inPlace: inPlace, distance: 0, success: success)
        pay.graspSuccess = grasp.value >= 0.5
        pay.add(0, 2 * grasp)
        pay.add(1, 6 * inPlace)
        pay.scale(by: flat)
        if success && pay.total.value > 5 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let handle = seen.object.by(-0.04, 0, -0.01)
        let wall: Vector = [0.24 + -0.19, 0.71, 0.11 + 0.05]
        let to: Vector =
          plane(seen.hand - handle) > 0.04
          ? handle.by(0, 0, 0.1)
          : abs(seen.hand.z - handle.z) > 0.05 && handle.z < 0.03
            ? handle.by(0, 0, 0.03)
            : norm(seen.hand.x - wall.x, seen.hand.z - wall.z) > 0.02 ? [wall.x, seen.hand.y, wall.z] : wall
        return Order(to: to, gain: 10, grip: seen.isAbout(handle, 0.04, 0.1) ? 0.8 : 0)
      })
  }
#endif
