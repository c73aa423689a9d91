import Groundwork
import ReinforcementLearning

/// What is known of a cell that can be returned to by following cells.
struct GoalCell {
  /// The best way so far: its return and steps, whether it succeeded, and where it is stored.
  var best = ArchivedCell()
  var trajectory: StoredTrajectory?
  /// The number of visits of the trajectory up to the cell, its own included.
  var end = 0
  /// Actions that ended in it.
  var actions = 0

  /// Where it lies on its trajectory, the start first.
  var path: ArraySlice<Int32> { trajectory?.cells[0..<end] ?? [] }
}

/// Policy-based Go-Explore's store: cells, and for each the cells and steps by which an episode best reached it.
///
/// Not `Archive`, whose states can be restored and whose trajectories are actions to be repeated: where steps are
/// random neither is of use, and what is kept instead is which cells to pass and what was seen and done on the way.
struct GoalArchive {
  let table: KeyTable
  private(set) var cells: [GoalCell] = []
  /// Sums of the weights up to and with each cell, as of `updateWeights`.
  private var sums: [Double] = []
  private let actionWeight: Double
  private let rowBytes: Int
  private let actionCount: Int

  /// - Parameters:
  ///   - rowBytes: Bytes of an observation without its goal.
  ///   - actionCount: Elements of a mask of legal actions.
  init(keyWidth: Int, rowBytes: Int, actionCount: Int, actionWeight: Double) {
    table = KeyTable(width: keyWidth)
    self.rowBytes = rowBytes
    self.actionCount = actionCount
    self.actionWeight = actionWeight
  }

  var count: Int { cells.count }

  /// The cell of the best trajectory: by success, score, then length; the first of equals.
  var best: Int? {
    var best: Int?
    for (index, cell) in cells.enumerated() {
      let way = cell.best
      if best.map({ cells[$0].best.isWorse(than: way.score, length: way.length, success: way.success) }) ?? true {
        best = index
      }
    }
    return best
  }

  /// Trajectories that are stored, each once, in the order of the cells.
  var trajectories: [StoredTrajectory] {
    var known: Set<ObjectIdentifier> = []
    return cells.compactMap(\.trajectory).filter { known.insert(ObjectIdentifier($0)).inserted }
  }

  // MARK: Choice

  /// The weight with which a cell is chosen: 1 / (1 + w actions).
  func weight(of cell: Int) -> Double { 1 / (1 + actionWeight * Double(cells[cell].actions)) }

  /// Takes the counters into what `draw` draws by.
  mutating func updateWeights() {
    sums.removeAll(keepingCapacity: true)
    var sum = 0.0
    for cell in cells.indices {
      sum += weight(of: cell)
      sums.append(sum)
    }
  }

  /// Draws a cell in proportion to its weight; nil where there is none. - Complexity: O(log(cells)).
  func draw(_ random: inout RandomSource) -> Int? {
    guard let total = sums.last else { return nil }
    let wanted = random.uniform() * total
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// A follower of the trajectory to a cell, for an episode that is in another.
  func follower(to cell: Int, window: Int, at present: Int) -> TrajectoryFollower {
    let trajectory = cells[cell].trajectory!
    let end = cells[cell].end
    return TrajectoryFollower(
      cells: Array(trajectory.cells[0..<end]), steps: Array(trajectory.steps[0..<end]), window: window,
      at: Int32(truncatingIfNeeded: present))
  }

  // MARK: Merging

  /// Takes in what an episode did since it was merged last: counts its actions, adds its new cells, and keeps its way
  /// to a cell where that scores more than the one known, or as much in fewer steps.
  mutating func merge(_ trace: inout EpisodeTrace) {
    let first = max(0, trace.numbers.count - 1)
    for visit in trace.numbers.count..<trace.visits.count {
      let number = trace.key(visit).withUnsafeBufferPointer { table.insert($0.baseAddress!) }
      if number == cells.count { cells.append(GoalCell()) }
      trace.numbers.append(Int32(truncatingIfNeeded: number))
    }
    var accepted: [(cell: Int, end: Int)] = []
    var steps = 0
    for visit in first..<trace.visits.count {
      let cell = Int(trace.numbers[visit])
      let stay = trace.visits[visit]
      let next = visit + 1 < trace.visits.count ? Int(trace.visits[visit + 1].start) : trace.length + 1
      cells[cell].actions += max(0, next - max(Int(stay.start), trace.mergedSteps + 1))
      guard cells[cell].best.isWorse(than: stay.score, length: stay.bestStep, success: stay.success) else { continue }
      cells[cell].best.score = stay.score
      cells[cell].best.length = stay.bestStep
      cells[cell].best.success = stay.success
      accepted.append((cell, visit + 1))
      steps = max(steps, Int(stay.bestStep))
    }
    trace.mergedSteps = trace.length
    guard let last = accepted.last else { return }
    let stored = trace.stored(steps: steps, visits: last.end, actionCount: actionCount)
    for (cell, end) in accepted {
      cells[cell].trajectory = stored
      cells[cell].end = end
    }
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    let keys = cells.indices.flatMap { cell in (0..<table.width).map { table[cell][$0] } }
    state.set("keys", keys, shape: [count, table.width])
    state.set("scores", cells.map(\.best.score))
    state.set("lengths", cells.map(\.best.length))
    state.set("successes", cells.map { UInt8($0.best.success ? 1 : 0) })
    state.set("actions", cells.map { Int64($0.actions) })
    state.set("ends", cells.map { Int64($0.end) })
    let stored = trajectories
    var numbers: [ObjectIdentifier: Int32] = [:]
    for (number, trajectory) in stored.enumerated() {
      numbers[ObjectIdentifier(trajectory)] = Int32(truncatingIfNeeded: number)
      var part = SavedState()
      trajectory.save(to: &part)
      state.set(prefix: "trajectory.\(number)", part)
    }
    state.set("trajectories", cells.map { numbers[ObjectIdentifier($0.trajectory!)]! })
  }

  /// Fills an empty archive with what `save` saved.
  mutating func restore(from state: SavedState) throws(UserError) {
    let scores: [Double] = try state.get("scores")
    let count = scores.count
    let keys: [Int32] = try state.get("keys", count: count * table.width)
    let lengths: [Int32] = try state.get("lengths", count: count)
    let successes: [UInt8] = try state.get("successes", count: count)
    let actions: [Int64] = try state.get("actions", count: count)
    let ends: [Int64] = try state.get("ends", count: count)
    let numbers: [Int32] = try state.get("trajectories", count: count)
    var stored: [StoredTrajectory] = []
    for number in 0..<(Int(numbers.max() ?? -1) + 1) {
      let trajectory = try StoredTrajectory(rowBytes: rowBytes, restoring: state.get(prefix: "trajectory.\(number)"))
      guard trajectory.cells.allSatisfy({ $0 >= 0 && $0 < count }) else {
        throw UserError(
          "the checkpoint's trajectory \(number) passes a cell that is not there", fix: "Use another checkpoint")
      }
      stored.append(trajectory)
    }
    for cell in 0..<count {
      let number = keys.withUnsafeBufferPointer { table.insert($0.baseAddress! + cell * table.width) }
      guard number == cell else {
        throw UserError("the checkpoint's archive has a cell twice", fix: "Use another checkpoint")
      }
      guard numbers[cell] >= 0, (1...stored[Int(numbers[cell])].cells.count).contains(Int(ends[cell])),
        (0...stored[Int(numbers[cell])].length).contains(Int(lengths[cell]))
      else { throw UserError("the checkpoint's archive lacks the way to cell \(cell)", fix: "Use another checkpoint") }
      var entry = GoalCell(trajectory: stored[Int(numbers[cell])], end: Int(ends[cell]), actions: Int(actions[cell]))
      (entry.best.score, entry.best.length, entry.best.success) = (scores[cell], lengths[cell], successes[cell] != 0)
      cells.append(entry)
    }
    updateWeights()
  }
}
