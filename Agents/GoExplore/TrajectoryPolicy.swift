public import Groundwork
public import ReinforcementLearning

/// Plays a list of actions from the start of every episode, whatever happens, and random legal ones after it.
public struct TrajectoryPolicy: Policy {
  private let actions: [Float]
  private var random: UniformPolicy
  /// Steps taken in each slot's episode.
  private var elapsed: [Int]

  /// - Parameter actions: `[steps, width]`, as replays record them.
  public init(_ actions: [Float], specification: Specification, slots: Int) {
    self.actions = actions
    random = UniformPolicy(specification)
    elapsed = Array(repeating: 0, count: slots)
  }

  /// Writes every slot's next action, drawing a random one for each slot whether or not it is used.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random source: inout RandomSource) {
    random.act(on: rollout, at: time, in: batch, random: &source)
    let width = rollout.actions.width
    for slot in 0..<rollout.slots {
      if rollout.startsEpisode(time: time, slot: slot) { elapsed[slot] = 0 }
      let first = elapsed[slot] * width
      if first + width <= actions.count {
        rollout.setAction(actions[first..<first + width], time: time, slot: slot)
      }
      elapsed[slot] += 1
    }
  }

  /// Saves how far each slot's episode is.
  public func save(to state: inout SavedState) { state.set("elapsed", elapsed.map { Int64($0) }) }

  /// Puts the slots where they were saved.
  ///
  /// - Throws: `UserError` when the state is of another number of slots.
  public mutating func restore(from state: SavedState) throws {
    elapsed = try state.get("elapsed", as: Int64.self, count: elapsed.count).map { Int($0) }
  }
}
