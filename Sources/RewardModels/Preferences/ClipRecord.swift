import Groundwork
import Labels

/// Some steps of an episode as a reward model learns from them: rows, what the environment paid, and what it takes to
/// step them again.
struct ClipRecord: Sendable {
  /// Steps, 1 or more.
  var count = 0
  /// Rows of observation and action, `[count, stride]`.
  var rows: [UInt8] = []
  /// What a synthetic teacher makes of it, by aspect: the sum of what its steps are worth, the last with weight 1 and
  /// earlier ones with less where its memory is short.
  var values: [Double] = []
  /// The same with a perfect memory, by aspect.
  var sums: [Double] = []
  /// The sum of the environment's rewards.
  var environmentReturn = 0.0
  /// What the episode was reset with.
  var seed: UInt64 = 0
  /// The first step, counted from the episode's start.
  var first = 0
  /// The episode's actions from its start to the clip's end.
  var actions: [Float] = []

  /// What it is worth to a synthetic teacher in an aspect.
  func worth(_ aspect: Int) -> SyntheticTeacher.Worth { .init(remembered: values[aspect], whole: sums[aspect]) }

  /// As a question shows it; nil where actions are not kept.
  var clip: Clip? {
    let steps = first + count
    guard actions.count >= steps, actions.count.isMultiple(of: steps) else { return nil }
    return Clip(seed: seed, first: first, count: count, width: actions.count / steps, actions: actions)
  }

  /// Saves clips as arrays by clip, by step and by number.
  static func save(_ clips: [ClipRecord], to state: inout SavedState) {
    state.set("counts", clips.map { Int32($0.count) })
    state.set("rows", clips.flatMap(\.rows))
    state.set("values", clips.flatMap(\.values))
    // Of the environment's rewards they are the returns.
    if clips.contains(where: { $0.sums != [$0.environmentReturn] }) { state.set("sums", clips.flatMap(\.sums)) }
    state.set("returns", clips.map(\.environmentReturn))
    state.set("seeds", clips.map(\.seed))
    state.set("firsts", clips.map { Int64($0.first) })
    state.set("actionCounts", clips.map { Int64($0.actions.count) })
    state.set("actions", clips.flatMap(\.actions))
  }

  /// - Throws: `UserError` when an array is missing or does not fit the others.
  static func restore(from state: SavedState, stride: Int, aspects: Int = 1) throws -> [ClipRecord] {
    let counts: [Int32] = try state.get("counts")
    let total = counts.reduce(0) { $0 + Int($1) }
    let rows: [UInt8] = try state.get("rows", count: total * stride)
    let values: [Double] = try state.get("values", count: counts.count * aspects)
    let returns: [Double] = try state.get("returns", count: counts.count)
    let hasSums = state.names.contains("sums")
    let sums: [Double] = hasSums ? try state.get("sums", count: counts.count * aspects) : returns
    guard hasSums || aspects == 1 || counts.isEmpty else { throw UserError("the checkpoint's clips have no aspects") }
    let seeds: [UInt64] = try state.get("seeds", count: counts.count)
    let firsts: [Int64] = try state.get("firsts", count: counts.count)
    let actionCounts: [Int64] = try state.get("actionCounts", count: counts.count)
    let actions: [Float] = try state.get("actions", count: actionCounts.reduce(0) { $0 + Int($1) })
    var clips: [ClipRecord] = []
    var (row, action) = (0, 0)
    for index in counts.indices {
      let (rowEnd, actionEnd) = (row + Int(counts[index]) * stride, action + Int(actionCounts[index]))
      guard counts[index] >= 0, actionCounts[index] >= 0 else {
        throw UserError("the checkpoint's clips are not whole")
      }
      let judged = index * aspects..<(index + 1) * aspects
      clips.append(
        ClipRecord(
          count: Int(counts[index]), rows: Array(rows[row..<rowEnd]), values: Array(values[judged]),
          sums: Array(sums[judged]), environmentReturn: returns[index], seed: seeds[index],
          first: Int(firsts[index]), actions: Array(actions[action..<actionEnd])))
      (row, action) = (rowEnd, actionEnd)
    }
    return clips
  }
}
