#if MuJoCo
  extension MetaWorldTask {
    /// The peg's head goes into a hole in the side of a box.
    static let pegInsertSide = MetaWorldTask(
      "peg-insert-side", "put a peg into a hole from the side", model: "sawyer_peg_insertion_side", hand: [0, 0.6, 0.2],
      object: Box([0, 0.5, 0.02], [0.2, 0.7, 0.02]), goal: Box([-0.35, 0.4, -0.001], [-0.25, 0.7, 0.001]),
      goalSpace: Box([-0.35 + 0.03, 0.4, -0.001 + 0.13], [-0.25 + 0.03, 0.7, 0.001 + 0.13]), apart: 0.1,
      terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.site("pegGrasp"), $0.rotation(site: "pegGrasp")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.mark = scene.site("pegHead")
        scene.put(object: draw.object)
        scene.move(body: "box", to: draw.goal)
        scene.notes.target = draw.goal.by(0.03, 0, 0.13)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, effort in
        let target = scene.notes.target
        let head = scene.site("pegHead")
        let near = norm(scene.object - scene.tcp)
        let far = norm((head - target) * [1, 2, 2])
        var inPlace = tolerance(far, 0, 0.07, margin: norm((scene.notes.mark - target) * [1, 2, 2]))
        let lower = clearance(
          head, from: scene.site("bottom_right_corner_collision_box_1"),
          to: scene.site("top_left_corner_collision_box_1"))
        let upper = clearance(
          head, from: scene.site("bottom_right_corner_collision_box_2"),
          to: scene.site("top_left_corner_collision_box_2"))
        inPlace = hamacher(inPlace, hamacher(upper, lower))
        var grasp = caging(scene, scene.object, effort, radius: 0.0075, pad: 0.03, reach: 0.01, xz: 0.005, .high)
        let isUp = scene.object.z - 0.01 > scene.notes.object.z
        let lifted = near < 0.08 && scene.opened > 0 && isUp
        if lifted { grasp = 1 }
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.graspSuccess = near < 0.02 && scene.opened > 0 && isUp
        pay.add(0, hamacher(grasp, inPlace))
        if lifted { pay.add(1, 1 + 5 * inPlace) }
        if far <= 0.07 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let peg = seen.object
        let hole: Vector = [-0.35, seen.goal.y, 0.16]
        let to =
          plane(seen.hand - peg) > 0.04
          ? peg.by(0, 0, 0.3)
          : abs(seen.hand.z - peg.z) > 0.025
            ? peg : norm(peg.y - hole.y, peg.z - hole.z) > 0.03 ? hole.by(0.4, 0, 0) : hole
        return Order(to: to, gain: 25, grip: seen.isAbout(peg, 0.04, 0.15) ? 0.6 : -1)
      })
  }
#endif
