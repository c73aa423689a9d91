#if MuJoCo
  extension MetaWorldTask {
    /// The handle at the side is gripped and pulled up.
    static let handlePullSide = MetaWorldTask(
      "handle-pull-side", "pull a handle at the side up", model: "sawyer_handle_press_sideways", hand: [0, 0.6, 0.2],
      object: Box([-0.35, 0.65, 0], [-0.25, 0.75, 0]), terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.site("handleCenter"), .zero) },
      place: { scene, draw in
        scene.move(body: "box", to: draw.object)
        scene.slide(to: -0.1)
        scene.notes.target = scene.site("goalPull")
        scene.notes.object = scene.site("handleCenter")
      },
      pay: { scene, effort in
        let far = norm(scene.object - scene.notes.target)
        let inPlace = tolerance(far, 0, 0.05, margin: norm(scene.notes.object - scene.notes.target))
        let grasp = caging(scene, scene.object, effort, radius: 0.032, pad: 0.06, reach: 0.01, xz: 0.01, .high)
        let near = norm(scene.object - scene.tcp)
        var pay = Payment(near: near <= 0.05, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.08)
        pay.graspSuccess = scene.opened > 0 && scene.object.z - 0.03 > scene.notes.object.z
        pay.add(0, hamacher(grasp, inPlace))
        if near < 0.035 && scene.opened > 0 && scene.object.z - 0.01 > scene.notes.object.z {
          pay.add(1, 1 + 5 * inPlace)
        }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        let to =
          plane(seen.hand - seen.object) > 0.04
          ? seen.object.by(0, 0, 0.1)
          : abs(seen.hand.z - seen.object.z) > 0.03 ? seen.object : seen.object.by(0, 0, 1)
        return Order(to: to, gain: 25, grip: seen.isAbout(seen.object, 0.04, 0.04) ? 0.6 : 0)
      })
  }
#endif
