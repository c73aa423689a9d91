import Encoders
import Groundwork
import NeuralNetworks
import RealModule
import ReinforcementLearning

/// How an ensemble learns from answers.
extension RewardEnsemble {
  /// What a session's learning came to.
  struct Result {
    /// -log of an answer's probability and the share of decided answers that are explained: means over networks, of the
    /// last pass of each, before its steps.
    var loss = 0.0
    var accuracy = 0.0
    /// Passes, the mean over networks.
    var epochs = 0.0
    /// Answers that gradients were taken of, over all networks.
    var answers = 0
  }

  /// Passes over all answers with each network, until enough is explained.
  ///
  /// - Throws: `UserError` when the loss is no longer a number.
  mutating func learn(
    from answers: AnsweredClips, step: Int, random: inout RandomSource, workers: Workers
  ) throws -> Result {
    let network = network
    let rows = pieceAnswers * 2 * configuration.segment
    let gradient =
      gradient
      ?? ParallelGradient(
        parameters: members[0].parameters.values.count, lanes: Self.lanes, pieceRows: pieceAnswers
      ) { Scratch(network, rows: rows) }
    self.gradient = gradient
    setScaling(answers)
    var result = Result()
    for number in members.indices {
      var order = Array(0..<answers.count)
      var (loss, epochs) = (Loss(), 0)
      repeat {
        random.shuffle(&order)
        loss = Loss()
        for first in stride(from: 0, to: order.count, by: configuration.minibatch) {
          let batch = Array(order[first..<min(first + configuration.minibatch, order.count)])
          loss += try learn(batch, of: answers, number, gradient, step: step, workers)
        }
        epochs += 1
        result.answers += order.count
      } while epochs < configuration.epochs && loss.accuracy < configuration.accuracy
      result.loss += loss.sum / Double(max(1, answers.count)) / Double(members.count)
      result.accuracy += loss.accuracy / Double(members.count)
      result.epochs += Double(epochs) / Double(members.count)
    }
    return result
  }

  /// One step of a network's optimizer on some answers.
  private mutating func learn(
    _ batch: [Int], of answers: AnsweredClips, _ number: Int, _ gradient: ParallelGradient<Scratch, Loss>, step: Int,
    _ workers: Workers
  ) throws -> Loss {
    let (network, parameters, heads) = (network, members[number].parameters, heads)
    let (isBounded, bounds, levels) = (configuration.bounded, bounds, configuration.levels)
    let penalty = 2 * Float(configuration.penalty) / Float(batch.count)
    let count = Float(batch.count)
    let loss = answers.rows.withUnsafeBytes { bytes in
      nonisolated(unsafe) let base = bytes.baseAddress!
      return gradient.accumulate(rows: batch.count, workers: workers) { piece, scratch, gradient, loss in
        guard case .rows(let range) = piece else { return }
        scratch.take(batch[range], of: answers)
        let input = InputRows(base, stride: answers.stride, indices: UnsafePointer(scratch.indices))
        let output = network.forward(parameters, input, rows: scratch.count, scratch.workspace)
        let slopes = scratch.workspace.outputGradient
        // Other heads than an answer's learn nothing from it.
        if heads > 1 { for index in 0..<scratch.count * heads { slopes[index] = 0 } }
        var row = 0
        for answer in batch[range] {
          let head = answers.heads[answer]
          let first = answers.steps(ofClip: answers.clips[answer]).count
          let rows = row..<row + answers.steps(ofAnswer: answer).count
          // Of a comparison the second clip's steps count against the first's.
          var margin: Float = 0
          for index in rows {
            let place = index * heads + head
            // Kept where its slope will stand.
            slopes[place] = isBounded ? Float.tanh(output[place]) : output[place]
            margin += index < row + first ? slopes[place] : -slopes[place]
          }
          let slope: Float
          switch answers.answers[answer] {
          case .comparison(let target): slope = loss.add(margin, target: target) / count
          case .rating(let level):
            let block = bounds!.offset + head * (levels - 1)
            let rated = loss.add(
              Double(margin), level: level, RatingScale(parameters.values[block..<block + levels - 1]))
            slope = Float(rated.slope) / count
            for (index, value) in rated.parameters.enumerated() { gradient[block + index] += Float(value) / count }
          }
          for index in rows {
            let place = index * heads + head
            let bend = isBounded ? 1 - slopes[place] * slopes[place] : 1
            slopes[place] = ((index < row + first ? slope : -slope) + penalty * slopes[place]) * bend
          }
          row = rows.upperBound
        }
        network.backward(parameters, scratch.workspace, into: &gradient)
      }
    }
    let rate = Float(configuration.learningRate)
    func descend(_ member: inout Member) throws(UserError) {
      _ = try gradient.step(
        &member.optimizer, &member.parameters, learningRate: rate, maximumNorm: 0, at: step,
        losses: [("preferences", loss.sum)], workers: workers)
    }
    do {
      try descend(&members[number])
    } catch {
      var own = error
      own.fix = "Lower the learning rate (preferences(learningRate=))"
      throw own
    }
    return loss
  }

  /// Sums over answers.
  struct Loss: LossSumming {
    /// -log of the answers' probabilities.
    var sum = 0.0
    /// Answers that name a better clip or a level, and those of them that are explained.
    var decided = 0
    var explained = 0

    /// Share of the decided answers that are explained; 1 where there are none.
    var accuracy: Double { decided > 0 ? Double(explained) / Double(decided) : 1 }

    static func += (a: inout Loss, b: Loss) {
      a.sum += b.sum
      a.decided += b.decided
      a.explained += b.explained
    }

    /// Adds a comparison.
    ///
    /// - Returns: How the loss changes with the margin: sigmoid(margin) - target.
    mutating func add(_ margin: Float, target: Float) -> Float {
      // -log sigmoid(x) = log(1 + exp(-x)), without overflow.
      let soft = Float.log(onePlus: Float.exp(-abs(margin)))
      sum += Double(target * (max(0, -margin) + soft) + (1 - target) * (max(0, margin) + soft))
      if target != 0.5 {
        decided += 1
        explained += (margin > 0) == (target > 0.5) && margin != 0 ? 1 : 0
      }
      return 1 / (1 + Float.exp(-margin)) - target
    }

    /// Adds a rating; explained is one whose level is the most probable.
    ///
    /// - Returns: How the loss changes with the return, and with the scale's parameters.
    mutating func add(_ value: Double, level: Int, _ scale: RatingScale) -> (slope: Double, parameters: [Double]) {
      let (loss, slope, parameters) = scale.loss(level: level, value)
      sum += loss
      decided += 1
      explained += scale.level(value) == level ? 1 : 0
      return (slope, parameters)
    }
  }

  /// A thread's activations and the numbers of its rows.
  final class Scratch: @unchecked Sendable {
    let workspace: Workspace<Float>
    let indices: UnsafeMutablePointer<Int32>
    /// Rows that are taken.
    private(set) var count = 0

    init(_ network: Network, rows: Int) {
      workspace = network.workspace(rows: rows)
      indices = .allocate(capacity: rows)
      indices.initialize(repeating: 0, count: rows)
    }

    deinit { indices.deallocate() }

    /// Notes the rows of some answers: each one's first clip, then its second.
    func take(_ batch: ArraySlice<Int>, of answers: AnsweredClips) {
      count = 0
      for answer in batch {
        for step in answers.steps(ofAnswer: answer) {
          indices[count] = Int32(step)
          count += 1
        }
      }
    }
  }
}
