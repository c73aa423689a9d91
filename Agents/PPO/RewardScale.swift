import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// Rewards divided by the running standard deviation of their discounted return, clipped to 10; the mean stays.
///
/// Source: details 7 and 8 for continuous control of "The 37 implementation details of PPO".
struct RewardScale {
  private let heads: [AdvantageEstimation]
  private let slots: Int
  private var statistics: [RunningNormalizer]
  /// The discounted return so far, `[heads, slots]`.
  private var returns: [Float]

  init(heads: [AdvantageEstimation], slots: Int) {
    self.heads = heads
    self.slots = slots
    statistics = heads.map { _ in RunningNormalizer(columns: 1) }
    returns = [Float](repeating: 0, count: heads.count * slots)
  }

  mutating func apply(to experience: Experience, rollouts: [Rollout]) {
    for (head, estimation) in heads.enumerated() {
      var start = 0
      var firstSlot = 0
      for rollout in rollouts {
        var seen: [Float] = []
        seen.reserveCapacity(rollout.steps * rollout.slots)
        for index in 0..<(rollout.steps * rollout.slots) {
          let slot = head * slots + firstSlot + index % rollout.slots
          returns[slot] = returns[slot] * estimation.discount + experience.rewards[head][start + index]
          seen.append(returns[slot])
          if rollout.outcomes[index] != 0 && estimation.isEpisodic { returns[slot] = 0 }
        }
        statistics[head].update(seen)
        start += rollout.steps * rollout.slots
        firstSlot += rollout.slots
      }
      statistics[head].scale(&experience.rewards[head])
    }
  }

  func save(to state: inout SavedState) {
    for (head, statistic) in statistics.enumerated() { state.set(prefix: "head\(head)", statistic.savedState()) }
    state.set("returns", returns)
  }

  mutating func restore(from state: SavedState) throws {
    for head in statistics.indices { try statistics[head].restore(state.get(prefix: "head\(head)")) }
    returns = try state.get("returns", count: returns.count)
  }
}
