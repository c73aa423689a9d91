#if MuJoCo
  import RealModule

  extension MetaWorldTask {
    /// The puck lies in a hole of the table.
    static let pickOutOfHole = MetaWorldTask(
      "pick-out-of-hole", "take a puck out of a hole to a place in the air", model: "sawyer_pick_out_of_hole",
      hand: [0, 0.6, 0.2],
      handLow: [-0.5, 0.4, -0.05], object: Box([0, 0.75, 0.02], [0, 0.75, 0.02]),
      goal: Box([-0.1, 0.5, 0.15], [0.1, 0.6, 0.3]), apart: 0.15, terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.body("obj"), $0.quaternion(body: "obj")) },
      place: { scene, draw in scene.placeAsDrawn(draw) },
      pay: { scene, effort in
        let (target, start) = (scene.notes.target, scene.notes.object)
        let tcp = scene.tcp
        let far = norm(scene.object - target)
        let near = norm(scene.object - tcp)
        let radius = plane(tcp - start)
        let floor = radius <= 0.03 ? 0 : 0.015 * Double.log(radius - 0.03) + 0.15
        let above = tcp.z >= floor ? 1 : tolerance(max(floor - tcp.z, 0), 0, 0.01, margin: 0.02)
        let grasp = caging(
          scene, scene.object, effort, radius: 0.015, pad: 0.02, reach: 0.01, xz: 0.03, desired: 0.1, .high)
        let inPlace = tolerance(far, 0, 0.02, margin: norm(start - target))
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.graspSuccess = near < 0.04 && scene.object.z - 0.02 > start.z && scene.opened >= 0.33
        pay.add(0, hamacher(grasp, inPlace))
        if pay.graspSuccess { pay.add(1, 1 + 5 * hamacher(inPlace, above)) }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let puck = seen.object.by(0, 0, 0.02)
        let to: Vector =
          plane(seen.hand - puck) > 0.02
          ? puck.by(0, 0, 0.15)
          : abs(seen.hand.z - puck.z) > 0.01
            ? puck : abs(seen.hand.z - seen.goal.z) > 0.04 ? [seen.hand.x, seen.hand.y, seen.goal.z] : seen.goal
        return Order(to: to, gain: 25, grip: seen.isAbout(puck, 0.02, 0.15) ? 0.1 : 0)
      })
  }
#endif
