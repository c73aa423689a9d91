#if MuJoCo
  extension MetaWorldTask {
    /// The handle is in front.
    static let handlePress = MetaWorldTask(
      "handle-press", "press a handle down", model: "sawyer_handle_press", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.8, -0.001], [0.1, 0.9, 0.001]), goalSpace: Box([-0.1, 0.55, 0.04], [0.1, 0.7, 0.08]),
      terms: ["reachAndPlace", "done"],
      see: { Seen($0.site("handleStart"), .zero) },
      place: { scene, draw in placePressedHandle(&scene, draw) },
      pay: { scene, _ in payPressedHandle(scene) },
      expert: { seen in
        let handle = seen.object.by(0, -0.02, 0)
        let over = plane(seen.hand - handle) <= 0.02
        return Order(to: handle + (over ? [0, 0, -0.5] : [0, 0, 0.2]), gain: 25, grip: -1)
      })
  }
#endif
