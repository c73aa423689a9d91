#if MuJoCo
  extension MetaWorldTask {
    /// The gripper takes the block into a hole of the table.
    static let handInsert = MetaWorldTask(
      "hand-insert", "bring a block into a hole of the table", model: "sawyer_table_with_hole",
      hand: single(0, 0.6, 0.2),
      handLow: [-0.5, 0.4, -0.15], object: Box([-0.1, 0.6, 0.05], [0.1, 0.7, 0.05]),
      goal: Box([-0.04, 0.8, -0.0201], [0.04, 0.88, -0.0199]), apart: 0.15, terms: ["graspAndPlace", "held", "done"],
      see: { Seen($0.body("obj"), $0.quaternion(body: "obj")) },
      place: { scene, draw in
        scene.notes.object = [draw.object.x, draw.object.y, 0.05]
        scene.notes.target = draw.goal
        scene.put(object: scene.notes.object)
        scene.move(site: "goal", to: draw.goal)
      },
      pay: { scene, effort in
        let target = scene.notes.target
        let far = norm(scene.object - target)
        let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - target))
        let grasp = caging(scene, scene.object, effort, radius: 0.015, pad: 0.05, reach: 0.01, xz: 0.005, .high)
        let near = norm(scene.object - scene.tcp)
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.05)
        pay.graspSuccess =
          scene.isTouched("objGeom") && scene.opened > 0 && scene.object.z - 0.02 > scene.notes.object.z
        pay.add(0, hamacher(grasp, inPlace))
        if near < 0.02 && scene.opened > 0 { pay.add(1, 1 + 7 * inPlace) }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let to: Vector =
          plane(seen.hand - seen.object) > 0.02
          ? seen.object.by(0, 0, 0.1)
          : abs(seen.hand.z - seen.object.z) > 0.05
            ? seen.object.by(0, 0, 0.03)
            : plane(seen.hand - seen.goal) > 0.04 ? [seen.goal.x, seen.goal.y, seen.hand.z] : seen.goal
        return Order(to: to, gain: 10, grip: seen.isAbout(seen.object, 0.02, 0.1) ? 0.65 : 0)
      })
  }
#endif
