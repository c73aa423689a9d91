import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// What one thread needs for a piece of a gradient.
final class StepScratch {
  let policy: Workspace<Float>
  let value: Workspace<Float>

  init(_ networks: StepNetworks, rows: Int) {
    policy = networks.policy.workspace(rows: rows)
    value = networks.value.workspace(rows: rows)
  }
}

/// Sums of the losses of an iteration.
struct StepLosses: LossSumming {
  var updates = 0
  var policy = 0.0
  var value = 0.0
  var agreed = 0.0

  static func += (a: inout StepLosses, b: StepLosses) {
    a.updates += b.updates
    a.policy += b.policy
    a.value += b.value
    a.agreed += b.agreed
  }

  /// Means over the examples.
  var metrics: [Metric] {
    guard updates > 0 else { return [] }
    let count = Double(updates)
    return [
      Metric(.policyLoss, policy / count), Metric(.policyAccuracy, agreed / count),
      Metric(.valueLoss, value / count),
    ]
  }
}

extension ProcessSearch {
  /// Optimizer steps on examples drawn from memory:
  ///
  ///     L = mean( -log pi(a | s) ) + mean( -y log v(s) - (1 - y) log(1 - v(s)) )
  func learn(_ session: TrainingSession) throws -> StepLosses {
    var losses = StepLosses()
    guard configuration.learns, policyExamples.count > 0, valueExamples.count > 0 else { return losses }
    let size = configuration.minibatch
    var steps = [Int32](repeating: 0, count: size)
    var values = steps
    let most = (configuration.passes * Double(policyExamples.count) / Double(size)).rounded(.up)
    for _ in 0..<Int(min(Double(configuration.updates), most)) {
      for index in 0..<size {
        steps[index] = Int32(random.integer(in: 0..<policyExamples.count))
        values[index] = Int32(random.integer(in: 0..<valueExamples.count))
      }
      let sums = accumulateGradient(steps, values, workers: session.workers)
      _ = try gradient.step(
        &optimizer, &parameters, learningRate: Float(configuration.learningRate), maximumNorm: 1, at: session.step,
        losses: [("policy", sums.policy), ("value", sums.value)], workers: session.workers)
      losses.updates += 1
      losses.policy += sums.policy / Double(size)
      losses.value += sums.value / Double(size)
      losses.agreed += sums.agreed / Double(size)
    }
    return losses
  }

  /// Rows of a piece of the gradient, a quarter of a minibatch; part of the result, unlike the workers.
  static func pieceRows(_ minibatch: Int) -> Int { (minibatch + 3) / 4 }

  /// The gradient over one minibatch ends up in `gradient`.
  private func accumulateGradient(_ steps: [Int32], _ values: [Int32], workers: Workers) -> StepLosses {
    gradient.accumulate(rows: steps.count, workers: workers) { part, scratch, gradient, sums in
      guard case .rows(let range) = part else { return }
      steps.withUnsafeBufferPointer {
        addPolicyLoss($0.baseAddress! + range.lowerBound, range.count, of: steps.count, scratch, into: &gradient, &sums)
      }
      values.withUnsafeBufferPointer {
        addValueLoss($0.baseAddress! + range.lowerBound, range.count, of: values.count, scratch, into: &gradient, &sums)
      }
    }
  }

  private func addPolicyLoss(
    _ samples: UnsafePointer<Int32>, _ count: Int, of total: Int, _ scratch: StepScratch, into gradient: inout [Float],
    _ sums: inout StepLosses
  ) {
    let actionCount = networks.actionCount
    _ = policyExamples.rows.withUnsafeBytes { rows in
      networks.policy.forward(
        parameters, InputRows(rows.baseAddress!, stride: policyExamples.rowBytes, indices: samples), rows: count,
        scratch.policy)
    }
    let logits = scratch.policy.output
    let gradients = scratch.policy.outputGradient.baseAddress!
    policyExamples.legal.withUnsafeBytes { legal in
      for row in 0..<count {
        let sample = Int(samples[row])
        let action = Int(policyExamples.targets[sample])
        // Bytes of 0 and 1 are what `Bool` is in memory.
        let mask = (legal.baseAddress! + sample * actionCount).assumingMemoryBound(to: Bool.self)
        let distribution = Categorical(logits: logits, row: row, count: actionCount, legal: mask)
        sums.policy -= Double(distribution.logProbability(of: action))
        if distribution.mode == action { sums.agreed += 1 }
        distribution.writeGradient(
          action: action, logProbabilityWeight: -1 / Float(total), entropyWeight: 0,
          into: gradients + row * actionCount)
      }
    }
    networks.policy.backward(parameters, scratch.policy, into: &gradient)
  }

  private func addValueLoss(
    _ samples: UnsafePointer<Int32>, _ count: Int, of total: Int, _ scratch: StepScratch, into gradient: inout [Float],
    _ sums: inout StepLosses
  ) {
    _ = valueExamples.rows.withUnsafeBytes { rows in
      networks.value.forward(
        parameters, InputRows(rows.baseAddress!, stride: valueExamples.rowBytes, indices: samples), rows: count,
        scratch.value)
    }
    let logits = scratch.value.output
    let gradients = scratch.value.outputGradient
    for row in 0..<count {
      let label = valueExamples.targets[Int(samples[row])]
      let logit = logits[row]
      // -log(1 - v) = softplus(logit), computed so that it cannot overflow.
      let softplus = max(logit, 0) + Float.log(onePlus: Float.exp(-abs(logit)))
      sums.value += Double(softplus - label * logit)
      gradients[row] = (1 / (1 + Float.exp(-logit)) - label) / Float(total)
    }
    networks.value.backward(parameters, scratch.value, into: &gradient)
  }
}
