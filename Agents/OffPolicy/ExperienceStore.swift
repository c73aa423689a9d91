import Groundwork
import ReinforcementLearning

/// What an off-policy learner draws its minibatches from: the last steps of its slots, and demonstrations, which are
/// never given up. A transition's number is its place among both, demonstrations first.
///
/// A reward is the design's, as it was when the step was collected; a demonstration's is the environment's own.
final class ExperienceStore {
  /// The name under which buffers keep the reward that is learnt from.
  static let reward = "reward"

  /// What the slots collected; nil for who learns from demonstrations alone.
  let collected: TransitionBuffer?
  /// One slot that holds one episode after the other; nil without any.
  let demonstrations: TransitionBuffer?
  private let replays: [Replay]

  /// - Parameters:
  ///   - slots: Slots that collect; 0 for none.
  ///   - size: Transitions of theirs that are kept.
  /// - Throws: `UserError` when the store would be too large, or a demonstration cannot be learnt from.
  init(slots: Int, size: Int, in setting: AgentSetting) throws {
    let specification = setting.specification
    let outputs = [PolicyOutput(Self.reward)]
    replays = setting.demonstrations ?? []
    if slots > 0 {
      let capacity = max(1, size / slots)
      let row = ObservationLayout(specification).rowBytes + 4 * specification.actions.count
      try SizeLimit.check(
        "the store of \(size) transitions has", SizeLimit.product(capacity, slots, row + 16), "bytes",
        most: SizeLimit.collectionBytes, fix: "Keep fewer (--set agent.bufferSize=)")
      collected = TransitionBuffer(specification: specification, slots: slots, capacity: capacity, outputs: outputs)
    } else {
      collected = nil
    }
    guard !replays.isEmpty else {
      demonstrations = nil
      return
    }
    let total = replays.reduce(0) { $0 + $1.length }
    demonstrations = TransitionBuffer(specification: specification, slots: 1, capacity: max(1, total), outputs: outputs)
    for (index, replay) in replays.enumerated() {
      let rollout = try replay.rollout(in: setting.recipe, name: "demonstration \(index + 1) of \(replays.count)")
      let rewards = Array(UnsafeBufferPointer(start: rollout.rewards, count: rollout.steps))
      demonstrations!.append([rollout], outputs: [[rewards]])
    }
  }

  /// Transitions that can be drawn.
  var count: Int { (collected?.count ?? 0) + (demonstrations?.count ?? 0) }

  /// The buffer that holds the transition of that number, and its number there.
  func locate(_ number: Int) -> (buffer: TransitionBuffer, number: Int) {
    let first = demonstrations?.count ?? 0
    return number < first ? (demonstrations!, number) : (collected!, number - first)
  }

  /// Takes in what was collected, paid the sum of the design's components.
  func append(_ rollouts: [Rollout], _ scores: [RewardScores]) {
    collected!.append(rollouts, outputs: scores.map { scores in
      var sums = [Float](repeating: 0, count: scores.count)
      for component in 0..<scores.components {
        let values = scores[component]
        for index in sums.indices { sums[index] += values[index] }
      }
      return [sums]
    })
  }

  /// Saves what was collected, and the demonstrations' replays.
  func save(to state: inout SavedState) {
    if !replays.isEmpty { DemonstrationFiles.save(replays, to: &state) }
    guard let collected else { return }
    var part = SavedState()
    collected.save(to: &part)
    state.set(prefix: "buffer", part)
  }

  /// - Throws: `UserError` when it was saved by a store of another shape.
  func restore(from state: SavedState) throws { try collected?.restore(from: state.get(prefix: "buffer")) }
}
