#if MuJoCo
  extension MetaWorldTask {
    /// The door stands open.
    static let doorClose = MetaWorldTask(
      "door-close", "shut an open door", model: "sawyer_door_pull", hand: single(-0.5, 0.6, 0.2),
      object: Box([0, 0.85, 0.15], [0.1, 0.95, 0.15]), goalSpace: Box([0.2, 0.65, 0.1499], [0.3, 0.75, 0.1501]),
      terms: ["hand", "inPlace", "done"],
      see: { Seen($0.geom("handle"), $0.rotation(geom: "handle")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.target = draw.object.by(0.2, -0.2, 0)
        scene.move(body: "door", to: draw.object)
        scene.move(site: "goal", to: scene.notes.target)
        scene.turn("doorjoint", to: -1.5708)
      },
      pay: { scene, _ in
        let target = scene.notes.target
        let far = norm(scene.object - target)
        let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - target), .gaussian)
        let hand = tolerance(
          norm(scene.tcp - target), 0, 0.25 * 0.05, margin: norm(single(-0.5, 0.6, 0.2) - scene.object) + 0.1,
          .gaussian)
        var pay = Payment(near: false, grasp: 1, inPlace: hand, distance: far, success: far <= 0.08)
        pay.graspSuccess = true
        pay.add(0, 3 * hand)
        pay.add(1, 6 * inPlace)
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let door = seen.object.by(0.05, 0.12, 0.1)
        let to: Vector =
          seen.hand.x > door.x
          ? (seen.hand.z < door.z + 0.2
            ? [seen.hand.x, seen.hand.y, door.z + 0.25] : [door.x - 0.02, door.y, seen.hand.z])
          : abs(seen.hand.z - door.z) > 0.04 ? door.by(-0.02, 0, 0) : seen.goal
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
