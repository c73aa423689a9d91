#if MuJoCo
  import RealModule

  extension MetaWorldTask {
    /// The nut hangs on its handle: lifted, turned flat and pushed over the peg.
    static let assembly = MetaWorldTask(
      "assembly", "carry a nut by its handle onto a peg", model: "sawyer_assembly_peg",
      hand: single(0, 0.6, 0.2), object: Box([0, 0.6, 0.02], [0, 0.6, 0.02]),
      goal: Box([-0.1, 0.75, 0.1], [0.1, 0.85, 0.1]), apart: 0.1, terms: ["grasp", "inPlace", "done"],
      see: { Seen($0.site("RoundNut-8"), $0.quaternion(body: "RoundNut")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.target = draw.goal
        scene.put(object: draw.object)
        scene.move(body: "peg", to: draw.goal - [0, 0, 0.05])
        scene.move(site: "pegTop", to: draw.goal)
      },
      pay: { scene, effort in
        let center = scene.site("RoundNut")
        let flat = uprightness(scene.quaternion, of: [0.707, 0, 0, 0.707], within: 0.4)
        let grasp = caging(
          scene, scene.reachedAlong(scene.object, 0.01), effort, radius: 0.015, pad: 0.02, reach: 0.01, xz: 0.01,
          .medium)
        var error = scene.notes.target - center
        let radius = plane(error)
        let success = radius < 0.02 && error.z > 0
        let threshold = success ? 0.02 : 0.01
        // A bell of free space around the peg: the nut comes from above.
        error.z = (radius > threshold ? 0.02 * Double.log(radius - threshold) + 0.2 : 0) - center.z
        let lifted = center.z > 0.02 || radius < threshold
        let inPlace =
          0.1 * Promoted(lifted ? 1 : 0) + 0.9 * tolerance(norm(error * [1, 1, 3]), 0, 0.02, margin: 0.4)
        var pay = Payment(near: flat.value, grasp: grasp, inPlace: inPlace, distance: 0, success: success)
        pay.graspSuccess = grasp.value >= 0.5
        pay.add(0, 2 * grasp)
        pay.add(1, 6 * inPlace)
        pay.scale(by: flat)
        if success { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let nut = seen.object.by(-0.02, 0, 0)
        let peg = seen.goal.by(0.12, 0, 0.14)
        let over = plane(seen.hand - nut) <= 0.02
        let to =
          !over
          ? nut.by(0, 0, 0.1)
          : plane(seen.hand - peg) <= 0.02
            ? peg.by(0, 0, -0.2)
            : abs(seen.hand.z - nut.z) > 0.05
              ? nut.by(0, 0, 0.03) : abs(seen.hand.z - peg.z) > 0.04 ? [seen.hand.x, seen.hand.y, peg.z] : peg
        return Order(to: to, gain: 10, grip: over && abs(seen.hand.z - nut.z) <= 0.12 ? 0.6 : 0)
      })
  }
#endif
