#if MuJoCo
  extension MetaWorldTask {
    /// The faucet is turned clockwise.
    static let faucetClose = MetaWorldTask(
      "faucet-close", "turn a faucet the other way", model: "sawyer_faucet", hand: [0, 0.4, 0.2],
      handLow: [-0.5, 0.4, -0.15], object: Box([-0.1, 0.8, 0], [0.1, 0.85, 0]), terms: ["reach", "inPlace", "done"],
      see: { Seen($0.site("handleStartClose").by(0, 0, -0.01), $0.quaternion(body: "faucetBase")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.move(body: "faucetBase", to: draw.object)
        scene.notes.target = draw.object.by(-0.175, 0, 0.125)
        scene.forward()
        scene.move(site: "goal_close", to: scene.notes.target)
      },
      pay: { scene, _ in payFaucet(scene, handle: scene.object) },
      expert: { seen in
        let faucet = seen.object.by(0.04, 0, 0.03)
        let to =
          plane(seen.hand - faucet) > 0.04
          ? faucet.by(0, 0, 0.1) : abs(seen.hand.z - faucet.z) > 0.04 ? faucet : faucet.by(-0.1, 0.05, 0)
        return Order(to: to, gain: 25, grip: 1)
      })
  }
#endif
