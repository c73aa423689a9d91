import Groundwork
import ReinforcementLearning

/// How an episode ended that started on a demonstration, or at the start of the game.
struct StartResult {
  /// The demonstration's number; nil for the start of the game.
  var demonstration: Int?
  var start: Int
  var success: Bool
}

/// Starts the episodes of one batch from steps of demonstrations, each demonstration as likely as the start of the game
/// ("a virtual demonstration"), and cuts them by the rules.
///
/// An episode from the start of the game is over when the environment says so; one from a demonstration also when it
/// has matched the demonstration or can no longer.
final class DemonstrationDirector: Director {
  /// The windows that starts are drawn from; the agent sets them before each collection.
  var windows: [StartWindow] = []
  /// How the episodes of the last collection ended, in order of time, then slot.
  private(set) var results: [StartResult] = []
  private let demonstrations: Demonstrations
  private let rules: RestartRules
  private let rewardScale: Float
  private var starts: RandomSource
  private var episodes: [Practice]

  /// What a slot's episode started from.
  private struct Practice {
    /// -1 for the start of the game.
    var demonstration = -1
    var start = 0
    /// Steps left to play after a success; -1 before it.
    var extra = -1
  }

  /// - Parameter index: The batch's number.
  init(
    _ demonstrations: Demonstrations, rules: RestartRules, rewardScale: Float, index: Int, slots: Int, seed: UInt64
  ) {
    self.demonstrations = demonstrations
    self.rules = rules
    self.rewardScale = rewardScale
    starts = RandomSource(seed: seed, purpose: .demonstrationStarts, index: index)
    episodes = Array(repeating: Practice(), count: slots)
  }

  /// Rewards are scaled.
  var sampleRules: SampleRules.Kinds { .rewards }

  func beginCollection() { results.removeAll(keepingCapacity: true) }

  func start(slot: Int, episode: Int) -> EpisodeStart {
    episodes[slot] = Practice()
    let drawn = starts.integer(in: 0..<(windows.count + 1))
    if drawn < windows.count {
      episodes[slot].demonstration = drawn
      episodes[slot].start = windows[drawn].draw(&starts)
    }
    return start(of: slot)
  }

  func start(of slot: Int) -> EpisodeStart {
    let episode = episodes[slot]
    guard episode.demonstration >= 0 else { return .run }
    return .snapshot(demonstrations.arena, demonstrations.all[episode.demonstration].first + episode.start)
  }

  func judge(slot: Int, _ episode: RunningEpisode, on rollout: Rollout, at time: Int) -> EpisodeVerdict {
    let place = time * rollout.slots + slot
    rollout.sampleRules!.rewards[place] = rollout.rewards[place] * rewardScale
    let isOver = rollout.outcomes[place] != 0
    let practice = episodes[slot]
    guard practice.demonstration >= 0 else {
      if isOver { results.append(StartResult(start: practice.start, success: episode.success)) }
      return .goesOn
    }
    let demonstration = demonstrations.all[practice.demonstration]
    let score = demonstration.scores[practice.start] + episode.environmentReturn
    let success =
      practice.extra >= 0 || rules.hasSucceeded(score: score, succeeded: episode.success, demonstration)
    if !isOver {
      if success {
        episodes[slot].extra = practice.extra < 0 ? rules.extraSteps(&starts) : practice.extra - 1
        if episodes[slot].extra > 0 { return .goesOn }
      } else if !rules.hasFailed(start: practice.start, elapsed: episode.length, score: score, demonstration) {
        return .goesOn
      }
    }
    results.append(StartResult(demonstration: practice.demonstration, start: practice.start, success: success))
    return .isGivenUp
  }

  // MARK: Saving

  func save(to state: inout SavedState) {
    state.set("starts", starts.words)
    state.set("demonstrations", episodes.map { Int64($0.demonstration) })
    state.set("startSteps", episodes.map { Int64($0.start) })
    state.set("extras", episodes.map { Int64($0.extra) })
  }

  func restore(from state: SavedState) throws {
    starts = try RandomSource(words: try state.get("starts", count: 5))
    func integers(_ name: String) throws -> [Int] {
      try state.get(name, as: Int64.self, count: episodes.count).map { Int($0) }
    }
    let (sources, steps, extras) = (try integers("demonstrations"), try integers("startSteps"), try integers("extras"))
    for slot in episodes.indices {
      guard
        sources[slot] == -1
          || demonstrations.all.indices.contains(sources[slot])
            && (0..<demonstrations.all[sources[slot]].length).contains(steps[slot])
      else { throw UserError("the checkpoint's slot \(slot) starts at no step of a demonstration") }
      episodes[slot] = Practice(demonstration: sources[slot], start: steps[slot], extra: extras[slot])
    }
  }
}
