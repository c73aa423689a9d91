internal import ReinforcementLearning
internal import Synchronization

/// Whether numbers can be combined to a target, by trying everything.
///
/// Fractions are not reduced here: the sizes stay far below 2^63 (see `Fraction`), and a greatest common divisor a
/// step would be most of the time.
struct CombinationSolver {
  /// What is left to combine, unreduced.
  struct Numbers {
    /// Carry the signs.
    var numerators = InlineArray<5, Int64>(repeating: 0)
    /// Never 0, but of either sign, since nothing is reduced.
    var denominators = InlineArray<5, Int64>(repeating: 1)
    var count = 0

    mutating func append(_ numerator: Int64, over denominator: Int64) {
      numerators[count] = numerator
      denominators[count] = denominator
      count += 1
    }
  }

  /// What the last number must be.
  let target: Int64

  /// - Complexity: 6 · 1 results for two numbers, 108 for three, 3,888 for four, 233,280 for five; allocates nothing.
  func reaches(_ numbers: Numbers) -> Bool {
    if numbers.count == 1 { return numbers.numerators[0] == target * numbers.denominators[0] }
    for second in 1..<numbers.count {
      for first in 0..<second {
        var rest = Numbers()
        for index in 0..<numbers.count where index != first && index != second {
          rest.append(numbers.numerators[index], over: numbers.denominators[index])
        }
        let (a, b) = (numbers.numerators[first], numbers.denominators[first])
        let (c, d) = (numbers.numerators[second], numbers.denominators[second])
        if reaches(rest, a * d + c * b, over: b * d) || reaches(rest, a * c, over: b * d)
          || reaches(rest, a * d - c * b, over: b * d) || reaches(rest, c * b - a * d, over: b * d)
        {
          return true
        }
        if c != 0 && reaches(rest, a * d, over: b * c) { return true }
        if a != 0 && reaches(rest, c * b, over: d * a) { return true }
      }
    }
    return false
  }

  /// Whether the rest with one more number reaches the target.
  @inline(__always) private func reaches(_ rest: Numbers, _ numerator: Int64, over denominator: Int64) -> Bool {
    if rest.count == 0 { return numerator == target * denominator }
    var next = rest
    next.append(numerator, over: denominator)
    return reaches(next)
  }
}

/// Remembers which starts can be solved, for the whole process.
///
/// A table of 2^14 words, each a start packed exactly (so a hit is never another start) with its answer; a newer start
/// takes an older one's place. The answers are facts of arithmetic, so it does not matter who computed them.
enum StartCache {
  /// 2^14 words, 128 KB.
  private static let bits = 14
  nonisolated(unsafe) private static let words: UnsafeMutablePointer<Atomic<UInt64>> = {
    let words = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: 1 << bits)
    for index in 0..<(1 << bits) { (words + index).initialize(to: Atomic(0)) }
    return words
  }()

  /// - Parameter sorted: Ascending, each 1 to 99 in its first `count` places, at most five.
  static func isSolvable(_ sorted: InlineArray<5, Int64>, count: Int, target: Int64) -> Bool {
    var key = UInt64(target) << 3 | UInt64(count)
    for index in 0..<count { key = key << 7 | UInt64(sorted[index]) }
    let place = Int(RandomSource.mixed(key, 0, 0) >> UInt64(64 - bits))
    let found = words[place].load(ordering: .relaxed)
    if found >> 2 == key && found & 2 != 0 { return found & 1 != 0 }
    var numbers = CombinationSolver.Numbers()
    for index in 0..<count { numbers.append(sorted[index], over: 1) }
    let answer = CombinationSolver(target: target).reaches(numbers)
    words[place].store(key << 2 | 2 | (answer ? 1 : 0), ordering: .relaxed)
    return answer
  }
}
