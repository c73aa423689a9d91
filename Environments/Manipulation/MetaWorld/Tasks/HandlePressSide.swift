#if MuJoCo
  extension MetaWorldTask {
    /// The handle is at the side.
    static let handlePressSide = MetaWorldTask(
      "handle-press-side", "press a handle at the side down", model: "sawyer_handle_press_sideways",
      hand: [0, 0.6, 0.2],
      object: Box([-0.35, 0.65, -0.001], [-0.25, 0.75, 0.001]), terms: ["reachAndPlace", "done"],
      see: { Seen($0.site("handleStart"), .zero) },
      place: { scene, draw in placePressedHandle(&scene, draw) },
      pay: { scene, _ in payPressedHandle(scene) },
      expert: { seen in
        let over = plane(seen.hand - seen.object) <= 0.02
        return Order(to: seen.object + (over ? [0, 0, -0.5] : [0, 0, 0.2]), gain: 25, grip: 1)
      })

    /// Puts the box there with the handle up.
    static func placePressedHandle(_ scene: inout Scene, _ draw: Draw) {
      scene.notes.object = draw.object
      scene.move(body: "box", to: draw.object)
      scene.slide(to: -0.001)
      scene.notes.target = scene.site("goalPress")
      scene.notes.mark = scene.site("handleStart")
    }

    /// Pays for reaching the handle and for how low it is.
    static func payPressedHandle(_ scene: Scene) -> Payment {
      let handle = scene.site("handleStart")
      let far = norm(handle.z - scene.notes.target.z)
      let inPlace = tolerance(far, 0, 0.02, margin: abs(norm(scene.notes.mark.z - scene.notes.target.z) - 0.02))
      let near = norm(handle - scene.tcp)
      let reach = tolerance(near, 0, 0.02, margin: abs(norm(scene.notes.mark - scene.notes.hand) - 0.02))
      var pay = Payment(near: near <= 0.05, grasp: reach, inPlace: inPlace, distance: far, success: far <= 0.02)
      pay.graspSuccess = true
      pay.add(0, hamacher(reach, inPlace))
      if far <= 0.02 { pay.only(1, 1) }
      pay.scale(by: 10)
      return pay
    }
  }
#endif
