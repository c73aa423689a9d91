/// The loops over slots and snapshots, compiled for each environment where its type is known. Do not implement them.
///
/// They are requirements, not functions of the extension alone, since a witness is specialised in the module of the
/// environment, while a generic function of this module, called through an erased face, is not (a step then costs an
/// order of magnitude more). Every environment gets them by the defaults below; only `playout` may be worth writing
/// anew, where random play has a faster form, as on a board of bits.
///
/// It is a protocol of its own so that `Environment` lists nothing but what an author writes.
public protocol _CompiledLoops: Sendable {
  /// Steps every slot once with the actions at `time`.
  static func step(_ slots: inout [Slot<Self>], rollout: Rollout, at time: Int)

  /// Copies a slot of one batch over a slot of another.
  static func copy(_ source: inout Slot<Self>, to target: inout Slot<Self>)

  /// Copies a snapshot and steps the copy.
  static func advance(
    _ source: UnsafeMutablePointer<Snapshot<Self>>, to target: UnsafeMutablePointer<Snapshot<Self>>,
    actions: ActionBuffer
  ) -> Transition

  /// Plays random legal actions from a snapshot to the end of its episode and returns the discounted sum of rewards.
  static func playout(
    _ snapshot: UnsafeMutablePointer<Snapshot<Self>>, rules: PlayoutRules, actions: ActionBuffer,
    mask: UnsafeMutableBufferPointer<Bool>, random: inout RandomSource
  ) -> Double

  /// `step` of a stack of this environment's observations.
  static func _stepStacked(_ slots: inout [Slot<FrameStack<Self>>], rollout: Rollout, at time: Int)

  /// `advance` of a stack of this environment's observations.
  static func _advanceStacked(
    _ source: UnsafeMutablePointer<Snapshot<FrameStack<Self>>>,
    to target: UnsafeMutablePointer<Snapshot<FrameStack<Self>>>, actions: ActionBuffer
  ) -> Transition
}

extension Environment {
  /// The environment and where its episode stands; each slot keeps its own number in the run.
  @inlinable public static func copy(_ source: inout Slot<Self>, to target: inout Slot<Self>) {
    target.environment = source.environment
    target.elapsed = source.elapsed
    target.timeLimit = source.timeLimit
    target.seed = source.seed
  }

  /// Steps every slot once with the actions at `time`, and writes rewards, outcomes and the next observations.
  ///
  /// Where an episode ends, its last observation goes to the rollout's final observations and the slot is
  /// reset in the same step, so the row at `time + 1` is the new episode's first.
  @inlinable public static func step(_ slots: inout [Slot<Self>], rollout: Rollout, at time: Int) {
    stepEach(&slots, rollout: rollout, at: time)
  }

  /// The same loop over stacks of this environment, compiled where both types are known. Do not implement it.
  @inlinable public static func _stepStacked(_ slots: inout [Slot<FrameStack<Self>>], rollout: Rollout, at time: Int) {
    FrameStack<Self>.stepEach(&slots, rollout: rollout, at: time)
  }

  @inlinable @inline(__always) static func stepEach(_ slots: inout [Slot<Self>], rollout: Rollout, at time: Int) {
    rollout.checkStep(time, slots: slots.count)
    let defaultLimit = rollout.defaultTimeLimit
    slots.withUnsafeMutableBufferPointer { slots in
      for index in 0..<slots.count {
        let place = time &* slots.count &+ index
        let transition = slots[index].step(Action(from: rollout.actions, at: place))
        let outcome = transition.outcome
        rollout.rewards[place] = transition.reward
        rollout.outcomes[place] = outcome.rawValue
        rollout.successes[place] = transition.success
        if outcome != .running {
          let row = rollout.appendFinalRow(time: time, slot: index)
          slots[index].observe(into: row)
          slots[index].startEpisode(defaultLimit: defaultLimit)
        }
        slots[index].observe(into: rollout.row(time: time &+ 1, slot: index))
        if rollout.hasMasks {
          var mask = rollout.clearedMask(time: time &+ 1, slot: index).mutableSpan
          slots[index].environment.legalActions(into: &mask)
        }
      }
    }
  }
}

extension Environment {
  /// Copies, then steps the copy.
  @inlinable public static func advance(
    _ source: UnsafeMutablePointer<Snapshot<Self>>, to target: UnsafeMutablePointer<Snapshot<Self>>,
    actions: ActionBuffer
  ) -> Transition {
    stepCopy(source, to: target, actions: actions)
  }

  /// The same for a stack of this environment. Do not implement it.
  @inlinable public static func _advanceStacked(
    _ source: UnsafeMutablePointer<Snapshot<FrameStack<Self>>>,
    to target: UnsafeMutablePointer<Snapshot<FrameStack<Self>>>, actions: ActionBuffer
  ) -> Transition {
    FrameStack<Self>.stepCopy(source, to: target, actions: actions)
  }

  @inlinable @inline(__always) static func stepCopy(
    _ source: UnsafeMutablePointer<Snapshot<Self>>, to target: UnsafeMutablePointer<Snapshot<Self>>,
    actions: ActionBuffer
  ) -> Transition {
    if source != target { target.pointee = source.pointee }
    return target.pointee.step(Action(from: actions, at: 0))
  }

  /// Draws legal actions uniformly until the episode ends.
  @inlinable public static func playout(
    _ snapshot: UnsafeMutablePointer<Snapshot<Self>>, rules: PlayoutRules, actions: ActionBuffer,
    mask: UnsafeMutableBufferPointer<Bool>, random: inout RandomSource
  ) -> Double {
    var total = 0.0
    var factor = 1.0
    var steps = 0
    while steps < rules.limit {
      if rules.actionCount == 0 {
        for element in 0..<rules.low.count {
          let (low, high) = (rules.low[element], rules.high[element])
          actions.continuous[element] = low + (high - low) * random.uniformFloat()
        }
      } else if rules.hasMasks {
        mask.update(repeating: true)
        var legal = mask.mutableSpan
        snapshot.pointee.environment.legalActions(into: &legal)
        var remaining = 0
        for isLegal in mask { remaining &+= isLegal ? 1 : 0 }
        remaining = random.integer(in: 0..<max(1, remaining))
        var chosen = 0
        for action in 0..<mask.count where mask[action] {
          chosen = action
          if remaining == 0 { break }
          remaining &-= 1
        }
        actions.discrete[0] = Int32(truncatingIfNeeded: chosen)
      } else {
        actions.discrete[0] = Int32(truncatingIfNeeded: random.integer(in: 0..<rules.actionCount))
      }
      let transition = snapshot.pointee.step(Action(from: actions, at: 0))
      total += factor * Double(transition.reward)
      if transition.outcome != .running { break }
      factor *= rules.discount
      steps &+= 1
    }
    return total
  }
}
