import RealModule

/// The choice of AlphaZero and MuZero as a function of one node's numbers.
///
/// `q(a) + P(a) · √N / (1 + N(a)) · (c₁ + ln((N + c₂ + 1) / c₂))`, where N counts the node's own evaluation, too, and q
/// is brought to 0...1 by the node's and its children's values. Of equal scores the first wins: mctx adds a noise of
/// 1e-7 instead.
///
/// Source: Schrittwieser et al. 2020, "Mastering Atari, Go, chess and shogi by planning with a learned model", appendix
/// B; mctx's `muzero_policy` and `qtransform_by_parent_and_siblings`.
struct PUCTRule: Sendable {
  /// c₁
  var explorationOffset: Float = 1.25
  /// c₂
  var explorationBase: Float = 19652

  /// The action with the highest score.
  ///
  /// - Parameters:
  ///   - nodeValue: Mean of the node's returns, its own evaluation among them.
  ///   - nodeVisits: N
  ///   - rate: `explorationRate(nodeVisits)`, which a search looks up.
  @inline(__always) func action(
    _ row: ActionRow, nodeValue: Float, nodeVisits: Float, rate: Float, scratch: UnsafeMutablePointer<Lanes>
  ) -> Int {
    let node = Lanes(repeating: nodeValue)
    var high = node
    var low = node
    for block in 0..<row.blocks {
      let seen = row.value[block].replacing(with: node, where: row.visits[block] .<= Lanes())
      high = larger(high, seen)
      low = smaller(low, seen)
    }
    let least = lowest(low)
    let scale = 1 / max(highest(high) - least, 1e-8)
    let weight = nodeVisits.squareRoot() * rate
    let limit = Lanes(repeating: ActionRow.excluded / 2)
    for block in 0..<row.blocks {
      let known = ((row.value[block] - least) * scale).replacing(with: Lanes(), where: row.visits[block] .<= Lanes())
      scratch[block] = (known + row.prior[block] * weight / (row.visits[block] + 1))
        .replacing(with: Lanes(repeating: -.infinity), where: row.logits[block] .<= limit)
    }
    return argmax(scratch, blocks: row.blocks)
  }

  /// `c₁ + ln((N + c₂ + 1) / c₂)`
  func explorationRate(_ nodeVisits: Int) -> Float {
    explorationOffset + .log((Float(nodeVisits) + explorationBase + 1) / explorationBase)
  }
}
