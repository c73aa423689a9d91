import Groundwork
import ReinforcementLearning

/// How an episode ended that started on a demonstration, or at the start of the game.
struct StartResult {
  /// The demonstration's number; nil for the start of the game.
  var demonstration: Int?
  var start: Int
  var success: Bool
}

/// One batch of slots whose episodes start from steps of demonstrations, each share as likely as that of the start of
/// the game ("a virtual demonstration").
///
/// Slots are not the session's: the batch resets a slot when the environment ends an episode, and what stands there
/// is then replaced by the next start. What it draws depends on its own streams, so any number of workers collects
/// the same bits; a checkpoint holds each slot's start and the actions since.
final class DemonstratedBatch: @unchecked Sendable {
  let batch: EnvironmentBatch
  let rollout: Rollout
  private let demonstrations: Demonstrations
  private let rules: RestartRules
  private let runSeed: UInt64
  private var random: RandomSource
  private var starts: RandomSource
  private var episodes: [RunningEpisode]
  /// One snapshot, to make the next start in.
  private let next: SnapshotArena
  private let scratch: SnapshotArena.Scratch
  private var hasRow = false

  /// What a slot plays.
  private struct RunningEpisode {
    /// -1 for the start of the game.
    var demonstration = -1
    var start = 0
    var seed: UInt64 = 0
    /// Its number in the slot, from 1.
    var number = 0
    var actions: [Float] = []
    var length = 0
    /// Its own return, without the demonstration's before it.
    var score = 0.0
    var succeeded = false
    /// Steps left to play after a success; -1 before it.
    var extra = -1
  }

  init(
    _ demonstrations: Demonstrations, rules: RestartRules, index: Int, slots: Int, rollout: Rollout, seed: UInt64
  ) {
    self.demonstrations = demonstrations
    self.rules = rules
    self.rollout = rollout
    runSeed = seed
    let recipe = demonstrations.arena.recipe
    batch = recipe.makeBatch(slots: slots, firstSlot: index * slots, seed: seed)
    next = recipe.makeArena(capacity: 1)
    scratch = SnapshotArena.Scratch(recipe.specification)
    random = RandomSource(seed: seed, purpose: 1, index: index)
    starts = RandomSource(seed: seed, purpose: 20, index: index)
    episodes = Array(repeating: RunningEpisode(), count: slots)
  }

  /// Fills the rollout; returns how the episodes ended that did, and the records of those from the start of the game.
  func collect(
    _ policy: PPOPolicy, _ windows: [StartWindow]
  ) throws -> (results: [StartResult], records: [EpisodeRecord]) {
    rollout.reserveOutputs(policy.outputs)
    if !hasRow {
      for slot in episodes.indices where episodes[slot].number == 0 { startNext(slot, windows, time: 0) }
      hasRow = true
    } else {
      rollout.carry()
    }
    var results: [StartResult] = []
    var records: [EpisodeRecord] = []
    for time in 0..<rollout.steps {
      policy.act(on: rollout, at: time, in: batch.view, random: &random)
      batch.step(rollout, at: time)
      for slot in episodes.indices {
        guard let success = advance(slot, time: time) else { continue }
        let episode = episodes[slot]
        let isWhole = episode.demonstration < 0
        results.append(
          StartResult(demonstration: isWhole ? nil : episode.demonstration, start: episode.start, success: success))
        if isWhole { records.append(record(slot, time: time)) }
        startNext(slot, windows, time: time + 1)
      }
    }
    return (results, records)
  }

  /// Adds one step to a slot's episode; whether it succeeded when it ended, nil while it goes on.
  private func advance(_ slot: Int, time: Int) -> Bool? {
    let place = time * rollout.slots + slot
    let outcome = rollout.outcomes[place]
    episodes[slot].length += 1
    episodes[slot].score += Double(rollout.rewards[place])
    episodes[slot].succeeded = episodes[slot].succeeded || rollout.successes[place]
    for element in 0..<rollout.actions.width {
      let index = place * rollout.actions.width + element
      episodes[slot].actions.append(
        rollout.isDiscrete ? Float(rollout.actions.discrete[index]) : rollout.actions.continuous[index])
    }
    let episode = episodes[slot]
    // The whole game is over when the environment says so.
    guard episode.demonstration >= 0 else { return outcome == 0 ? nil : episode.succeeded }
    let demonstration = demonstrations.all[episode.demonstration]
    let score = demonstration.scores[episode.start] + episode.score
    let success =
      episode.extra >= 0 || rules.hasSucceeded(score: score, succeeded: episode.succeeded, demonstration)
    if outcome != 0 { return success }
    if success {
      episodes[slot].extra = episode.extra < 0 ? rules.extraSteps(&starts) : episode.extra - 1
      if episodes[slot].extra > 0 { return nil }
    } else if !rules.hasFailed(start: episode.start, elapsed: episode.length, score: score, demonstration) {
      return nil
    }
    // Cut by the rules, which for the value is an end.
    rollout.outcomes[place] = Outcome.terminated.rawValue
    return success
  }

  private func record(_ slot: Int, time: Int) -> EpisodeRecord {
    let episode = episodes[slot]
    return EpisodeRecord(
      slot: batch.firstSlot + slot, time: time, episode: episode.number - 1, seed: episode.seed, length: episode.length,
      environmentReturn: episode.score, success: episode.succeeded, outcome: rollout.outcome(time: time, slot: slot),
      actions: episode.actions)
  }

  // MARK: Starts

  /// Draws where a slot starts next, puts it there and writes its first observation at that time.
  private func startNext(_ slot: Int, _ windows: [StartWindow], time: Int) {
    var episode = RunningEpisode()
    episode.number = episodes[slot].number + 1
    episode.seed = RandomSource.episodeSeed(run: runSeed, slot: batch.firstSlot + slot, episode: episode.number - 1)
    let drawn = starts.integer(in: 0..<(windows.count + 1))
    if drawn < windows.count {
      episode.demonstration = drawn
      episode.start = windows[drawn].draw(&starts)
    }
    episodes[slot] = episode
    place(slot)
    show(slot, time: time)
  }

  /// Makes the snapshot that a slot's episode starts from, with its actions so far done.
  private func place(_ slot: Int) {
    let episode = episodes[slot]
    if episode.demonstration < 0 {
      next.start(0, seed: episode.seed)
    } else {
      next.copy(demonstrations.all[episode.demonstration].first + episode.start, of: demonstrations.arena, to: 0)
      next.reseed(0, episode.seed)
    }
    let width = rollout.actions.width
    for step in 0..<(episode.actions.count / width) {
      scratch.set(episode.actions[(step * width)..<((step + 1) * width)])
      _ = next.advance(0, to: 0, scratch)
    }
    next.store(0, to: slot, of: batch)
  }

  /// Writes the observation of the snapshot that was just placed.
  private func show(_ slot: Int, time: Int) {
    next.observe(0, into: rollout.observation(time: time, slot: slot))
    if let mask = rollout.mask(time: time, slot: slot) { next.legalActions(0, into: mask) }
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set("random", random.words)
    state.set("starts", starts.words)
    state.set("demonstrations", episodes.map { Int64($0.demonstration) })
    state.set("startSteps", episodes.map { Int64($0.start) })
    state.set("seeds", episodes.map(\.seed))
    state.set("numbers", episodes.map { Int64($0.number) })
    state.set("lengths", episodes.map { Int64($0.length) })
    state.set("scores", episodes.map(\.score))
    state.set("successes", episodes.map { UInt8($0.succeeded ? 1 : 0) })
    state.set("extras", episodes.map { Int64($0.extra) })
    state.set("actions", episodes.flatMap(\.actions))
  }

  /// Restores what `save` saved, stepping every running episode again.
  func restore(from state: SavedState) throws {
    random = try RandomSource(words: try state.get("random", count: 5))
    starts = try RandomSource(words: try state.get("starts", count: 5))
    func integers(_ name: String) throws -> [Int] {
      try state.get(name, as: Int64.self, count: episodes.count).map { Int($0) }
    }
    let (numbers, lengths, extras) = (try integers("numbers"), try integers("lengths"), try integers("extras"))
    let (sources, steps) = (try integers("demonstrations"), try integers("startSteps"))
    let seeds: [UInt64] = try state.get("seeds", count: episodes.count)
    let scores: [Double] = try state.get("scores", count: episodes.count)
    let successes: [UInt8] = try state.get("successes", count: episodes.count)
    let actions: [Float] = try state.get("actions")
    let width = rollout.actions.width
    guard lengths.allSatisfy({ (0..<1 << 32).contains($0) }), lengths.reduce(0, +) * width == actions.count else {
      throw UserError("the checkpoint's episodes do not have the actions they need", fix: "Use another checkpoint")
    }
    var taken = 0
    for slot in episodes.indices {
      guard
        sources[slot] == -1
          || demonstrations.all.indices.contains(sources[slot])
            && (0..<demonstrations.all[sources[slot]].length).contains(steps[slot])
      else { throw UserError("the checkpoint's slot \(slot) starts at no step of a demonstration") }
      let count = lengths[slot] * width
      episodes[slot] = RunningEpisode(
        demonstration: sources[slot], start: steps[slot], seed: seeds[slot], number: numbers[slot],
        actions: Array(actions[taken..<taken + count]), length: lengths[slot], score: scores[slot],
        succeeded: successes[slot] != 0, extra: extras[slot])
      taken += count
      place(slot)
      show(slot, time: 0)
    }
    hasRow = false
  }
}
