public import Groundwork
import Encoders
import NeuralNetworks
public import ReinforcementLearning

/// Random network distillation: the error with which a network predicts a fixed random network's features of the
/// next observation, divided by the running deviation of its discounted return.
///
/// What was seen often is predicted well, so the error is a novelty that needs no counts. Its return does not end
/// with the episode and has a discount of its own (use `--set separatesComponents=true` for a second value head).
///
/// Source: Burda et al. 2019; the training of the predictor on a random part of the samples as in CleanRL.
public struct RandomNetworkDistillation: RewardModel {
  public struct Settings: Sendable, Hashable {
    /// Units of the two networks' hidden layers.
    public var hidden = [128]
    /// Features that are predicted.
    public var features = 64
    public var learningRate = 1e-3
    /// Part of the samples that each epoch trains on.
    public var fraction = 0.25
    public var epochs = 1
    /// Discount (gamma) of the intrinsic return, in 0...1.
    public var discount = 0.99

    public init() {}
  }

  public let components: [RewardComponent]
  private let settings: Settings
  private let predictor: Network
  private let target: Network
  private let targetParameters: Parameters
  private var parameters: Parameters
  private var optimizer: Adam
  private var scaler: ObservationScaler
  private var returnStatistic = RunningNormalizer(columns: 1)
  /// The discounted intrinsic return so far, by slot over all rollouts.
  private var returns: [Float] = []

  /// Rows of one pass of the networks, and parts of the gradient: fixed, so that workers do not matter.
  private static let chunk = 256
  private static let lanes = 8

  public init(_ settings: Settings, specification: Specification, seed: UInt64) throws {
    self.settings = settings
    components = [RewardComponent("rnd", isEpisodic: false, discount: settings.discount)]
    let row = ObservationLayout(specification)
    var random = RandomSource(seed: seed, purpose: .distillationNetworks, index: 0)
    func make(_ name: String, _ hidden: [Int], _ layout: inout ParameterLayout) throws -> Network {
      try ObservationNetwork.make(
        name, layout: row, hidden: hidden, activation: .relu, imageEncoder: .dense, outputs: settings.features,
        outputGain: 1.4142135, in: &layout)
    }
    var targetLayout = ParameterLayout()
    target = try make("target", settings.hidden, &targetLayout)
    var fixed = Parameters(targetLayout)
    target.initialize(&fixed, random: &random)
    targetParameters = fixed
    // The predictor has a layer more than its target, so that it can reach it.
    var layout = ParameterLayout()
    predictor = try make("predictor", settings.hidden + [settings.hidden.last ?? 64], &layout)
    parameters = Parameters(layout)
    predictor.initialize(&parameters, random: &random)
    optimizer = Adam(layout, epsilon: 1e-5)
    scaler = ObservationScaler(row, limit: 5)
  }

  public mutating func score(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) throws {
    if scaler.isNeeded { scaler.update(rollouts) }
    let slots = rollouts.reduce(0) { $0 + $1.slots }
    if returns.count != slots { returns = Array(repeating: 0, count: slots) }
    var firstSlot = 0
    for (rollout, score) in zip(rollouts, scores) {
      let values = score[0]
      let rowBytes = rollout.layout.rowBytes
      let count = rollout.steps * rollout.slots
      // Row 1 on: what each step led to, except where an episode ended.
      let next = errors(rollout.observations + rollout.slots * rowBytes, count: count, rowBytes, workers)
      let final = errors(rollout.finalObservations, count: rollout.finalCount, rowBytes, workers)
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          let index = time * rollout.slots + slot
          values[index] = rollout.outcomes[index] == 0 ? next[index] : final[rollout.finalIndex(time: time, slot: slot)]
        }
      }
      var seen = [Float](repeating: 0, count: count)
      for index in 0..<count {
        let slot = firstSlot + index % rollout.slots
        returns[slot] = returns[slot] * Float(settings.discount) + values[index]
        seen[index] = returns[slot]
      }
      returnStatistic.update(seen)
      firstSlot += rollout.slots
    }
    let scale = Float(1 / (returnStatistic.variance[0] + 1e-8).squareRoot())
    for score in scores {
      let values = score[0]
      for index in 0..<values.count { values[index] *= scale }
    }
  }

  /// Half the squared distance between prediction and target of each row.
  private func errors(_ rows: UnsafeRawPointer, count: Int, _ rowBytes: Int, _ workers: Workers) -> [Float] {
    var result = [Float](repeating: 0, count: count)
    let scaled = ScaledRows(scaler, rows, count: count, rowBytes)
    let chunks = (count + Self.chunk - 1) / Self.chunk
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      workers.perform(min(chunks, Self.lanes)) { lane in
        let pair = Pair(predictor, target)
        for chunk in stride(from: lane, to: chunks, by: Self.lanes) {
          let first = chunk * Self.chunk
          let size = min(Self.chunk, count - first)
          let input = InputRows(scaled.base + first * rowBytes, stride: rowBytes)
          let (prediction, goal) = pair.forward(self, input, rows: size)
          for row in 0..<size {
            var sum: Float = 0
            for feature in 0..<settings.features {
              let error = prediction[row * settings.features + feature] - goal[row * settings.features + feature]
              sum += error * error
            }
            result[first + row] = sum / 2
          }
        }
      }
    }
    return result
  }

  public mutating func update(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] {
    var losses: [Double] = []
    for _ in 0..<settings.epochs {
      for rollout in rollouts {
        let count = rollout.steps * rollout.slots
        let rowBytes = rollout.layout.rowBytes
        var chosen: [Int32] = []
        for index in 0..<count where random.uniform() < settings.fraction { chosen.append(Int32(index + rollout.slots)) }
        random.shuffle(&chosen)
        let scaled = ScaledRows(scaler, UnsafeRawPointer(rollout.observations), count: count + rollout.slots, rowBytes)
        let size = Self.chunk * Self.lanes
        for start in stride(from: 0, to: chosen.count, by: size) {
          let batch = Array(chosen[start..<min(start + size, chosen.count)])
          losses.append(try train(on: batch, scaled.base, rowBytes, workers))
        }
      }
    }
    let loss = losses.reduce(0, +) / Double(max(1, losses.count))
    return [Metric("rnd/loss", loss), Metric("rnd/deviation", returnStatistic.variance[0].squareRoot())]
  }

  /// One optimizer step; returns the mean loss.
  private mutating func train(
    on rows: [Int32], _ base: UnsafeRawPointer, _ rowBytes: Int, _ workers: Workers
  ) throws -> Double {
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
              for index in 0..<(size * model.settings.features) {
                let error = prediction[index] - goal[index]
                sum += Double(error * error)
                slope[index] = 2 * error / Float(rows.count * model.settings.features)
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
    optimizer.step(
      &parameters, gradient: gradients[0], learningRate: Float(settings.learningRate), gradientScale: scale)
    return losses.reduce(0, +) / Double(rows.count * settings.features)
  }

  public func save(to state: inout SavedState) {
    state.set(prefix: "predictor", parameters.savedState())
    state.set(prefix: "adam", optimizer.savedState())
    state.set(prefix: "return", returnStatistic.savedState())
    state.set("returns", returns)
    var part = SavedState()
    scaler.save(to: &part)
    state.set(prefix: "observations", part)
  }

  public mutating func restore(from state: SavedState) throws {
    try parameters.restore(state.get(prefix: "predictor"))
    try optimizer.restore(state.get(prefix: "adam"))
    try returnStatistic.restore(state.get(prefix: "return"))
    returns = try state.get("returns")
    try scaler.restore(from: state.get(prefix: "observations"))
  }

  /// Both networks' activations, for one thread and one call.
  private struct Pair {
    let predictor: Workspace<Float>
    let target: Workspace<Float>

    init(_ predictor: Network, _ target: Network) {
      self.predictor = predictor.workspace(rows: RandomNetworkDistillation.chunk)
      self.target = target.workspace(rows: RandomNetworkDistillation.chunk)
    }

    func forward(
      _ model: RandomNetworkDistillation, _ input: InputRows, rows: Int
    ) -> (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) {
      (
        model.predictor.forward(model.parameters, input, rows: rows, predictor),
        model.target.forward(model.targetParameters, input, rows: rows, target)
      )
    }
  }
}

/// Rows as a network should see them: the rows themselves, or a scaled copy where there is something to scale.
private final class ScaledRows {
  let base: UnsafeRawPointer
  private let copy: UnsafeMutableRawPointer?

  init(_ scaler: ObservationScaler, _ rows: UnsafeRawPointer, count: Int, _ rowBytes: Int) {
    guard scaler.isNeeded, count > 0 else {
      base = rows
      copy = nil
      return
    }
    let copy = UnsafeMutableRawPointer.allocate(byteCount: count * rowBytes, alignment: 64)
    scaler.scale(rows, count: count, rowBytes: rowBytes, into: copy)
    self.copy = copy
    base = UnsafeRawPointer(copy)
  }

  deinit { copy?.deallocate() }
}

extension RandomNetworkDistillation {
  public static let description = RewardModelDescription(
    name: "rnd", summary: "the error of predicting a random network's features of the next observation",
    source: "Burda et al. 2019",
    parameters: [
      .init("hidden", "128", "units of the hidden layer"),
      .init("features", "64", "features that are predicted"),
      .init("learningRate", "0.001", "the predictor's step size"),
      .init("fraction", "0.25", "part of the samples that each epoch trains on"),
      .init("epochs", "1", "passes of the predictor over a rollout"),
      .init("discount", "0.99", "discount (gamma) of the intrinsic return"),
    ]
  ) { parameters, specification, seed in
    var settings = Settings()
    settings.hidden = [try parameters.integer("hidden", in: 1...4096)]
    settings.features = try parameters.integer("features", in: 1...4096)
    settings.learningRate = try parameters.number("learningRate", in: 0...1)
    settings.fraction = try parameters.number("fraction", in: 0...1)
    settings.epochs = try parameters.integer("epochs", in: 0...100)
    settings.discount = try parameters.number("discount", in: 0...1)
    return try RandomNetworkDistillation(settings, specification: specification, seed: seed)
  }
}
