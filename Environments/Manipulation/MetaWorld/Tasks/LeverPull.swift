#if MuJoCo
  import RealModule

  extension MetaWorldTask {
    /// The shoulder of the gripper lifts the lever from below.
    static let leverPull = MetaWorldTask(
      "lever-pull", "lift a lever by a quarter of a turn", model: "sawyer_lever_pull", hand: single(0, 0.4, 0.2),
      handLow: [-0.5, 0.4, -0.15], object: Box([-0.1, 0.7, 0], [0.1, 0.8, 0]), terms: ["lifted"],
      see: { Seen($0.site("leverStart"), $0.rotation(geom: "objGeom")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.move(body: "lever", to: draw.object)
        scene.notes.mark = draw.object.by(0.12, -0.2, 0.25)
        scene.notes.target = draw.object.by(0.12, 0, 0.25 + 0.2)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, _ in
        let offset: Vector = [0, 0.055, 0.07]
        let near = norm((scene.hand + offset - scene.object) * [4, 1, 4])
        let ready = tolerance(
          near, 0, 0.02, margin: norm((scene.notes.hand + offset - scene.notes.mark) * [4, 1, 4]))
        let error = abs(-scene.joint("LeverAxis") - Double.pi / 2)
        let engaged = tolerance(error, 0, Double.pi / 48, margin: Double.pi / 2 - Double.pi / 12)
        let target = scene.notes.target
        let inPlace = tolerance(norm(scene.object - target), 0, 0.04, margin: norm(scene.notes.mark - target))
        var pay = Payment(
          near: near < 0.03, grasp: ready, inPlace: engaged, distance: near, success: error <= Double.pi / 24)
        pay.graspSuccess = ready.value > 0.9
        pay.add(0, 10 * hamacher(ready, inPlace))
        return pay
      },
      expert: { seen in
        let lever = seen.object.by(0, -0.055, 0)
        let to =
          plane(seen.hand - lever) > 0.02
          ? lever.by(0, 0, -0.1) : abs(seen.hand.z - lever.z) > 0.02 ? lever : lever.by(0, 0.08, 0.02)
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
