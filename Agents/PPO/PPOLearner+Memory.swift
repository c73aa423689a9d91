import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// What PPO does otherwise where its policy has a memory: values and gradients run through sequences of steps.
extension PPOLearner {
  /// The most sequences of a piece side by side; 1 without a memory.
  static func pieceSequences(_ configuration: PPOConfiguration) -> Int {
    configuration.memory == .none ? 1 : pieceRows(configuration) / configuration.sequenceSteps
  }

  /// What one batch's values are computed with: kept, since an iteration's workspaces would be allocated and cleared
  /// anew.
  final class RememberedValues: @unchecked Sendable {
    /// For some steps of all slots, and for the final observations of one step.
    let steps: ActorCriticWorkspace
    let finals: ActorCriticWorkspace
    var finalRows: [Int32] = []

    init(_ networks: ActorCritic, steps: Int, slots: Int) {
      self.steps = ActorCriticWorkspace(networks, rows: steps * slots, sequences: slots)
      finals = ActorCriticWorkspace(networks, rows: slots, sequences: slots)
    }
  }

  /// V of every observation, and of the final observations of the episodes that ended, as the memory stood there.
  func computeRememberedValues(_ rollouts: [Rollout], workers: Workers) {
    experience.reserveFinalValues(rollouts.map(\.finalCount))
    if rememberedValues.isEmpty {
      rememberedValues = rollouts.map {
        RememberedValues(networks, steps: configuration.sequenceSteps, slots: $0.slots)
      }
    }
    workers.perform(rollouts.count) { computeRememberedValues(batch: $0, rollouts[$0], rememberedValues[$0]) }
  }

  /// The same of one batch, through some steps at a time.
  private func computeRememberedValues(batch: Int, _ rollout: Rollout, _ own: RememberedValues) {
    let (slots, heads, rowBytes) = (rollout.slots, networks.heads, rollout.layout.rowBytes)
    let most = configuration.sequenceSteps
    let firstRow = batch * (rollout.steps + 1) * slots
    own.steps.setStates(rollout.output(PPOPolicy.state)!)
    for first in stride(from: 0, to: rollout.steps + 1, by: most) {
      let steps = min(most, rollout.steps + 1 - first)
      for place in 0..<steps * slots {
        own.steps.starts[place] = rollout.startsEpisode(time: first + place / slots, slot: place % slots)
      }
      let rows = InputRows(experience.base!, stride: rowBytes, indexed: indexed).dropFirst(firstRow + first * slots)
      own.steps.forward(parameters, rows, steps: steps, sequences: slots, giving: .values)
      (experience.values + (firstRow + first * slots) * heads).update(
        from: own.steps.rows.values, count: steps * slots * heads)
      for step in 0..<steps where first + step < rollout.steps {
        computeFinalValues(batch: batch, rollout, time: first + step, own, after: own.steps.states(after: step))
      }
      own.steps.setStates(own.steps.states(after: steps - 1).baseAddress!)
    }
  }

  /// V of the final observations of one step: each is one more step of its episode, from where the memory stood.
  ///
  /// - Parameter states: After that step, `[slots, stateCount]`.
  private func computeFinalValues(
    batch: Int, _ rollout: Rollout, time: Int, _ own: RememberedValues, after states: UnsafeMutableBufferPointer<Float>
  ) {
    let width = states.count / rollout.slots
    own.finalRows.removeAll(keepingCapacity: true)
    for slot in 0..<rollout.slots where rollout.outcomes[time * rollout.slots + slot] != 0 {
      let place = own.finalRows.count * width
      for index in 0..<width { own.finals.states[place + index] = states[slot * width + index] }
      own.finalRows.append(Int32(rollout.finalIndex(time: time, slot: slot)))
    }
    guard !own.finalRows.isEmpty else { return }
    own.finalRows.withUnsafeBufferPointer { indices in
      let rows = InputRows(rollout.finalObservations, stride: rollout.layout.rowBytes, indices: indices.baseAddress!)
      own.finals.forward(parameters, rows, steps: 1, sequences: indices.count, giving: .values)
      let (values, heads) = (own.finals.rows.values, networks.heads)
      for (number, row) in indices.enumerated() {
        (experience.finalValues[batch] + Int(row) * heads).update(from: values + number * heads, count: heads)
      }
    }
  }

  /// Runs the networks on some of the shuffled samples: through their sequences, where there is a memory.
  ///
  /// - Parameter range: Places in the order of the samples.
  func forward(_ range: Range<Int>, rowBytes: Int, _ workspace: ActorCriticWorkspace) {
    experience.rows.withUnsafeBufferPointer { rows in
      let input = InputRows(
        experience.base!, stride: rowBytes, indices: rows.baseAddress! + range.lowerBound, indexed: indexed)
      guard let memory = networks.memory else {
        workspace.forward(parameters, input, rows: range.count)
        return
      }
      let steps = configuration.sequenceSteps
      let sequences = range.count / steps
      // Within a piece samples lie step by step: the first ones are where the sequences start.
      for sequence in 0..<sequences {
        let first = Int(experience.order[range.lowerBound + sequence])
        let held = experience.state(before: first, width: memory.stateCount)
        for (index, value) in held.enumerated() { workspace.states[sequence * memory.stateCount + index] = value }
      }
      for row in 0..<range.count {
        workspace.starts[row] = experience.starts[Int(experience.order[range.lowerBound + row])]
      }
      workspace.forward(parameters, input, steps: steps, sequences: sequences, giving: .both)
    }
  }
}
