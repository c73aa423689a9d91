import ReinforcementLearning

/// Arms by an index that is a mean plus a coefficient times a width, of which one pull changes one arm's mean and width
/// alone: UCB1, MOSS, greedy choice.
///
/// Arm after arm, so that eight slots are compared at a time: `[arms, stride]`.
struct IndexTable {
  let arms: Int
  let slots: Int
  /// Slots, rounded up to eight.
  let stride: Int
  /// The mean of what an arm paid; infinite before its first pull.
  var means: [Float]
  /// What the coefficient is multiplied by; 0 before the first pull.
  var widths: [Float]
  /// Pulls of an arm; whole numbers, since in single precision 2^24 and 1 make 2^24.
  var counts: [Int32]
  /// What it paid in all.
  var sums: [Double]

  init(arms: Int, slots: Int) {
    self.arms = arms
    self.slots = slots
    stride = (slots + 7) / 8 * 8
    means = Array(repeating: .infinity, count: arms * stride)
    widths = Array(repeating: 0, count: arms * stride)
    counts = Array(repeating: 0, count: arms * stride)
    sums = Array(repeating: 0, count: arms * stride)
  }

  /// Forgets an arm of a slot.
  mutating func forget(_ slot: Int, _ arm: Int) {
    let place = arm * stride + slot
    (means[place], widths[place], counts[place], sums[place]) = (.infinity, 0, 0, 0)
  }

  /// Forgets a slot.
  mutating func restart(_ slot: Int) {
    for arm in 0..<arms {
      let place = arm * stride + slot
      means[place] = .infinity
      widths[place] = 0
      counts[place] = 0
      sums[place] = 0
    }
  }

  /// The first arm with the largest index in every slot.
  ///
  /// - Parameter coefficients: `[stride]`, finite.
  func best(coefficients: UnsafePointer<Float>, into actions: UnsafeMutablePointer<Int32>) {
    means.withUnsafeBufferPointer { means in
      widths.withUnsafeBufferPointer { widths in
        let (means, widths) = (means.baseAddress!, widths.baseAddress!)
        for first in Swift.stride(from: 0, to: stride, by: 8) {
          let coefficient = UnsafeRawPointer(coefficients + first).loadUnaligned(as: SIMD8<Float>.self)
          var top = SIMD8<Float>(repeating: -.infinity)
          var chosen = SIMD8<Int32>(repeating: 0)
          for arm in 0..<arms {
            let place = arm &* stride &+ first
            let mean = UnsafeRawPointer(means + place).loadUnaligned(as: SIMD8<Float>.self)
            let width = UnsafeRawPointer(widths + place).loadUnaligned(as: SIMD8<Float>.self)
            let index = mean + coefficient * width
            let isHigher = index .> top
            top.replace(with: index, where: isHigher)
            chosen.replace(with: SIMD8<Int32>(repeating: Int32(truncatingIfNeeded: arm)), where: isHigher)
          }
          for lane in 0..<min(8, slots - first) { actions[first + lane] = chosen[lane] }
        }
      }
    }
  }

  /// The same among the arms that a mask allows, for one slot.
  func best(_ slot: Int, coefficient: Float, mask: UnsafePointer<Bool>) -> Int {
    var (chosen, top) = (-1, -Float.infinity)
    for arm in 0..<arms where mask[arm] {
      let place = arm * stride + slot
      let index = means[place] + coefficient * widths[place]
      if chosen < 0 || index > top { (chosen, top) = (arm, index) }
    }
    return max(0, chosen)
  }
}
