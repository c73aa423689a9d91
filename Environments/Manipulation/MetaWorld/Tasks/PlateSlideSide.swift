#if MuJoCo
  extension MetaWorldTask {
    /// Sideways.
    static let plateSlideSide = MetaWorldTask(
      "plate-slide-side", "slide a plate into a cabinet at the side", model: "sawyer_plate_slide_sideway",
      hand: single(0, 0.6, 0.2), object: Box([0, 0.6, 0], [0, 0.6, 0]),
      goal: Box([-0.3, 0.54, 0], [-0.25, 0.66, 0]), terms: ["reach", "inPlace", "done"],
      see: { Seen($0.geom("puck"), $0.rotation(geom: "puck")) },
      place: { scene, draw in placePlate(&scene, draw, at: 0, 0) },
      pay: { scene, _ in payPlate(scene) },
      expert: { seen in
        let plate = seen.object.by(0.07, 0, -0.005)
        let to: Vector =
          plane(seen.hand - plate) > 0.04
          ? plate.by(0, 0, 0.1)
          : abs(seen.hand.z - plate.z) > 0.04
            ? plate : seen.hand.x > -0.2 ? [seen.hand.x - 0.1, 0.6, seen.hand.z] : plate.by(-0.1, 0, 0)
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
