import ReinforcementLearning

/// Follows one cell trajectory of an archive with the goal-conditioned policy: what is evaluated.
///
/// Past the trajectory's last cell that cell stays the goal. Where an episode is at the first cell again without having
/// been expected there, it follows from the start: so it needs not be told that a new episode began.
///
/// It sees its cell at evaluation as in training: signals of the present state, and nothing that could be restored.
final class GoalFollowingPolicy: Policy {
  private let space: GoalSpace
  private let archive: GoalArchive
  /// The cell that it goes to; nil while there is none.
  private let target: Int?
  private let window: Int
  private let policy: PPOPolicy
  private let shown: Rollout
  private var followers: [TrajectoryFollower?]
  /// The cell of each slot's last step.
  private var last: [Int]
  private var key: [Int32]

  init(
    _ space: GoalSpace, _ archive: GoalArchive, to target: Int?, window: Int, temperature: Float, policy: PPOPolicy,
    slots: Int
  ) {
    self.space = space
    self.archive = archive
    self.target = target
    self.window = window
    self.policy = policy
    shown = Rollout(
      specification: space.specification, signals: space.signals, slots: slots, steps: 1, rules: .temperatures)
    shown.sampleRules!.temperatures.update(repeating: temperature)
    followers = [TrajectoryFollower?](repeating: nil, count: slots)
    last = [Int](repeating: -1, count: slots)
    key = [Int32](repeating: 0, count: space.keyWidth)
  }

  func act(on rollout: Rollout, at time: Int, in batch: EnvironmentBatch, random: inout RandomSource) {
    batch.observe(shown)
    let before = time > 0 ? time - 1 : rollout.steps - 1
    for slot in 0..<rollout.slots {
      let hasEnded = followers[slot] != nil && rollout.outcomes[before * rollout.slots + slot] != 0
      aim(slot, hasEnded: hasEnded)
    }
    policy.act(on: shown, at: 0, in: batch, random: &random)
    for slot in 0..<rollout.slots {
      rollout.actions.discrete[time * rollout.slots + slot] = shown.actions.discrete[slot]
    }
  }

  /// Moves a slot's follower on and writes its goal into the row that is shown.
  private func aim(_ slot: Int, hasEnded: Bool) {
    let row = shown.observation(time: 0, slot: slot)
    key.withUnsafeMutableBufferPointer { space.reader.write(row, to: $0.baseAddress!) }
    let cell = key.withUnsafeBufferPointer { archive.table.find($0.baseAddress!) }
    key.withUnsafeBufferPointer { present in
      guard let target else {
        space.encoder.write(goal: present.baseAddress!, present: present.baseAddress!, into: row)
        return
      }
      if followers[slot] == nil || hasEnded {
        followers[slot] = archive.follower(to: target, window: window, at: cell)
      } else if followers[slot]!.arrive(Int32(truncatingIfNeeded: cell)) == .elsewhere, cell != last[slot],
        cell == Int(followers[slot]!.cells[0])
      {
        followers[slot]!.restart()
      }
      last[slot] = cell
      space.encoder.write(
        goal: archive.table[Int(followers[slot]!.goal)], present: present.baseAddress!, into: row)
    }
  }
}
