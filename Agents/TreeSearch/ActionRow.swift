/// Eight actions of a node at once: visit counts, values, logits.
typealias Lanes = SIMD8<Float>

/// The numbers that a node keeps of its actions, as pointers to rows of `blocks` x 8 lanes.
///
/// Lanes behind the last action, and illegal actions, have the logit `ActionRow.excluded`, the prior 0 and no visits.
/// A view: it owns nothing.
struct ActionRow {
  /// The logit of what may not be chosen: so low that its exponential is 0, and finite, so that sums stay numbers.
  static let excluded: Float = -1e30

  /// ceil(actions / 8)
  let blocks: Int
  /// Unnormalised log-probabilities of the network's policy.
  let logits: UnsafeMutablePointer<Lanes>
  /// Their softmax over the legal actions, P(a).
  let prior: UnsafeMutablePointer<Lanes>
  /// Mean of reward + discount x return over the simulations that took the action, Q(a); 0 before the first.
  let value: UnsafeMutablePointer<Lanes>
  /// N(a)
  let visits: UnsafeMutablePointer<Lanes>

  static func blocks(_ actions: Int) -> Int { (actions + 7) / 8 }

  /// Writes the prior of the present logits.
  @inline(__always) func normalize() {
    var high = logits[0]
    for block in 1..<max(1, blocks) { high = larger(high, logits[block]) }
    let largest = highest(high)
    var sum = Lanes()
    for block in 0..<blocks {
      let weights = exponential(logits[block] - largest)
      prior[block] = weights
      sum += weights
    }
    let scale = 1 / total(sum)
    for block in 0..<blocks { prior[block] *= scale }
  }

  /// Sum and maximum of the visit counts.
  @inline(__always) var visitTotals: (sum: Float, largest: Float) {
    var sum = visits[0]
    var largest = visits[0]
    for block in 1..<max(1, blocks) {
      sum += visits[block]
      largest = larger(largest, visits[block])
    }
    return (total(sum), highest(largest))
  }
}

// MARK: What SIMD8<Float> lacks

@inline(__always) func larger(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .> a) }
@inline(__always) func smaller(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .< a) }

@inline(__always) func highest(_ x: Lanes) -> Float {
  let (low, high) = halves(x)
  let (left, right) = halves(low.replacing(with: high, where: high .> low))
  let pair = left.replacing(with: right, where: right .> left)
  return pair.x > pair.y ? pair.x : pair.y
}

/// The sum, taken in pairs.
@inline(__always) func total(_ x: Lanes) -> Float {
  let (low, high) = halves(x)
  let (left, right) = halves(low + high)
  let pair = left + right
  return pair.x + pair.y
}

// The standard library's `lowHalf` and `highHalf` are calls wherever the optimizer does not specialise them into place,
// at a tenth of a search's time.
@inline(__always) private func halves(_ x: Lanes) -> (low: SIMD4<Float>, high: SIMD4<Float>) {
  unsafeBitCast(x, to: (SIMD4<Float>, SIMD4<Float>).self)
}

@inline(__always) private func halves(_ x: SIMD4<Float>) -> (low: SIMD2<Float>, high: SIMD2<Float>) {
  unsafeBitCast(x, to: (SIMD2<Float>, SIMD2<Float>).self)
}

@inline(__always) func lowest(_ x: Lanes) -> Float { -highest(-x) }

/// e to the power of each lane, for lanes up to 80; within 3e-7 of the true value, 0 below -87.
///
/// 2 to the power of a whole number by its exponent bits, times a polynomial on the rest (Cephes' `expf`).
@inline(__always) func exponential(_ x: Lanes) -> Lanes {
  let low = Lanes(repeating: -87)
  let clamped = larger(x, low)
  let shifted = clamped * 1.442_695_04 + 12_582_912  // 1.5 x 2^23: the sum's low bits are the whole number
  let whole = shifted - 12_582_912
  let rest = (clamped - whole * 0.693_359_375) + whole * 2.121_944_4e-4
  var power = rest * 1.987_569_15e-4 + 1.398_199_95e-3
  power = power * rest + 8.333_451_9e-3
  power = power * rest + 4.166_579_6e-2
  power = power * rest + 1.666_666_55e-1
  power = power * rest + 5.000_000_1e-1
  power = power * rest * rest + rest + 1
  let bits = unsafeBitCast(power, to: SIMD8<UInt32>.self) &+ (unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23)
  return unsafeBitCast(bits, to: Lanes.self).replacing(with: Lanes(), where: x .< low)
}
