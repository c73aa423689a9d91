#if MuJoCo
  extension MetaWorldTask {
    /// The faucet is turned counter-clockwise.
    static let faucetOpen = MetaWorldTask(
      "faucet-open", "turn a faucet one way", model: "sawyer_faucet", hand: [0, 0.4, 0.2],
      handLow: [-0.5, 0.4, -0.15], object: Box([-0.05, 0.8, 0], [0.05, 0.85, 0]), terms: ["reach", "inPlace", "done"],
      see: { Seen($0.site("handleStartOpen").by(0, 0, -0.01), $0.quaternion(body: "faucetBase")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.move(body: "faucetBase", to: draw.object)
        scene.notes.target = draw.object.by(0.175, 0, 0.125)
        scene.move(site: "goal_open", to: scene.notes.target)
      },
      pay: { scene, _ in payFaucet(scene, handle: scene.object.by(-0.04, 0, 0.03)) },
      expert: { seen in
        let faucet = seen.object.by(-0.04, 0, 0.03)
        let to =
          plane(seen.hand - faucet) > 0.04
          ? faucet.by(0, 0, 0.1) : abs(seen.hand.z - faucet.z) > 0.04 ? faucet : faucet.by(0.1, 0.05, 0)
        return Order(to: to, gain: 25, grip: 1)
      })

    /// Pays for reaching the handle and for how near it is to its end.
    static func payFaucet(_ scene: Scene, handle: Vector) -> Payment {
      let target = scene.notes.target
      let far = norm(handle - target)
      let inPlace = tolerance(far, 0, 0.07, margin: abs(norm(scene.notes.object - target) - 0.07))
      let near = norm(handle - scene.tcp)
      let reach = tolerance(near, 0, 0.01, margin: abs(norm(scene.notes.object - scene.notes.hand) - 0.01), .gaussian)
      var pay = Payment(near: near <= 0.01, grasp: reach, inPlace: inPlace, distance: far, success: far <= 0.07)
      pay.graspSuccess = true
      pay.add(0, 2 * reach)
      pay.add(1, 3 * inPlace)
      pay.scale(by: 2)
      if far <= 0.07 { pay.only(2, 10) }
      return pay
    }
  }
#endif
