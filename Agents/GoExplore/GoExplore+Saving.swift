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
    state.set("forgotten", scalar: Int64(forgottenSteps + archive.log.count - compacted.log.count))
    if let downscaling {
      var part = SavedState()
      downscaling.save(to: &part)
      state.set(prefix: "downscaling", part)
    }
  }

  /// Puts archive, stream and counters where they were saved; states are stepped again when somebody asks for them.
  ///
  /// - Throws: `UserError` when an entry is missing, of another shape, or the archive contradicts itself.
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
    // Runs of before it was counted have none.
    forgottenSteps = state.names.contains("forgotten") ? Int(try state.scalar("forgotten", as: Int64.self)) : 0
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
  private func restoreStates() -> SnapshotArena {
    let recipe = simulator.recipe
    let states = recipe.makeArena(capacity: max(1024, archive.count), fields: fields)
    guard archive.count > 1 else { return states }
    compactLog()
    // Cells by the last step of their trajectories, the root's at 0, as linked lists.
    var firstCell = [Int32](repeating: -1, count: archive.log.count + 1)
    var nextCell = [Int32](repeating: -1, count: archive.count)
    for cell in 1..<archive.count {
      let place = Int(archive.cells[cell].experience) + 1
      nextCell[cell] = firstCell[place]
      firstCell[place] = Int32(cell)
    }
    EpisodeWalker.walk(archive.log.tree, of: recipe, seed: UInt64(configuration.episodeSeed)) { step, state, arena in
      var cell = firstCell[step + 1]
      while cell >= 0 {
        states.copy(state, of: arena, to: Int(cell))
        cell = nextCell[Int(cell)]
      }
    }
    return states
  }
}
