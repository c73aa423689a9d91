import Groundwork

/// What a policy with a memory asks of the rollout, at every time alike: whether an episode starts here, and what the
/// last action was and brought. At time 0 that is what came before the rollout; a resumed run knows it, too.
extension Rollout {
  /// Whether the observation at `[time, slot]` is the first of an episode.
  @inlinable public func startsEpisode(time: Int, slot: Int) -> Bool {
    time == 0 ? startsBefore[slot] : endsEpisode(at: (time &- 1) &* slots &+ slot)
  }

  /// Whether the episode of a place of `[steps, slots]` ends there: not where a director ended the value alone.
  @inlinable func endsEpisode(at place: Int) -> Bool {
    guard outcomes[place] != 0 else { return false }
    guard let rules = sampleRules, rules.isContinued.count > 0 else { return true }
    return !rules.isContinued[place]
  }

  /// The reward of the step that led to `[time, slot]`: where an episode starts, that of the last step of the episode
  /// before it; 0 where nothing came before.
  @inlinable public func lastReward(time: Int, slot: Int) -> Float {
    time == 0 ? rewardsBefore[slot] : rewards[(time &- 1) &* slots &+ slot]
  }

  /// The numbered action of that step; -1 where nothing came before.
  @inlinable public func lastAction(time: Int, slot: Int) -> Int {
    Int(time == 0 ? actionsBefore.discrete[slot] : actions.discrete[(time &- 1) &* slots &+ slot])
  }

  /// The action of that step where actions are vectors, `[width]`; zeros where nothing came before.
  @inlinable public func lastVector(time: Int, slot: Int) -> UnsafeBufferPointer<Float> {
    let start =
      time == 0
      ? actionsBefore.continuous + slot &* actions.width
      : actions.continuous + ((time &- 1) &* slots &+ slot) &* actions.width
    return UnsafeBufferPointer(start: start, count: actions.width)
  }

  @usableFromInline var startsBefore: UnsafeMutablePointer<Bool> { before.starts }
  @usableFromInline var rewardsBefore: UnsafeMutablePointer<Float> { before.rewards }
  @usableFromInline var actionsBefore: ActionBuffer { before.actions }

  /// Makes row 0 the first of every slot that nothing came before.
  public func forgetBefore() { before.removeAll() }

  /// Saves what the last step was, which `carry` makes what came before; call when the rollout is full.
  func saveLast(to state: inout SavedState) {
    let places = (steps - 1) * slots..<steps * slots
    state.set("lastOutcomes", places.map { endsEpisode(at: $0) ? outcomes[$0] : 0 })
    state.set("lastRewards", places.map { rewards[$0] })
    if isDiscrete {
      state.set("lastActions", places.map { actions.discrete[$0] })
    } else {
      state.set(
        "lastActions",
        places.flatMap { place in (0..<actions.width).map { actions.continuous[place * actions.width + $0] } })
    }
  }

  /// Puts the last step where it was saved.
  func restoreLast(from state: SavedState) throws {
    let first = (steps - 1) * slots
    for (slot, value) in try state.get("lastOutcomes", as: UInt8.self, count: slots).enumerated() {
      guard Outcome(rawValue: value) != nil else {
        throw UserError("the checkpoint's slot \(slot) has the outcome \(value)")
      }
      outcomes[first + slot] = value
    }
    for (slot, value) in try state.get("lastRewards", as: Float.self, count: slots).enumerated() {
      rewards[first + slot] = value
    }
    if isDiscrete {
      for (slot, value) in try state.get("lastActions", as: Int32.self, count: slots).enumerated() {
        actions.discrete[first + slot] = value
      }
    } else {
      let width = actions.width
      for (index, value) in try state.get("lastActions", as: Float.self, count: slots * width).enumerated() {
        actions.continuous[first * width + index] = value
      }
    }
  }
}

/// What came before a rollout's row 0, by slot.
final class StepBefore: @unchecked Sendable {
  /// `[slots]`
  let starts: UnsafeMutablePointer<Bool>
  /// `[slots]`
  let rewards: UnsafeMutablePointer<Float>
  /// `[slots]`, or `[slots, width]` for vectors.
  let actions: ActionBuffer
  private let slots: Int

  init(slots: Int, width: Int) {
    self.slots = slots
    starts = .allocate(capacity: slots)
    rewards = .allocate(capacity: slots)
    actions = ActionBuffer(
      discrete: .allocate(capacity: slots), continuous: .allocate(capacity: slots * width), width: width)
    removeAll()
  }

  deinit {
    starts.deallocate()
    rewards.deallocate()
    actions.discrete.deallocate()
    actions.continuous.deallocate()
  }

  func removeAll() {
    starts.initialize(repeating: true, count: slots)
    rewards.initialize(repeating: 0, count: slots)
    actions.discrete.initialize(repeating: -1, count: slots)
    actions.continuous.initialize(repeating: 0, count: slots * actions.width)
  }

  /// Makes a full rollout's last step what came before.
  func keepLast(of rollout: Rollout) {
    let first = (rollout.steps - 1) * slots
    for slot in 0..<slots { starts[slot] = rollout.endsEpisode(at: first + slot) }
    rewards.update(from: rollout.rewards + first, count: slots)
    if rollout.isDiscrete {
      actions.discrete.update(from: rollout.actions.discrete + first, count: slots)
    } else {
      actions.continuous.update(from: rollout.actions.continuous + first * actions.width, count: slots * actions.width)
    }
  }
}
