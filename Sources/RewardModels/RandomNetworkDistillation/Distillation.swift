import Encoders
import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// A fixed random network and the one that learns to predict its features.
struct Distillation {
  /// Rows of one pass of the networks, and parts of the gradient: fixed, so that workers do not matter.
  static let chunk = 256
  /// Threads that a pass can use; each has activations of its own.
  static let lanes = 8

  /// Outputs of both networks, F.
  private let features: Int
  private let learningRate: Float
  private let predictor: Network
  private let target: Network
  /// Drawn once from the run's seed and never trained; not saved, since they are drawn again.
  private var targetParameters: Parameters
  private var parameters: Parameters
  private var optimizer: Adam
  /// Scratch of `train`; made when something is learnt.
  private var gradient: ParallelGradient<Pair, Loss>?

  /// - Parameters:
  ///   - row: Which fields the networks read.
  ///   - seed: The run's; both networks are drawn from its stream for this purpose.
  /// - Throws: `UserError` when a field is of a kind that no network reads.
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

  /// Parameters of both networks; nothing of them is made.
  ///
  /// - Throws: `UserError` when a field is of a kind that no network reads.
  static func parameterCount(
    _ configuration: RandomNetworkDistillation.Configuration, row: ObservationLayout
  ) throws -> Int {
    var layout = ParameterLayout()
    let hidden = configuration.hidden
    _ = try network("target", configuration, row: row, hidden: [hidden], in: &layout)
    _ = try network("predictor", configuration, row: row, hidden: [hidden, hidden], in: &layout)
    return layout.count
  }

  /// ReLU layers with a linear output of F features; images are read as dense input, numbers are scaled and
  /// clipped to ±5.
  static func network(
    _ name: String, _ configuration: RandomNetworkDistillation.Configuration, row: ObservationLayout, hidden: [Int],
    in layout: inout ParameterLayout
  ) throws -> Network {
    try ObservationNetwork.make(
      name, layout: row, hidden: hidden, activation: .relu, imageEncoder: .dense, normalizedLimit: 5,
      outputs: configuration.features, outputGain: 1.4142135, in: &layout)
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

  /// Sets what both networks scale their input by.
  mutating func setScaling(_ statistics: ObservationStatistics) {
    statistics.setScaling(of: [predictor], in: &parameters)
    statistics.setScaling(of: [target], in: &targetParameters)
  }

  /// One optimizer step of the predictor on some rows.
  ///
  /// The gradient is that of the mean squared error over rows and features, summed in fixed pieces, so that the number
  /// of workers does not matter.
  ///
  /// - Parameters:
  ///   - rows: Numbers of the rows, counted from `base`.
  ///   - base: The first row; each has `rowBytes` bytes.
  /// - Returns: The mean squared error a feature, before the step.
  /// - Throws: `UserError` when it is not finite; the parameters are then as they were.
  mutating func train(on rows: [Int32], _ base: UnsafeRawPointer, _ rowBytes: Int, _ workers: Workers) throws -> Double
  {
    let (predictor, target) = (predictor, target)
    let gradient =
      gradient
      ?? ParallelGradient(parameters: parameters.values.count, lanes: Self.lanes, pieceRows: Self.chunk) {
        Pair(predictor, target)
      }
    self.gradient = gradient
    let model = self
    let loss = rows.withUnsafeBufferPointer { rows in
      nonisolated(unsafe) let (rows, base) = (rows, base)
      return gradient.accumulate(rows: rows.count, workers: workers) { part, pair, gradient, loss in
        guard case .rows(let range) = part else { return }
        let input = InputRows(base, stride: rowBytes, indices: rows.baseAddress! + range.lowerBound)
        let (prediction, goal) = pair.forward(model, input, rows: range.count)
        let slope = pair.predictor.outputGradient
        var sum = 0.0
        for index in 0..<(range.count * model.features) {
          let error = prediction[index] - goal[index]
          sum += Double(error * error)
          slope[index] = 2 * error / Float(rows.count * model.features)
        }
        loss.sum += sum
        model.predictor.backward(model.parameters, pair.predictor, into: &gradient)
      }
    }
    _ = try gradient.step(
      &optimizer, &parameters, learningRate: learningRate, maximumNorm: 1e9, at: optimizer.steps,
      losses: [("rnd", loss.sum)], workers: workers)
    return loss.sum / Double(rows.count * features)
  }

  /// The predictor and its optimizer; the target is drawn from the seed.
  func save(to state: inout SavedState) {
    state.set(prefix: "predictor", parameters.savedState())
    state.set(prefix: "adam", optimizer.savedState())
  }

  /// - Throws: `UserError` when parameters are missing or of another shape.
  mutating func restore(from state: SavedState) throws {
    try parameters.restore(state.get(prefix: "predictor"))
    try optimizer.restore(state.get(prefix: "adam"))
  }

  /// The squared errors of some rows.
  private struct Loss: LossSumming {
    var sum = 0.0
    static func += (a: inout Loss, b: Loss) { a.sum += b.sum }
  }

  /// Both networks' activations, for one thread.
  private final class Pair {
    let predictor: Workspace<Float>
    let target: Workspace<Float>

    init(_ predictor: Network, _ target: Network) {
      self.predictor = predictor.workspace(rows: Distillation.chunk)
      self.target = target.workspace(rows: Distillation.chunk)
    }

    /// [rows, F] of the predictor and of the target, valid until the next call.
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
