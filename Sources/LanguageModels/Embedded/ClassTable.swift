import RealModule

/// Numbers values by the order in which they appear, and counts what goes with what: scratch that is used again.
struct ClassTable {
  /// What a rule made of the examples.
  struct Verdict {
    /// Of every example by the others, added up.
    var logLikelihood: Double
    /// Results where the question belongs: an example that had each, and its probability.
    var counts: [(example: Int, probability: Double)]
  }

  private var keys = [Int64](repeating: 0, count: 1024)
  private var numbers = [Int32](repeating: 0, count: 1024)
  private var stamps = [UInt32](repeating: 0, count: 1024)
  private var stamp: UInt32 = 0

  /// Equal numbers for equal values, from 0 in the order in which they appear.
  ///
  /// - Precondition: At most 512 values.
  mutating func classes(_ values: [Int64]) -> [Int32] {
    precondition(values.count <= 512, "more values than the table holds")
    stamp &+= 1
    var next: Int32 = 0
    return values.map { value in
      var place = Int(truncatingIfNeeded: (UInt64(bitPattern: value) &* 0x9e37_79b9_7f4a_7c15) >> 54)
      while stamps[place] == stamp, keys[place] != value { place = (place + 1) & 1023 }
      if stamps[place] != stamp {
        (stamps[place], keys[place], numbers[place]) = (stamp, value, next)
        next += 1
      }
      return numbers[place]
    }
  }

  /// How well results are predicted by those of the same group.
  ///
  /// - Parameters:
  ///   - groups: [examples + 1], the question last.
  ///   - results: [examples]
  ///   - doubt: Weight of what was never seen, shared out to `novelty` values.
  mutating func judge(
    groups: [Int32], results: [Int32], weights: [Double], doubt: Double, novelty: Double
  ) -> Verdict {
    let count = results.count
    let pairs = classes((0..<count).map { Int64(groups[$0]) << 32 | Int64(results[$0]) })
    var ofGroup = [Double](repeating: 0, count: count + 1)
    var ofPair = [Double](repeating: 0, count: count + 1)
    for index in 0..<count {
      ofGroup[Int(groups[index])] += weights[index]
      ofPair[Int(pairs[index])] += weights[index]
    }
    var product = 1.0
    var logLikelihood = 0.0
    for index in 0..<count {
      let same = ofPair[Int(pairs[index])] - weights[index]
      let all = ofGroup[Int(groups[index])] - weights[index]
      product *= (same + doubt / novelty) / (all + doubt)
      // One logarithm for many factors: each is at least 1e-5.
      if product < 1e-200 {
        logLikelihood += .log(product)
        product = 1
      }
    }
    logLikelihood += .log(product)
    let query = groups[count]
    var counts: [(example: Int, probability: Double)] = []
    var seen = [Bool](repeating: false, count: count)
    for index in 0..<count where groups[index] == query && !seen[Int(pairs[index])] {
      seen[Int(pairs[index])] = true
      counts.append((index, ofPair[Int(pairs[index])] / (ofGroup[Int(query)] + doubt)))
    }
    return Verdict(logLikelihood: logLikelihood, counts: counts)
  }
}
