#if MuJoCo
  extension MetaWorldTask {
    /// The drawer stands shut.
    static let drawerOpen = MetaWorldTask(
      "drawer-open", "pull a drawer out", model: "sawyer_drawer", hand: single(0, 0.6, 0.2),
      object: Box([-0.1, 0.9, 0], [0.1, 0.9, 0]), terms: ["caging", "opening"],
      see: { Seen($0.body("drawer_link").by(0, -0.16, 0), $0.quaternion(body: "drawer_link")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.move(body: "drawer", to: draw.object)
        scene.notes.target = draw.object.by(0, -0.16 - 0.2, 0.09)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, _ in
        let far = norm(scene.object - scene.notes.target)
        let opening = tolerance(far, 0, 0.02, margin: 0.2)
        let start = scene.notes.target.by(0, 0.2, 0)
        let caged = tolerance(
          norm((scene.object - scene.hand) * [3, 3, 1]), 0, 0.01, margin: norm((start - scene.notes.hand) * [3, 3, 1]))
        let near = norm(scene.object - scene.hand)
        var pay = Payment(near: near <= 0.03, grasp: caged, inPlace: opening, distance: far, success: far <= 0.03)
        pay.graspSuccess = scene.opened > 0
        pay.add(0, caged)
        pay.add(1, opening)
        pay.scale(by: 5)
        return pay
      },
      expert: { seen in
        let drawer = seen.object.by(0, 0, -0.02)
        if plane(seen.hand - drawer) > 0.06 { return Order(to: drawer.by(0, 0, 0.3), gain: 4, grip: -1) }
        if abs(seen.hand.z - drawer.z) > 0.04 { return Order(to: drawer, gain: 4, grip: -1) }
        return Order(to: drawer.by(0, -0.06, 0), gain: 50, grip: -1)
      })
  }
#endif
