import Encoders
import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// The policy's and the value's networks over one flat buffer of parameters.
///
/// Separate networks by default (detail 13 of "The 37 implementation details of PPO"); when shared, one network
/// whose last layer holds the policy's outputs first and the values after them; with a memory, one encoder and one
/// recurrent cell, and a head for each.
struct ActorCritic: Sendable {
  enum Body: Sendable {
    case separate(policy: Network, value: Network)
    case shared(Network)
    case memory(MemoryNetwork)
  }

  private(set) var body: Body
  let layout: ParameterLayout
  /// log standard deviations of continuous actions.
  let logDeviation: ParameterLayout.Block?
  /// Logits, or the elements of the action vector.
  let actionCount: Int
  let isDiscrete: Bool
  /// Value heads.
  let heads: Int

  init(_ configuration: PPOConfiguration, row: ObservationLayout, actions: ActionSpecification, heads: Int) throws {
    let activation: Activation = configuration.activation == .tanh ? .tanh : .relu
    var layout = ParameterLayout()
    func make(_ name: String, _ hidden: [Int], outputs: Int, gain: Float) throws -> Network {
      try ObservationNetwork.make(
        name, layout: row, hidden: hidden, activation: activation, imageEncoder: configuration.imageEncoder,
        isSparse: configuration.omitsBackground, normalizedLimit: configuration.normalizesObservations ? 10 : nil,
        outputs: outputs, outputGain: gain, in: &layout)
    }
    let (count, hidden) = (actions.count, configuration.hiddenLayers)
    if let kind = configuration.cell {
      let encoder = try make("encoder", Array(hidden.prefix(1)), outputs: 0, gain: 1)
      func head(_ outputs: Int, gain: Float) -> [LayerDescription] {
        hidden.dropFirst().map { .dense($0, activation: activation) }
          + [.dense(outputs, initialization: .orthogonal(gain: gain))]
      }
      body = .memory(
        MemoryNetwork(
          "memory", encoder: encoder, kind, units: configuration.memoryUnits,
          heads: [("policy", head(count, gain: 0.01)), ("value", head(heads, gain: 1))], in: &layout))
    } else if configuration.sharesNetwork {
      body = .shared(try make("shared", hidden, outputs: count + heads, gain: 0.01))
    } else {
      body = .separate(
        policy: try make("policy", hidden, outputs: count, gain: 0.01),
        value: try make("value", hidden, outputs: heads, gain: 1))
    }
    logDeviation = actions.isDiscrete ? nil : layout.add("policy.logDeviation", [count])
    self.layout = layout
    actionCount = count
    isDiscrete = actions.isDiscrete
    self.heads = heads
  }

  /// The memory's network, where there is one.
  var memory: MemoryNetwork? { if case .memory(let network) = body { network } else { nil } }

  /// The networks that read observations.
  var readers: [Network] {
    switch body {
    case .separate(let policy, let value): [policy, value]
    case .shared(let network): [network]
    case .memory(let network): [network.encoder]
    }
  }

  /// Tells the networks a row with which observations have much in common.
  ///
  /// - Parameter isOmitted: Whether what they have in common adds nothing (`omitsBackground`); else it is added up
  ///   once a pass, which is the same function for a fraction of the additions.
  mutating func set(background row: [UInt8], isOmitted: Bool) {
    func told(_ network: Network) -> Network {
      var network = network
      row.withUnsafeBytes {
        isOmitted ? network.omit(background: $0.baseAddress!) : network.share(background: $0.baseAddress!)
      }
      return network
    }
    switch body {
    case .separate(let policy, let value): body = .separate(policy: told(policy), value: told(value))
    case .shared(let network): body = .shared(told(network))
    case .memory(var network):
      network.encoder = told(network.encoder)
      body = .memory(network)
    }
  }

  /// Gives the rows of a shared background their gradient, when all passes have been added up.
  func completeGradient(_ gradient: inout [Float], _ workers: Workers) {
    for network in readers { network.completeGradient(&gradient, workers) }
  }

  func initialParameters(_ configuration: PPOConfiguration, seed: UInt64) -> Parameters {
    var random = RandomSource(seed: seed, purpose: .initialParameters, index: 0)
    var parameters = Parameters(layout)
    switch body {
    case .separate(let policy, let value):
      policy.initialize(&parameters, random: &random)
      value.initialize(&parameters, random: &random)
    case .shared(let network): network.initialize(&parameters, random: &random)
    case .memory(let network): network.initialize(&parameters, random: &random)
    }
    if let logDeviation {
      for index in logDeviation.range { parameters.values[index] = Float(configuration.initialLogDeviation) }
    }
    if case .shared = body,
      let last = layout.blocks.last(where: { $0.shape.count == 2 && $0.shape[1] == actionCount + heads })
    {
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
