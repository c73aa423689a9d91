import RealModule
import ReinforcementLearning

/// What is asked about: pairs of clips that are compared, and clips that are rated.
extension PairSelection {
  /// Pairs of different clips, at most `count` of them, none twice.
  ///
  /// - Parameters:
  ///   - clips: How many there are, 2 or more.
  ///   - candidates: Pairs that are looked at for each that is wanted.
  ///   - returns: What each network makes of each clip, `[clips][networks]`; asked for where pairs are compared.
  func pairs(
    _ count: Int, ofClips clips: Int, candidates: Int, random: inout RandomSource, returns: () -> [[Double]]
  ) -> [(Int, Int)] {
    var drawn: [(Int, Int)] = []
    var known: Set<Int> = []
    let wanted = self == .uniform ? count : count * candidates
    // Few clips have few pairs: after so many draws it is given up.
    for _ in 0..<4 * wanted where drawn.count < wanted {
      let first = random.integer(in: 0..<clips)
      var second = random.integer(in: 0..<clips - 1)
      if second >= first { second += 1 }
      if known.insert(min(first, second) * clips + max(first, second)).inserted { drawn.append((first, second)) }
    }
    guard self != .uniform, drawn.count > count else { return drawn }
    let returns = returns()
    let scores = drawn.map { score(returns[$0.0], returns[$0.1]) }
    let order = drawn.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    return order.prefix(count).map { drawn[$0] }
  }

  /// Different clips that are rated, at most `count` of them.
  ///
  /// - Parameters:
  ///   - clips: How many there are.
  ///   - candidates: Clips that are looked at for each that is wanted.
  ///   - scores: How much is to be asked about each; asked for where clips are compared.
  func clips(
    _ count: Int, of clips: Int, candidates: Int, random: inout RandomSource, scores: () -> [Double]
  ) -> [Int] {
    var all = Array(0..<clips)
    random.shuffle(&all)
    guard self != .uniform, clips > count else { return Array(all.prefix(count)) }
    let scores = scores()
    let drawn = all.prefix(count * candidates)
    return drawn.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(count).map(\.self)
  }

  /// How much is to be asked about how good a clip is.
  ///
  /// - Parameters:
  ///   - returns: What each network makes of it, all aspects together.
  ///   - levels: How probable each network thinks the levels, `[networks][levels]`, of each aspect.
  func score(_ returns: [Double], levels: [[[Double]]]) -> Double {
    switch self {
    case .uniform: return 0
    case .disagreement: return PairSelection.deviation(returns)
    case .optimistic:
      return returns.reduce(0, +) / Double(returns.count) + PairSelection.deviation(returns)
    case .entropy, .active:
      return levels.reduce(0) { sum, networks in
        let count = Double(networks.count)
        let mean = networks[0].indices.map { level in networks.reduce(0) { $0 + $1[level] } / count }
        let each = networks.reduce(0) { $0 + PairSelection.entropy(of: $1) } / count
        return sum + PairSelection.entropy(of: mean) - (self == .active ? each : 0)
      }
    }
  }

  /// How much is to be asked about two clips of which the networks think that.
  func score(_ first: [Double], _ second: [Double]) -> Double {
    let probabilities = zip(first, second).map { 1 / (1 + Double.exp($1 - $0)) }
    let mean = probabilities.reduce(0, +) / Double(probabilities.count)
    switch self {
    case .uniform: return 0
    case .disagreement: return PairSelection.deviation(probabilities)
    case .entropy: return PairSelection.entropy(mean)
    case .active:
      let each = probabilities.map(PairSelection.entropy).reduce(0, +) / Double(probabilities.count)
      return PairSelection.entropy(mean) - each
    case .optimistic:
      return [first, second].reduce(0) { sum, returns in
        sum + returns.reduce(0, +) / Double(returns.count) + PairSelection.deviation(returns)
      }
    }
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  /// Of a yes or no with that probability, in nats.
  private static func entropy(_ probability: Double) -> Double { entropy(of: [probability, 1 - probability]) }

  private static func entropy(of probabilities: [Double]) -> Double {
    probabilities.reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
  }
}
