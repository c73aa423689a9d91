#if MuJoCo
  extension MetaWorldTask {
    /// The nut is lifted off the peg.
    static let disassemble = MetaWorldTask(
      "disassemble", "lift a nut off its peg", model: "sawyer_assembly_peg", hand: single(0, 0.4, 0.2),
      object: Box([0, 0.6, 0.025], [0.1, 0.75, 0.02501]), goal: Box([-0.1, 0.6, 0.1699], [0.1, 0.75, 0.1701]),
      goalSpace: Box([-0.1, 0.6, 0.1699 + 0.005], [0.1, 0.75, 0.1701 + 0.005]), apart: 0.1,
      terms: ["grasp", "inPlace", "done"],
      see: { Seen($0.site("RoundNut-8"), $0.quaternion(body: "RoundNut")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.target = draw.object.by(0, 0, 0.15)
        scene.move(body: "peg", to: draw.object.by(0, 0, 0.03))
        scene.move(site: "pegTop", to: draw.object.by(0, 0, 0.08))
        scene.forward()
        scene.put(object: draw.object)
      },
      pay: { scene, effort in
        let center = scene.site("RoundNut")
        let flat = uprightness(scene.quaternion, of: [0.707, 0, 0, 0.707], within: 0.4)
        let grasp = caging(
          scene, scene.reachedAlong(scene.object, 0.01), effort, radius: 0.015, pad: 0.02, reach: 0.01, xz: 0.01, .high)
        let error = scene.notes.target.by(0, 0, 0.1) - center
        let inPlace =
          0.1 * Promoted(center.z > 0.02 ? 1 : 0) + 0.9 * tolerance(norm(error), 0, 0.02, margin: 0.2)
        var pay = Payment(near: flat.value, grasp: grasp, inPlace: inPlace, distance: 0, success: false)
        pay.success = scene.object.z > scene.notes.target.z
        pay.graspSuccess = grasp.value >= 0.5
        pay.add(0, 2 * grasp)
        pay.add(1, 6 * inPlace)
        pay.scale(by: flat)
        if pay.success { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let nut = seen.object.by(-0.02, 0, 0.01)
        let to =
          plane(seen.hand - nut) > 0.02
          ? nut.by(0, 0, 0.1) : abs(seen.hand.z - nut.z) > 0.03 ? nut : seen.hand.by(0, 0, 0.1)
        return Order(to: to, gain: 10, grip: seen.isAbout(nut, 0.02, 0.07) ? 0.8 : 0)
      })
  }
#endif
