public import ReinforcementLearning

/// Does the actions of recorded episodes in order, whatever comes of them; the last one again and again after that.
public struct OpenLoopPolicy: Policy {
  private let replays: [Replay]
  /// Actions done in the running episode of each slot.
  private(set) var positions: [Int]

  /// - Parameter replays: At least one; slots take turns with them, by their number in the run.
  public init(_ replays: [Replay], slots: Int) {
    precondition(!replays.isEmpty, "an open-loop policy has something to play")
    self.replays = replays
    positions = Array(repeating: 0, count: slots)
  }

  public mutating func act(
    on rollout: Rollout, at time: Int, in batch: EnvironmentBatch, random: inout RandomSource
  ) {
    // The step before this one: at the start of a rollout, the last of the one that filled the buffers before.
    restart(after: time > 0 ? time - 1 : rollout.steps - 1, rollout)
    for slot in 0..<rollout.slots {
      let replay = replays[(batch.firstSlot + slot) % replays.count]
      let position = min(positions[slot], replay.length - 1)
      rollout.setAction(replay.actions[(position * replay.width)..<((position + 1) * replay.width)], time: time, slot: slot)
      positions[slot] += 1
    }
  }

  /// Starts anew where an episode ended in that step.
  private mutating func restart(after time: Int, _ rollout: Rollout) {
    for slot in 0..<rollout.slots where rollout.outcome(time: time, slot: slot) != .running { positions[slot] = 0 }
  }

  /// Where every slot stands after a whole rollout, for a checkpoint.
  func positions(after rollout: Rollout) -> [Int] {
    var copy = self
    copy.restart(after: rollout.steps - 1, rollout)
    return copy.positions
  }

  mutating func restore(positions saved: [Int]) {
    precondition(saved.count == positions.count, "one position a slot")
    positions = saved
  }
}
