import ReinforcementLearning

/// One of the pieces of a cycle: explores its share of the chosen cells on snapshots of its own, and keeps what the
/// archive may want of it.
///
/// It reads the archive as it stood when the cycle began and changes nothing outside itself, so it does not matter
/// which thread runs it when. What it drops (a way to a cell that is no better than one it found before) the archive
/// would refuse too, so it does not matter either how the chosen cells are shared out to lanes.
final class ExplorationLane: @unchecked Sendable {
  /// A cell that this cycle came through.
  struct Touched {
    /// The archive's number; -1 - n for the lane's n-th new key.
    var cell: Int
    /// The best way to it that is known: the archive's, or a candidate of this lane.
    var known: ArchivedCell
    /// The snapshot of the best candidate; 0 for none.
    var snapshot = 0
    /// Where the running trajectory counts it.
    var trajectory = -1
    var visit = 0
  }

  /// How often a trajectory took an action in a cell.
  struct Visit {
    var touched: Int
    var actions: Int32
  }

  /// A way to a cell that is better than what was known.
  struct Candidate {
    /// Steps of the trajectory up to it.
    var step: Int
    /// -1: the episode ended there.
    var touched: Int
    var score: Double
    var length: Int32
    var success: Bool
  }

  /// What came of one chosen cell.
  struct Trajectory {
    /// The chosen cell, and the last step of the way to it that was taken.
    var start: Int
    var origin: Int32
    var steps = 0
    /// Steps taken to reach the chosen cell again, when it was not copied.
    var returnSteps = 0
    var outcome = Outcome.running
    /// Whether the environment broke, which cut it.
    var isFault = false
    var success = false
    var score = 0.0
    var visits: Range<Int> = 0..<0
    var candidates: Range<Int> = 0..<0
    /// Where its steps begin in `actions` and `rewards`.
    var firstStep = 0
  }

  /// The snapshots' numbers that are not candidates': the running trajectory's, and the episode's start.
  private static let present = 0
  static let start = 1

  let arena: SnapshotArena
  private(set) var trajectories: [Trajectory] = []
  private(set) var visits: [Visit] = []
  private(set) var candidates: [Candidate] = []
  private(set) var touched: [Touched] = []
  private(set) var newKeys: KeyTable
  /// `[steps, width]` and `[steps]` of all trajectories.
  private(set) var actions: [Float] = []
  private(set) var rewards: [Float] = []

  let keys: CellKeys
  private let explorer: RandomExplorer
  private let scratch: SnapshotArena.Scratch
  /// nil where nothing can break.
  private let faults: FaultReader?
  private var snapshots = 2
  private var cycle: Int32 = 0
  /// By cell of the archive: the cycle that last touched it, and its number among the touched.
  private var touchedCycle: [Int32] = []
  private var touchedNumber: [Int32] = []
  private var touchedOfNew: [Int] = []

  /// - Parameter seed: The episode that is explored.
  init(_ recipe: EnvironmentRecipe, _ function: CellFunction, explorer: RandomExplorer, seed: UInt64) {
    arena = recipe.makeArena(capacity: 64, fields: function.fields)
    keys = CellKeys(function, arena)
    self.explorer = explorer
    newKeys = KeyTable(width: function.width)
    scratch = SnapshotArena.Scratch(recipe.specification)
    faults = FaultReader(recipe)
    arena.start(ExplorationLane.start, seed: seed)
  }

  /// Another way of telling cells apart.
  func change(_ function: CellFunction) {
    keys.change(function)
    newKeys = KeyTable(width: function.width)
    touchedCycle = []
    touchedNumber = []
  }

  /// Forgets the last cycle.
  func begin(cellCount: Int) {
    cycle &+= 1
    snapshots = 2
    trajectories.removeAll(keepingCapacity: true)
    visits.removeAll(keepingCapacity: true)
    candidates.removeAll(keepingCapacity: true)
    touched.removeAll(keepingCapacity: true)
    touchedOfNew.removeAll(keepingCapacity: true)
    newKeys.removeAll()
    actions.removeAll(keepingCapacity: true)
    rewards.removeAll(keepingCapacity: true)
    keys.frames.removeAll(keepingCapacity: true)
    if touchedCycle.count < cellCount {
      let missing = cellCount * 2 - touchedCycle.count
      touchedCycle.append(contentsOf: repeatElement(0, count: missing))
      touchedNumber.append(contentsOf: repeatElement(0, count: missing))
    }
  }

  /// Explores from a chosen cell: returns to it, then acts at random until the episode or the steps are over.
  ///
  /// A cell whose state was given up is reached by its actions, whatever `returnsBy` says.
  func explore(
    _ start: Int, in archive: Archive, states: CellStates, returnsBy: GoExploreConfiguration.Return,
    steps limit: Int, random: inout RandomSource
  ) {
    let present = ExplorationLane.present
    let origin = archive.cells[start]
    var trajectory = Trajectory(start: start, origin: origin.experience)
    let number = trajectories.count
    trajectory.firstStep = rewards.count
    trajectory.visits = visits.count..<visits.count
    trajectory.candidates = candidates.count..<candidates.count
    trajectory.score = origin.score
    trajectory.success = origin.success
    var length = origin.length

    // Return.
    switch returnsBy {
    case .snapshot where states.has(start): states.load(start, into: arena, at: present)
    case .snapshot, .replay:
      arena.copy(ExplorationLane.start, to: present)
      let path = archive.log.actions(to: origin.experience)
      trajectory.returnSteps = Int(origin.length)
      explorer.replay(path[...], arena, present, scratch)
    }

    // Explore.
    var explorer = explorer
    explorer.begin()
    keys.write(arena, present)
    var current = touch(archive)
    keys.keep()
    visit(current, number)
    while trajectory.steps < limit {
      explorer.chooseAction(arena, present, scratch, &random)
      let transition = arena.advance(present, to: present, scratch)
      explorer.record(scratch, into: &actions)
      rewards.append(transition.reward)
      visits[touched[current].visit].actions &+= 1
      trajectory.steps &+= 1
      trajectory.score += Double(transition.reward)
      length &+= 1
      trajectory.success = trajectory.success || transition.success
      guard transition.outcome == .running else {
        trajectory.outcome = transition.outcome
        if transition.outcome == .truncated { trajectory.isFault = faults?.isFault(present, of: arena) ?? false }
        candidates.append(
          Candidate(
            step: trajectory.steps, touched: -1, score: trajectory.score, length: length, success: trajectory.success))
        break
      }
      keys.write(arena, present)
      if !keys.isKept() {
        current = touch(archive)
        keys.keep()
        visit(current, number)
      }
      if touched[current].known.isWorse(than: trajectory.score, length: length, success: trajectory.success) {
        propose(current, trajectory, length)
      }
      keys.collectFrame(&random)
    }
    trajectory.visits = trajectory.visits.lowerBound..<visits.count
    trajectory.candidates = trajectory.candidates.lowerBound..<candidates.count
    trajectories.append(trajectory)
  }

  /// The number among the touched cells of the key that was written last.
  private func touch(_ archive: Archive) -> Int {
    let key = UnsafePointer(keys.key)
    let cell = archive.table.find(key)
    if cell >= 0 {
      if touchedCycle[cell] == cycle { return Int(touchedNumber[cell]) }
      touchedCycle[cell] = cycle
      touchedNumber[cell] = Int32(truncatingIfNeeded: touched.count)
      touched.append(Touched(cell: cell, known: archive.cells[cell]))
    } else {
      let new = newKeys.insert(key)
      if new < touchedOfNew.count { return touchedOfNew[new] }
      touchedOfNew.append(touched.count)
      touched.append(Touched(cell: -1 - new, known: ArchivedCell()))
    }
    return touched.count - 1
  }

  /// Counts a cell once a trajectory.
  private func visit(_ number: Int, _ trajectory: Int) {
    guard touched[number].trajectory != trajectory else { return }
    touched[number].trajectory = trajectory
    touched[number].visit = visits.count
    visits.append(Visit(touched: number, actions: 0))
  }

  /// Keeps the present state as the way to a cell.
  private func propose(_ number: Int, _ trajectory: Trajectory, _ length: Int32) {
    if touched[number].snapshot == 0 {
      if snapshots == arena.capacity { arena.reserve(snapshots * 2) }
      touched[number].snapshot = snapshots
      snapshots += 1
    }
    arena.copy(ExplorationLane.present, to: touched[number].snapshot)
    touched[number].known.score = trajectory.score
    touched[number].known.length = length
    touched[number].known.success = trajectory.success
    candidates.append(
      Candidate(
        step: trajectory.steps, touched: number, score: trajectory.score, length: length, success: trajectory.success))
  }
}
