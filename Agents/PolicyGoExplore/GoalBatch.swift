import Groundwork
import ReinforcementLearning

/// How following a trajectory ended.
struct FollowResult {
  var isReached: Bool
  /// Cells of the trajectory that were passed, and all of them.
  var passed: Int
  var count: Int
}

/// What a batch went through in one rollout, beside the rollout.
struct GoalCollection {
  /// Episodes that ended, in order of time, then slot.
  var traces: [EpisodeTrace] = []
  var records: [EpisodeRecord] = []
  var results: [FollowResult] = []
  /// The time of the first success; nil for none.
  var firstSuccess: Int?
  /// Episodes that were abandoned.
  var abandoned = 0
}

/// One batch of slots whose episodes follow trajectories and then explore.
///
/// Slots are not the session's: an episode that is abandoned is started anew by hand, and so is every other, by the seed
/// of its slot and number. No state is ever copied or restored. What a batch draws depends on its own streams and on the
/// archive as it stood when the rollout began, so any number of workers collects the same bits.
final class GoalBatch: @unchecked Sendable {
  let batch: EnvironmentBatch
  let rollout: Rollout
  private let settings: PolicyGoExploreConfiguration
  private let rules: GoalRules
  private let encoder: GoalEncoder
  private let explorer: GoalExplorer
  private let reader: CellReader
  private let keyWidth: Int
  /// Bytes of a row that are not the goal's.
  private let rowBytes: Int
  private let runSeed: UInt64
  private var random: RandomSource
  private var choices: RandomSource
  private var episodes: [GoalEpisode] = []
  /// One row of the same layout, to show a slot whose episode was started by hand.
  private let shown: Rollout
  /// Cells that this rollout found and the archive lacks.
  private let found: KeyTable
  private var key: [Int32]
  private var hasRow = false
  /// Of each sample: what the learner is paid, whether it learns from it, what the logits were divided by.
  private(set) var rewards: [Float]
  private(set) var isLearnt: [Bool]
  private(set) var temperatures: [Float]

  init(
    _ recipe: EnvironmentRecipe, _ goals: GoalSpace, settings: PolicyGoExploreConfiguration, index: Int, rollout: Rollout,
    seed: UInt64
  ) {
    self.settings = settings
    self.rollout = rollout
    let slots = rollout.slots
    rules = GoalRules(settings)
    encoder = goals.encoder
    reader = goals.reader
    keyWidth = goals.keyWidth
    rowBytes = goals.rowBytes
    explorer = GoalExplorer(settings, goals.encoder, actionCount: recipe.specification.actions.count)
    batch = recipe.makeBatch(slots: slots, firstSlot: index * slots, seed: seed)
    shown = Rollout(specification: goals.specification, signals: goals.signals, slots: slots, steps: 1)
    runSeed = seed
    random = RandomSource(seed: seed, purpose: 1, index: index)
    choices = RandomSource(seed: seed, purpose: 40, index: index)
    found = KeyTable(width: keyWidth)
    key = [Int32](repeating: 0, count: keyWidth)
    rewards = [Float](repeating: 0, count: slots * rollout.steps)
    isLearnt = [Bool](repeating: false, count: slots * rollout.steps)
    temperatures = [Float](repeating: 1, count: slots * rollout.steps)
  }

  /// Fills the rollout.
  func collect(_ policy: PPOPolicy, _ archive: GoalArchive) throws -> GoalCollection {
    rollout.reserveOutputs(policy.outputs)
    found.removeAll()
    if !hasRow {
      if episodes.isEmpty { for slot in 0..<rollout.slots { startEpisode(slot, archive, time: 0) } }
      hasRow = true
    } else {
      rollout.carry()
    }
    var collection = GoalCollection()
    for time in 0..<rollout.steps {
      let first = time * rollout.slots
      for slot in 0..<rollout.slots {
        temperatures[first + slot] = episodes[slot].temperature(rules)
        isLearnt[first + slot] = episodes[slot].phase == .following
        policy.temperatures[slot] = temperatures[first + slot]
      }
      policy.act(on: rollout, at: time, in: batch.view, random: &random)
      for slot in 0..<rollout.slots { act(slot, time: time) }
      batch.step(rollout, at: time)
      for slot in 0..<rollout.slots { arrive(slot, archive, time: time, &collection) }
    }
    return collection
  }

  /// Takes what the running episodes did into the archive.
  func merge(into archive: inout GoalArchive) {
    for slot in episodes.indices { archive.merge(&episodes[slot].trace) }
  }

  // MARK: A step

  /// Replaces the policy's action where a slot explores at random, and notes what is done.
  private func act(_ slot: Int, time: Int) {
    let place = time * rollout.slots + slot
    let mask = rollout.mask(time: time, slot: slot)
    if episodes[slot].phase == .exploringAtRandom {
      let action = explorer.action(held: episodes[slot].heldAction, mask: mask, &choices)
      episodes[slot].heldAction = action
      rollout.actions.discrete[place] = action
    }
    episodes[slot].trace.act(
      row: rollout.observation(time: time, slot: slot), mask: mask, action: rollout.actions.discrete[place])
  }

  private func arrive(_ slot: Int, _ archive: GoalArchive, time: Int, _ collection: inout GoalCollection) {
    let place = time * rollout.slots + slot
    let outcome = rollout.outcomes[place]
    readKey(rollout.nextObservation(time: time, slot: slot))
    let game = rollout.rewards[place]
    let isFirstSuccess = rollout.successes[place] && !episodes[slot].trace.success
    key.withUnsafeBufferPointer {
      episodes[slot].trace.arrive($0.baseAddress!, reward: game, success: rollout.successes[place])
    }
    if isFirstSuccess && collection.firstSuccess == nil { collection.firstSuccess = time }
    let cell = number(archive)
    let isNew = cell < 0 && find()
    episodes[slot].stepsToGoal += 1
    episodes[slot].stepsSinceNew = isNew ? 0 : episodes[slot].stepsSinceNew + 1
    var arrival = TrajectoryFollower.Arrival.elsewhere
    var isLost = false
    if episodes[slot].phase == .following {
      arrival = episodes[slot].follower!.arrive(Int32(truncatingIfNeeded: cell))
      let follower = episodes[slot].follower!
      if arrival != .elsewhere { episodes[slot].stepsToGoal = 0 }
      isLost = rules.isLost(steps: episodes[slot].stepsToGoal, expected: follower.expectedSteps)
      if arrival == .final || isLost || outcome != 0 {
        collection.results.append(
          FollowResult(isReached: arrival == .final, passed: follower.index, count: follower.cells.count))
      }
      if arrival == .final { explore(slot, archive) } else if arrival == .onTheWay { aim(slot, archive) }
    } else {
      isLost = episodes[slot].stepsSinceNew > rules.newCellSteps
      if episodes[slot].phase == .exploringByPolicy,
        episodes[slot].stepsToGoal >= settings.explorationGoalSteps || key == episodes[slot].goal
      {
        setExplorationGoal(slot, archive)
      }
    }
    rewards[place] = rules.reward(game: game, arrival)
    if outcome == 0 && !isLost {
      show(slot, rollout.observation(time: time + 1, slot: slot))
    } else {
      if outcome != 0 { show(slot, rollout.finalObservation(time: time, slot: slot)) }
      if outcome == 0 { collection.abandoned += 1 }
      collection.records.append(record(slot, time: time))
      collection.traces.append(episodes[slot].trace)
      startEpisode(slot, archive, time: time + 1)
    }
    // For the value the trajectory's last cell is an end, and so is being given up.
    if arrival == .final || isLost && outcome == 0 { rollout.outcomes[place] = Outcome.terminated.rawValue }
  }

  private func record(_ slot: Int, time: Int) -> EpisodeRecord {
    let episode = episodes[slot]
    let outcome = rollout.outcome(time: time, slot: slot)
    return EpisodeRecord(
      slot: batch.firstSlot + slot, time: time, episode: episode.number - 1, seed: episode.seed,
      length: episode.trace.length, environmentReturn: episode.trace.score, success: episode.trace.success,
      outcome: outcome == .running ? .truncated : outcome, actions: episode.trace.actions.map { Float($0) })
  }

  // MARK: Starts and goals

  /// Starts a slot's next episode, chooses the trajectory that it follows, and shows it at that time.
  private func startEpisode(_ slot: Int, _ archive: GoalArchive, time: Int) {
    let number = (slot < episodes.count ? episodes[slot].number : 0) + 1
    let seed = RandomSource.episodeSeed(run: runSeed, slot: batch.firstSlot + slot, episode: number - 1)
    batch.start(slot: slot, seed: seed)
    batch.observe(shown)
    let target = rollout.observation(time: time, slot: slot)
    target.copyMemory(from: shown.observation(time: 0, slot: slot), byteCount: rollout.layout.rowBytes)
    if let mask = rollout.mask(time: time, slot: slot) {
      mask.baseAddress!.update(from: shown.mask(time: 0, slot: slot)!.baseAddress!, count: mask.count)
    }
    readKey(target)
    var episode = GoalEpisode(rowBytes: rowBytes, key: key)
    episode.number = number
    episode.seed = seed
    if slot < episodes.count { episodes[slot] = episode } else { episodes.append(episode) }
    let present = self.number(archive)
    if present < 0 { _ = find() }
    if let cell = archive.draw(&choices) {
      let follower = archive.follower(to: cell, window: settings.window, at: present)
      episodes[slot].follower = follower
      episodes[slot].phase = .following
      if !follower.isFinished { aim(slot, archive) } else { explore(slot, archive) }
    }
    show(slot, target)
  }

  /// Makes the follower's next cell the goal.
  private func aim(_ slot: Int, _ archive: GoalArchive) {
    let goal = archive.table[Int(episodes[slot].follower!.goal)]
    for word in 0..<keyWidth { episodes[slot].goal[word] = goal[word] }
    episodes[slot].stepsToGoal = 0
  }

  /// The episode has arrived: it explores from the cell that was read last.
  private func explore(_ slot: Int, _ archive: GoalArchive) {
    episodes[slot].phase = explorer.phase(archive, &choices)
    episodes[slot].follower = nil
    episodes[slot].stepsSinceNew = 0
    if episodes[slot].phase == .exploringByPolicy { setExplorationGoal(slot, archive) }
  }

  private func setExplorationGoal(_ slot: Int, _ archive: GoalArchive) {
    episodes[slot].goal = explorer.goal(from: key, archive, &choices) { neighbour in
      neighbour.withUnsafeBufferPointer {
        archive.table.find($0.baseAddress!) >= 0 || found.find($0.baseAddress!) >= 0
      }
    }
    episodes[slot].stepsToGoal = 0
  }

  /// Writes a slot's goal into a row that shows the cell that was read last.
  private func show(_ slot: Int, _ row: UnsafeMutableRawPointer) {
    episodes[slot].goal.withUnsafeBufferPointer { goal in
      key.withUnsafeBufferPointer { encoder.write(goal: goal.baseAddress!, present: $0.baseAddress!, into: row) }
    }
  }

  private func readKey(_ row: UnsafeMutableRawPointer) {
    key.withUnsafeMutableBufferPointer { reader.write(row, to: $0.baseAddress!) }
  }

  /// The archive's number of the cell that was read last; -1 where it lacks it.
  private func number(_ archive: GoalArchive) -> Int {
    key.withUnsafeBufferPointer { archive.table.find($0.baseAddress!) }
  }

  /// Notes the cell that was read last; whether this rollout had not found it before.
  private func find() -> Bool {
    let count = found.count
    _ = key.withUnsafeBufferPointer { found.insert($0.baseAddress!) }
    return found.count > count
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set("random", random.words)
    state.set("choices", choices.words)
    for (slot, episode) in episodes.enumerated() {
      var part = SavedState()
      episode.save(to: &part)
      state.set(prefix: "slot.\(slot)", part)
    }
  }

  /// Restores what `save` saved, stepping every running episode again from its start.
  func restore(from state: SavedState) throws {
    random = try RandomSource(words: try state.get("random", count: 5))
    choices = try RandomSource(words: try state.get("choices", count: 5))
    episodes = try (0..<rollout.slots).map {
      try GoalEpisode(
        rowBytes: rowBytes, keyWidth: keyWidth, window: settings.window, restoring: state.get(prefix: "slot.\($0)"))
    }
    // The form in which a batch saves itself.
    var running = SavedState()
    running.set("episodes", episodes.map { _ in Int64(0) })
    running.set("lengths", episodes.map { Int64($0.trace.length) })
    running.set("seeds", episodes.map(\.seed))
    running.set("actions", episodes.flatMap { $0.trace.actions.map { Float($0) } })
    try batch.restore(from: running, rollout: rollout)
    for slot in episodes.indices {
      let row = rollout.observation(time: 0, slot: slot)
      readKey(row)
      show(slot, row)
    }
    hasRow = false
  }
}
