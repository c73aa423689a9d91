import Groundwork
import NeuralNetworks
import ReinforcementLearning
import RealModule

/// Sums of the losses and diagnostics over samples.
struct LossSums: LossSumming {
  var count = 0
  var policy = 0.0
  var value = 0.0
  var entropy = 0.0
  var approximateKL = 0.0
  /// Of -log ratio, the estimate that others log beside it.
  var oldApproximateKL = 0.0
  var clipped = 0.0
  var gradientNorm = 0.0

  static func += (a: inout LossSums, b: LossSums) {
    a.count += b.count
    a.policy += b.policy
    a.value += b.value
    a.entropy += b.entropy
    a.approximateKL += b.approximateKL
    a.oldApproximateKL += b.oldApproximateKL
    a.clipped += b.clipped
    a.gradientNorm += b.gradientNorm
  }

  /// The same as means over the samples.
  var mean: LossSums {
    let scale = 1 / Double(max(1, count))
    return LossSums(
      count: 1, policy: policy * scale, value: value * scale, entropy: entropy * scale,
      approximateKL: approximateKL * scale, oldApproximateKL: oldApproximateKL * scale, clipped: clipped * scale,
      gradientNorm: gradientNorm * scale)
  }
}

extension PPOLearner {
  /// Rows of one pass of the networks, and of a piece of the gradient: half a minibatch, so that two cores share it,
  /// and 32 to 128, since each further piece costs a gradient that is cleared and added up. Part of the result, unlike
  /// the workers.
  private static func passRows(_ configuration: PPOConfiguration) -> Int {
    let minibatch = configuration.slots * configuration.steps / configuration.minibatches
    return min(128, max(32, (minibatch / 2 + 31) / 32 * 32))
  }

  /// The same in whole sequences where there is a memory.
  static func pieceRows(_ configuration: PPOConfiguration) -> Int {
    let rows = passRows(configuration)
    guard configuration.memory != .none else { return rows }
    return configuration.sequenceSteps * max(1, rows / configuration.sequenceSteps)
  }

  /// V of observations, `[rows, heads]`.
  func values(of input: InputRows, rows: Int, into values: UnsafeMutablePointer<Float>, workers: Workers) {
    let (piece, lanes) = (gradient.pieceRows, gradient.laneCount)
    let pieces = (rows + piece - 1) / piece
    let (gradient, networks, parameters) = (gradient, networks, parameters)
    nonisolated(unsafe) let (input, values) = (input, values)
    workers.perform(min(pieces, lanes)) { lane in
      let workspace = gradient.scratch(lane)
      for first in stride(from: lane * piece, to: rows, by: lanes * piece) {
        let count = min(piece, rows - first)
        workspace.forwardValues(parameters, input.dropFirst(first), rows: count)
        let outputs = workspace.rows
        for row in 0..<count {
          let source = outputs.values + row * outputs.valueStride
          for head in 0..<networks.heads { values[(first + row) * networks.heads + head] = source[head] }
        }
      }
    }
  }

  /// The gradient of the loss over some of the shuffled samples, and over the imitated steps that were drawn, which
  /// ends up in `gradient`; returns the sums of the losses.
  func accumulateGradient(samples: Range<Int>, _ rollouts: [Rollout], workers: Workers) -> LossSums {
    let (mean, scale) = advantageStatistics(samples)
    let imitated = imitation?.order.count ?? 0
    let piece = gradient.pieceRows
    return gradient.accumulate(
      rows: samples.count, extra: (imitated + piece - 1) / piece, ranges: indexed?.passRanges, workers: workers,
      finish: { gradient, lanes in
        guard let indexed else {
          networks.completeGradient(&gradient, workers)
          return nil
        }
        let readers = networks.readers.indices.map { reader in lanes.map { $0.readers[reader] } }
        return indexed.complete(&gradient, readers, workers: workers)
      }
    ) { part, workspace, gradient, sums in
      switch part {
      case .rows(let rows):
        let range = samples.lowerBound + rows.lowerBound..<samples.lowerBound + rows.upperBound
        addLoss(
          range, of: samples.count, rollouts, advantageMean: mean, advantageScale: scale, workspace, into: &gradient,
          &sums)
      case .extra(let number):
        let range = number * piece..<min(imitated, (number + 1) * piece)
        imitation?.addLoss(range, networks, parameters, workspace, into: &gradient)
      }
    }
  }

  /// Mean and inverse deviation of a minibatch's advantages; 0 and 1 when they are not normalised.
  private func advantageStatistics(_ samples: Range<Int>) -> (mean: Float, scale: Float) {
    guard configuration.normalizesAdvantages, samples.count > 1 else { return (0, 1) }
    var sum = 0.0
    var square = 0.0
    experience.order.withUnsafeBufferPointer { order in
      for index in samples {
        let value = Double(experience.totalAdvantages[Int(order[index])])
        sum += value
        square += value * value
      }
    }
    let count = Double(samples.count)
    // The sample's deviation (n - 1), as PyTorch's `std` has it.
    let variance = max(0, (square - sum * sum / count) / (count - 1))
    return (Float(sum / count), Float(1 / (variance.squareRoot() + 1e-8)))
  }

  /// Forward, loss and backward for one chunk of a minibatch of `total` samples:
  ///
  ///     L = mean( max(-A r, -A clip(r, 1 - e, 1 + e)) - c_2 H + c_1 / 2 max((V - R)^2, (V_clipped - R)^2) )
  ///
  /// with r = pi(a | s) / pi_old(a | s) and R = A + V_old.
  private func addLoss(
    _ range: Range<Int>, of total: Int, _ rollouts: [Rollout], advantageMean: Float, advantageScale: Float,
    _ workspace: ActorCriticWorkspace, into gradient: inout [Float], _ all: inout LossSums
  ) {
    let experience = experience
    let clip = clipRange
    let entropyWeight = -Float(configuration.entropyCoefficient) / Float(total)
    let valueWeight = Float(configuration.valueCoefficient) / Float(total)
    let rowBytes = rollouts[0].layout.rowBytes
    let headCount = networks.heads
    let actionCount = networks.actionCount
    let isDiscrete = networks.isDiscrete
    let clipsValueLoss = configuration.clipsValueLoss
    let sampleScale = 1 / Float(total)
    let temperatures = experience.temperatures
    forward(range, rowBytes: rowBytes, workspace)
    let outputs = workspace.rows
    var sums = LossSums()
    sums.count = range.count
    for row in 0..<range.count {
      let sample = Int(experience.order[range.lowerBound + row])
      let advantage = (experience.totalAdvantages[sample] - advantageMean) * advantageScale
      let oldLogProbability = experience.logProbabilities[sample]
      /// d(policy loss) / d(log pi) of this sample, and the diagnostics.
      func policyWeight(_ logProbability: Float) -> Float {
        let logRatio = logProbability - oldLogProbability
        let ratio = Float.exp(logRatio)
        let clippedRatio = min(1 + clip, max(1 - clip, ratio))
        let unclippedLoss = -advantage * ratio
        let clippedLoss = -advantage * clippedRatio
        sums.policy += Double(max(unclippedLoss, clippedLoss))
        sums.approximateKL += Double((ratio - 1) - logRatio)
        sums.oldApproximateKL -= Double(logRatio)
        if abs(ratio - 1) > clip { sums.clipped += 1 }
        return unclippedLoss >= clippedLoss ? -advantage * ratio * sampleScale : 0
      }
      if isDiscrete {
        let action = Int(experience.actions[sample])
        let logits = UnsafeMutableBufferPointer(
          start: outputs.actions + row * outputs.actionStride, count: actionCount)
        let temperature = temperatures.isEmpty ? 1 : temperatures[sample]
        if temperature != 1 { for index in logits.indices { logits[index] /= temperature } }
        let distribution = Categorical(logits: logits, legal: legal(sample, rollouts))
        let weight = policyWeight(distribution.logProbability(of: action))
        sums.entropy += Double(
          distribution.writeGradient(
            action: action, logProbabilityWeight: weight / temperature, entropyWeight: entropyWeight / temperature,
            into: outputs.actionGradients + row * outputs.actionStride))
      } else {
        let offset = networks.logDeviation!.offset
        parameters.values.withUnsafeBufferPointer { parameters in
          let distribution = DiagonalGaussian(
            means: UnsafeBufferPointer(start: outputs.actions + row * outputs.actionStride, count: actionCount),
            logDeviations: UnsafeBufferPointer(start: parameters.baseAddress! + offset, count: actionCount))
          experience.vectors.withUnsafeBufferPointer { vectors in
            let action = vectors.baseAddress! + sample * actionCount
            let weight = policyWeight(distribution.logProbability(of: action))
            sums.entropy += Double(distribution.entropy)
            gradient.withUnsafeMutableBufferPointer { gradient in
              distribution.writeGradient(
                action: action, logProbabilityWeight: weight, entropyWeight: entropyWeight,
                means: outputs.actionGradients + row * outputs.actionStride, addingTo: gradient.baseAddress! + offset)
            }
          }
        }
      }
      let values = outputs.values + row * outputs.valueStride
      let gradients = outputs.valueGradients + row * outputs.valueStride
      let oldValues = experience.values + experience.row(of: sample) * headCount
      for head in 0..<headCount {
        let target = experience.advantages[head * experience.count + sample] + oldValues[head]
        let error = values[head] - target
        var loss = error * error
        var slope = error
        if clipsValueLoss {
          let change = values[head] - oldValues[head]
          let clippedError = oldValues[head] + min(clip, max(-clip, change)) - target
          if clippedError * clippedError > loss {
            loss = clippedError * clippedError
            slope = abs(change) < clip ? clippedError : 0
          }
        }
        sums.value += Double(loss) / 2
        gradients[head] = slope * valueWeight
      }
    }
    workspace.backward(parameters, into: &gradient)
    all += sums
  }

  /// The legal actions of a sample, nil when all always are.
  private func legal(_ sample: Int, _ rollouts: [Rollout]) -> UnsafePointer<Bool>? {
    guard rollouts[0].hasMasks else { return nil }
    let size = experience.count / rollouts.count
    return UnsafePointer(rollouts[sample / size].masks + sample % size * networks.actionCount)
  }
}
