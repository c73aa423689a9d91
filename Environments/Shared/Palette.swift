package import ReinforcementLearning

/// The colours that the families share: a goal is green and a danger red whatever is drawn.
extension Sketch.Color {
  /// What lies behind everything.
  package static var backdrop: Self { Self(22, 26, 36) }
  /// Lines, walls, and what is written small.
  package static var track: Self { Self(120, 130, 150) }
  /// Floor and hills.
  package static var ground: Self { Self(44, 58, 66) }
  /// What the agent moves.
  package static var cart: Self { Self(82, 140, 220) }
  package static var wheel: Self { Self(40, 48, 64) }
  /// The agent itself, or what it balances.
  package static var pole: Self { Self(240, 190, 90) }
  /// Pivots, and what is to be seen on any colour.
  package static var joint: Self { Self(225, 228, 235) }
  /// Limits, lava, what is to be avoided.
  package static var danger: Self { Self(235, 90, 80) }
  /// What is to be reached.
  package static var goal: Self { Self(90, 205, 130) }
  /// Arrows for forces that turn.
  package static var torque: Self { Self(190, 120, 235) }

  /// A mixture: 0 is the first colour, 1 the second.
  package static func blend(_ a: Self, _ b: Self, _ part: Double) -> Self {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8(Double(a) + (Double(b) - Double(a)) * max(0, min(1, part))) }
    return Self(mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue))
  }
}
