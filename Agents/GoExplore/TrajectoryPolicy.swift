public import ReinforcementLearning

/// Plays a list of actions from the start of every episode, whatever happens, and random legal ones after it.
public struct TrajectoryPolicy: Policy {
  private let actions: [Float]
  private var random: UniformPolicy
  /// Steps taken in each slot's episode.
  private var elapsed: [Int]
  private var hasBegun = false

  /// - Parameter actions: `[steps, width]`, as replays record them.
  public init(_ actions: [Float], specification: Specification, slots: Int) {
    self.actions = actions
    random = UniformPolicy(specification)
    elapsed = Array(repeating: 0, count: slots)
  }

  public mutating func act(
    on rollout: Rollout, at time: Int, in batch: EnvironmentBatch, random source: inout RandomSource
  ) {
    // A slot whose last step ended an episode is at the start of the next one.
    let last = time > 0 ? time - 1 : rollout.steps - 1
    random.act(on: rollout, at: time, in: batch, random: &source)
    let width = rollout.actions.width
    for slot in 0..<rollout.slots {
      if hasBegun && rollout.outcomes[last * rollout.slots + slot] != 0 { elapsed[slot] = 0 }
      let first = elapsed[slot] * width
      if first + width <= actions.count {
        rollout.setAction(actions[first..<first + width], time: time, slot: slot)
      }
      elapsed[slot] += 1
    }
    hasBegun = true
  }
}
