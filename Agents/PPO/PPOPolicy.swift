public import Groundwork
import NeuralNetworks
import RealModule
public import ReinforcementLearning

/// A PPO policy for one batch: it runs the network on all slots at once and tells the learner how probable its actions
/// were.
public final class PPOPolicy: Policy {
  private let networks: ActorCritic
  private let choice: ActionChoice
  /// With a memory, it holds of each slot what the last step left.
  private let workspace: ActorCriticWorkspace
  private var noise: [Float]
  private let low: [Float]
  private let high: [Float]
  /// What the networks are run with; the learner replaces it before each collection.
  var parameters: Parameters
  /// A vector before it was clipped to its limits.
  private var drawn: [Float]

  /// log pi(a | s) of what was drawn.
  static let logProbability = "logProbability"
  /// With a memory, its state as the step found it, before an episode's start clears it, `[stateCount]`.
  static let state = "state"
  /// A continuous action before it was clipped to its limits, `[count]`.
  static let sample = "sample"

  /// `logProbability` of the action; where actions are vectors `sample` [width], the vector before it was clipped; with
  /// a memory `state`, its state as the step found it.
  public var outputs: [PolicyOutput] {
    var outputs = [PolicyOutput(PPOPolicy.logProbability)]
    if !networks.isDiscrete { outputs.append(PolicyOutput(PPOPolicy.sample, width: networks.actionCount)) }
    if let memory = networks.memory { outputs.append(PolicyOutput(PPOPolicy.state, width: memory.stateCount)) }
    return outputs
  }

  init(
    _ networks: ActorCritic, parameters: Parameters, actions: ActionSpecification, slots: Int, choice: ActionChoice
  ) {
    self.networks = networks
    self.parameters = parameters
    self.choice = choice
    workspace = ActorCriticWorkspace(networks, rows: slots, sequences: slots)
    noise = [Float](repeating: 0, count: networks.actionCount)
    drawn = noise
    if case .continuous(let low, let high) = actions {
      (self.low, self.high) = (low, high)
    } else {
      (low, high) = ([], [])
    }
  }

  /// Runs the network on all slots at once and draws, or takes the most likely action; masked actions have probability
  /// 0.
  public func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let slots = rollout.slots
    let rows = InputRows(rollout.observation(time: time, slot: 0), stride: rollout.layout.rowBytes)
    if networks.memory == nil {
      workspace.forwardActions(parameters, rows, rows: slots)
    } else {
      remember(rollout, time, rows)
    }
    if networks.isDiscrete {
      chooseDiscrete(rollout, time, &random)
    } else {
      chooseContinuous(rollout, time, &random)
    }
  }

  /// The probabilities of the last step's actions and the value of the state, the sum over reward components; of a
  /// policy with a memory the probabilities alone, since its value reads a state that the step has moved on.
  public func thought(on rollout: Rollout, at time: Int, slot: Int) -> PolicyThought? {
    var probabilities: [Float] = []
    if networks.isDiscrete {
      // `act` left log-probabilities where the logits were.
      let rows = workspace.rows
      let row = UnsafeBufferPointer(start: rows.actions + slot * rows.actionStride, count: networks.actionCount)
      probabilities = row.map { Float.exp($0) }
    }
    guard networks.memory == nil else { return PolicyThought(probabilities: probabilities) }
    workspace.forwardValues(
      parameters, InputRows(rollout.observation(time: time, slot: 0), stride: rollout.layout.rowBytes),
      rows: rollout.slots)
    let rows = workspace.rows
    let values = UnsafeBufferPointer(start: rows.values + slot * rows.valueStride, count: networks.heads)
    return PolicyThought(probabilities: probabilities, value: values.reduce(0, +))
  }

  /// One step of the memory: of every slot, or from nothing where its episode starts.
  private func remember(_ rollout: Rollout, _ time: Int, _ rows: InputRows) {
    if let kept = rollout.output(PPOPolicy.state) {
      (kept + time * workspace.states.count).update(from: workspace.states.baseAddress!, count: workspace.states.count)
    }
    for slot in 0..<rollout.slots { workspace.starts[slot] = rollout.startsEpisode(time: time, slot: slot) }
    workspace.forward(parameters, rows, steps: 1, sequences: rollout.slots, giving: .actions)
    workspace.setStates(workspace.states(after: 0).baseAddress!)
  }

  /// Saves the memory's state of every slot; nothing without a memory.
  public func save(to state: inout SavedState) {
    if !workspace.states.isEmpty { state.set("states", Array(workspace.states)) }
  }

  /// Puts the memory where it was saved.
  ///
  /// - Throws: `UserError` when the state is of another number of slots or units.
  public func restore(from state: SavedState) throws {
    if !workspace.states.isEmpty { workspace.setStates(try state.get("states", count: workspace.states.count)) }
  }

  private func chooseDiscrete(_ rollout: Rollout, _ time: Int, _ random: inout RandomSource) {
    let rows = workspace.rows
    let (outputs, stride) = (rows.actions, rows.actionStride)
    let first = time * rollout.slots
    let logProbabilities = rollout.output(PPOPolicy.logProbability)
    let temperatures = rollout.sampleRules?.temperatures
    for slot in 0..<rollout.slots {
      let legal = rollout.mask(time: time, slot: slot).map { UnsafePointer($0.baseAddress!) }
      let logits = UnsafeMutableBufferPointer(start: outputs + slot * stride, count: networks.actionCount)
      if let temperatures, !temperatures.isEmpty {
        let temperature = temperatures[time * rollout.slots + slot]
        if temperature != 1 { for index in logits.indices { logits[index] /= temperature } }
      }
      let categorical = Categorical(logits: logits, legal: legal)
      let action = choice == .mode ? categorical.mode : categorical.sample(random.uniformFloat())
      rollout.actions.discrete[first + slot] = Int32(truncatingIfNeeded: action)
      if let logProbabilities { logProbabilities[first + slot] = categorical.logProbability(of: action) }
    }
  }

  private func chooseContinuous(_ rollout: Rollout, _ time: Int, _ random: inout RandomSource) {
    let count = networks.actionCount
    let rows = workspace.rows
    let first = time * rollout.slots
    let logProbabilities = rollout.output(PPOPolicy.logProbability)
    let samples = rollout.output(PPOPolicy.sample)
    parameters.values.withUnsafeBufferPointer { values in
      drawn.withUnsafeMutableBufferPointer { drawn in
        for slot in 0..<rollout.slots {
          let gaussian = DiagonalGaussian(
            means: UnsafeBufferPointer(start: rows.actions + slot * rows.actionStride, count: count),
            logDeviations: UnsafeBufferPointer(
              start: values.baseAddress! + networks.logDeviation!.offset, count: count))
          let sample = samples.map { $0 + (first + slot) * count } ?? drawn.baseAddress!
          for element in 0..<count { noise[element] = choice == .mode ? 0 : Float(random.normal()) }
          noise.withUnsafeBufferPointer { gaussian.sample(noise: $0.baseAddress!, into: sample) }
          if let logProbabilities { logProbabilities[first + slot] = gaussian.logProbability(of: sample) }
          let action = rollout.actions.continuous + (first + slot) * count
          for element in 0..<count { action[element] = min(high[element], max(low[element], sample[element])) }
        }
      }
    }
  }
}
