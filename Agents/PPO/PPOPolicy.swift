import NeuralNetworks
public import ReinforcementLearning

/// A PPO policy for one batch: it runs the network on all slots at once and tells the learner how probable its actions
/// were.
public final class PPOPolicy: Policy {
  private let networks: ActorCritic
  private let choice: ActionChoice
  private let workspace: Workspace<Float>
  private var noise: [Float]
  private let low: [Float]
  private let high: [Float]
  /// What the networks are run with; the learner replaces it before each collection.
  var parameters: Parameters
  /// A vector before it was clipped to its limits.
  private var drawn: [Float]

  /// log pi(a | s) of what was drawn.
  static let logProbability = "logProbability"
  /// A continuous action before it was clipped to its limits, `[count]`.
  static let sample = "sample"

  public var outputs: [PolicyOutput] {
    let probability = PolicyOutput(PPOPolicy.logProbability)
    return networks.isDiscrete ? [probability] : [probability, PolicyOutput(PPOPolicy.sample, width: networks.actionCount)]
  }

  init(
    _ networks: ActorCritic, parameters: Parameters, actions: ActionSpecification, slots: Int, choice: ActionChoice
  ) {
    self.networks = networks
    self.parameters = parameters
    self.choice = choice
    workspace = networks.policy.workspace(rows: slots)
    noise = [Float](repeating: 0, count: networks.actionCount)
    drawn = noise
    if case .continuous(let low, let high) = actions { (self.low, self.high) = (low, high) } else { (low, high) = ([], []) }
  }

  public func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let slots = rollout.slots
    let rows = InputRows(rollout.observation(time: time, slot: 0), stride: rollout.layout.rowBytes)
    networks.policy.forward(parameters, rows, rows: slots, workspace)
    if networks.isDiscrete {
      chooseDiscrete(rollout, time, &random)
    } else {
      chooseContinuous(rollout, time, &random)
    }
  }

  private func chooseDiscrete(_ rollout: Rollout, _ time: Int, _ random: inout RandomSource) {
    let outputs = workspace.output.baseAddress!
    let stride = networks.policyStride
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
    let outputs = workspace.output.baseAddress!
    let first = time * rollout.slots
    let logProbabilities = rollout.output(PPOPolicy.logProbability)
    let samples = rollout.output(PPOPolicy.sample)
    parameters.values.withUnsafeBufferPointer { values in
      drawn.withUnsafeMutableBufferPointer { drawn in
        for slot in 0..<rollout.slots {
          let gaussian = DiagonalGaussian(
            means: UnsafeBufferPointer(start: outputs + slot * networks.policyStride, count: count),
            logDeviations: UnsafeBufferPointer(start: values.baseAddress! + networks.logDeviation!.offset, count: count))
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
