import Encoders
import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// A fixed random network and the one that learns to predict its features.
struct Distillation {
  /// Rows of one pass of the networks, and parts of the gradient: fixed, so that workers do not matter.
  static let chunk = 256
  static let lanes = 8

  private let features: Int
  private let learningRate: Float
  private let predictor: Network
  private let target: Network
  private let targetParameters: Parameters
  private var parameters: Parameters
  private var optimizer: Adam

  init(_ configuration: RandomNetworkDistillation.Configuration, row: ObservationLayout, seed: UInt64) throws {
    features = configuration.features
    learningRate = Float(configuration.learningRate)
    var random = RandomSource(seed: seed, purpose: .distillationNetworks, index: 0)
    var targetLayout = ParameterLayout()
    let hidden = configuration.hidden
    target = try Distillation.network("target", configuration, row: row, hidden: [hidden], in: &targetLayout)
    var fixed = Parameters(targetLayout)
    target.initialize(&fixed, random: &random)
    targetParameters = fixed
    // The predictor has a layer more than its target, so that it can reach it.
    var layout = ParameterLayout()
    predictor = try Distillation.network("predictor", configuration, row: row, hidden: [hidden, hidden], in: &layout)
    parameters = Parameters(layout)
    predictor.initialize(&parameters, random: &random)
    optimizer = Adam(layout, epsilon: 1e-5)
  }

  static func network(
    _ name: String, _ configuration: RandomNetworkDistillation.Configuration, row: ObservationLayout, hidden: [Int],
    in layout: inout ParameterLayout
  ) throws -> Network {
    try ObservationNetwork.make(
      name, layout: row, hidden: hidden, activation: .relu, imageEncoder: .dense, outputs: configuration.features,
      outputGain: 1.4142135, in: &layout)
  }

  /// Half the squared distance between prediction and target of each row.
  func errors(_ rows: UnsafeRawPointer, count: Int, _ rowBytes: Int, _ workers: Workers) -> [Float] {
    var result = [Float](repeating: 0, count: count)
    let chunks = (count + Self.chunk - 1) / Self.chunk
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let (result, rows) = (result, rows)
      workers.perform(min(chunks, Self.lanes)) { lane in
        let pair = Pair(predictor, target)
        for chunk in stride(from: lane, to: chunks, by: Self.lanes) {
          let first = chunk * Self.chunk
          let size = min(Self.chunk, count - first)
          let input = InputRows(rows + first * rowBytes, stride: rowBytes)
          let (prediction, goal) = pair.forward(self, input, rows: size)
          for row in 0..<size {
            var sum: Float = 0
            for feature in 0..<features {
              let error = prediction[row * features + feature] - goal[row * features + feature]
              sum += error * error
            }
            result[first + row] = sum / 2
          }
        }
      }
    }
    return result
  }

  /// One optimizer step; returns the mean loss.
  mutating func train(on rows: [Int32], _ base: UnsafeRawPointer, _ rowBytes: Int, _ workers: Workers) throws -> Double {
    let chunks = (rows.count + Self.chunk - 1) / Self.chunk
    var gradients = [[Float]](
      repeating: [Float](repeating: 0, count: parameters.values.count), count: min(chunks, Self.lanes))
    var losses = [Double](repeating: 0, count: gradients.count)
    let model = self
    gradients.withUnsafeMutableBufferPointer { gradients in
      losses.withUnsafeMutableBufferPointer { losses in
        rows.withUnsafeBufferPointer { rows in
          nonisolated(unsafe) let (gradients, losses, rows, base) = (gradients, losses, rows, base)
          workers.perform(gradients.count) { lane in
            let pair = Pair(model.predictor, model.target)
            for chunk in stride(from: lane, to: chunks, by: Self.lanes) {
              let first = chunk * Self.chunk
              let size = min(Self.chunk, rows.count - first)
              let input = InputRows(base, stride: rowBytes, indices: rows.baseAddress! + first)
              let (prediction, goal) = pair.forward(model, input, rows: size)
              let slope = pair.predictor.outputGradient
              var sum = 0.0
              for index in 0..<(size * model.features) {
                let error = prediction[index] - goal[index]
                sum += Double(error * error)
                slope[index] = 2 * error / Float(rows.count * model.features)
              }
              losses[lane] += sum
              model.predictor.backward(model.parameters, pair.predictor, into: &gradients[lane])
            }
          }
        }
      }
    }
    for lane in 1..<max(1, gradients.count) { Gradient.add(gradients[lane], into: &gradients[0]) }
    let scale = try Gradient.clipScale(norm: Gradient.norm(gradients[0]), maximum: 1e9)
    optimizer.step(&parameters, gradient: gradients[0], learningRate: learningRate, gradientScale: scale)
    return losses.reduce(0, +) / Double(rows.count * features)
  }

  func save(to state: inout SavedState) {
    state.set(prefix: "predictor", parameters.savedState())
    state.set(prefix: "adam", optimizer.savedState())
  }

  mutating func restore(from state: SavedState) throws {
    try parameters.restore(state.get(prefix: "predictor"))
    try optimizer.restore(state.get(prefix: "adam"))
  }

  /// Both networks' activations, for one thread and one call.
  private struct Pair {
    let predictor: Workspace<Float>
    let target: Workspace<Float>

    init(_ predictor: Network, _ target: Network) {
      self.predictor = predictor.workspace(rows: Distillation.chunk)
      self.target = target.workspace(rows: Distillation.chunk)
    }

    func forward(
      _ model: Distillation, _ input: InputRows, rows: Int
    ) -> (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) {
      (
        model.predictor.forward(model.parameters, input, rows: rows, predictor),
        model.target.forward(model.targetParameters, input, rows: rows, target)
      )
    }
  }
}
