import Groundwork

/// A stay in one cell, of an episode that runs.
struct Visit: Equatable {
  /// The step at which the cell was entered; 0 for where the episode began.
  var start: Int32
  /// The step with the best score of the stay, the first of equals.
  var bestStep: Int32
  /// The episode's return up to that step.
  var score: Double
  /// Whether the episode had succeeded by then.
  var success: Bool
}

/// What an episode saw and did so far: all that the archive may want of it.
struct EpisodeTrace {
  /// Bytes of the environment's own policy fields.
  let rowBytes: Int
  let keyWidth: Int
  /// `[length, rowBytes]`: what each action answered to.
  private(set) var rows: [UInt8] = []
  /// Legal actions, `[length, actions]`; empty where every action always is.
  private(set) var masks: [Bool] = []
  private(set) var actions: [Int32] = []
  private(set) var visits: [Visit]
  /// Keys of the visited cells, `[visits, keyWidth]`.
  private(set) var keys: [Int32]
  private(set) var score = 0.0
  private(set) var success = false
  /// Numbers that the archive gave to the first visits.
  var numbers: [Int32] = []
  /// Steps that the archive has counted.
  var mergedSteps = 0

  /// - Parameter key: The cell where the episode begins.
  init(rowBytes: Int, key: [Int32]) {
    self.rowBytes = rowBytes
    keyWidth = key.count
    keys = key
    visits = [Visit(start: 0, bestStep: 0, score: 0, success: false)]
  }

  var length: Int { actions.count }

  /// Adds what is acted on, before the step.
  mutating func act(row: UnsafeRawPointer, mask: UnsafeMutableBufferPointer<Bool>?, action: Int32) {
    rows.append(contentsOf: UnsafeRawBufferPointer(start: row, count: rowBytes))
    if let mask { masks.append(contentsOf: mask) }
    actions.append(action)
  }

  /// Adds what came of it.
  ///
  /// - Parameter key: Of the cell after the step, `[keyWidth]`.
  mutating func arrive(_ key: UnsafePointer<Int32>, reward: Float, success isSuccess: Bool) {
    score += Double(reward)
    let step = Int32(truncatingIfNeeded: length)
    let last = visits.count - 1
    let succeeds = isSuccess && !success
    success = success || isSuccess
    let isSame = (0..<keyWidth).allSatisfy { keys[last * keyWidth + $0] == key[$0] }
    if !isSame {
      visits.append(Visit(start: step, bestStep: step, score: score, success: success))
      keys.append(contentsOf: UnsafeBufferPointer(start: key, count: keyWidth))
    } else if score > visits[last].score || succeeds {
      visits[last].bestStep = step
      visits[last].score = score
      visits[last].success = success
    }
  }

  func key(_ visit: Int) -> ArraySlice<Int32> { keys[visit * keyWidth..<(visit + 1) * keyWidth] }

  /// Its first steps, for the archive.
  func stored(steps: Int, visits count: Int, actionCount: Int) -> StoredTrajectory {
    StoredTrajectory(
      cells: Array(numbers[0..<count]), steps: visits[0..<count].map(\.start), rows: Array(rows[0..<steps * rowBytes]),
      masks: masks.isEmpty ? [] : Array(masks[0..<steps * actionCount]), actions: Array(actions[0..<steps]))
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set("rows", rows)
    state.set("masks", masks.map { UInt8($0 ? 1 : 0) })
    state.set("actions", actions)
    state.set("keys", keys)
    state.set("starts", visits.map(\.start))
    state.set("bestSteps", visits.map(\.bestStep))
    state.set("scores", visits.map(\.score))
    state.set("successes", visits.map { UInt8($0.success ? 1 : 0) })
    state.set("numbers", numbers)
    state.set("score", scalar: score)
    state.set("success", scalar: UInt8(success ? 1 : 0))
    state.set("mergedSteps", scalar: Int64(mergedSteps))
  }

  init(rowBytes: Int, keyWidth: Int, restoring state: SavedState) throws(UserError) {
    self.rowBytes = rowBytes
    self.keyWidth = keyWidth
    actions = try state.get("actions")
    rows = try state.get("rows", count: actions.count * rowBytes)
    masks = try state.get("masks", as: UInt8.self).map { $0 != 0 }
    let starts: [Int32] = try state.get("starts")
    guard !starts.isEmpty else { throw UserError("the checkpoint has an episode without a cell") }
    keys = try state.get("keys", count: starts.count * keyWidth)
    let bestSteps: [Int32] = try state.get("bestSteps", count: starts.count)
    let scores: [Double] = try state.get("scores", count: starts.count)
    let successes: [UInt8] = try state.get("successes", count: starts.count)
    visits = starts.indices.map {
      Visit(start: starts[$0], bestStep: bestSteps[$0], score: scores[$0], success: successes[$0] != 0)
    }
    numbers = try state.get("numbers", count: starts.count)
    score = try state.scalar("score")
    success = try state.scalar("success", as: UInt8.self) != 0
    mergedSteps = Int(try state.scalar("mergedSteps", as: Int64.self))
  }
}

/// The steps of an episode that led to cells of the archive; several cells share one.
final class StoredTrajectory: Sendable {
  /// Numbers of the visited cells in order.
  let cells: [Int32]
  /// The step at which each was entered.
  let steps: [Int32]
  /// `[length, rowBytes]`
  let rows: [UInt8]
  /// `[length, actions]`, or empty.
  let masks: [Bool]
  /// `[length]`
  let actions: [Int32]

  init(cells: [Int32], steps: [Int32], rows: [UInt8], masks: [Bool], actions: [Int32]) {
    (self.cells, self.steps, self.rows, self.masks, self.actions) = (cells, steps, rows, masks, actions)
  }

  var length: Int { actions.count }

  func save(to state: inout SavedState) {
    state.set("cells", cells)
    state.set("steps", steps)
    state.set("rows", rows)
    state.set("masks", masks.map { UInt8($0 ? 1 : 0) })
    state.set("actions", actions)
  }

  convenience init(rowBytes: Int, restoring state: SavedState) throws(UserError) {
    let cells: [Int32] = try state.get("cells")
    let actions: [Int32] = try state.get("actions")
    self.init(
      cells: cells, steps: try state.get("steps", count: cells.count),
      rows: try state.get("rows", count: actions.count * rowBytes),
      masks: try state.get("masks", as: UInt8.self).map { $0 != 0 }, actions: actions)
  }
}
