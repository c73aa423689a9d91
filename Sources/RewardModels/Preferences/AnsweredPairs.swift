import Groundwork

/// Pairs of clips with what was answered, as the networks learn from them: the clips' rows lie one after the other.
struct AnsweredPairs: Sendable {
  /// Rows of clips, `[steps of all clips, stride]`.
  private(set) var rows: [UInt8] = []
  /// The number of a clip's first row, by clip, and the rows of all clips at the end.
  private(set) var starts = [0]
  /// The pair's clips are `2 i` and `2 i + 1`; the probability that the first is better: 1, 0, or 1/2 where they are
  /// equal.
  private(set) var targets: [Float] = []
  let stride: Int

  init(stride: Int) { self.stride = stride }

  /// How many.
  var count: Int { targets.count }

  mutating func append(_ first: ClipRecord, _ second: ClipRecord, target: Float) {
    for clip in [first, second] {
      rows += clip.rows
      starts.append(starts.last! + clip.count)
    }
    targets.append(target)
  }

  /// The numbers of a clip's rows; `clip` is `2 i` or `2 i + 1` of pair `i`.
  func steps(ofClip clip: Int) -> Range<Int> { starts[clip]..<starts[clip + 1] }

  func save(to state: inout SavedState) {
    state.set("rows", rows)
    state.set("starts", starts.map { Int64($0) })
    state.set("targets", targets)
  }

  /// - Throws: `UserError` when an array is missing or does not fit the others.
  mutating func restore(from state: SavedState) throws {
    targets = try state.get("targets")
    let saved: [Int64] = try state.get("starts", count: 2 * targets.count + 1)
    starts = saved.map { Int($0) }
    guard starts.first == 0, zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw UserError("the checkpoint's answered pairs are not whole")
    }
    rows = try state.get("rows", count: starts.last! * stride)
  }
}
