#if MuJoCo
  import RealModule

  extension MetaWorldTask {
    /// The lid is gripped by its handle and put on the box.
    static let boxClose = MetaWorldTask(
      "box-close", "put the lid on a box", model: "sawyer_box", hand: single(0, 0.6, 0.2),
      object: Box([-0.05, 0.5, 0.02], [0.05, 0.55, 0.02]), goal: Box([-0.1, 0.7, 0.133], [0.1, 0.8, 0.133]),
      apart: 0.25, terms: ["readyToLift", "lifted", "done"],
      see: { Seen($0.body("top_link"), $0.quaternion(body: "top_link")) },
      place: { scene, draw in
        let height = scene.body("boxbody").z
        scene.notes.object = [draw.object.x, draw.object.y, single(0, 0, 0.02).z]
        scene.notes.target = draw.goal
        scene.move(body: "boxbody", to: [draw.goal.x, draw.goal.y, height])
        scene.step(5)
        scene.put(object: scene.notes.object)
        scene.move(site: "goal", to: draw.goal)
      },
      pay: { scene, effort in
        let closed = Double((min(max(effort, -1), 1) + 1) / 2)
        let grasp = Promoted(min(max(closed, 0), 1))
        let flat = uprightness(scene.quaternion, of: [0.707, 0, 0, 0.707], within: 0.2)
        let lid = scene.object.by(0, 0, 0.02)
        let radius = plane(scene.hand - lid)
        let floor = radius <= 0.02 ? 0 : 0.04 * Double.log(radius - 0.02) + 0.4
        let above =
          scene.hand.z >= floor ? 1 : tolerance(floor - scene.hand.z, 0, 0.01, margin: floor / 2)
        let ready = hamacher(above, tolerance(norm(scene.hand - lid), 0, 0.02, margin: 0.5))
        let error = (scene.notes.target - lid) * [1, 1, 3]
        let lifted = 0.2 * Promoted(lid.z > 0.04 ? 1 : 0) + 0.8 * tolerance(norm(error), 0, 0.05, margin: 0.25)
        var pay = Payment(near: ready.value, grasp: grasp, inPlace: lifted, distance: 0, success: false)
        pay.success = norm(scene.object - scene.notes.target) < 0.08
        pay.graspSuccess = grasp.value >= 0.5
        pay.add(0, 2 * hamacher(grasp, ready))
        pay.add(1, 8 * lifted)
        if pay.success { pay.only(2, 10) }
        pay.scale(by: flat)
        return pay
      },
      expert: { seen in
        let lid = seen.object.by(0, 0, 0.02)
        let box: Vector = [seen.goal.x, seen.goal.y, 0.15]
        let to: Vector =
          plane(seen.hand - lid) > 0.01
          ? [lid.x, lid.y, 0.2]
          : abs(seen.hand.z - lid.z) > 0.05
            ? lid : abs(seen.hand.z - box.z) > 0.04 ? [seen.hand.x, seen.hand.y, box.z] : box
        return Order(to: to, gain: 25, grip: seen.isAbout(lid, 0.01, 0.13) ? 1 : 0.5)
      })
  }
#endif
