import Groundwork

/// What the base can, a stack of it can.
extension FrameStack: Drawable where Base: Drawable {
  /// The base's picture, of the present alone.
  public func sketch() -> Sketch { base.sketch() }
}

extension FrameStack: Mapped where Base: Mapped {
  /// The base's place.
  public func placeOnSketch() -> Sketch.Area? { base.placeOnSketch() }
}

extension FrameStack: Scripted where Base: Scripted {
  /// The base's expert, who sees the present alone.
  public func expertAction() -> Base.Action { base.expertAction() }
}

extension FrameStack: Searchable where Base: Searchable {
  /// What was observed before belongs to it: it is seen later.
  public func digest() -> UInt64 {
    var digest = StateDigest()
    digest.add(base.digest())
    frames.withUnsafeBytes { bytes in
      for age in 1..<max(1, layout.count) {
        let frame = (newest + age) % layout.count
        for place in layout.places {
          let start = frame * layout.frameBytes + place.offset
          digest.add(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + place.count]))
        }
      }
    }
    return digest.value
  }

  /// As the base; the observations that were kept stay. False, and nothing changed, where the base cannot.
  public mutating func adopt(_ plan: Plan) -> Bool { base.adopt(plan.base) }
}

extension FrameStack: TurnTaking where Base: TurnTaking {
  /// The base's game without its opponent, stacked as much; nil where the base has none.
  public static func selfPlay(_ configuration: Configuration) -> Configuration? {
    Base.selfPlay(configuration.base).map { Configuration(base: $0, frameStack: configuration.frameStack) }
  }
}

extension FrameStack: GoalConditioned where Base: GoalConditioned {
  /// The base's fields; those of the policy are stacked.
  public static var goal: GoalFields { Base.goal }

  /// The base's, of one observation's goals.
  public static func reward(achieved: Span<Float>, desired: Span<Float>, plan: Plan) -> Float {
    Base.reward(achieved: achieved, desired: desired, plan: plan.base)
  }

  /// The base's, of one observation's goals.
  public static func isSuccess(achieved: Span<Float>, desired: Span<Float>, plan: Plan) -> Bool {
    Base.isSuccess(achieved: achieved, desired: desired, plan: plan.base)
  }

  /// The base's loop.
  public static func _scoreGoals(
    achieved: Span<Float>, desired: Span<Float>, width: Int, plan: Plan, rewards: inout MutableSpan<Float>,
    successes: inout MutableSpan<Bool>
  ) {
    Base._scoreGoals(
      achieved: achieved, desired: desired, width: width, plan: plan.base, rewards: &rewards, successes: &successes)
  }
}
