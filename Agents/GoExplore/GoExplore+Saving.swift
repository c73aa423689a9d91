public import Groundwork
import ReinforcementLearning

extension GoExplore {
  /// Saves the archive as trajectories: a shared list of steps, and for each cell the step that leads to it. A state is
  /// never written; it is stepped again.
  public func save(to state: inout SavedState) {
    var compacted = archive
    compacted.compactLog()
    var part = SavedState()
    compacted.save(to: &part)
    part.texts["episodeSeed"] = String(configuration.episodeSeed)
    state.set(prefix: "archive", part)
    state.set("random", random.words)
    state.set(
      "counts", [Int64(cycle), Int64(exploredSteps), Int64(firstSuccess ?? -1), Int64(endedEpisodes)])
    if let downscaling {
      var part = SavedState()
      downscaling.save(to: &part)
      state.set(prefix: "downscaling", part)
    }
  }

  public func restore(from state: SavedState) throws {
    if downscaling != nil {
      try downscaling!.restore(from: state.get(prefix: "downscaling"))
      function = .frame(downscaling!.representation, configuration.frame)
    }
    archive = try Archive(like: archive, keyWidth: function.width, restoring: state.get(prefix: "archive"))
    random = try RandomSource(words: try state.get("random", count: 5))
    let counts: [Int64] = try state.get("counts", count: 4)
    (cycle, exploredSteps) = (Int(counts[0]), Int(counts[1]))
    firstSuccess = counts[2] >= 0 ? Int(counts[2]) : nil
    endedEpisodes = Int(counts[3])
    states = nil
  }

  /// The states of all cells, those of a checkpoint stepped again first.
  func presentStates() -> SnapshotArena {
    if let states { return states }
    let restored = restoreStates()
    states = restored
    return restored
  }

  /// The states of all cells, stepped again from the start; steps that trajectories share are taken once.
  ///
  /// The log is a tree whose branches are walked depth first. A state is copied where a branch forks, and given up at
  /// its end, so there are never more copies than forks on one path.
  private func restoreStates() -> SnapshotArena {
    let recipe = simulator.recipe
    let states = recipe.makeArena(capacity: max(1024, archive.count), fields: fields)
    let working = recipe.makeArena(capacity: 64)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    working.start(0, seed: UInt64(configuration.episodeSeed))
    guard archive.count > 1 else { return states }
    archive.compactLog()
    let log = archive.log
    // Children and cells by step, the root's at 0, as linked lists in the order of their numbers.
    var firstChild = [Int32](repeating: -1, count: log.count + 1)
    var nextSibling = [Int32](repeating: -1, count: log.count)
    for step in (0..<log.count).reversed() {
      let parent = Int(log.previous[step]) + 1
      nextSibling[step] = firstChild[parent]
      firstChild[parent] = Int32(step)
    }
    var firstCell = [Int32](repeating: -1, count: log.count + 1)
    var nextCell = [Int32](repeating: -1, count: archive.count)
    for cell in 1..<archive.count {
      let place = Int(archive.cells[cell].experience) + 1
      nextCell[cell] = firstCell[place]
      firstCell[place] = Int32(cell)
    }
    func keep(_ snapshot: Int, _ place: Int) {
      var cell = firstCell[place]
      while cell >= 0 {
        states.copy(snapshot, of: working, to: Int(cell))
        cell = nextCell[Int(cell)]
      }
    }
    keep(0, 0)
    var free: [Int] = []
    var used = 1
    // Steps to take, each with the snapshot from which.
    var pending: [(step: Int32, snapshot: Int)] = []
    if firstChild[0] >= 0 { pending.append((firstChild[0], 0)) }
    while let (step, source) = pending.popLast() {
      let sibling = nextSibling[Int(step)]
      var target = source
      if sibling >= 0 {
        target = free.popLast() ?? used
        if target == used { used += 1 }
        if used > working.capacity { working.reserve(used * 2) }
        pending.append((sibling, source))
      }
      let action = log.actions[Int(step) * log.width..<(Int(step) + 1) * log.width]
      explorer.place(action, in: scratch)
      _ = working.advance(source, to: target, scratch)
      keep(target, Int(step) + 1)
      let child = firstChild[Int(step) + 1]
      if child >= 0 { pending.append((child, target)) } else { free.append(target) }
    }
    return states
  }
}
