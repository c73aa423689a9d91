import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// What one thread sums up of a minibatch's gradient. There is a fixed number of lanes, whatever the number of
/// workers, and their gradients are added in order.
final class GradientLane: @unchecked Sendable {
  static let count = 4
  /// Rows of one pass.
  static let chunk = 128

  let workspace: Workspace<Float>
  var gradient: [Float]
  var sums = LearningSums()
  /// Observations of a chunk, turned over where the draw says so: `[chunk, rowBytes]`.
  let rows: UnsafeMutableRawPointer

  init(_ agent: ExpertIteration) {
    workspace = agent.network.workspace(rows: GradientLane.chunk)
    gradient = [Float](repeating: 0, count: agent.parameters.values.count)
    rows = .allocate(byteCount: GradientLane.chunk * agent.buffer.rowBytes + 64, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: GradientLane.chunk * agent.buffer.rowBytes + 64)
  }

  deinit { rows.deallocate() }
}

/// Sums of the losses over samples.
struct LearningSums {
  var samples = 0
  var policyLoss = 0.0
  var valueLoss = 0.0
  /// Entropy of the network's policy, in nats.
  var entropy = 0.0
  /// Entropy of the search's policy: the least that the policy's loss can be.
  var targetEntropy = 0.0
  var gradientNorm = 0.0
  var updates = 0

  static func += (a: inout LearningSums, b: LearningSums) {
    a.samples += b.samples
    a.policyLoss += b.policyLoss
    a.valueLoss += b.valueLoss
    a.entropy += b.entropy
    a.targetEntropy += b.targetEntropy
    a.gradientNorm += b.gradientNorm
    a.updates += b.updates
  }

  var metrics: [Metric] {
    let scale = 1 / Double(max(1, samples))
    return [
      Metric("policy/loss", policyLoss * scale), Metric("value/loss", valueLoss * scale),
      Metric("policy/entropy", entropy * scale), Metric("policy/targetEntropy", targetEntropy * scale),
      Metric("optimizer/gradientNorm", gradientNorm / Double(max(1, updates))),
      Metric("optimizer/updates", Double(updates)),
    ]
  }
}

extension ExpertIteration {
  /// The value of an output: in -1...1 in a game that one wins or loses.
  @inline(__always) func squash(_ output: Float) -> Float { isSelfPlay ? .tanh(output) : output }

  /// The gradient of `-Σ pi log p + c (v - z)²`, averaged over a minibatch, into the first lane's buffer.
  ///
  /// - Returns: The sums of the losses, and the gradient's norm.
  func accumulateGradient(
    _ lanes: [GradientLane], random: inout RandomSource, workers: Workers
  ) -> (LearningSums, Double) {
    let count = configuration.minibatch
    let chosen = (0..<count).map { _ in Int32(random.integer(in: 0..<buffer.count)) }
    let turned = mirror == nil ? [] : (0..<count).map { _ in random.uniformFloat() < 0.5 }
    let share = (count + lanes.count - 1) / lanes.count
    workers.perform(lanes.count) { index in
      let lane = lanes[index]
      Gradient.clear(&lane.gradient)
      lane.sums = LearningSums()
      for first in stride(from: index * share, to: min(count, (index + 1) * share), by: GradientLane.chunk) {
        let end = min(first + GradientLane.chunk, min(count, (index + 1) * share))
        addGradient(chosen[first..<end], turned.isEmpty ? [] : turned[first..<end], lane, scale: 1 / Float(count))
      }
    }
    for lane in lanes.dropFirst() {
      Gradient.add(lane.gradient, into: &lanes[0].gradient)
      lanes[0].sums += lane.sums
    }
    return (lanes[0].sums, Gradient.norm(lanes[0].gradient))
  }

  private func addGradient(_ chosen: ArraySlice<Int32>, _ turned: ArraySlice<Bool>, _ lane: GradientLane, scale: Float) {
    let rowBytes = buffer.rowBytes
    for (row, position) in chosen.enumerated() {
      let target = lane.rows + row * rowBytes
      target.copyMemory(from: buffer.rows + Int(position) * rowBytes, byteCount: rowBytes)
      if let mirror, turned[turned.startIndex + row] { mirror.turn(target) }
    }
    network.forward(parameters, InputRows(lane.rows, stride: rowBytes), rows: chosen.count, lane.workspace)
    let width = actions + 1
    let outputs = lane.workspace.output.baseAddress!
    let gradients = lane.workspace.outputGradient.baseAddress!
    let coefficient = Float(configuration.valueCoefficient)
    for (row, position) in chosen.enumerated() {
      let isTurned = !turned.isEmpty && turned[turned.startIndex + row]
      let target = buffer.policies + Int(position) * actions
      let gradient = gradients + row * width
      let output = outputs + row * width
      let loss = policyGradient(
        output, target: target, legal: buffer.mask(Int(position)), isTurned: isTurned, scale: scale, into: gradient)
      lane.sums.policyLoss += loss.crossEntropy
      lane.sums.entropy += loss.entropy
      lane.sums.targetEntropy += loss.targetEntropy
      let value = squash(output[actions])
      let error = value - buffer.values[Int(position)]
      lane.sums.valueLoss += Double(error * error)
      lane.sums.samples += 1
      gradient[actions] = 2 * coefficient * error * (isSelfPlay ? 1 - value * value : 1) * scale
    }
    network.backward(parameters, lane.workspace, into: &lane.gradient)
  }

  /// The cross-entropy to the search's policy, and its gradient by the logits: p - pi.
  private func policyGradient(
    _ logits: UnsafeMutablePointer<Float>, target: UnsafePointer<Float>, legal: UnsafePointer<Bool>?, isTurned: Bool,
    scale: Float, into gradient: UnsafeMutablePointer<Float>
  ) -> (crossEntropy: Double, entropy: Double, targetEntropy: Double) {
    @inline(__always) func source(_ action: Int) -> Int { isTurned ? actions - 1 - action : action }
    var largest = -Float.infinity
    for action in 0..<actions where legal?[source(action)] ?? true { largest = max(largest, logits[action]) }
    var total: Float = 0
    for action in 0..<actions where legal?[source(action)] ?? true { total += .exp(logits[action] - largest) }
    let shift = largest + .log(total)
    var (crossEntropy, entropy, targetEntropy) = (Float(0), Float(0), Float(0))
    for action in 0..<actions {
      let index = source(action)
      guard legal?[index] ?? true else {
        gradient[action] = 0
        continue
      }
      let logProbability = logits[action] - shift
      let probability = Float.exp(logProbability)
      let wanted = target[index]
      gradient[action] = (probability - wanted) * scale
      crossEntropy -= wanted * logProbability
      entropy -= probability * logProbability
      if wanted > 0 { targetEntropy -= wanted * .log(wanted) }
    }
    return (Double(crossEntropy), Double(entropy), Double(targetEntropy))
  }
}
