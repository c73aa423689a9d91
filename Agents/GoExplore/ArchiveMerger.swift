import ReinforcementLearning

/// Takes the trajectories of a cycle into an archive, one after the other: counters, acceptance, the log.
///
/// A new or better way to a cell is accepted if it scores more, or as much in fewer steps. The chosen cell that it came
/// from has then found something; the cell that it leads to begins with fresh counters, at the end of the cycle.
struct ArchiveMerger {
  private let width: Int
  /// States for cells, in the order in which their ways were accepted.
  private(set) var found: [CellStates.Found] = []
  private var lane: ExplorationLane?
  /// By number among the lane's touched cells: the archive's number; -1 when not asked for yet.
  private var cellOfTouched: [Int] = []
  /// Whether a touched cell's snapshot has been taken over.
  private var isTaken: [Bool] = []
  private var accepted: [Int] = []
  private var changed: [Int] = []

  /// - Parameter width: Numbers of an action.
  init(width: Int) { self.width = width }

  /// The next lane's trajectories follow.
  mutating func begin(_ lane: ExplorationLane) {
    self.lane = lane
    cellOfTouched.removeAll(keepingCapacity: true)
    cellOfTouched.append(contentsOf: repeatElement(-1, count: lane.touched.count))
    isTaken.removeAll(keepingCapacity: true)
    isTaken.append(contentsOf: repeatElement(false, count: lane.touched.count))
  }

  mutating func add(_ trajectory: ExplorationLane.Trajectory, to archive: inout Archive) {
    let lane = lane!
    // Counters of the chosen cell, then of the others that it came through.
    archive.cells[trajectory.start].chosen &+= 1
    archive.cells[trajectory.start].chosenSinceNew &+= 1
    for index in trajectory.visits {
      let visit = lane.visits[index]
      let cell = cell(of: visit.touched, in: &archive)
      archive.cells[cell].seen &+= 1
      archive.cells[cell].actionTimes &+= visit.actions
      changed.append(cell)
    }
    // Ways to cells, in the order of time; the log grows as far as one is accepted.
    var logged = 0
    var last = trajectory.origin
    for index in trajectory.candidates {
      let candidate = lane.candidates[index]
      let cell = candidate.touched < 0 ? Archive.ended : cell(of: candidate.touched, in: &archive)
      guard
        archive.cells[cell].isWorse(than: candidate.score, length: candidate.length, success: candidate.success)
      else { continue }
      while logged < candidate.step {
        let step = trajectory.firstStep + logged
        last = lane.actions.withUnsafeBufferPointer {
          archive.log.append(after: last, action: $0.baseAddress! + step * width, reward: lane.rewards[step])
        }
        logged += 1
      }
      archive.cells[cell].score = candidate.score
      archive.cells[cell].length = candidate.length
      archive.cells[cell].success = candidate.success
      archive.cells[cell].experience = last
      if candidate.touched >= 0, !isTaken[candidate.touched] {
        isTaken[candidate.touched] = true
        found.append(
          CellStates.Found(cell: cell, arena: lane.arena, snapshot: lane.touched[candidate.touched].snapshot))
      }
      archive.cells[trajectory.start].chosenSinceNew = 0
      accepted.append(cell)
    }
  }

  /// The episode that a trajectory ended, from its start.
  func episode(
    of trajectory: ExplorationLane.Trajectory, in archive: Archive, seed: UInt64, number: Int
  ) -> EpisodeRecord {
    let lane = lane!
    let steps = trajectory.firstStep..<trajectory.firstStep + trajectory.steps
    let actions =
      archive.log.actions(to: trajectory.origin)
      + lane.actions[steps.lowerBound * width..<steps.upperBound * width]
    return EpisodeRecord(
      slot: 0, time: 0, episode: number, seed: seed, length: actions.count / width,
      environmentReturn: trajectory.score, success: trajectory.success, outcome: trajectory.outcome, actions: actions,
      isFault: trajectory.isFault)
  }

  /// Ends the cycle.
  func end(in archive: inout Archive) {
    for cell in accepted { archive.cells[cell].resetCounters() }
    archive.updateWeights(of: changed)
  }

  private mutating func cell(of touched: Int, in archive: inout Archive) -> Int {
    if cellOfTouched[touched] >= 0 { return cellOfTouched[touched] }
    let number = lane!.touched[touched].cell
    let cell = number >= 0 ? number : archive.cell(of: lane!.newKeys[-1 - number])
    cellOfTouched[touched] = cell
    return cell
  }
}
