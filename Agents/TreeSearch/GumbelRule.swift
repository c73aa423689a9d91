import RealModule

/// The rules of Gumbel search as functions of one node's numbers.
///
/// Source: Danihelka et al. 2022, "Policy improvement by planning with Gumbel"; constants and the rescaling of values
/// are mctx's (`qtransform_completed_by_mix_value`, `gumbel_muzero_policy`).
struct GumbelRule: Sendable {
  /// c_scale of sigma.
  var valueScale: Float = 0.1
  /// c_visit of sigma.
  var visitOffset: Float = 50
  /// Whether a node's values are brought to 0...1 before c_scale: right where nobody knows how large returns are. In a
  /// game, whose values lie in -1...1, it blows the noise of equally good moves up to a certainty.
  var rescalesValues = true

  /// v_mix: the network's value and the prior-weighted mean of the visited actions' values, weighted by visits.
  ///
  /// `(v + ΣN · Σ P Q / Σ P) / (1 + ΣN)`, the sums of P over visited actions.
  @inline(__always) func mixedValue(_ row: ActionRow, networkValue: Float, visits: Float) -> Float {
    guard visits > 0 else { return networkValue }
    var weights = Lanes()
    var values = Lanes()
    for block in 0..<row.blocks {
      let counted = larger(row.prior[block], Lanes(repeating: .leastNormalMagnitude))
        .replacing(with: Lanes(), where: row.visits[block] .<= Lanes())
      weights += counted
      values += counted * row.value[block]
    }
    return (networkValue + visits * (total(values) / total(weights))) / (1 + visits)
  }

  /// Writes logits + sigma(completed Q), `[blocks]`; returns the sum of visits and the highest number written.
  ///
  /// Actions without a visit get v_mix. Over the legal actions the values are then brought to 0...1 (or, where that
  /// is off, taken from the lowest one) and multiplied by `(c_visit + max N) · c_scale`.
  @inline(__always) func improve(
    _ row: ActionRow, networkValue: Float, into improved: UnsafeMutablePointer<Lanes>
  ) -> (visits: Float, highest: Float) {
    let totals = row.visitTotals
    let mixed = Lanes(repeating: mixedValue(row, networkValue: networkValue, visits: totals.sum))
    var high = Lanes(repeating: -.greatestFiniteMagnitude)
    var low = Lanes(repeating: .greatestFiniteMagnitude)
    let limit = Lanes(repeating: ActionRow.excluded / 2)
    for block in 0..<row.blocks {
      let completed = row.value[block].replacing(with: mixed, where: row.visits[block] .<= Lanes())
      let legal = row.logits[block] .> limit
      high = larger(high, high.replacing(with: completed, where: legal))
      low = smaller(low, low.replacing(with: completed, where: legal))
      improved[block] = completed
    }
    let least = lowest(low)
    let range = rescalesValues ? max(highest(high) - least, 1e-8) : 1
    let scale = (visitOffset + totals.largest) * valueScale / range
    var top = Lanes(repeating: -.greatestFiniteMagnitude)
    for block in 0..<row.blocks {
      improved[block] = row.logits[block] + (improved[block] - least) * scale
      top = larger(top, improved[block])
    }
    return (totals.sum, highest(top))
  }

  /// The choice at a node below the root: the action whose share of the visits lags furthest behind the improved
  /// policy, argmax of `softmax(logits + sigma)(a) - N(a) / (1 + ΣN)`.
  @inline(__always) func interiorAction(
    _ row: ActionRow, networkValue: Float, scratch: UnsafeMutablePointer<Lanes>
  ) -> Int {
    let (visits, top) = improve(row, networkValue: networkValue, into: scratch)
    var weights = Lanes()
    for block in 0..<row.blocks {
      scratch[block] = exponential(scratch[block] - top)
      weights += scratch[block]
    }
    let scale = 1 / total(weights)
    let share = 1 / (1 + visits)
    let limit = Lanes(repeating: ActionRow.excluded / 2)
    for block in 0..<row.blocks {
      scratch[block] = (scratch[block] * scale - row.visits[block] * share)
        .replacing(with: Lanes(repeating: -.infinity), where: row.logits[block] .<= limit)
    }
    return argmax(scratch, blocks: row.blocks)
  }

  /// The choice at the root: the best of the actions that were visited `prescribed` times, by
  /// `max(-1e9, g + logit - max logit + sigma)`.
  ///
  /// - Parameter noise: g, one Gumbel number an action; `[blocks]`.
  @inline(__always) func rootAction(
    _ row: ActionRow, networkValue: Float, noise: UnsafePointer<Lanes>, prescribed: Float,
    scratch: UnsafeMutablePointer<Lanes>
  ) -> Int {
    _ = improve(row, networkValue: networkValue, into: scratch)
    var high = row.logits[0]
    for block in 1..<max(1, row.blocks) { high = larger(high, row.logits[block]) }
    let shift = highest(high)
    let limit = Lanes(repeating: ActionRow.excluded / 2)
    let never = Lanes(repeating: -.infinity)
    for block in 0..<row.blocks {
      scratch[block] = larger(noise[block] + (scratch[block] - shift), Lanes(repeating: -1e9))
        .replacing(with: never, where: row.visits[block] .!= Lanes(repeating: prescribed))
        .replacing(with: never, where: row.logits[block] .<= limit)
    }
    return argmax(scratch, blocks: row.blocks)
  }

  /// The improved policy, `softmax(logits + sigma)`: what a network is trained to predict; `[blocks]`.
  func improvedPolicy(_ row: ActionRow, networkValue: Float, into policy: UnsafeMutablePointer<Lanes>) {
    let top = improve(row, networkValue: networkValue, into: policy).highest
    var weights = Lanes()
    for block in 0..<row.blocks {
      policy[block] = exponential(policy[block] - top)
      weights += policy[block]
    }
    let scale = 1 / total(weights)
    for block in 0..<row.blocks { policy[block] *= scale }
  }

  /// A number of the standard Gumbel distribution, -ln(-ln u).
  static func noise(_ uniform: Double) -> Float { Float(-Double.log(-Double.log(max(uniform, 0x1p-60)))) }
}

/// The number of the largest lane, the first of several.
@inline(__always) func argmax(_ row: UnsafePointer<Lanes>, blocks: Int) -> Int {
  let scores = UnsafeRawPointer(row).assumingMemoryBound(to: Float.self)
  var best = scores[0]
  var place = 0
  for lane in 1..<(blocks &* 8) {
    let score = scores[lane]
    place = score > best ? lane : place
    best = score > best ? score : best
  }
  return place
}
