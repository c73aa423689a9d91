import Groundwork
import ReinforcementLearning

/// Go-Explore's store: the cells that were reached, the best way to each, and how likely each is chosen next.
///
/// Cell 0 is where all ended episodes are: it has no state and is never chosen. Not a `Collection` in any useful order:
/// cells are numbered as they were found. The states themselves are `CellStates` under the cells' numbers.
struct Archive {
  /// The cell of ended episodes.
  static let ended = 0

  let table: KeyTable
  var cells: [ArchivedCell] = [ArchivedCell()]
  var log: ExperienceLog
  private var selector: CellSelector

  init(keyWidth: Int, actionWidth: Int, selector: CellSelector) {
    table = KeyTable(width: keyWidth)
    _ = table.appendHidden()
    log = ExperienceLog(width: actionWidth)
    self.selector = selector
  }

  /// An empty archive of the same rules, for keys of another width.
  init(like archive: Archive, keyWidth: Int) {
    self.init(keyWidth: keyWidth, actionWidth: archive.log.width, selector: archive.selector.emptied)
    log = archive.log
  }

  var count: Int { cells.count }

  /// The cell of the best trajectory: by success, score, then length; the first of equals.
  var best: Int? {
    var best: Int?
    for (index, cell) in cells.enumerated() where cell.length != .max {
      if let known = best {
        if cells[known].isWorse(than: cell.score, length: cell.length, success: cell.success) { best = index }
      } else {
        best = index
      }
    }
    return best
  }

  /// The number of a key's cell, which is new and without a trajectory when it was not there.
  mutating func cell(of key: UnsafePointer<Int32>) -> Int {
    let number = table.insert(key)
    if number == cells.count { cells.append(ArchivedCell()) }
    return number
  }

  /// Brings the weights up to date with the counters of these cells, and with what has been added since.
  mutating func updateWeights(of changed: some Sequence<Int>) { selector.update(changed, cells: cells, table: table) }

  /// Draws a cell by weight.
  func draw(_ random: inout RandomSource) -> Int { selector.draw(&random) }

  /// The weight with which a cell is chosen.
  func weight(of cell: Int) -> Double { selector.weights[cell] }

  /// Forgets the steps that no trajectory needs any more.
  mutating func compactLog() {
    let numbers = log.keep(only: cells.lazy.map(\.experience))
    for index in cells.indices where cells[index].experience != ExperienceLog.root {
      cells[index].experience = numbers[Int(cells[index].experience)]
    }
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    let keys = (0..<count).flatMap { cell in (0..<table.width).map { table[cell][$0] } }
    state.set("keys", keys, shape: [count, table.width])
    state.set("scores", cells.map(\.score))
    state.set("lengths", cells.map(\.length))
    state.set("experiences", cells.map(\.experience))
    state.set("chosen", cells.map(\.chosen))
    state.set("chosenSinceNew", cells.map(\.chosenSinceNew))
    state.set("seen", cells.map(\.seen))
    state.set("actionTimes", cells.map(\.actionTimes))
    state.set("successes", cells.map { UInt8($0.success ? 1 : 0) })
    var part = SavedState()
    log.save(to: &part)
    state.set(prefix: "log", part)
  }

  /// The archive that `save` saved, without the states.
  init(like archive: Archive, keyWidth: Int, restoring state: SavedState) throws(UserError) {
    self.init(like: archive, keyWidth: keyWidth)
    let scores: [Double] = try state.get("scores")
    let count = scores.count
    let keys: [Int32] = try state.get("keys", count: count * table.width)
    let lengths: [Int32] = try state.get("lengths", count: count)
    let experiences: [Int32] = try state.get("experiences", count: count)
    let chosen: [Int32] = try state.get("chosen", count: count)
    let chosenSinceNew: [Int32] = try state.get("chosenSinceNew", count: count)
    let seen: [Int32] = try state.get("seen", count: count)
    let actionTimes: [Int32] = try state.get("actionTimes", count: count)
    let successes: [UInt8] = try state.get("successes", count: count)
    log = try ExperienceLog(width: archive.log.width, restoring: state.get(prefix: "log"))
    for index in 0..<count {
      if index > 0 {
        let number = keys.withUnsafeBufferPointer { self.cell(of: $0.baseAddress! + index * table.width) }
        guard number == index else {
          throw UserError("the checkpoint's archive has a cell twice", fix: "Use another checkpoint")
        }
      }
      guard experiences[index] >= ExperienceLog.root, Int(experiences[index]) < log.count else {
        throw UserError("the checkpoint's archive lacks the steps to a cell", fix: "Use another checkpoint")
      }
      cells[index].score = scores[index]
      cells[index].length = lengths[index]
      cells[index].experience = experiences[index]
      cells[index].chosen = chosen[index]
      cells[index].chosenSinceNew = chosenSinceNew[index]
      cells[index].seen = seen[index]
      cells[index].actionTimes = actionTimes[index]
      cells[index].success = successes[index] != 0
    }
    updateWeights(of: cells.indices)
  }
}
