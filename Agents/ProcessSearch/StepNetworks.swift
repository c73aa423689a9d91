import Encoders
import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// The proposer's and the judge's networks over one flat buffer of parameters: logits of the actions, and one logit of
/// the value.
struct StepNetworks: Sendable {
  let policy: Network
  let value: Network
  let layout: ParameterLayout
  let actionCount: Int

  /// - Parameter row: Of the policy's fields alone; signals that follow them in a row are not read.
  init(_ configuration: ProcessSearchConfiguration, row: ObservationLayout, actionCount: Int) throws {
    var layout = ParameterLayout()
    policy = try ObservationNetwork.make(
      "proposer", layout: row, hidden: configuration.hiddenLayers, activation: .relu,
      imageEncoder: configuration.imageEncoder, outputs: actionCount, outputGain: 0.01, in: &layout)
    value = try ObservationNetwork.make(
      "judge", layout: row, hidden: configuration.hiddenLayers, activation: .relu,
      imageEncoder: configuration.imageEncoder, outputs: 1, outputGain: 0.01, in: &layout)
    self.layout = layout
    self.actionCount = actionCount
  }

  func initialParameters(seed: UInt64) -> Parameters {
    var random = RandomSource(seed: seed, purpose: .initialParameters, index: 0)
    var parameters = Parameters(layout)
    policy.initialize(&parameters, random: &random)
    value.initialize(&parameters, random: &random)
    return parameters
  }

  /// Rows of one forward pass.
  static let chunk = 64
}

/// Proposes steps by a policy network.
final class NetworkProposer: StepProposer {
  private let networks: StepNetworks
  private let workspace: Workspace<Float>
  private var keys: [Float]
  var parameters: Parameters

  init(_ networks: StepNetworks, _ parameters: Parameters) {
    self.networks = networks
    self.parameters = parameters
    workspace = networks.policy.workspace(rows: StepNetworks.chunk)
    keys = [Float](repeating: 0, count: networks.actionCount)
  }

  /// Different actions are drawn by adding Gumbel noise to the logarithms of the probabilities and taking the greatest
  /// (Kool, van Hoof and Welling, "Stochastic beams and where to find them", 2019).
  func propose(_ states: PartialSolutions, count: Int, temperature: Double, into proposals: inout StepProposals) {
    let actionCount = networks.actionCount
    for start in stride(from: 0, to: states.count, by: StepNetworks.chunk) {
      let rows = min(StepNetworks.chunk, states.count - start)
      let logits = networks.policy.forward(
        parameters, InputRows(states.rows, stride: states.rowBytes, indices: states.indices + start), rows: rows,
        workspace)
      for row in 0..<rows {
        let distribution = Categorical(
          logits: logits, row: row, count: actionCount, legal: states.openActions(of: start + row).baseAddress!)
        var random = temperature > 0 ? RandomSource(seed: states.seed(of: start + row)) : nil
        for action in 0..<actionCount {
          let logProbability = distribution.logProbability(of: action)
          keys[action] = logProbability
          guard logProbability > -.infinity, random != nil else { continue }
          let noise = -Float.log(-Float.log(max(random!.uniformFloat(), 0x1p-30)))
          keys[action] = logProbability / Float(temperature) + noise
        }
        for _ in 0..<count {
          var best = 0
          for action in 1..<actionCount where keys[action] > keys[best] { best = action }
          guard keys[best] > -.infinity else { break }
          proposals.add(
            StepProposals.Proposal(action: best, probability: distribution.probability(of: best)), to: start + row)
          keys[best] = -.infinity
        }
      }
    }
  }
}

/// Judges partial solutions by a value network: the logistic function of its output.
final class NetworkJudge: StepJudge {
  private let networks: StepNetworks
  private let workspace: Workspace<Float>
  var parameters: Parameters

  init(_ networks: StepNetworks, _ parameters: Parameters) {
    self.networks = networks
    self.parameters = parameters
    workspace = networks.value.workspace(rows: StepNetworks.chunk)
  }

  func score(_ states: PartialSolutions, into values: UnsafeMutableBufferPointer<Float>) {
    for start in stride(from: 0, to: states.count, by: StepNetworks.chunk) {
      let rows = min(StepNetworks.chunk, states.count - start)
      let logits = networks.value.forward(
        parameters, InputRows(states.rows, stride: states.rowBytes, indices: states.indices + start), rows: rows,
        workspace)
      for row in 0..<rows { values[start + row] = 1 / (1 + .exp(-logits[row])) }
    }
  }
}
