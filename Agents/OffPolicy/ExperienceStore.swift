import Groundwork
import ReinforcementLearning

/// What an off-policy learner draws its minibatches from: the last steps of its slots, and demonstrations, which are
/// never given up. A transition's number is its place among both, demonstrations first.
///
/// A reward is the design's, as it was when the step was collected, or as it now is where the design learns what it
/// pays; a demonstration's is the environment's own.
final class ExperienceStore {
  /// The name under which buffers keep the reward that is learnt from.
  static let reward = "reward"

  /// What the slots collected; nil for who learns from demonstrations alone.
  let collected: TransitionBuffer?
  /// One slot that holds one episode after the other; nil without any.
  let demonstrations: TransitionBuffer?
  private let replays: [Replay]
  /// Of the rewards that are held (`TrainingSession.rewardRevision`).
  private var revision = 0

  /// Transitions whose rewards are asked for at once.
  private static let relabelledRows = 8192

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
    collected!.append(rollouts, outputs: scores.map { [$0.sums] })
  }

  /// The same for what a session collected. Where its design has learnt anew what it pays, it is asked again for all
  /// that is held of what was collected (PEBBLE).
  func append(_ rollouts: [Rollout], in session: TrainingSession) throws {
    append(rollouts, session.scores)
    guard revision != session.rewardRevision else { return }
    for first in stride(from: 0, to: collected!.count, by: Self.relabelledRows) {
      let numbers = first..<min(first + Self.relabelledRows, collected!.count)
      let rewards = try session.rewards(of: collected!.transitions(at: Array(numbers)))
      collected!.setOutput(Self.reward, at: numbers, to: rewards)
    }
    revision = session.rewardRevision
  }

  /// Saves what was collected, and the demonstrations' replays.
  func save(to state: inout SavedState) {
    if !replays.isEmpty { DemonstrationFiles.save(replays, to: &state) }
    guard let collected else { return }
    var part = SavedState()
    collected.save(to: &part)
    state.set(prefix: "buffer", part)
    if revision != 0 { state.set("rewardRevision", scalar: Int64(revision)) }
  }

  /// - Throws: `UserError` when it was saved by a store of another shape.
  func restore(from state: SavedState) throws {
    try collected?.restore(from: state.get(prefix: "buffer"))
    revision = state.names.contains("rewardRevision") ? Int(try state.scalar("rewardRevision", as: Int64.self)) : 0
  }
}
