#if MuJoCo
  import RealModule

  extension MetaWorldTask {
    /// The cube goes from one bin to the other, over the rims.
    static let binPicking = MetaWorldTask(
      "bin-picking", "move a cube from the left bin to the right one", model: "sawyer_bin_picking",
      hand: [0, 0.6, 0.2], handLow: [-0.5, 0.4, 0.07], object: Box([-0.21, 0.65, 0.02], [-0.03, 0.75, 0.02]),
      goal: Box([0.1199, 0.699, -0.001], [0.1201, 0.701, 0.001]), terms: ["graspAndPlace", "lifted", "done"],
      see: { Seen($0.body("obj"), $0.quaternion(body: "obj")) },
      place: { scene, draw in
        scene.notes.object = [draw.object.x, draw.object.y, scene.body("obj").z]
        scene.put(object: scene.notes.object)
        scene.notes.target = scene.body("bin_goal")
        // Set by the first step's reward, as long as nothing has moved.
        scene.notes.distance = .nan
      },
      pay: { scene, effort in
        let target = scene.notes.target
        let far = norm(scene.object - target)
        if scene.notes.distance.isNaN { scene.notes.distance = far }
        let inPlace = tolerance(far, 0, 0.05, margin: scene.notes.distance)
        let floor = min(rim(plane(scene.hand - scene.notes.object)), rim(plane(scene.hand - target)))
        let above =
          scene.hand.z >= floor ? 1 : tolerance(max(floor - scene.hand.z, 0), 0, 0.01, margin: 0.05)
        let grasp = caging(
          scene, scene.object, effort, radius: 0.015, pad: 0.05, reach: 0.01, xz: 0.01, desired: 0.7, .high)
        let near = norm(scene.object - scene.hand) < 0.04
        var pay = Payment(near: near, grasp: grasp, inPlace: inPlace, distance: far, success: far <= 0.05)
        pay.graspSuccess = near && scene.object.z - 0.02 > scene.notes.object.z && scene.opened >= 0.43
        pay.add(0, hamacher(grasp, inPlace))
        if pay.graspSuccess { pay.add(1, 1 + 5 * hamacher(above, inPlace)) }
        if far < 0.05 { pay.only(2, 10) }
        return pay
      },
      expert: { seen in
        var cube = seen.object.by(0, 0, 0.03)
        cube.y = max(0.675, min(cube.y, 0.725))
        let bin: Vector = [0.12, 0.7, 0.02]
        let to: Vector =
          plane(seen.hand - cube) > 0.02
          ? cube.by(0, 0, 0.15)
          : abs(seen.hand.z - cube.z) > 0.01
            ? cube
            : plane(seen.hand - bin) > 0.02
              ? (seen.hand.z < 0.15 ? seen.hand.by(0, 0, 0.1) : [bin.x, bin.y, 0.18]) : bin
        return Order(to: to, gain: 25, grip: seen.isAbout(cube, 0.02, 0.02) ? 0.6 : -1)
      })

    /// How high the hand should be, so far from a bin's middle.
    private static func rim(_ radius: Double) -> Double {
      radius > 0.03 ? 0.02 * Double.log(radius - 0.03) + 0.2 : 0
    }
  }
#endif
