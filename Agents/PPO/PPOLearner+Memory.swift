import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// What PPO does otherwise where its policy has a memory: values and gradients run through sequences of steps.
extension PPOLearner {
  /// The most sequences of a piece side by side; 1 without a memory.
  static func pieceSequences(_ configuration: PPOConfiguration) -> Int {
    configuration.memory == .none ? 1 : pieceRows(configuration) / configuration.sequenceSteps
  }

  /// V of every observation, and of the final observations of the episodes that ended, as the memory stood there.
  func computeRememberedValues(_ rollouts: [Rollout], workers: Workers) {
    experience.reserveFinalValues(rollouts.map(\.finalCount))
    let (experience, networks, parameters) = (experience, networks, parameters)
    let width = networks.memory!.stateCount
    workers.perform(rollouts.count) { batch in
      let rollout = rollouts[batch]
      let (steps, slots, heads) = (rollout.steps, rollout.slots, networks.heads)
      let workspace = ActorCriticWorkspace(networks, rows: (steps + 1) * slots, sequences: slots)
      let starts = (0...steps).flatMap { time in
        (0..<slots).map { rollout.startsEpisode(time: time, slot: $0) }
      }
      let rowBytes = rollout.layout.rowBytes
      workspace.forward(
        parameters, InputRows(rollout.observations, stride: rowBytes), steps: steps + 1, sequences: slots,
        states: rollout.output(PPOPolicy.state)!, starts: starts)
      let values = experience.values + batch * (steps + 1) * slots * heads
      values.update(from: workspace.rows.values, count: (steps + 1) * slots * heads)
      // A final observation is one more step of its episode, from where the memory stood.
      let last = ActorCriticWorkspace(networks, rows: 1)
      for place in 0..<steps * slots where rollout.outcomes[place] != 0 {
        let (time, slot) = (place / slots, place % slots)
        last.forward(
          parameters, InputRows(rollout.finalObservation(time: time, slot: slot), stride: rowBytes), steps: 1,
          sequences: 1, states: workspace.states(after: time).baseAddress! + slot * width, starts: [false])
        let target = experience.finalValues[batch] + rollout.finalIndex(time: time, slot: slot) * heads
        target.update(from: last.rows.values, count: heads)
      }
    }
  }

  /// Runs the networks on some of the shuffled samples: through their sequences, where there is a memory.
  ///
  /// - Parameter range: Places in the order of the samples.
  func forward(_ range: Range<Int>, rowBytes: Int, _ workspace: ActorCriticWorkspace) {
    experience.rows.withUnsafeBufferPointer { rows in
      let input = InputRows(experience.base!, stride: rowBytes, indices: rows.baseAddress! + range.lowerBound)
      guard let memory = networks.memory else {
        workspace.forward(parameters, input, rows: range.count)
        return
      }
      let steps = configuration.sequenceSteps
      let sequences = range.count / steps
      // Within a piece samples lie step by step: the first ones are where the sequences start.
      let states = (0..<sequences).flatMap {
        experience.state(before: Int(experience.order[range.lowerBound + $0]), width: memory.stateCount)
      }
      let starts = range.map { experience.starts[Int(experience.order[$0])] }
      workspace.forward(parameters, input, steps: steps, sequences: sequences, states: states, starts: starts)
    }
  }
}
