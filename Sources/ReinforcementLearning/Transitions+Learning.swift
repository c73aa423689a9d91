/// What a learner reads of transitions and no reward model does.
extension Transitions {
  /// The actions that were legal; nil when every action always is.
  public func mask(_ index: Int) -> UnsafeBufferPointer<Bool>? {
    switch source {
    case .rollout(let rollout):
      rollout.mask(time: index / rollout.slots, slot: index % rollout.slots).map { UnsafeBufferPointer($0) }
    case .buffer(let buffer, let places): buffer.mask(places[index])
    }
  }

  /// The actions that are legal after it; nil when every action always is, and where the episode ended.
  public func nextMask(_ index: Int) -> UnsafeBufferPointer<Bool>? {
    guard outcome(index) == .running else { return nil }
    switch source {
    case .rollout(let rollout):
      return rollout.mask(time: index / rollout.slots + 1, slot: index % rollout.slots).map { UnsafeBufferPointer($0) }
    case .buffer(let buffer, let places):
      return buffer.isLinked(places[index]) ? buffer.mask(buffer.following(places[index])) : nil
    }
  }

  /// What the policy put out at this step under a name that the buffer keeps; nil where it is not kept.
  public func output(_ name: String, _ index: Int) -> UnsafeBufferPointer<Float>? {
    guard case .buffer(let buffer, let places) = source else { return nil }
    return buffer.output(name, places[index])
  }
}
