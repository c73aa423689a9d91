#if MuJoCo
  extension MetaWorldTask {
    /// The drawer stands open.
    static let drawerClose = MetaWorldTask(
      "drawer-close", "push a drawer in", model: "sawyer_drawer", hand: single(0, 0.6, 0.2),
      object: Box([-0.1, 0.9, 0], [0.1, 0.9, 0]), terms: ["reachAndPlace", "done"],
      see: { Seen($0.body("drawer_link").by(0, -0.16, 0.05), .zero) },
      place: { scene, draw in
        scene.move(body: "drawer", to: draw.object)
        scene.notes.target = draw.object.by(0, -0.16, 0.09)
        scene.slide(to: -0.15, stops: false)
        scene.notes.object = scene.body("drawer_link").by(0, -0.16, 0.05)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, effort in
        let target = scene.notes.target
        let far = norm(scene.object - target)
        let inPlace = tolerance(far, 0, 0.05, margin: abs(norm(scene.notes.object - target) - 0.05))
        let near = norm(scene.object - scene.tcp)
        let reach = tolerance(
          near, 0, 0.005, margin: abs(norm(scene.notes.object - scene.notes.hand) - 0.005), .gaussian)
        let grasp = hamacher(reach, closing(effort))
        var pay = Payment(
          near: near <= 0.01, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.05 + 0.015)
        pay.graspSuccess = true
        pay.add(0, hamacher(grasp, inPlace))
        if pay.success { pay.only(1, 1) }
        pay.scale(by: 10)
        return pay
      },
      expert: { seen in
        let drawer = seen.object.by(0, 0, -0.02)
        let to: Vector =
          seen.hand.y > drawer.y
          ? (seen.hand.z < drawer.z + 0.23
            ? [seen.hand.x, seen.hand.y, drawer.z + 0.5] : drawer.by(0, -0.075, 0.23))
          : abs(seen.hand.z - drawer.z) > 0.04 ? drawer.by(0, -0.075, 0) : drawer
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
