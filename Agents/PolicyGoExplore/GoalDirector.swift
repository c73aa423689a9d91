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
  var results: [FollowResult] = []
  /// The time of the first success; nil for none.
  var firstSuccess: Int?
  /// Episodes that were abandoned.
  var abandoned = 0
}

/// The archive that the directors read while they collect and the agent adds to between collections.
final class GoalKnowledge: @unchecked Sendable {
  var archive: GoalArchive

  init(_ archive: GoalArchive) { self.archive = archive }
}

/// Lets the episodes of one batch follow trajectories and then explore.
///
/// Episodes start by the run's rule and are given up when they are lost; no state is ever copied or restored. What it
/// does depends on its own stream and on the archive as it stood when the rollout began.
final class GoalDirector: Director {
  /// What came of the last rollout.
  private(set) var collection = GoalCollection()
  private let settings: PolicyGoExploreConfiguration
  private let rules: GoalRules
  private let space: GoalSpace
  private let explorer: GoalExplorer
  private let knowledge: GoalKnowledge
  private var choices: RandomSource
  /// One a slot; empty before the first collection.
  private var episodes: [GoalEpisode] = []
  private let slots: Int
  /// Cells that this rollout found and the archive lacks.
  private let found: KeyTable
  private var key: [Int32]

  /// - Parameter index: The batch's number.
  init(
    _ space: GoalSpace, _ knowledge: GoalKnowledge, settings: PolicyGoExploreConfiguration, index: Int, slots: Int,
    seed: UInt64
  ) {
    self.space = space
    self.knowledge = knowledge
    self.settings = settings
    self.slots = slots
    rules = GoalRules(settings)
    explorer = GoalExplorer(settings, space.encoder, actionCount: space.specification.actions.count)
    choices = RandomSource(seed: seed, purpose: .goalChoice, index: index)
    found = KeyTable(width: space.keyWidth)
    key = [Int32](repeating: 0, count: space.keyWidth)
  }

  /// Reached cells are paid, only steps that follow are learnt from, overdue episodes are heated, trajectories end the
  /// value.
  var sampleRules: SampleRules.Kinds { [.rewards, .choice, .temperatures, .ends] }

  func beginCollection() {
    found.removeAll()
    collection = GoalCollection()
  }

  /// Takes what the running episodes did into the archive.
  func mergeRunning() {
    for slot in episodes.indices { knowledge.archive.merge(&episodes[slot].trace) }
  }

  // MARK: A step

  func prepare(_ rollout: Rollout, at time: Int) {
    let samples = rollout.sampleRules!
    let first = time * rollout.slots
    for slot in 0..<rollout.slots {
      samples.temperatures[first + slot] = episodes[slot].temperature(rules)
      samples.isLearnt[first + slot] = episodes[slot].phase == .following
    }
  }

  /// Replaces the policy's action where a slot explores at random, and notes what is done.
  func redirect(_ rollout: Rollout, at time: Int) {
    for slot in 0..<rollout.slots {
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
  }

  func judge(slot: Int, _ episode: RunningEpisode, on rollout: Rollout, at time: Int) -> EpisodeVerdict {
    let place = time * rollout.slots + slot
    let isOver = rollout.outcomes[place] != 0
    let game = rollout.rewards[place]
    readKey(rollout.nextObservation(time: time, slot: slot))
    if rollout.successes[place], !episodes[slot].trace.success, collection.firstSuccess == nil {
      collection.firstSuccess = time
    }
    key.withUnsafeBufferPointer {
      episodes[slot].trace.arrive($0.baseAddress!, reward: game, success: rollout.successes[place])
    }
    let cell = number()
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
      if arrival == .final || isLost || isOver {
        collection.results.append(
          FollowResult(isReached: arrival == .final, passed: follower.index, count: follower.cells.count))
      }
      if arrival == .final { explore(slot) } else if arrival == .onTheWay { aim(slot) }
    } else {
      isLost = episodes[slot].stepsSinceNew > rules.newCellSteps
      if episodes[slot].phase == .exploringByPolicy,
        episodes[slot].stepsToGoal >= settings.explorationGoalSteps || key == episodes[slot].goal
      {
        setExplorationGoal(slot)
      }
    }
    rollout.sampleRules!.rewards[place] = rules.reward(game: game, arrival)
    if isOver || isLost { collection.traces.append(episodes[slot].trace) }
    if isLost && !isOver { collection.abandoned += 1 }
    // For the value the trajectory's last cell is an end.
    return arrival == .final ? .endsForTheValue : isLost ? .isGivenUp : .goesOn
  }

  // MARK: Starts and goals

  /// Chooses the trajectory that a new episode follows.
  func begin(slot: Int, on rollout: Rollout, at time: Int) {
    readKey(rollout.observation(time: time, slot: slot))
    let episode = GoalEpisode(rowBytes: space.rowBytes, key: key)
    if slot < episodes.count { episodes[slot] = episode } else { episodes.append(episode) }
    let present = number()
    if present < 0 { _ = find() }
    guard let cell = knowledge.archive.draw(&choices) else { return }
    let follower = knowledge.archive.follower(to: cell, window: settings.window, at: present)
    episodes[slot].follower = follower
    episodes[slot].phase = .following
    if !follower.isFinished { aim(slot) } else { explore(slot) }
  }

  /// Makes the follower's next cell the goal.
  private func aim(_ slot: Int) {
    let goal = knowledge.archive.table[Int(episodes[slot].follower!.goal)]
    for word in 0..<space.keyWidth { episodes[slot].goal[word] = goal[word] }
    episodes[slot].stepsToGoal = 0
  }

  /// The episode has arrived: it explores from the cell that was read last.
  private func explore(_ slot: Int) {
    episodes[slot].phase = explorer.phase(knowledge.archive, &choices)
    episodes[slot].follower = nil
    episodes[slot].stepsSinceNew = 0
    if episodes[slot].phase == .exploringByPolicy { setExplorationGoal(slot) }
  }

  private func setExplorationGoal(_ slot: Int) {
    let table = knowledge.archive.table
    episodes[slot].goal = explorer.goal(from: key, knowledge.archive, &choices) { neighbour in
      neighbour.withUnsafeBufferPointer { table.find($0.baseAddress!) >= 0 || found.find($0.baseAddress!) >= 0 }
    }
    episodes[slot].stepsToGoal = 0
  }

  /// Writes a slot's goal, as seen from the cell that the row shows.
  func write(slot: Int, into row: UnsafeMutableRawPointer) {
    readKey(row)
    episodes[slot].goal.withUnsafeBufferPointer { goal in
      key.withUnsafeBufferPointer { space.encoder.write(goal: goal.baseAddress!, present: $0.baseAddress!, into: row) }
    }
  }

  private func readKey(_ row: UnsafeMutableRawPointer) {
    key.withUnsafeMutableBufferPointer { space.reader.write(row, to: $0.baseAddress!) }
  }

  /// The archive's number of the cell that was read last; -1 where it lacks it.
  private func number() -> Int {
    key.withUnsafeBufferPointer { knowledge.archive.table.find($0.baseAddress!) }
  }

  /// Notes the cell that was read last; whether this rollout had not found it before.
  private func find() -> Bool {
    let count = found.count
    _ = key.withUnsafeBufferPointer { found.insert($0.baseAddress!) }
    return found.count > count
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set("choices", choices.words)
    for (slot, episode) in episodes.enumerated() {
      var part = SavedState()
      episode.save(to: &part)
      state.set(prefix: "slot.\(slot)", part)
    }
  }

  func restore(from state: SavedState) throws {
    choices = try RandomSource(words: try state.get("choices", count: 5))
    episodes = try (0..<slots).map {
      try GoalEpisode(
        rowBytes: space.rowBytes, keyWidth: space.keyWidth, window: settings.window,
        restoring: state.get(prefix: "slot.\($0)"))
    }
  }
}
