#if MuJoCo
  extension MetaWorldTask {
    /// The handle in front is gripped and pulled up.
    static let handlePull = MetaWorldTask(
      "handle-pull", "pull a handle up", model: "sawyer_handle_press", hand: [0, 0.6, 0.2],
      object: Box([-0.1, 0.8, -0.001], [0.1, 0.9, 0.001]), goalSpace: Box([-0.1, 0.55, 0.04], [0.1, 0.7, 0.18]),
      terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.site("handleRight"), .zero) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.move(body: "box", to: draw.object)
        scene.slide(to: -0.1)
        scene.notes.target = scene.site("goalPull")
      },
      pay: { scene, effort in
        let target = scene.notes.target.z
        let far = abs(target - scene.object.z)
        let inPlace = tolerance(far, 0, 0.05, margin: abs(target - scene.notes.object.z))
        let grasp = caging(scene, scene.object, effort, radius: 0.022, pad: 0.05, reach: 0.01, xz: 0.01, .high)
        let near = norm(scene.object - scene.tcp)
        var pay = Payment(near: near <= 0.05, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.05)
        pay.graspSuccess = scene.opened > 0 && scene.object.z - 0.03 > scene.notes.object.z
        pay.add(0, hamacher(grasp, inPlace))
        // The package compares y with a height here, which always holds.
        if near < 0.035 && scene.opened > 0 && scene.object.y - 0.01 > scene.notes.object.z {
          pay.add(1, 1 + 5 * inPlace)
        }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let handle = seen.object.by(0, -0.04, 0)
        let to =
          plane(seen.hand - handle) > 0.02
          ? handle
          : abs(seen.hand.z - handle.z) > 0.02 ? Vector(repeating: handle.z) : handle.by(0, 0, 0.1)
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
