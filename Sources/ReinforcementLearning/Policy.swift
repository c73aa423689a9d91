/// Chooses actions for every slot of a batch.
///
/// A policy belongs to one batch: it may keep buffers of that batch's size and a memory of its slots. It is not
/// an agent: it does not learn.
public protocol Policy {
  /// Writes the actions at `time` of the rollout, from its observations (and masks) at `time`.
  ///
  /// - Parameters:
  ///   - batch: The batch that is stepped; only a planner that was granted a simulator may copy its slots.
  ///   - random: The stream for sampled actions.
  mutating func act(on rollout: Rollout, at time: Int, in batch: EnvironmentBatch, random: inout RandomSource)
}

/// Draws every legal action with the same probability; vectors uniformly within their limits.
public struct UniformPolicy: Policy {
  private let actions: ActionSpecification

  public init(_ specification: Specification) { actions = specification.actions }

  public mutating func act(
    on rollout: Rollout, at time: Int, in batch: EnvironmentBatch, random: inout RandomSource
  ) {
    for slot in 0..<rollout.slots {
      let place = time * rollout.slots + slot
      switch actions {
      case .discrete(let names):
        rollout.actions.discrete[place] = Int32(draw(names.count, rollout.mask(time: time, slot: slot), &random))
      case .continuous(let low, let high):
        for element in 0..<low.count {
          let lower = max(low[element], -1e6)
          let upper = min(high[element], 1e6)
          rollout.actions.continuous[place * low.count + element] = lower + (upper - lower) * random.uniformFloat()
        }
      }
    }
  }

  private func draw(_ count: Int, _ mask: UnsafeMutableBufferPointer<Bool>?, _ random: inout RandomSource) -> Int {
    guard let mask else { return random.integer(in: 0..<count) }
    var remaining = random.integer(in: 0..<max(1, mask.count { $0 }))
    for action in 0..<count where mask[action] {
      if remaining == 0 { return action }
      remaining -= 1
    }
    return 0
  }
}
