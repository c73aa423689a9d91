import NeuralNetworks
import ReinforcementLearning

/// What the losses need of one iteration, flat by sample: the sample of `[batch, time, slot]` has the number
/// `(batch * steps + time) * slotsOfABatch + slot`.
///
/// Not a transition buffer: it holds one iteration and is overwritten by the next.
final class Experience: @unchecked Sendable {
  /// How rollouts are cut for a memory.
  struct Sequences: Sendable {
    var steps: Int
    /// Sequences of a piece of the gradient, whose samples lie step by step.
    var sideBySide: Int
    var stateCount: Int
  }

  let count: Int
  private let batches: Int
  private let steps: Int
  private let heads: Int
  private let actionCount: Int
  private let samplesPerBatch: Int
  private let slotsPerBatch: Int
  /// What the rows lie in; held, since `base` points into it.
  private let slab: ObservationSlab?
  /// Row 0 of all observations, `[batches, steps + 1, slotsOfABatch, rowBytes]`.
  let base: UnsafeRawPointer?

  /// Rows of all observations.
  var rowCount: Int { batches * (steps + 1) * slotsPerBatch }

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
  /// Of each sample the temperature at which its action was drawn, `[samples]`; empty where it is 1 for all.
  private(set) var temperatures: [Float] = []
  /// The numbers of the samples that are learnt from; nil for all.
  private(set) var learnt: [Int32]?
  /// Whether each sample's observation is the first of an episode, `[samples]`; empty without a memory.
  private(set) var starts: [Bool] = []
  /// What the memory held where each sequence begins, `[batches, sequences of a slot, slots, stateCount]`.
  private var states: [Float] = []
  private let sequences: Sequences?
  /// Shuffled sample numbers, and the rows of their observations.
  private(set) var order: [Int32]
  private(set) var rows: [Int32]

  /// - Parameter rollouts: Those that will be taken in, all of one collection: rows are addressed across them.
  init(of rollouts: [Rollout] = [], heads: Int = 1, actionCount: Int = 1, sequences: Sequences? = nil) {
    self.sequences = sequences
    batches = max(1, rollouts.count)
    steps = rollouts.first?.steps ?? 0
    slotsPerBatch = rollouts.first?.slots ?? 0
    samplesPerBatch = max(1, steps * slotsPerBatch)
    count = rollouts.count * steps * slotsPerBatch
    self.heads = heads
    self.actionCount = actionCount
    slab = rollouts.first?.slab
    precondition(
      slab?.isTiled(by: rollouts) ?? true,
      "the rollouts of an iteration are those of one collection, all of them, in order")
    base = slab.map { UnsafeRawPointer($0.base) }
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
    if let sequences {
      starts = [Bool](repeating: false, count: count)
      states = [Float](repeating: 0, count: count / sequences.steps * sequences.stateCount)
    }
    values = allocate(valueCount)
    advantages = allocate(count * heads)
    totalAdvantages = allocate(count)
    order = (0..<Int32(count)).map(\.self)
    rows = order
  }

  deinit {
    values.deallocate()
    advantages.deallocate()
    totalAdvantages.deallocate()
    for pointer in finalValues { pointer.deallocate() }
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
    if let sequences { addMemory(of: rollout, from: start, sequences) }
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

  /// Takes in where episodes start and what the memory held where sequences begin.
  private func addMemory(of rollout: Rollout, from start: Int, _ sequences: Sequences) {
    let drawn = rollout.output(PPOPolicy.state)!
    for time in 0..<rollout.steps {
      for slot in 0..<rollout.slots {
        starts[start + time * rollout.slots + slot] = rollout.startsEpisode(time: time, slot: slot)
      }
      guard time % sequences.steps == 0 else { continue }
      let width = rollout.slots * sequences.stateCount
      let target = sequence(of: start + time * rollout.slots) * sequences.stateCount
      for index in 0..<width { states[target + index] = drawn[time * width + index] }
    }
  }

  /// The number of a sample's sequence.
  private func sequence(of sample: Int) -> Int {
    let (batch, rest) = sample.quotientAndRemainder(dividingBy: samplesPerBatch)
    let block = rest / slotsPerBatch / sequences!.steps
    return (batch * (steps / sequences!.steps) + block) * slotsPerBatch + rest % slotsPerBatch
  }

  /// What the memory held where the sequence of a sample begins, `[stateCount]`.
  func state(before sample: Int, width: Int) -> ArraySlice<Float> {
    let first = sequence(of: sample) * width
    return states[first..<first + width]
  }

  /// Takes in what directors said of the samples.
  func addRules(of rollouts: [Rollout]) {
    temperatures = rollouts.flatMap { $0.sampleRules.map { Array($0.temperatures) } ?? [] }
    guard rollouts[0].sampleRules?.kinds.contains(.choice) == true else { return }
    let isLearnt = rollouts.flatMap { Array($0.sampleRules!.isLearnt) }
    learnt = isLearnt.indices.filter { isLearnt[$0] }.map { Int32(truncatingIfNeeded: $0) }
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

  /// Draws a new order of the samples that are learnt from, which depends on the stream alone: a resumed run has no
  /// earlier order.
  ///
  /// - Parameter minibatches: Parts that the order will be cut into; sequences stay whole.
  func shuffle(_ random: inout RandomSource, minibatches: Int) {
    if let sequences {
      shuffleSequences(&random, sequences, minibatches: minibatches)
    } else {
      shuffleSamples(&random)
    }
    let size = Int32(samplesPerBatch)
    for index in order.indices {
      // Each batch has one row of observations per slot more than it has samples.
      rows[index] = order[index] + order[index] / size * Int32(slotsPerBatch)
    }
  }

  /// Whole sequences in a drawn order; those of a piece of the gradient side by side, step by step.
  private func shuffleSequences(_ random: inout RandomSource, _ sequences: Sequences, minibatches: Int) {
    precondition(learnt == nil, "sequences are learnt from whole")
    var firsts: [Int32] = []
    for block in 0..<count / (slotsPerBatch * sequences.steps) {
      let first = block * sequences.steps * slotsPerBatch
      for slot in 0..<slotsPerBatch { firsts.append(Int32(first + slot)) }
    }
    random.shuffle(&firsts)
    order.removeAll(keepingCapacity: true)
    let size = firsts.count / minibatches
    for minibatch in 0..<minibatches {
      for piece in stride(from: minibatch * size, to: (minibatch + 1) * size, by: sequences.sideBySide) {
        let chosen = firsts[piece..<min((minibatch + 1) * size, piece + sequences.sideBySide)]
        for step in 0..<sequences.steps {
          for first in chosen { order.append(first + Int32(step * slotsPerBatch)) }
        }
      }
    }
  }

  private func shuffleSamples(_ random: inout RandomSource) {
    if let learnt {
      order = learnt
      if rows.count < order.count { rows = order }
    } else {
      for index in order.indices { order[index] = Int32(truncatingIfNeeded: index) }
    }
    random.shuffle(&order)
  }

  /// The number of a sample's row of observations.
  @inline(__always) func row(of sample: Int) -> Int { sample + sample / samplesPerBatch * slotsPerBatch }

  /// 1 - Var(returns - values) / Var(returns), over all heads and the samples that are learnt from; 0 when the returns
  /// do not vary.
  var explainedVariance: Double {
    var (sum, square, errorSum, errorSquare) = (0.0, 0.0, 0.0, 0.0)
    let counted = learnt?.count ?? count
    for head in 0..<heads {
      for index in 0..<counted {
        let sample = learnt.map { Int($0[index]) } ?? index
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
