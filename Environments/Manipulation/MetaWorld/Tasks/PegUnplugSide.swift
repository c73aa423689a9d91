#if MuJoCo
  extension MetaWorldTask {
    /// The peg is pulled out of the box.
    static let pegUnplugSide = MetaWorldTask(
      "peg-unplug-side", "draw a peg out of a hole sideways", model: "sawyer_peg_unplug_side", hand: [0, 0.6, 0.2],
      object: Box([-0.25, 0.6, -0.001], [-0.15, 0.8, 0.001]),
      goalSpace: Box([-0.25 + 0.194, 0.6, -0.001 + 0.131], [-0.15 + 0.194, 0.8, 0.001 + 0.131]),
      terms: ["grasp", "pulled", "done"],
      see: { Seen($0.site("pegEnd"), $0.quaternion(body: "plug1")) },
      place: { scene, draw in
        scene.move(body: "box", to: draw.object)
        let plug = draw.object.by(0.044, 0, 0.131)
        scene.put(plug, turned: [1, 0, 0, 0])
        scene.notes.object = scene.site("pegEnd")
        scene.notes.target = plug.by(0.15, 0, 0)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, effort in
        let near = norm(scene.object - scene.tcp)
        let far = norm(scene.object - scene.notes.target)
        let grasp = caging(
          scene, scene.object, effort, radius: 0.025, pad: 0.05, reach: 0.01, xz: 0.005, desired: 0.8, .high)
        let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - scene.notes.target))
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.graspSuccess = scene.opened > 0.5 && scene.object.x - scene.notes.object.x > 0.015
        if pay.graspSuccess && near < 0.035 {
          pay.add(1, 1)
          pay.add(0, 2 * grasp)
          pay.add(1, 5 * inPlace)
        } else {
          pay.add(0, 2 * grasp)
        }
        if far <= 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let peg = seen.object.by(-0.02, 0, 0.035)
        let to: Vector =
          plane(seen.hand - peg) > 0.04
          ? peg.by(0, 0, 0.2)
          : abs(seen.hand.z - 0.15) > 0.02 ? [peg.x, peg.y, 0.15] : seen.hand.by(0.01, 0, 0)
        return Order(to: to, gain: 25, grip: seen.isAbout(peg, 0.04, 0.15) ? 0.1 : -1)
      })
  }
#endif
