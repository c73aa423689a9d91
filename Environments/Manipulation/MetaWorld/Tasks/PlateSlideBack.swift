#if MuJoCo
  extension MetaWorldTask {
    /// Towards the robot, out of the cabinet.
    static let plateSlideBack = MetaWorldTask(
      "plate-slide-back", "slide a plate out of a cabinet", model: "sawyer_plate_slide", hand: single(0, 0.6, 0.2),
      object: Box([0, 0.85, 0], [0, 0.85, 0]), goal: Box([-0.1, 0.6, 0.015], [0.1, 0.6, 0.015]),
      terms: ["reach", "inPlace", "done"],
      see: { Seen($0.geom("puck"), $0.rotation(geom: "puck")) },
      place: { scene, draw in placePlate(&scene, draw, at: 0, 0.15) },
      pay: { scene, _ in payPlate(scene) },
      expert: { seen in
        let plate = seen.object.by(0, -0.065, 0.025)
        let to: Vector =
          plane(seen.hand - plate) > 0.01
          ? plate.by(0, 0, 0.1)
          : abs(seen.hand.z - plate.z) > 0.04
            ? plate
            : seen.hand.y > 0.7
              ? seen.hand.by(0, -0.1, 0)
              : seen.hand.y > 0.6 ? [0.15, 0.55, seen.hand.z] : [seen.hand.x - 0.1, 0.55, seen.hand.z]
        return Order(to: to, gain: 10, grip: -1)
      })
  }
#endif
