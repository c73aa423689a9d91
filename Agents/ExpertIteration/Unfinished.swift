import Groundwork
import ReinforcementLearning

/// The positions of one slot's running episode whose value targets are not known yet.
struct Unfinished {
  /// `[count, rowBytes]`
  var rows: [UInt8] = []
  /// `[count, actions]`
  var policies: [Float] = []
  /// Legal actions, `[count, actions]`; empty where all are.
  var masks: [UInt8] = []
  /// The environment's rewards, the mover's.
  var rewards: [Float] = []
  /// The searches' values.
  var values: [Float] = []

  var count: Int { rewards.count }

  /// Adds one step of a rollout.
  mutating func append(
    _ rollout: Rollout, time: Int, slot: Int, policy: UnsafePointer<Float>, value: Float, actions: Int
  ) {
    let row = UnsafeRawBufferPointer(start: rollout.observation(time: time, slot: slot), count: rollout.layout.rowBytes)
    rows.append(contentsOf: row)
    policies.append(contentsOf: UnsafeBufferPointer(start: policy, count: actions))
    if let mask = rollout.mask(time: time, slot: slot) { masks.append(contentsOf: mask.map { $0 ? 1 : 0 }) }
    rewards.append(rollout.rewards[time * rollout.slots + slot])
    values.append(value)
  }

  /// The value targets that are known: `G_t = Σ_k<n γᵏ r_t+k + γⁿ v_t+n`, with n cut at the end of the episode.
  ///
  /// - Parameters:
  ///   - steps: n; 0 for the end of the episode.
  ///   - discount: gamma; negative where two players take turns.
  ///   - end: What comes after the last position: 0 after a terminated episode, the value of the last observation
  ///     after a truncated one, nil while the episode runs.
  /// - Returns: Targets of the first positions, `[known]`.
  func targets(steps: Int, discount: Float, end: Float?) -> [Float] {
    let known = end != nil ? count : steps == 0 ? 0 : max(0, count - steps)
    return (0..<known).map { time in
      let last = steps == 0 ? count : min(count, time + steps)
      var total = last < count ? values[last] : end ?? 0
      for step in stride(from: last - 1, through: time, by: -1) { total = rewards[step] + discount * total }
      return total
    }
  }

  /// Drops the first positions.
  mutating func removeFirst(_ known: Int) {
    guard known > 0 else { return }
    let (width, actions) = (rows.count / count, policies.count / count)
    rows.removeFirst(known * width)
    policies.removeFirst(known * actions)
    masks.removeFirst(masks.isEmpty ? 0 : known * actions)
    rewards.removeFirst(known)
    values.removeFirst(known)
  }
}

extension [Unfinished] {
  /// All slots' positions as flat arrays.
  func save(to state: inout SavedState) {
    state.set("counts", map { Int64($0.count) })
    state.set("rows", flatMap(\.rows))
    state.set("policies", flatMap(\.policies))
    state.set("masks", flatMap(\.masks))
    state.set("rewards", flatMap(\.rewards))
    state.set("values", flatMap(\.values))
  }

  mutating func restore(from state: SavedState, rowBytes: Int, actions: Int, hasMasks: Bool) throws(UserError) {
    let counts: [Int64] = try state.get("counts", count: count)
    let total = counts.reduce(0) { $0 + Int($1) }
    guard counts.allSatisfy({ $0 >= 0 }) else { throw UserError("the checkpoint's episodes have negative lengths") }
    let rows: [UInt8] = try state.get("rows", count: total * rowBytes)
    let policies: [Float] = try state.get("policies", count: total * actions)
    let masks: [UInt8] = try state.get("masks", count: hasMasks ? total * actions : 0)
    let rewards: [Float] = try state.get("rewards", count: total)
    let values: [Float] = try state.get("values", count: total)
    var first = 0
    for slot in indices {
      let end = first + Int(counts[slot])
      self[slot] = Unfinished(
        rows: Array<UInt8>(rows[(first * rowBytes)..<(end * rowBytes)]),
        policies: Array<Float>(policies[(first * actions)..<(end * actions)]),
        masks: hasMasks ? Array<UInt8>(masks[(first * actions)..<(end * actions)]) : [],
        rewards: Array<Float>(rewards[first..<end]), values: Array<Float>(values[first..<end]))
      first = end
    }
  }
}
