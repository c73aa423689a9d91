import ReinforcementLearning

/// Follows one cell trajectory of an archive with the goal-conditioned policy: what is evaluated.
///
/// Past the trajectory's last cell that cell stays the goal. Where an episode is at the first cell again without having
/// been expected there, it follows from the start.
///
/// It sees its cell at evaluation as in training: signals of the present state, which the agent declares, and nothing
/// that could be restored.
final class GoalFollowingPolicy: Policy {
  private let space: GoalSpace
  private let archive: GoalArchive
  /// The cell that it goes to; nil while there is none.
  private let target: Int?
  private let window: Int
  private let policy: PPOPolicy
  /// The rows with their goals, as the network reads them.
  private let shown: Rollout
  /// Reads the cell of the rows that it is given; made when it is known what is in them.
  private var reader: CellReader?
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

  func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let reader = reader ?? CellReader(space.expression, layout: rollout.layout)
    self.reader = reader
    for slot in 0..<rollout.slots {
      let row = rollout.observation(time: time, slot: slot)
      shown.observation(time: 0, slot: slot).copyMemory(from: row, byteCount: space.rowBytes)
      if let mask = rollout.mask(time: time, slot: slot) {
        _ = shown.mask(time: 0, slot: slot)!.update(fromContentsOf: mask)
      }
      key.withUnsafeMutableBufferPointer { reader.write(row, to: $0.baseAddress!) }
      aim(slot, startsEpisode: rollout.startsEpisode(time: time, slot: slot))
    }
    policy.act(on: shown, at: 0, in: batch, random: &random)
    for slot in 0..<rollout.slots {
      rollout.actions.discrete[time * rollout.slots + slot] = shown.actions.discrete[slot]
    }
  }

  /// Moves a slot's follower on from the cell that was read and writes its goal into the row that is shown.
  private func aim(_ slot: Int, startsEpisode: Bool) {
    let row = shown.observation(time: 0, slot: slot)
    let cell = key.withUnsafeBufferPointer { archive.table.find($0.baseAddress!) }
    key.withUnsafeBufferPointer { present in
      guard let target else {
        space.encoder.write(goal: present.baseAddress!, present: present.baseAddress!, into: row)
        return
      }
      if followers[slot] == nil || startsEpisode {
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
