#if MuJoCo
  extension MetaWorldTask {
    /// Sideways, out of the cabinet.
    static let plateSlideBackSide = MetaWorldTask(
      "plate-slide-back-side", "slide a plate out of a cabinet at the side", model: "sawyer_plate_slide_sideway",
      hand: single(0, 0.6, 0.2), object: Box([-0.25, 0.6, 0], [-0.25, 0.6, 0]),
      goal: Box([-0.05, 0.6, 0.015], [0.15, 0.6, 0.015]), terms: ["reach", "inPlace", "done"],
      see: { Seen($0.geom("puck"), $0.rotation(geom: "puck")) },
      place: { scene, draw in
        scene.move(body: "puck_goal", to: draw.object)
        placePlate(&scene, draw, at: -0.15, 0)
      },
      pay: { scene, _ in payPlate(scene) },
      expert: { seen in
        let plate = seen.object.by(0.023, 0, 0.025)
        let to: Vector =
          plane(seen.hand - plate) > 0.01
          ? plate.by(0, 0, 0.07)
          : abs(seen.hand.z - plate.z) > 0.04 ? plate : [seen.hand.x + 0.1, 0.6, seen.hand.z]
        return Order(to: to, gain: 10, grip: 1)
      })
  }
#endif
