/// Sequential halving written as a sequence: how often the action of each simulation at the root must have been
/// visited before.
///
/// Considered actions are visited in turn, and after each phase half of them drop out (Karnin et al. 2013). Since the
/// best of the actions with the prescribed count is taken, the sequence is all that a search has to keep.
///
/// Source: Danihelka et al. 2022, "Policy improvement by planning with Gumbel", section 2; the sequence is mctx's
/// `get_sequence_of_considered_visits`.
public enum SequentialHalving {
  /// The prescribed visit counts, `[simulations]`.
  ///
  /// - Parameters:
  ///   - considered: m, actions that take part; with one or none the counts are 0, 1, 2, ...
  ///   - simulations: n
  public static func visits(considered: Int, simulations: Int) -> [Int] {
    guard considered > 1 else { return Array(0..<simulations) }
    var phases = 0
    while 1 << phases < considered { phases += 1 }
    var sequence: [Int] = []
    sequence.reserveCapacity(simulations + considered)
    var visits = [Int](repeating: 0, count: considered)
    var remaining = considered
    while sequence.count < simulations {
      let rounds = max(1, simulations / (phases * remaining))
      for _ in 0..<rounds {
        for action in 0..<remaining {
          sequence.append(visits[action])
          visits[action] += 1
        }
      }
      remaining = max(2, remaining / 2)
    }
    return Array(sequence.prefix(simulations))
  }

  /// The sequences for 0 to `maximum` considered actions, `[maximum + 1, simulations]`, as floats.
  static func table(maximum: Int, simulations: Int) -> [Float] {
    (0...maximum).flatMap { visits(considered: $0, simulations: simulations).map { Float($0) } }
  }
}
