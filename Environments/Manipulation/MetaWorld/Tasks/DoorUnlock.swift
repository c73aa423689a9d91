#if MuJoCo
  extension MetaWorldTask {
    /// The lock is turned counter-clockwise.
    static let doorUnlock = MetaWorldTask(
      "door-unlock", "turn a door's lock open", model: "sawyer_door_lock",
      hand: single(0, 0.6, 0.2), handLow: [-0.5, 0.4, -0.15], object: Box([-0.1, 0.8, 0.15], [0.1, 0.85, 0.15]),
      goalSpace: Box([0, 0.64, 0.21], [0.2, 0.7, 0.2111]), terms: ["ready", "pushed"],
      see: { Seen($0.site("lockStartUnlock"), $0.quaternion(body: "door_link")) },
      place: { scene, draw in
        scene.move(body: "door", to: draw.object)
        scene.slide(to: 1.5708)
        scene.notes.object = scene.body("lock_link")
        scene.notes.target = scene.notes.object.by(0.1, -0.04, 0)
      },
      pay: { scene, _ in
        let offset: Vector = [0, 0.055, 0.07]
        let scale: Vector = [0.25, 1, 0.5]
        let near = norm((scene.hand + offset - scene.object) * scale)
        // Where the lock is now, not where it was: the package keeps a view of it.
        let start = norm((scene.notes.hand + offset - scene.body("lock_link")) * scale)
        let ready = tolerance(near, 0, 0.02, margin: start)
        let far = abs(scene.notes.target.x - scene.object.x)
        let pushed = tolerance(far, 0, 0.005, margin: 0.1)
        var pay = Payment(near: near <= 0.05, grasp: ready, inPlace: pushed, distance: far, success: far <= 0.02)
        pay.graspSuccess = scene.opened > 0
        pay.add(0, 2 * ready)
        pay.add(1, 8 * pushed)
        return pay
      },
      expert: { seen in
        let lock = seen.object.by(-0.04, -0.02, -0.03)
        let to =
          plane(seen.hand - lock) > 0.02
          ? (seen.hand.z > 0.15 ? seen.hand.by(0, -0.1, -0.1) : lock) : lock.by(0.1, 0, 0.01)
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
