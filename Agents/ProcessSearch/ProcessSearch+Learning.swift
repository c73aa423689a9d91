import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// What one thread needs of a gradient: there is a fixed number of lanes, whatever the number of workers, and their
/// gradients are added in order.
final class StepLane: @unchecked Sendable {
  static let count = 4

  let policy: Workspace<Float>
  let value: Workspace<Float>
  var gradient: [Float]
  var losses = StepLosses()

  init(_ networks: StepNetworks, rows: Int) {
    policy = networks.policy.workspace(rows: rows)
    value = networks.value.workspace(rows: rows)
    gradient = [Float](repeating: 0, count: networks.layout.count)
  }

  /// Rows of a lane.
  static func rows(_ minibatch: Int) -> Int { (minibatch + count - 1) / count }
}

/// Sums of the losses of an iteration.
struct StepLosses {
  var updates = 0
  var policy = 0.0
  var value = 0.0
  var agreed = 0.0

  /// Means over the examples.
  var metrics: [Metric] {
    guard updates > 0 else { return [] }
    let count = Double(updates)
    return [
      Metric("policy/loss", policy / count), Metric("policy/accuracy", agreed / count),
      Metric("value/loss", value / count),
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
      accumulateGradient(steps, values, workers: session.workers)
      let norm = Gradient.norm(learningLanes[0].gradient)
      optimizer.step(
        &parameters, gradient: learningLanes[0].gradient, learningRate: Float(configuration.learningRate),
        gradientScale: try Gradient.clipScale(norm: norm, maximum: 1))
      losses.updates += 1
      for lane in learningLanes {
        losses.policy += lane.losses.policy / Double(size)
        losses.value += lane.losses.value / Double(size)
        losses.agreed += lane.losses.agreed / Double(size)
      }
    }
    return losses
  }

  /// The gradient over one minibatch ends up in lane 0.
  private func accumulateGradient(_ steps: [Int32], _ values: [Int32], workers: Workers) {
    let lanes = learningLanes
    let rows = StepLane.rows(steps.count)
    workers.perform(lanes.count) { index in
      let range = min(index * rows, steps.count)..<min((index + 1) * rows, steps.count)
      let lane = lanes[index]
      Gradient.clear(&lane.gradient)
      lane.losses = StepLosses()
      guard !range.isEmpty else { return }
      steps.withUnsafeBufferPointer {
        addPolicyLoss($0.baseAddress! + range.lowerBound, range.count, of: steps.count, lane)
      }
      values.withUnsafeBufferPointer {
        addValueLoss($0.baseAddress! + range.lowerBound, range.count, of: values.count, lane)
      }
    }
    for lane in lanes.dropFirst() { Gradient.add(lane.gradient, into: &lanes[0].gradient) }
  }

  private func addPolicyLoss(_ samples: UnsafePointer<Int32>, _ count: Int, of total: Int, _ lane: StepLane) {
    let actionCount = networks.actionCount
    policyExamples.rows.withUnsafeBytes { rows in
      networks.policy.forward(
        parameters, InputRows(rows.baseAddress!, stride: policyExamples.rowBytes, indices: samples), rows: count,
        lane.policy)
    }
    let logits = lane.policy.output
    let gradients = lane.policy.outputGradient.baseAddress!
    policyExamples.legal.withUnsafeBytes { legal in
      for row in 0..<count {
        let sample = Int(samples[row])
        let action = Int(policyExamples.targets[sample])
        // Bytes of 0 and 1 are what `Bool` is in memory.
        let mask = (legal.baseAddress! + sample * actionCount).assumingMemoryBound(to: Bool.self)
        let distribution = Categorical(logits: logits, row: row, count: actionCount, legal: mask)
        lane.losses.policy -= Double(distribution.logProbability(of: action))
        if distribution.mode == action { lane.losses.agreed += 1 }
        distribution.writeGradient(
          action: action, logProbabilityWeight: -1 / Float(total), entropyWeight: 0,
          into: gradients + row * actionCount)
      }
    }
    networks.policy.backward(parameters, lane.policy, into: &lane.gradient)
  }

  private func addValueLoss(_ samples: UnsafePointer<Int32>, _ count: Int, of total: Int, _ lane: StepLane) {
    valueExamples.rows.withUnsafeBytes { rows in
      networks.value.forward(
        parameters, InputRows(rows.baseAddress!, stride: valueExamples.rowBytes, indices: samples), rows: count,
        lane.value)
    }
    let logits = lane.value.output
    let gradients = lane.value.outputGradient
    for row in 0..<count {
      let label = valueExamples.targets[Int(samples[row])]
      let logit = logits[row]
      // -log(1 - v) = softplus(logit), computed so that it cannot overflow.
      let softplus = max(logit, 0) + Float.log(onePlus: Float.exp(-abs(logit)))
      lane.losses.value += Double(softplus - label * logit)
      gradients[row] = (1 / (1 + Float.exp(-logit)) - label) / Float(total)
    }
    networks.value.backward(parameters, lane.value, into: &lane.gradient)
  }
}
