public import Groundwork

/// A batch of slots of one environment, with the environment's type erased.
///
/// Erasure happens once a step of the whole batch: the loop over slots is compiled where the concrete type is
/// known (`Environment.step(_:rollout:at:)`). One worker at a time uses a batch.
public final class EnvironmentBatch: @unchecked Sendable {
  /// What it was made of, with the limits of whoever made it.
  public let recipe: EnvironmentRecipe
  /// Number of slots.
  public let slots: Int
  /// The run's number of the first slot.
  public let firstSlot: Int
  /// What is written down of the episodes; to be chosen before the batch is reset.
  public var recording = EpisodeRecording.actions
  let storage: any BatchStorage
  var histories: [EpisodeHistory]
  /// Where each of the specification's measures is found.
  private let entries: [EpisodeHistory.Entry]
  let traces: [MeasureTrace]

  init(recipe: EnvironmentRecipe, firstSlot: Int, storage: any BatchStorage) {
    self.recipe = recipe
    self.firstSlot = firstSlot
    self.storage = storage
    slots = storage.count
    var entries: [EpisodeHistory.Entry] = []
    var traces: [MeasureTrace] = []
    for measure in recipe.specification.measures {
      let entry = EpisodeHistory.Entry(measure, traced: traces.count)
      if case .traced = entry { traces.append(MeasureTrace(measure)) }
      entries.append(entry)
    }
    self.entries = entries
    self.traces = traces
    histories = Array(repeating: EpisodeHistory(traces), count: storage.count)
  }

  /// The environment's shapes and limits: the recipe's.
  public var specification: Specification { recipe.specification }

  /// This batch as a policy is shown it.
  public var view: BatchView { BatchView(self) }

  /// A rollout that fits this batch, with the signals that are named and those that the recorded measures read.
  public func makeRollout(steps: Int, signals: [String] = []) -> Rollout {
    let measured = recording == .none ? [] : specification.measuredSignals
    return Rollout(specification: specification, signals: signals + measured, slots: slots, steps: steps)
  }

  /// Starts episode 0 of every slot and writes the first observations.
  public func reset(_ rollout: Rollout) {
    for slot in 0..<slots { histories[slot].removeAll(traces) }
    storage.start(episode: 0)
    observe(rollout)
    rollout.forgetBefore()
  }

  /// Starts an episode with that seed in one slot, as its episode 0; `observe` then shows it.
  public func start(slot: Int, seed: UInt64) {
    histories[slot].removeAll(traces)
    histories[slot].seed = seed
    storage.start(slot: slot, seed: seed)
  }

  /// Writes the present observations to the rollout's row 0.
  public func observe(_ rollout: Rollout) {
    precondition(recipe.shows(rollout.layout), "a row with signals that were not granted")
    storage.observe(rollout)
    rollout.finalCount = 0
  }

  /// Steps every slot with the actions at `time` of the rollout.
  @inline(__always) public func step(_ rollout: Rollout, at time: Int) {
    storage.step(rollout, at: time)
  }

  /// Adds a finished rollout to the record of the running episodes.
  ///
  /// - Returns: The episodes that ended in it, in order of time, then slot; none where nothing is recorded.
  /// - Complexity: O(steps * slots); allocates for the episodes that end, and for the actions where they are recorded.
  public func absorb(_ rollout: Rollout) -> [EpisodeRecord] {
    guard recording != .none else { return [] }
    precondition(rollout.slots == slots, "a rollout of other slots than the batch")
    let traces = traces(in: rollout)
    var ended: [EpisodeRecord] = []
    // Slot by slot, in blocks of time that stay in the cache.
    for first in stride(from: 0, to: rollout.steps, by: 256) {
      let end = min(first + 256, rollout.steps)
      for slot in 0..<slots {
        var time = first
        while time < end {
          let added = histories[slot].add(
            rollout, slot: slot, from: time, to: end, traces: traces, keepsActions: recording == .actions)
          time = added.time
          if added.isOver {
            ended.append(record(slot, time: time - 1, outcome: rollout.outcome(time: time - 1, slot: slot)))
            histories[slot].startEpisode(traces)
          }
        }
      }
    }
    ended.sort { ($0.time, $0.slot) < ($1.time, $1.slot) }
    return ended
  }

  /// The traced measures with the places of their fields in a rollout's rows.
  func traces(in rollout: Rollout) -> [MeasureTrace] {
    traces.map { trace in
      var trace = trace
      trace.find(in: rollout.layout)
      return trace
    }
  }

  /// The record of a slot's episode, whose last step was just added.
  func record(_ slot: Int, time: Int, outcome: Outcome) -> EpisodeRecord {
    let history = histories[slot]
    var curves: [[Double]] = []
    if traces.contains(where: \.hasCurve) {
      curves = entries.map { if case .traced(let number) = $0 { history.curves[number] } else { [] } }
    }
    return EpisodeRecord(
      slot: firstSlot + slot, time: time, episode: history.episode,
      seed: history.seed ?? storage.seed(ofEpisode: history.episode, slot: slot), length: history.length,
      environmentReturn: history.environmentReturn, success: history.success, outcome: outcome,
      actions: history.actions, measures: entries.map { history.value($0, traces) }, curves: curves)
  }

  /// Copies one slot's environment over another's, of this batch or of one of the same recipe: a snapshot.
  ///
  /// The record of the target's running episode is not replaced: what is absorbed and saved is only right for slots
  /// that play on from their own starts.
  public func copy(slot source: Int, of other: EnvironmentBatch, to target: Int) {
    precondition(recipe.allowsCopies, "copies of states are a planner's: they come with the granted simulator")
    storage.copy(slot: source, of: other.storage, to: target)
  }

  /// Replaces what a slot will draw from here on; a planner does this to every copy.
  public func reseed(slot: Int, _ seed: UInt64) { storage.reseed(slot: slot, seed) }

  /// Writes an expert's action in a slot's present state to the buffer's element of that number.
  ///
  /// - Precondition: `recipe.hasExpert`
  public func expertAction(slot: Int, into actions: ActionBuffer, at index: Int) {
    storage.expertAction(slot: slot, into: actions, at: index)
  }

  /// What a slot looks like; the step count where the environment has no picture.
  public func sketch(slot: Int) -> Sketch { storage.sketch(slot: slot) }

  /// Bytes of one slot's inline state (what its arrays hold comes on top).
  public var inlineBytes: Int { storage.inlineBytes }

  /// Gives the concrete slots to a generic function, for work that must be compiled where the type is known.
  public func withStorage<Result>(_ body: (any BatchStorage) throws -> Result) rethrows -> Result {
    try body(storage)
  }

  /// Saves where every slot stands: its episode's number and the actions since its start. Restoring steps the
  /// episode again, which its purity makes exact; no environment needs to know how it is stored.
  ///
  /// A batch that does not record actions is only restored between episodes.
  public func save(to state: inout SavedState) {
    precondition(recording != .none, "a batch that records nothing cannot be saved")
    state.set("episodes", histories.map { Int64($0.episode) })
    state.set("lengths", histories.map { Int64($0.length) })
    state.set(
      "seeds",
      histories.indices.map { histories[$0].seed ?? storage.seed(ofEpisode: histories[$0].episode, slot: $0) })
    state.set("actions", histories.flatMap(\.actions))
    guard !traces.isEmpty else { return }
    state.set("measures", histories.flatMap(\.totals))
    state.set("curves", histories.flatMap { $0.curves.flatMap(\.self) })
  }

  /// Restores what `save` saved, and writes the present observations to row 0 of the rollout.
  ///
  /// - Parameter starts: Where the slots' episodes started, where a director chose; nil where their seeds say it.
  /// - Throws: `UserError` when the state is of another number of slots, lacks the actions of a running episode, or
  ///   these end it before the last of them.
  /// - Complexity: O(steps of the running episodes), which are taken again.
  public func restore(from state: SavedState, rollout: Rollout, starts: [EpisodeStart]? = nil) throws {
    let episodes: [Int64] = try state.get("episodes", count: slots)
    let lengths: [Int64] = try state.get("lengths", count: slots)
    let seeds: [UInt64] = try state.get("seeds", count: slots)
    let actions: [Float] = try state.get("actions")
    let width = rollout.actions.width
    if actions.isEmpty && lengths.contains(where: { $0 > 0 }) {
      throw UserError(
        "the checkpoint was written in the middle of episodes whose actions were not recorded",
        fix: "Begin the run anew, or use a checkpoint from between episodes")
    }
    guard lengths.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }), lengths.reduce(0, +) * Int64(width) == actions.count else {
      throw UserError("the checkpoint's episodes do not have the actions they need", fix: "Use another checkpoint")
    }
    var start = 0
    for slot in 0..<slots {
      let count = Int(lengths[slot]) * width
      let taken = Array(actions[start..<start + count])
      start += count
      var history = EpisodeHistory(traces)
      history.episode = Int(episodes[slot])
      histories[slot] = history
      if case .snapshot = starts?[slot] {
        place(slot, at: starts![slot], seed: seeds[slot])
      } else if seeds[slot] == storage.seed(ofEpisode: history.episode, slot: slot) {
        place(slot, at: .run, seed: seeds[slot])
      } else {
        history.seed = seeds[slot]
        place(slot, at: .seed(seeds[slot]), seed: seeds[slot])
      }
      for transition in try walk(slot: slot, actions: taken) {
        guard transition.outcome == .running else {
          throw UserError(
            "the checkpoint's episode of slot \(slot) ends before its last action",
            fix: "It was written by another version")
        }
        history.count(transition)
      }
      history.actions = taken
      histories[slot] = history
    }
    try restoreTraces(from: state)
    observe(rollout)
  }

  /// The totals and curves of the traced measures, which stepping again does not give. A state that an agent made
  /// for slots whose records it keeps by itself has none.
  private func restoreTraces(from state: SavedState) throws {
    guard !traces.isEmpty, state.entries["measures"] != nil else { return }
    let totals: [Double] = try state.get("measures", count: slots * traces.count)
    let curves: [Double] = try state.get("curves")
    var taken = 0
    for slot in 0..<slots {
      histories[slot].totals = Array(totals[slot * traces.count..<(slot + 1) * traces.count])
      let points = Measure.curvePoints(upTo: histories[slot].length)
      for (number, trace) in traces.enumerated() where trace.hasCurve {
        guard taken + points <= curves.count else {
          throw UserError("the checkpoint's episodes lack points of their curves", fix: "Use another checkpoint")
        }
        histories[slot].curves[number] = Array(curves[taken..<taken + points])
        taken += points
      }
    }
  }
}
