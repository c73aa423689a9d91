#if MuJoCo
  import RealModule

  extension MetaWorldTask {
    /// The dial is turned half around by its rim.
    static let dialTurn = MetaWorldTask(
      "dial-turn", "turn a dial half around", model: "sawyer_dial", hand: single(0, 0.6, 0.2),
      object: Box([-0.1, 0.7, 0], [0.1, 0.8, 0]), goalSpace: Box([-0.1, 0.73, 0.0299], [0.1, 0.83, 0.0301]),
      terms: ["turned"],
      see: { Seen(dial($0), $0.quaternion(body: "dial")) },
      place: { scene, draw in
        scene.notes.object = draw.object
        scene.notes.target = draw.object.by(0, 0.03, 0.03)
        scene.move(body: "dial", to: draw.object)
        scene.notes.mark = dial(scene).by(0.05, 0.02, 0.09)
        scene.move(site: "goal", to: scene.notes.target)
      },
      pay: { scene, effort in
        let knob = dial(scene)
        let far = norm(knob - scene.notes.target)
        let inPlace = tolerance(far, 0, 0.07, margin: abs(norm(scene.notes.mark - scene.notes.target) - 0.07))
        let near = norm(knob.by(0.05, 0.02, 0.09) - scene.tcp)
        let reach = tolerance(
          near, 0, 0.005, margin: abs(norm(scene.notes.mark - scene.notes.hand) - 0.005), .gaussian)
        let grasp = hamacher(reach, closing(effort))
        var pay = Payment(near: near <= 0.01, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.07)
        pay.graspSuccess = true
        pay.add(0, 10 * hamacher(grasp, inPlace))
        return pay
      },
      expert: { seen in
        let dial = seen.object.by(0.05, 0.02, 0.09)
        let to: Vector =
          plane(seen.hand - dial) > 0.02
          ? [dial.x, dial.y, 0.2] : abs(seen.hand.z - dial.z) > 0.02 ? dial : dial.by(-0.05, 0.005, 0)
        return Order(to: to, gain: 10, grip: 1)
      })

    /// The mark on the rim.
    private static func dial(_ scene: Scene) -> Vector {
      let angle = scene.joint("knob_Joint_1")
      let rim: Vector = [Double.sin(angle), -Double.cos(angle), 0]
      return scene.body("dial") + rim * 0.05
    }
  }
#endif
