import Groundwork
import ReinforcementLearning

/// Drawn transitions, each of up to `returnSteps` steps, copied out of a store: what one update learns from.
///
/// Memory of its own, which every draw overwrites; several threads may read it at once. Rows are the policy's fields as
/// they were observed, and behind them where actions are vectors the action within -1...1 (`VectorTask`).
final class Minibatch: @unchecked Sendable {
  /// How many.
  let count: Int
  /// Bytes from one row to the next.
  let stride: Int
  /// What the action answered to, and what came of it after the steps that are added up, `[count, stride]`.
  let rows, nextRows: UnsafeMutableRawPointer
  /// Numbers of discrete actions, `[count]`.
  let actions: UnsafeMutablePointer<Int32>
  /// The discounted sum of the rewards, `[count]`.
  let rewards: UnsafeMutablePointer<Float>
  /// What the value of the next row is worth: discount ^ steps, 0 where the decision process ended, `[count]`.
  let discounts: UnsafeMutablePointer<Float>
  /// The actions that are legal in the next row, `[count, actions]`; nil where all always are.
  let nextMasks: UnsafeMutablePointer<Bool>?
  /// Of each the number in its store.
  private(set) var numbers: [Int] = []

  private let vectors: VectorTask?
  private let policyBytes: Int
  private let actionCount: Int
  private let goal: GoalPlaces?
  // What hindsight asks of the goals' rule.
  private var reached: [Float] = []
  private var wanted: [Float] = []
  /// The row of the minibatch that each of those steps belongs to, and what it counts there.
  private var retold: [(index: Int, weight: Float)] = []

  /// - Parameters:
  ///   - vectors: How vectors of actions are read; nil where actions are numbered.
  ///   - goal: Where goals stand, for who tells steps again.
  init(_ count: Int, of specification: Specification, vectors: VectorTask?, goal: GoalPlaces?) {
    let layout = ObservationLayout(specification)
    self.count = count
    self.vectors = vectors
    self.goal = goal
    stride = vectors?.stride ?? layout.rowBytes
    policyBytes = layout.policyBytes
    actionCount = specification.actions.count
    func rows(_ stride: Int) -> UnsafeMutableRawPointer {
      let rows = UnsafeMutableRawPointer.allocate(byteCount: count * stride + 64, alignment: 64)
      rows.initializeMemory(as: UInt8.self, repeating: 0, count: count * stride + 64)
      return rows
    }
    func numbers<Element: BitwiseCopyable>(_ count: Int, _ value: Element) -> UnsafeMutablePointer<Element> {
      let numbers = UnsafeMutablePointer<Element>.allocate(capacity: count)
      numbers.initialize(repeating: value, count: count)
      return numbers
    }
    (self.rows, nextRows) = (rows(stride), rows(stride))
    (actions, rewards, discounts) = (numbers(count, 0), numbers(count, 0), numbers(count, 0))
    nextMasks = specification.hasIllegalActions ? numbers(count * actionCount, true) : nil
  }

  deinit {
    rows.deallocate()
    nextRows.deallocate()
    actions.deallocate()
    rewards.deallocate()
    discounts.deallocate()
    nextMasks?.deallocate()
  }

  /// The action of a row, within -1...1, where actions are vectors.
  func action(_ index: Int) -> UnsafeMutablePointer<Float> {
    (rows + index * stride + policyBytes).assumingMemoryBound(to: Float.self)
  }

  /// Draws transitions uniformly.
  ///
  /// - Parameters:
  ///   - returnSteps: Steps whose rewards are added up, fewer where the episode ends or the store does.
  ///   - hindsight: The share of them whose goal is replaced by what the same episode achieved later ("future" of
  ///     Andrychowicz et al. 2017), this step included; paid anew for it. Whether the process ended stays as it was.
  func draw(
    from store: ExperienceStore, returnSteps: Int, discount: Double, hindsight: Double, random: inout RandomSource
  ) {
    let all = store.count
    let numbers = (0..<count).map { _ in random.integer(in: 0..<all) }
    fill(
      numbers, from: store, returnSteps: returnSteps, discount: discount, hindsight: hindsight, random: &random)
  }

  /// Copies the transitions with these numbers, `[count]`; see `draw`.
  func fill(
    _ numbers: [Int], from store: ExperienceStore, returnSteps: Int, discount: Double, hindsight: Double,
    random: inout RandomSource
  ) {
    precondition(numbers.count == count, "a minibatch has \(count) transitions")
    self.numbers = numbers
    retold.removeAll(keepingCapacity: true)
    reached.removeAll(keepingCapacity: true)
    wanted.removeAll(keepingCapacity: true)
    for (index, number) in numbers.enumerated() {
      let (buffer, first) = store.locate(number)
      let later = buffer.laterSteps(of: first, most: hindsight > 0 ? .max : returnSteps - 1)
      let length = min(later, returnSteps - 1) + 1
      let steps = buffer.transitions(at: (0..<length).map { first + $0 * buffer.slots })
      copy(steps, to: index, discount: Float(discount))
      if hindsight > 0, random.chance(hindsight) {
        let chosen = first + random.integer(in: 0..<later + 1) * buffer.slots
        tell(steps, at: index, again: buffer.transitions(at: [chosen]).after(0), discount: Float(discount))
      }
    }
    if !retold.isEmpty { payRetold() }
  }

  private func copy(_ steps: Transitions, to index: Int, discount: Float) {
    let last = steps.count - 1
    (rows + index * stride).copyMemory(from: steps.before(0), byteCount: policyBytes)
    (nextRows + index * stride).copyMemory(from: steps.after(last), byteCount: policyBytes)
    if let vectors {
      vectors.read(steps.continuousAction(0), into: action(index))
    } else {
      actions[index] = steps.discreteAction(0)
    }
    var (sum, weight) = (Float(0), Float(1))
    for step in 0...last {
      sum += weight * steps.output(ExperienceStore.reward, step)![0]
      weight *= discount
    }
    rewards[index] = sum
    discounts[index] = steps.outcome(last) == .terminated ? 0 : weight
    if let nextMasks {
      let target = nextMasks + index * actionCount
      if let mask = steps.nextMask(last) {
        target.update(from: mask.baseAddress!, count: actionCount)
      } else {
        target.update(repeating: true, count: actionCount)
      }
    }
  }

  /// Sets the goal of some steps to what a later row achieved.
  private func tell(_ steps: Transitions, at index: Int, again later: UnsafeRawPointer, discount: Float) {
    guard let goal else { preconditionFailure("hindsight without goals") }
    let bytes = goal.rule.width * 4
    for row in [rows, nextRows] {
      (row + index * stride + goal.desired).copyMemory(from: later + goal.achieved, byteCount: bytes)
    }
    var weight = Float(1)
    for step in 0..<steps.count {
      for element in 0..<goal.rule.width {
        reached.append(steps.after(step).load(fromByteOffset: goal.achieved + 4 * element, as: Float.self))
        wanted.append(later.load(fromByteOffset: goal.achieved + 4 * element, as: Float.self))
      }
      retold.append((index, weight))
      weight *= discount
    }
  }

  /// Pays the steps that were told again.
  private func payRetold() {
    var paid = [Float](repeating: 0, count: retold.count)
    var successes = [Bool](repeating: false, count: retold.count)
    var paidSpan = paid.mutableSpan
    var successSpan = successes.mutableSpan
    goal!.rule.score(achieved: reached.span, desired: wanted.span, rewards: &paidSpan, successes: &successSpan)
    for step in retold { rewards[step.index] = 0 }
    for (step, reward) in zip(retold, paid) { rewards[step.index] += step.weight * reward }
  }
}
