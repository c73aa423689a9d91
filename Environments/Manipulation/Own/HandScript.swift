#if MuJoCo
  import ReinforcementLearning
  import RealModule

  /// What the experts of our scenes do: rules that look at the present state alone.
  ///
  /// The hand points along x, away from the robot, so things are taken from the robot's side: behind them, then
  /// forward.
  struct HandScript {
    private let scene: Tabletop
    private let hand: Vector
    /// From finger to finger.
    private let opening: Double

    init(_ scene: Tabletop) {
      self.scene = scene
      hand = scene.hand
      opening = 0.078 - scene.fingers
    }

    /// A step towards a place, and the fingers: 1 shut, -1 open.
    private func go(_ place: Vector, _ fingers: Float) -> VectorAction {
      var values = SIMD16<Float>.zero
      for axis in 0..<3 { values[axis] = Float(min(max((place[axis] - hand[axis]) / 0.02, -1), 1)) }
      values[3] = fingers
      return VectorAction(values)
    }

    /// Whether the fingers are around something of a block's size and shut.
    private func holds(_ object: Vector) -> Bool {
      let way = object - hand
      return max(abs(way.x), abs(way.y), abs(way.z)) < 0.016 && opening < 0.046
    }

    /// Towards an object that is not held: behind it, forward, then shut.
    private func fetch(_ object: Vector) -> VectorAction {
      let way = object - hand
      let isLevel = abs(way.y) < 0.012 && abs(way.z) < 0.012
      if isLevel && abs(way.x) < 0.012 { return go(object, 1) }
      if isLevel && way.x > -0.01 && way.x < 0.11 { return go(object.by(0, 0, 0.002), -1) }
      if hand.x > object.x - 0.075 { return go([object.x - 0.1, hand.y, max(hand.z, object.z + 0.003)], -1) }
      return go(object.by(-0.09, 0, 0.002), -1)
    }

    /// Red onto green.
    func stack() -> VectorAction {
      let (red, green) = (scene.object(0), scene.object(1))
      let rise = red.z - green.z
      if plane(red - green) < 0.015 && rise > 0.034 && rise < 0.048 {
        if opening < 0.07 && hand.x > red.x - 0.02 { return go(hand, -1) }
        return go([green.x - 0.12, hand.y, hand.z], -1)
      }
      guard holds(red) else { return fetch(red) }
      let way = green.by(0, 0, 0.041) - red
      if plane(way) <= 0.008 { return go(hand + way, 1) }
      if red.z < 0.07 { return go(hand.by(0, 0, 0.03), 1) }
      return go([hand.x + way.x, hand.y + way.y, hand.z + 0.085 - red.z], 1)
    }

    /// The knob to the goal's height, along its circle.
    func lever() -> VectorAction {
      let knob = scene.object(0)
      guard holds(knob) else { return fetch(knob) }
      let rise = min(max((scene.target.z - 0.1) / 0.15, -1), 1)
      var way = Vector(0.3 - 0.15 * (1 - rise * rise).squareRoot(), 0, scene.target.z) - knob
      way *= min(1, 0.015 / max(norm(way), 1e-9))
      return go(hand + way, 1)
    }

    /// The latch and so the door, where the shelf has one; then the block.
    func shelves() -> VectorAction {
      let (block, goal) = (scene.object(0), scene.target)
      let offset = block - goal
      if abs(offset.x) < 0.07 && abs(offset.y) < 0.08 && abs(offset.z) < 0.03 {
        if opening < 0.07 && hand.x > block.x - 0.03 { return go(hand, -1) }
        return go([0.2, hand.y, hand.z], -1)
      }
      if goal.z < 0.1 {
        let isLeft = goal.y > 0
        let lifted = scene.joint(isLeft ? 0 : 2)
        if lifted < 0.035 { return unlatch(lifted, y: isLeft ? 0.043 : -0.043) }
        // Out of the door's way until it is open.
        if scene.joint(isLeft ? 1 : 3) < 1.4 && !holds(block) { return go([0, 0, 0.12], -1) }
      }
      guard holds(block) else {
        return hand.x > 0.2 ? go([0.1, hand.y, hand.z], -1) : fetch(block)
      }
      let way = goal.by(0, 0, 0.006) - block
      guard block.x < 0.25 && (way.y * way.y + way.z * way.z).squareRoot() > 0.01 else { return go(hand + way, 1) }
      let forward = block.z > 0.03 || abs(way.y) < 0.02 ? 0.12 - block.x : 0
      return go(hand.by(forward, way.y, way.z), 1)
    }

    /// With shut fingers under the latch, then up.
    private func unlatch(_ lifted: Double, y: Double) -> VectorAction {
      let latch = 0.105 + lifted
      let isBeside = abs(hand.y - y) < 0.02
      if isBeside && hand.x > 0.29 && hand.z < latch { return go([0.31, y, 0.2], 1) }
      if hand.x < 0.24 {
        let isThere = abs(hand.y - y) <= 0.01 && abs(hand.z - latch + 0.045) <= 0.01
        return go([isThere ? 0.31 : min(hand.x, 0.2), y, latch - 0.045], 1)
      }
      return isBeside && hand.z < latch - 0.02 ? go([0.31, y, latch - 0.045], 1) : go([0.15, hand.y, hand.z], 1)
    }
  }
#endif
