import Encoders
import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// The policy's and the value's networks over one flat buffer of parameters.
///
/// Separate networks by default (detail 13 of "The 37 implementation details of PPO"); when shared, one network
/// whose last layer holds the policy's outputs first and the values after them.
struct ActorCritic: Sendable {
  private(set) var policy: Network
  /// Nil when the policy's network also gives the values.
  private(set) var value: Network?
  let layout: ParameterLayout
  /// log standard deviations of continuous actions.
  let logDeviation: ParameterLayout.Block?
  /// Logits, or the elements of the action vector.
  let actionCount: Int
  let isDiscrete: Bool
  /// Value heads.
  let heads: Int
  /// Outputs of a row of the policy's network.
  let policyStride: Int

  init(_ configuration: PPOConfiguration, row: ObservationLayout, actions: ActionSpecification, heads: Int) throws {
    let activation: Activation = configuration.activation == .tanh ? .tanh : .relu
    var layout = ParameterLayout()
    let count = actions.count
    let shares = configuration.sharesNetwork
    let limit: Float? = configuration.normalizesObservations ? 10 : nil
    policy = try ObservationNetwork.make(
      shares ? "shared" : "policy", layout: row, hidden: configuration.hiddenLayers, activation: activation,
      imageEncoder: configuration.imageEncoder, isSparse: configuration.omitsBackground, normalizedLimit: limit,
      outputs: count + (shares ? heads : 0), outputGain: 0.01, in: &layout)
    value =
      shares
      ? nil
      : try ObservationNetwork.make(
        "value", layout: row, hidden: configuration.hiddenLayers, activation: activation,
        imageEncoder: configuration.imageEncoder, isSparse: configuration.omitsBackground, normalizedLimit: limit,
        outputs: heads, outputGain: 1, in: &layout)
    logDeviation = actions.isDiscrete ? nil : layout.add("policy.logDeviation", [count])
    self.layout = layout
    actionCount = count
    isDiscrete = actions.isDiscrete
    self.heads = heads
    policyStride = policy.outputCount
  }

  /// The networks that there are, one or two.
  var networks: [Network] { [policy] + (value.map { [$0] } ?? []) }

  /// Leaves out what observations have in common with this row.
  mutating func omit(background row: [UInt8]) {
    row.withUnsafeBytes {
      policy.omit(background: $0.baseAddress!)
      value?.omit(background: $0.baseAddress!)
    }
  }

  func initialParameters(_ configuration: PPOConfiguration, seed: UInt64) -> Parameters {
    var random = RandomSource(seed: seed, purpose: .initialParameters, index: 0)
    var parameters = Parameters(layout)
    policy.initialize(&parameters, random: &random)
    value?.initialize(&parameters, random: &random)
    if let logDeviation {
      for index in logDeviation.range { parameters.values[index] = Float(configuration.initialLogDeviation) }
    }
    if value == nil, let last = layout.blocks.last(where: { $0.shape.count == 2 && $0.shape[1] == actionCount + heads }) {
      // The value's columns of the shared last layer start with gain 1, the policy's with 0.01.
      for row in 0..<last.shape[0] {
        for column in actionCount..<(actionCount + heads) {
          parameters.values[last.offset + row * last.shape[1] + column] *= 100
        }
      }
    }
    return parameters
  }
}

/// What one thread needs to run the networks: activations and a gradient of its own.
final class ActorCriticWorkspace {
  let policy: Workspace<Float>
  let value: Workspace<Float>?
  private let networks: ActorCritic

  init(_ networks: ActorCritic, rows: Int) {
    self.networks = networks
    policy = networks.policy.workspace(rows: rows)
    value = networks.value?.workspace(rows: rows)
  }

  /// Runs both networks, or the shared one.
  func forward(_ parameters: Parameters, _ input: InputRows, rows: Int) {
    networks.policy.forward(parameters, input, rows: rows, policy)
    if let value, let network = networks.value { network.forward(parameters, input, rows: rows, value) }
  }

  /// Runs what gives the values only.
  func forwardValues(_ parameters: Parameters, _ input: InputRows, rows: Int) {
    if let value, let network = networks.value {
      network.forward(parameters, input, rows: rows, value)
    } else {
      networks.policy.forward(parameters, input, rows: rows, policy)
    }
  }

  func backward(_ parameters: Parameters, into gradient: inout [Float]) {
    networks.policy.backward(parameters, policy, into: &gradient)
    if let value, let network = networks.value { network.backward(parameters, value, into: &gradient) }
  }

  /// Where the outputs of the rows of the last forward pass lie, and where their gradients are to be written.
  ///
  /// Taken once a pass: a loop over rows then runs on plain pointers.
  var rows: Rows {
    let outputs = policy.output.baseAddress!
    let gradients = policy.outputGradient.baseAddress!
    let stride = networks.policyStride
    let count = networks.actionCount
    guard let value else {
      return Rows(
        actions: outputs, actionGradients: gradients, actionStride: stride, values: outputs + count,
        valueGradients: gradients + count, valueStride: stride)
    }
    return Rows(
      actions: outputs, actionGradients: gradients, actionStride: stride, values: value.output.baseAddress!,
      valueGradients: value.outputGradient.baseAddress!, valueStride: networks.heads)
  }

  struct Rows {
    /// Logits or means of row `r` start at `r * actionStride`.
    let actions: UnsafeMutablePointer<Float>
    let actionGradients: UnsafeMutablePointer<Float>
    let actionStride: Int
    /// Values of row `r`, `[heads]`, start at `r * valueStride`.
    let values: UnsafeMutablePointer<Float>
    let valueGradients: UnsafeMutablePointer<Float>
    let valueStride: Int
  }
}
