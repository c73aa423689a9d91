/// The compiled loops of stacked environments: each is a requirement of the base, so that it is compiled in the base's
/// module, where both types are known.
extension FrameStack where Base: Environment {
  /// Steps every slot in the loop that the base's module compiled.
  public static func step(_ slots: inout [Slot<FrameStack<Base>>], rollout: Rollout, at time: Int) {
    Base._stepStacked(&slots, rollout: rollout, at: time)
  }

  /// Copies and steps in the base's module.
  public static func advance(
    _ source: UnsafeMutablePointer<Snapshot<FrameStack<Base>>>,
    to target: UnsafeMutablePointer<Snapshot<FrameStack<Base>>>, actions: ActionBuffer
  ) -> Transition {
    Base._advanceStacked(source, to: target, actions: actions)
  }

  /// The base's own random playout; what was observed on the way is not kept, so the last state stands for all.
  public static func playout(
    _ snapshot: UnsafeMutablePointer<Snapshot<FrameStack<Base>>>, rules: PlayoutRules, actions: ActionBuffer,
    mask: UnsafeMutableBufferPointer<Bool>, random: inout RandomSource
  ) -> Double {
    var inner = Snapshot(snapshot.pointee.environment.base)
    (inner.elapsed, inner.timeLimit) = (snapshot.pointee.elapsed, snapshot.pointee.timeLimit)
    let total = withUnsafeMutablePointer(to: &inner) {
      Base.playout($0, rules: rules, actions: actions, mask: mask, random: &random)
    }
    snapshot.pointee.environment.base = inner.environment
    snapshot.pointee.elapsed = inner.elapsed
    snapshot.pointee.environment.restart()
    return total
  }

  /// Stacks are made of environments of the catalog, never of stacks.
  public static func _stepStacked(_ slots: inout [Slot<FrameStack<Self>>], rollout: Rollout, at time: Int) {
    preconditionFailure("a stack of stacks")
  }

  /// Never called, for the same reason.
  public static func _advanceStacked(
    _ source: UnsafeMutablePointer<Snapshot<FrameStack<Self>>>,
    to target: UnsafeMutablePointer<Snapshot<FrameStack<Self>>>, actions: ActionBuffer
  ) -> Transition {
    preconditionFailure("a stack of stacks")
  }
}
