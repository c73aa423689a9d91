public import Groundwork

/// A batch of slots of one environment, with the environment's type erased.
///
/// Erasure happens once a step of the whole batch: the loop over slots is compiled where the concrete type is
/// known (`Environment.step(_:rollout:at:)`). One worker at a time uses a batch.
public final class EnvironmentBatch: @unchecked Sendable {
  public let recipe: EnvironmentRecipe
  /// Number of slots.
  public let slots: Int
  /// The run's number of the first slot.
  public let firstSlot: Int
  private let storage: any BatchStorage
  private var histories: [ActionHistory]

  init(recipe: EnvironmentRecipe, firstSlot: Int, storage: any BatchStorage) {
    self.recipe = recipe
    self.firstSlot = firstSlot
    self.storage = storage
    slots = storage.count
    histories = Array(repeating: ActionHistory(), count: storage.count)
  }

  public var specification: Specification { recipe.specification }

  /// A rollout that fits this batch.
  public func makeRollout(steps: Int, signals: [String] = []) -> Rollout {
    Rollout(specification: specification, signals: signals, slots: slots, steps: steps)
  }

  /// Starts episode 0 of every slot and writes the first observations.
  public func reset(_ rollout: Rollout) {
    for slot in 0..<slots { histories[slot].removeAll() }
    storage.start(episode: 0)
    observe(rollout)
  }

  /// Starts an episode with that seed in one slot, as its episode 0; `observe` then shows it.
  public func start(slot: Int, seed: UInt64) {
    histories[slot].removeAll()
    histories[slot].seed = seed
    storage.start(slot: slot, seed: seed)
  }

  /// Writes the present observations to the rollout's row 0.
  public func observe(_ rollout: Rollout) {
    storage.observe(rollout)
    rollout.finalCount = 0
  }

  /// Steps every slot with the actions at `time` of the rollout.
  @inline(__always) public func step(_ rollout: Rollout, at time: Int) {
    storage.step(rollout, at: time)
  }

  /// Adds a finished rollout to the record of the running episodes; returns the episodes that ended in it, in
  /// order of time, then slot.
  public func absorb(_ rollout: Rollout) -> [EpisodeRecord] {
    var ended: [EpisodeRecord] = []
    for time in 0..<rollout.steps {
      for slot in 0..<slots {
        let place = time * slots + slot
        histories[slot].append(rollout, place: place)
        guard rollout.outcomes[place] != 0 else { continue }
        ended.append(
          EpisodeRecord(
            slot: firstSlot + slot, time: time, episode: histories[slot].episode,
            seed: histories[slot].seed ?? storage.seed(ofEpisode: histories[slot].episode, slot: slot),
            length: histories[slot].length, environmentReturn: histories[slot].environmentReturn,
            success: histories[slot].success, outcome: Outcome(rawValue: rollout.outcomes[place])!,
            actions: histories[slot].actions))
        histories[slot].startEpisode()
      }
    }
    return ended
  }

  /// Copies one slot's environment over another's, of this batch or of one of the same recipe: a snapshot.
  ///
  /// The record of the target's running episode is not replaced: what is absorbed and saved is only right for slots
  /// that play on from their own starts.
  public func copy(slot source: Int, of other: EnvironmentBatch, to target: Int) {
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
  public func save(to state: inout SavedState) {
    state.set("episodes", histories.map { Int64($0.episode) })
    state.set("lengths", histories.map { Int64($0.length) })
    state.set("seeds", histories.indices.map { histories[$0].seed ?? storage.seed(ofEpisode: histories[$0].episode, slot: $0) })
    state.set("actions", histories.flatMap(\.actions))
  }

  /// Restores what `save` saved, and writes the present observations to row 0 of the rollout.
  public func restore(from state: SavedState, rollout: Rollout) throws {
    let episodes: [Int64] = try state.get("episodes", count: slots)
    let lengths: [Int64] = try state.get("lengths", count: slots)
    let seeds: [UInt64] = try state.get("seeds", count: slots)
    let actions: [Float] = try state.get("actions")
    let width = rollout.actions.width
    guard lengths.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }), lengths.reduce(0, +) * Int64(width) == actions.count else {
      throw UserError("the checkpoint's episodes do not have the actions they need", fix: "Use another checkpoint")
    }
    var start = 0
    for slot in 0..<slots {
      let count = Int(lengths[slot]) * width
      let taken = Array(actions[start..<start + count])
      start += count
      var history = ActionHistory()
      history.episode = Int(episodes[slot])
      storage.start(slot: slot, episode: history.episode)
      if seeds[slot] != storage.seed(ofEpisode: history.episode, slot: slot) {
        history.seed = seeds[slot]
        storage.start(slot: slot, seed: seeds[slot])
      }
      for transition in try storage.play(slot: slot, actions: taken, width: width) {
        guard transition.outcome == .running else {
          throw UserError("the checkpoint's episode of slot \(slot) ends before its last action", fix: "It was written by another version")
        }
        history.count(transition)
      }
      history.actions = taken
      histories[slot] = history
    }
    observe(rollout)
  }
}

/// What happened in the running episode of a slot so far.
struct ActionHistory {
  var episode = 0
  /// The seed that it was started with by hand; nil for the run's own.
  var seed: UInt64?
  var length = 0
  var environmentReturn = 0.0
  var success = false
  /// Actions in order, `width` numbers each; a discrete action is exact as a `Float` below 2^24.
  var actions: [Float] = []

  mutating func append(_ rollout: Rollout, place: Int) {
    length += 1
    environmentReturn += Double(rollout.rewards[place])
    success = success || rollout.successes[place]
    let buffer = rollout.actions
    if rollout.isDiscrete {
      actions.append(Float(buffer.discrete[place]))
    } else {
      for element in 0..<buffer.width { actions.append(buffer.continuous[place * buffer.width + element]) }
    }
  }

  mutating func count(_ transition: Transition) {
    length += 1
    environmentReturn += Double(transition.reward)
    success = success || transition.success
  }

  mutating func startEpisode() {
    let next = episode + 1
    removeAll()
    episode = next
  }

  mutating func removeAll() {
    episode = 0
    seed = nil
    length = 0
    environmentReturn = 0
    success = false
    actions.removeAll(keepingCapacity: true)
  }
}

/// An episode that ended.
public struct EpisodeRecord: Sendable, Hashable {
  /// The slot's number in the run.
  public var slot: Int
  /// The step of the rollout in which it ended.
  public var time: Int
  /// The episode's number in its slot, from 0.
  public var episode: Int
  public var seed: UInt64
  public var length: Int
  /// The undiscounted sum of the environment's rewards.
  public var environmentReturn: Double
  public var success: Bool
  public var outcome: Outcome
  /// Actions in order, `width` numbers each.
  public var actions: [Float]

  public init(
    slot: Int, time: Int, episode: Int, seed: UInt64, length: Int, environmentReturn: Double, success: Bool,
    outcome: Outcome, actions: [Float]
  ) {
    self.slot = slot
    self.time = time
    self.episode = episode
    self.seed = seed
    self.length = length
    self.environmentReturn = environmentReturn
    self.success = success
    self.outcome = outcome
    self.actions = actions
  }
}
