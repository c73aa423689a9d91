#if MuJoCo
  /// What a grip is paid for besides the fingers' places.
  enum CagingDensity: Sendable {
    /// The grip alone.
    case plain
    /// The mean of grip and reach.
    case medium
    /// The mean of grip and caging.
    case high
  }

  /// How far the gripper is closed by an action, as a share of the effort that is wanted.
  func closing(_ effort: Float, desired: Double = 1) -> Promoted {
    if !(effort > 0) { return 0 }
    if desired < Double(effort) { return 1 }
    return desired == 1 ? Promoted(single: effort) : Promoted(single: effort) / Promoted(desired)
  }

  /// How well the fingers are about an object and, once they are, close on it: 0...1.
  ///
  /// - Parameters:
  ///   - effort: The action's last number.
  ///   - radius: Of the object, metres.
  ///   - pad: How far a finger's pad may be from the object's middle.
  ///   - reach: How near the gripper's centre should be (`medium` alone).
  ///   - xz: How near it should be in x and z.
  ///   - desired: The effort that counts as closed.
  ///   - start: Where the object was at the start; nil for the scene's.
  func caging(
    _ scene: Scene, _ object: Vector, _ effort: Float, radius: Double, pad: Double, reach: Double, xz: Double,
    desired: Double = 1, around start: Vector? = nil, _ density: CagingDensity
  ) -> Promoted {
    let start = start ?? scene.notes.object
    func side(_ y: Double) -> Promoted {
      tolerance(abs(y - object.y), radius, pad, margin: abs(abs(y - start.y) - pad))
    }
    let between = hamacher(side(scene.leftPad.y), side(scene.rightPad.y))
    let tcp = scene.tcp
    let hand = scene.notes.hand
    let over = tolerance(
      norm(tcp.x - object.x, tcp.z - object.z), 0, xz, margin: norm(start.x - hand.x, start.z - hand.z) - xz)
    let caged = hamacher(between, over)
    let gripped = hamacher(caged, caged.value > 0.97 ? closing(effort, desired: desired) : 0)
    switch density {
    case .plain: return gripped
    case .high: return (gripped + caged) / 2
    case .medium:
      let reached = tolerance(norm(object - tcp), 0, reach, margin: abs(norm(start - hand) - reach))
      return (gripped + reached) / 2
    }
  }

  /// Both fingers' tolerances, each from its own side of the object; the margins follow the fingers, as the package
  /// keeps views of where they are instead of where they were.
  private func sides(_ scene: Scene, radius: Double, upTo bound: Double) -> (right: Promoted, left: Promoted) {
    let y = scene.object.y
    let (right, left) = (scene.rightPad.y, scene.leftPad.y)
    return (
      tolerance(y - right, radius, bound, margin: abs(abs(y - right) - 0.05)),
      tolerance(left - y, radius, bound, margin: abs(abs(y - left) - 0.05))
    )
  }

  /// How near the gripper's centre is to the object in x and z.
  private func hovering(_ scene: Scene, xz: Double) -> Promoted {
    let (tcp, object) = (scene.tcp, scene.object)
    let (start, hand) = (scene.notes.object, scene.notes.hand)
    return tolerance(
      norm(tcp.x - object.x, tcp.z - object.z), 0, xz, margin: norm(start.x - hand.x, start.z - hand.z) - xz)
  }

  /// The caging of pick-place, whose fingers come from both sides of the puck.
  func pinching(_ scene: Scene, _ effort: Float) -> Promoted {
    let (right, left) = sides(scene, radius: 0.015, upTo: 0.05)
    let caged = hamacher(hamacher(left, right), hovering(scene, xz: 0.005))
    let gripped = hamacher(caged, caged.value > 0.97 ? closing(effort) : 0)
    return (gripped + caged) / 2
  }

  /// The caging of what is pushed and swept: fingers near the object count as a grip, whatever the effort.
  ///
  /// - Parameter grip: How far beyond the object's radius a pad may be to grip it.
  func wrapping(_ scene: Scene, radius: Double, grip: Double, xz: Double) -> Promoted {
    let (right, left) = sides(scene, radius: radius, upTo: 0.05)
    let caged = hamacher(hamacher(right, left), hovering(scene, xz: xz))
    let gripping = sides(scene, radius: radius, upTo: radius + grip)
    return (caged + (caged.value > 0.95 ? hamacher(gripping.right, gripping.left) : 0)) / 2
  }
#endif
