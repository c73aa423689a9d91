#if MuJoCo
  import RealModule

  extension MetaWorldTask {
    /// The door stands shut.
    static let doorOpen = MetaWorldTask(
      "door-open", "pull a door open by its handle", model: "sawyer_door_pull", hand: [0, 0.6, 0.2],
      object: Box([0, 0.85, 0.15], [0.1, 0.95, 0.15]), goalSpace: Box([-0.3, 0.4, 0.1499], [-0.2, 0.5, 0.1501]),
      terms: ["readyToOpen", "opened", "done"],
      see: { Seen($0.geom("handle"), $0.rotation(geom: "handle")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.target = draw.object.by(-0.3, -0.45, 0)
        scene.move(body: "door", to: draw.object)
        scene.move(site: "goal", to: scene.notes.target)
        scene.turn("doorjoint", to: 0)
      },
      pay: { scene, effort in
        let grasp = Promoted(Double((min(max(effort, -1), 1) + 1) / 2))
        let angle = scene.joint("doorjoint")
        let door = scene.object.by(-0.05, 0, 0)
        let radius = plane(scene.hand - door)
        let floor = radius <= 0.12 ? 0 : 0.04 * Double.log(radius - 0.12) + 0.4
        let above =
          scene.hand.z >= floor ? 1 : tolerance(floor - scene.hand.z, 0, 0.01, margin: floor / 2)
        let inPlace = tolerance(norm(scene.hand - door - [0.05, 0.03, -0.01]), 0, 0.12 / 2, margin: 0.5)
        let ready = hamacher(above, inPlace)
        let opened =
          0.2 * Promoted(angle < -Double.pi / 90 ? 1 : 0)
          + 0.8 * tolerance(Double.pi / 2 + Double.pi / 6 - (-angle), 0, 0.5, margin: Double.pi / 3)
        let success = abs(scene.object.x - scene.notes.target.x) <= 0.08
        var pay = Payment(near: ready.value, grasp: grasp, inPlace: opened, distance: 0, success: success)
        pay.graspSuccess = grasp.value >= 0.5
        pay.add(0, 2 * hamacher(ready, grasp))
        pay.add(1, 8 * opened)
        if success { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let door = seen.object.by(-0.05, 0, 0)
        let to =
          plane(seen.hand - door) > 0.12
          ? door.by(0.06, 0.02, 0.2) : abs(seen.hand.z - door.z) > 0.04 ? door.by(0.06, 0.02, 0) : door
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
