#if MuJoCo
  extension MetaWorldTask {
    /// Away from the robot.
    static let plateSlide = MetaWorldTask(
      "plate-slide", "slide a plate into a cabinet", model: "sawyer_plate_slide", hand: single(0, 0.6, 0.2),
      object: Box([0, 0.6, 0], [0, 0.6, 0]), goal: Box([-0.1, 0.85, 0], [0.1, 0.9, 0]),
      terms: ["reachAndPlace", "done"],
      see: { Seen($0.geom("puck"), $0.rotation(geom: "puck")) },
      place: { scene, draw in
        scene.move(body: "puck_goal", to: draw.goal)
        placePlate(&scene, draw, at: 0, 0)
      },
      pay: { scene, _ in
        let target = scene.notes.target
        let far = norm(scene.object - target)
        let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - target))
        let near = norm(scene.tcp - scene.object)
        let grasp = tolerance(near, 0, 0.05, margin: norm(scene.notes.hand - scene.notes.object))
        var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.add(0, 8 * hamacher(grasp, inPlace))
        if far < 0.05 { pay.only(1, 10) }
        return pay
      },
      expert: { seen in
        let plate = seen.object.by(0, -0.055, 0.03)
        let to: Vector =
          plane(seen.hand - plate) > 0.03
          ? plate.by(0, 0, 0.1) : abs(seen.hand.z - plate.z) > 0.04 ? plate : [seen.goal.x, 0.9, plate.z]
        return Order(to: to, gain: 10, grip: -1)
      })

    /// Puts the plate so far along its two slides, and the goal.
    static func placePlate(_ scene: inout Scene, _ draw: Draw, at x: Double, _ y: Double) {
      scene.notes.object = draw.object
      scene.notes.target = draw.goal
      scene.put(slides: x, y)
      scene.move(site: "goal", to: draw.goal)
    }

    /// Pays for reaching the plate; once the gripper is down beside it, for where the plate is.
    static func payPlate(_ scene: Scene) -> Payment {
      let target = scene.notes.target
      let tcp = scene.tcp
      let far = norm(scene.object - target)
      let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - target) - 0.05)
      let near = norm(tcp - scene.object)
      let grasp = tolerance(near, 0, 0.05, margin: norm(scene.notes.hand - scene.notes.object) - 0.05)
      var pay = Payment(near: near <= 0.03, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
      if tcp.z <= 0.03 && near < 0.07 {
        pay.add(1, 2 + 7 * inPlace)
      } else {
        pay.add(0, 1.5 * grasp)
      }
      if far < 0.05 { pay.only(2, 10) }
      return pay
    }
  }
#endif
