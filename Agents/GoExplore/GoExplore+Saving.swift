public import Groundwork
import ReinforcementLearning

extension GoExplore {
  /// Saves the archive as trajectories: a shared list of steps, and for each cell the step that leads to it.
  ///
  /// States are written only where the environment packs them, as chunks; others are stepped again.
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
    // Before they are asked for they are as they were saved.
    let kept = states.map { states in (0..<archive.count).map { states.has($0) } } ?? saved.kept
    if configuration.keptStates > 0, let kept { state.set("kept", kept.map { UInt8($0 ? 1 : 0) }) }
    if let chunks = states?.chunks ?? saved.chunks { state.set(chunks: "states", chunks) }
    if let downscaling {
      var part = SavedState()
      downscaling.save(to: &part)
      state.set(prefix: "downscaling", part)
    }
  }

  /// Puts archive, stream and counters where they were saved; states are read or stepped again when asked for.
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
    saved = (nil, state.chunks["states"])
    if state.names.contains("kept") {
      saved.kept = try state.get("kept", as: UInt8.self, count: archive.count).map { $0 != 0 }
    }
  }

  /// The states of all cells that have one, those of a checkpoint read or stepped again first.
  ///
  /// - Throws: `UserError` when the file of states was altered.
  func presentStates() throws(UserError) -> CellStates {
    if let states { return states }
    let cells = (1..<archive.count).filter { saved.kept?[$0] ?? true }
    if let chunks = saved.chunks, chunks.count == cells.count {
      let read = CellStates(of: simulator.recipe, fields: fields, capacity: 1)
      try read.take(chunks, for: cells)
      states = read
      return read
    }
    let stepped = stepStates()
    states = stepped
    return stepped
  }

  /// The states of the cells that have one, stepped again from the start; steps that trajectories share are taken once.
  func stepStates() -> CellStates {
    let recipe = simulator.recipe
    let states = CellStates(of: recipe, fields: fields, capacity: max(1024, archive.count))
    guard archive.count > 1 else { return states }
    compactLog()
    // Cells by the last step of their trajectories, the root's at 0, as linked lists.
    var firstCell = [Int32](repeating: -1, count: archive.log.count + 1)
    var nextCell = [Int32](repeating: -1, count: archive.count)
    for cell in 1..<archive.count where saved.kept?[cell] ?? true {
      let place = Int(archive.cells[cell].experience) + 1
      nextCell[cell] = firstCell[place]
      firstCell[place] = Int32(cell)
    }
    EpisodeWalker.walk(archive.log.tree, of: recipe, seed: UInt64(configuration.episodeSeed)) { step, state, arena in
      var cell = firstCell[step + 1]
      while cell >= 0 {
        states.take(state, of: arena, to: Int(cell))
        cell = nextCell[Int(cell)]
      }
    }
    return states
  }
}
