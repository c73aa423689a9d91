#if MuJoCo
  extension MetaWorldTask {
    /// The lock is turned clockwise.
    static let doorLock = MetaWorldTask(
      "door-lock", "turn a door's lock shut", model: "sawyer_door_lock",
      hand: single(0, 0.6, 0.2), handLow: [-0.5, 0.4, -0.15], object: Box([-0.1, 0.8, 0.15], [0.1, 0.85, 0.15]),
      terms: ["near", "pressed"],
      see: { Seen($0.site("lockStartLock"), $0.quaternion(body: "door_link")) },
      place: { scene, draw in
        scene.move(body: "door", to: draw.object)
        scene.step(5)
        scene.notes.object = scene.body("lock_link")
        scene.notes.target = scene.notes.object.by(0, -0.04, -0.1)
      },
      pay: { scene, _ in
        // The package's margin reads the pad's place as it is now, so that it is always the distance itself.
        let near = norm((scene.object - scene.leftPad) * [0.25, 1, 0.5])
        let far = abs(scene.notes.target.z - scene.object.z)
        let close = tolerance(near, 0, 0.01, margin: near)
        let pressed = tolerance(far, 0, 0.005, margin: 0.1)
        var pay = Payment(near: near <= 0.05, grasp: close, inPlace: pressed, distance: far, success: far <= 0.02)
        pay.graspSuccess = scene.opened > 0
        pay.add(0, 2 * hamacher(Promoted(max(scene.opened, 0)), close))
        pay.add(1, 8 * pressed)
        return pay
      },
      expert: { seen in
        let lock = seen.object.by(-0.02, -0.02, 0)
        let to =
          plane(seen.hand - lock) > 0.02
          ? (seen.hand.z < 0.25 ? seen.hand.by(0, -0.1, 0.1) : lock.by(0, 0, 0.3))
          : abs(seen.hand.z - lock.z) > 0.02 ? lock : lock.by(-0.1, 0, -0.1)
        return Order(to: to, gain: 25, grip: -1)
      })
  }
#endif
