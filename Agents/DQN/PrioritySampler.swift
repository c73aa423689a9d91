import Groundwork
import RealModule
import ReinforcementLearning

/// Draws transitions of a buffer in proportion to priorities: the sums over them are a tree, so that drawing and
/// changing one take as many steps as it has levels.
///
/// A priority lies where the buffer's ring has the step, so nothing moves when steps are given up: who takes their
/// place takes their priority's place.
///
/// Source: Schaul et al. 2016, "Prioritized Experience Replay", proportional.
struct PrioritySampler {
  private let slots: Int
  private let capacity: Int
  /// Leaves are the last half; the parent of `i` is `i / 2`, and 1 is the root.
  private var sums: [Double]
  private let leaves: Int
  /// What a transition that was never drawn counts.
  private var largest = 1.0

  /// - Parameters:
  ///   - slots: Of the buffer.
  ///   - capacity: Steps that it keeps of each.
  init(slots: Int, capacity: Int) {
    (self.slots, self.capacity) = (slots, capacity)
    var leaves = 1
    while leaves < slots * capacity { leaves *= 2 }
    self.leaves = leaves
    sums = Array(repeating: 0, count: 2 * leaves)
  }

  /// The leaf of a transition.
  ///
  /// - Parameters:
  ///   - number: Among those that the buffer holds, the oldest first.
  ///   - first: The steps of each slot that the buffer has given up.
  private func leaf(_ number: Int, first: Int) -> Int { (first + number / slots) % capacity * slots + number % slots }

  private mutating func set(_ leaf: Int, _ priority: Double) {
    var node = leaves + leaf
    sums[node] = priority
    while node > 1 {
      node /= 2
      sums[node] = sums[2 * node] + sums[2 * node + 1]
    }
  }

  /// The newest steps of every slot were appended: they count as much as any, so that each is drawn once at least.
  mutating func add(steps: Int, to buffer: TransitionBuffer) {
    for step in buffer.appended - min(steps, capacity)..<buffer.appended {
      for slot in 0..<slots { set(step % capacity * slots + slot, largest) }
    }
  }

  /// Gives drawn transitions the priorities of their errors.
  mutating func update(_ numbers: [Int], errors: [Float], exponent: Double, in buffer: TransitionBuffer) {
    for (number, error) in zip(numbers, errors) {
      let priority = Double.pow(Double(abs(error)) + 1e-4, exponent)
      largest = max(largest, priority)
      set(leaf(number, first: buffer.appended - buffer.held), priority)
    }
  }

  /// Draws transitions; their weights take back, by `importance` (beta), that some are drawn more often: 1 for the
  /// rarest of them.
  mutating func draw(
    _ count: Int, from buffer: TransitionBuffer, importance: Double, random: inout RandomSource
  ) -> (numbers: [Int], weights: [Float]) {
    let first = buffer.appended - buffer.held
    var numbers: [Int] = []
    var weights: [Double] = []
    while numbers.count < count {
      var node = 1
      var rest = random.uniform() * sums[1]
      while node < leaves {
        node *= 2
        if rest >= sums[node] && sums[node + 1] > 0 {
          rest -= sums[node]
          node += 1
        }
      }
      let place = node - leaves
      // The step in this place of the ring that is held.
      let age = (place / slots - first % capacity + capacity) % capacity
      numbers.append(age * slots + place % slots)
      weights.append(Double.pow(sums[node] / sums[1] * Double(buffer.count), -importance))
    }
    let most = weights.max() ?? 1
    return (numbers, weights.map { Float($0 / most) })
  }

  /// The chance that a transition is drawn.
  func chance(of number: Int, in buffer: TransitionBuffer) -> Double {
    sums[leaves + leaf(number, first: buffer.appended - buffer.held)] / sums[1]
  }

  func save(to state: inout SavedState) {
    state.set("priorities", Array(sums[leaves..<leaves + slots * capacity]))
    state.set("largestPriority", scalar: largest)
  }

  mutating func restore(from state: SavedState) throws(UserError) {
    let priorities: [Double] = try state.get("priorities", count: slots * capacity)
    guard priorities.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw UserError("the checkpoint's priorities are no weights", fix: "Use another checkpoint")
    }
    largest = try state.scalar("largestPriority", as: Double.self)
    sums.replaceSubrange(leaves..<leaves + priorities.count, with: priorities)
    for node in stride(from: leaves - 1, through: 1, by: -1) { sums[node] = sums[2 * node] + sums[2 * node + 1] }
  }
}
