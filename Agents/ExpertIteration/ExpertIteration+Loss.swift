import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// What one thread needs for a piece of a gradient.
final class PositionScratch {
  let workspace: Workspace<Float>
  /// Observations of a piece, turned over where the draw says so: `[rows, rowBytes]`.
  let rows: UnsafeMutableRawPointer

  init(_ network: Network, rows count: Int, rowBytes: Int) {
    workspace = network.workspace(rows: count)
    rows = .allocate(byteCount: count * rowBytes + 64, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: count * rowBytes + 64)
  }

  deinit { rows.deallocate() }
}

/// Sums of the losses over samples.
struct LearningSums: LossSumming {
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
      Metric(.policyLoss, policyLoss * scale), Metric(.valueLoss, valueLoss * scale),
      Metric(.policyEntropy, entropy * scale), Metric(.policyTargetEntropy, targetEntropy * scale),
      Metric(.optimizerGradientNorm, gradientNorm / Double(max(1, updates))),
    ]
  }
}

extension ExpertIteration {
  /// The value of an output: in -1...1 in a game that one wins or loses.
  @inline(__always) func squash(_ output: Float) -> Float { isSelfPlay ? .tanh(output) : output }

  /// Rows of a piece of the gradient: a quarter of a minibatch, at most 128; part of the result, unlike the workers.
  static func pieceRows(_ minibatch: Int) -> Int { min(128, (minibatch + 3) / 4) }

  /// The gradient of `-Σ pi log p + c (v - z)²`, averaged over a minibatch, into `gradient`.
  ///
  /// - Returns: The sums of the losses.
  func accumulateGradient(random: inout RandomSource, workers: Workers) -> LearningSums {
    let count = configuration.minibatch
    let chosen = (0..<count).map { _ in Int32(random.integer(in: 0..<buffer.count)) }
    let turned = mirror == nil ? [] : (0..<count).map { _ in random.uniformFloat() < 0.5 }
    return gradient.accumulate(rows: count, workers: workers) { part, scratch, gradient, sums in
      guard case .rows(let rows) = part else { return }
      addGradient(
        chosen[rows], turned.isEmpty ? [] : turned[rows], scratch, into: &gradient, &sums, scale: 1 / Float(count))
    }
  }

  private func addGradient(
    _ chosen: ArraySlice<Int32>, _ turned: ArraySlice<Bool>, _ scratch: PositionScratch, into total: inout [Float],
    _ sums: inout LearningSums, scale: Float
  ) {
    let rowBytes = buffer.rowBytes
    for (row, position) in chosen.enumerated() {
      let target = scratch.rows + row * rowBytes
      target.copyMemory(from: buffer.rows + Int(position) * rowBytes, byteCount: rowBytes)
      if let mirror, turned[turned.startIndex + row] { mirror.turn(target) }
    }
    network.forward(parameters, InputRows(scratch.rows, stride: rowBytes), rows: chosen.count, scratch.workspace)
    let width = actions + 1
    let outputs = scratch.workspace.output.baseAddress!
    let gradients = scratch.workspace.outputGradient.baseAddress!
    let coefficient = Float(configuration.valueCoefficient)
    for (row, position) in chosen.enumerated() {
      let isTurned = !turned.isEmpty && turned[turned.startIndex + row]
      let target = buffer.policies + Int(position) * actions
      let gradient = gradients + row * width
      let output = outputs + row * width
      let loss = policyGradient(
        output, target: target, legal: buffer.mask(Int(position)), isTurned: isTurned, scale: scale, into: gradient)
      sums.policyLoss += loss.crossEntropy
      sums.entropy += loss.entropy
      sums.targetEntropy += loss.targetEntropy
      let value = squash(output[actions])
      let error = value - buffer.values[Int(position)]
      sums.valueLoss += Double(error * error)
      sums.samples += 1
      gradient[actions] = 2 * coefficient * error * (isSelfPlay ? 1 - value * value : 1) * scale
    }
    network.backward(parameters, scratch.workspace, into: &total)
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
