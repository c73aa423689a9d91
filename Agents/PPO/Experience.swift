import NeuralNetworks
import ReinforcementLearning

/// What the losses need of one iteration, flat by sample: the sample of `[batch, time, slot]` has the number
/// `(batch * steps + time) * slotsOfABatch + slot`.
///
/// Not a transition buffer: it holds one iteration and is overwritten by the next.
final class Experience: @unchecked Sendable {
  let count: Int
  private let batches: Int
  private let steps: Int
  private let heads: Int
  private let actionCount: Int
  private let samplesPerBatch: Int
  private let slotsPerBatch: Int
  /// Row 0 of all observations, `[batches, steps + 1, slotsOfABatch, rowBytes]`.
  var base: UnsafeRawPointer?
  /// The same, scaled; nil when observations are not normalised.
  private(set) var scaledRows: UnsafeMutableRawPointer?

  /// log pi_old(a | s), `[samples]`
  private(set) var logProbabilities: [Float]
  /// `[samples]`, empty for continuous actions.
  private(set) var actions: [Int32]
  /// Before clipping, `[samples, actionCount]`, empty for discrete actions.
  private(set) var vectors: [Float]
  /// `[heads][samples]`
  var rewards: [[Float]]
  /// V of every observation, `[batches, steps + 1, slotsOfABatch, heads]`.
  let values: UnsafeMutablePointer<Float>
  private let valueCount: Int
  /// V of the final rows, `[batches][finalCount, heads]`.
  private(set) var finalValues: [UnsafeMutablePointer<Float>] = []
  private var finalCapacities: [Int] = []
  /// `[heads, samples]`
  let advantages: UnsafeMutablePointer<Float>
  /// The heads' advantages added up, `[samples]`.
  let totalAdvantages: UnsafeMutablePointer<Float>
  /// Shuffled sample numbers, and the rows of their observations.
  private(set) var order: [Int32]
  private(set) var rows: [Int32]

  init(count: Int = 0, batches: Int = 1, steps: Int = 0, heads: Int = 1, actionCount: Int = 1) {
    self.count = count
    self.batches = batches
    self.steps = steps
    self.heads = heads
    self.actionCount = actionCount
    samplesPerBatch = max(1, count / batches)
    slotsPerBatch = samplesPerBatch / max(1, steps)
    logProbabilities = [Float](repeating: 0, count: count)
    actions = [Int32](repeating: 0, count: count)
    vectors = []
    rewards = [[Float]](repeating: [Float](repeating: 0, count: count), count: heads)
    valueCount = (count + (steps > 0 ? count / steps : 0)) * heads
    func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
      pointer.initialize(repeating: 0, count: max(1, count))
      return pointer
    }
    values = allocate(valueCount)
    advantages = allocate(count * heads)
    totalAdvantages = allocate(count)
    order = (0..<Int32(count)).map(\.self)
    rows = order
  }

  deinit {
    scaledRows?.deallocate()
    values.deallocate()
    advantages.deallocate()
    totalAdvantages.deallocate()
    for pointer in finalValues { pointer.deallocate() }
  }

  func allocateScaledRows(bytes: Int) {
    scaledRows = .allocate(byteCount: bytes, alignment: 64)
    base = UnsafeRawPointer(scaledRows!)
  }

  /// Takes in one rollout, whose first sample has the number `start`.
  func add(_ rollout: Rollout, _ scores: RewardScores, from start: Int) {
    let size = rollout.steps * rollout.slots
    let drawn = rollout.output(PPOPolicy.logProbability)!
    for index in 0..<size { logProbabilities[start + index] = drawn[index] }
    if rollout.isDiscrete {
      for index in 0..<size { actions[start + index] = rollout.actions.discrete[index] }
    } else {
      if vectors.count != count * actionCount { vectors = [Float](repeating: 0, count: count * actionCount) }
      let samples = rollout.output(PPOPolicy.sample)!
      for index in 0..<size * actionCount { vectors[start * actionCount + index] = samples[index] }
    }
    for head in 0..<heads {
      rewards[head].withUnsafeMutableBufferPointer { rewards in
        let first = heads == 1 ? 0 : head
        let last = heads == 1 ? scores.components : head + 1
        for index in 0..<size { rewards[start + index] = 0 }
        for component in first..<last {
          let values = scores[component]
          for index in 0..<size { rewards[start + index] += values[index] }
        }
      }
    }
  }

  func reserveFinalValues(_ counts: [Int]) {
    if finalValues.count != counts.count {
      finalValues = counts.map { _ in .allocate(capacity: heads) }
      finalCapacities = counts.map { _ in 1 }
    }
    for (index, count) in counts.enumerated() where count > finalCapacities[index] {
      finalValues[index].deallocate()
      finalCapacities[index] = count * 2
      finalValues[index] = .allocate(capacity: count * 2 * heads)
    }
  }

  /// Advantages of one head over one batch's rollout.
  func estimate(_ estimation: AdvantageEstimation, head: Int, rollout: Rollout, batch: Int) {
    let size = rollout.steps * rollout.slots
    let start = batch * size
    let firstRow = batch * (rollout.steps + 1) * rollout.slots
    let final = finalValues[batch]
    rewards[head].withUnsafeBufferPointer { rewards in
      estimation.estimate(
        steps: rollout.steps, slots: rollout.slots, rewards: rewards.baseAddress! + start,
        values: values + firstRow * heads + head, stride: heads,
        finalValue: { time, slot in final[rollout.finalIndex(time: time, slot: slot) * heads + head] },
        outcomes: rollout.outcomes, advantages: advantages + head * count + start)
    }
    let own = advantages + head * count + start
    let total = totalAdvantages + start
    for index in 0..<size { total[index] = head == 0 ? own[index] : total[index] + own[index] }
  }

  /// Draws a new order of the samples, which depends on the stream alone: a resumed run has no earlier order.
  ///
  /// - Parameter samples: Those that count; nil for all.
  func shuffle(_ random: inout RandomSource, among samples: [Int32]? = nil) {
    if let samples {
      order = samples
      if rows.count < order.count { rows = order }
    } else {
      for index in order.indices { order[index] = Int32(truncatingIfNeeded: index) }
    }
    random.shuffle(&order)
    let size = Int32(samplesPerBatch)
    for index in order.indices {
      // Each batch has one row of observations per slot more than it has samples.
      rows[index] = order[index] + order[index] / size * Int32(slotsPerBatch)
    }
  }

  /// The number of a sample's row of observations.
  @inline(__always) func row(of sample: Int) -> Int { sample + sample / samplesPerBatch * slotsPerBatch }

  /// 1 - Var(returns - values) / Var(returns), over all heads; 0 when the returns do not vary.
  ///
  /// - Parameter samples: Those that count; nil for all.
  func explainedVariance(among samples: [Int32]? = nil) -> Double {
    var (sum, square, errorSum, errorSquare) = (0.0, 0.0, 0.0, 0.0)
    let counted = samples?.count ?? count
    for head in 0..<heads {
      for index in 0..<counted {
        let sample = samples.map { Int($0[index]) } ?? index
        let advantage = Double(advantages[head * count + sample])
        let target = advantage + Double(values[row(of: sample) * heads + head])
        sum += target
        square += target * target
        errorSum += advantage
        errorSquare += advantage * advantage
      }
    }
    let number = Double(max(1, counted * heads))
    let variance = square / number - (sum / number) * (sum / number)
    guard variance > 1e-12 else { return 0 }
    return 1 - (errorSquare / number - (errorSum / number) * (errorSum / number)) / variance
  }
}
