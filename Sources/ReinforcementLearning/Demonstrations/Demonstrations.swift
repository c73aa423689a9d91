import Groundwork

/// One recorded episode, as what the backward algorithm asks of it.
public struct Demonstration: Sendable {
  /// As it was recorded, under its own configuration.
  public let replay: Replay
  /// The number of its first snapshot.
  public let first: Int
  /// Rewards in order, `[length]`.
  public let rewards: [Float]
  /// The sum of the rewards before each step, and the whole sum last, `[length + 1]`.
  public let scores: [Double]
  /// Whether it does the task, by the environment's own rule.
  public let succeeds: Bool

  /// Steps.
  public var length: Int { rewards.count }
  /// The undiscounted sum of all its rewards.
  public var finalScore: Double { scores[length] }

  /// The lowest score that the demonstration has within so many steps of a time; its last score counts after its end.
  public func lowestScore(around time: Int, lag: Int) -> Double {
    var lowest = Double.infinity
    for step in max(0, min(length, time - lag))...min(length, time + lag) { lowest = min(lowest, scores[step]) }
    return lowest
  }
}

/// The demonstrations with a snapshot of every step, under the rules of the run that learns from them.
///
/// A demonstration is replayed as it was recorded, without noise; each of its snapshots then adopts the run's
/// configuration where that is another, in which actions may stick.
public final class Demonstrations {
  /// In the order of the replays that they were made of; each succeeds or scores other than 0.
  public let all: [Demonstration]
  /// Snapshots of all steps, one demonstration after the other: the one before step `t` has the number `first + t`.
  public let arena: SnapshotArena

  /// - Throws: `UserError` when a replay is of another environment, does not replay, shows nothing worth imitating,
  ///   or cannot go on under the run's configuration.
  public init(_ replays: [Replay], recipe: EnvironmentRecipe) throws {
    let total = replays.reduce(0) { $0 + $1.length }
    arena = recipe.makeArena(capacity: total)
    var all: [Demonstration] = []
    var next = 0
    for (number, replay) in replays.enumerated() {
      let name = "demonstration \(number + 1) of \(replays.count)"
      guard replay.environment == recipe.id else {
        throw UserError(
          "\(name) was recorded in '\(replay.environment)', the run is of '\(recipe.id)'",
          fix: "Name demonstrations of the same environment (--set agent.demonstrations=)")
      }
      let recorded = try recipe.recorded(replay.configuration)
      if let difference = try replay.firstDifference(in: recorded) {
        throw UserError("\(name) does not replay: \(difference)", fix: "Record it again with this program")
      }
      // The run's own rows: its snapshots hold the observations that they show.
      let played = try recipe.recorded(replay.configuration, frameStack: recipe.frameStack)
      all.append(try Demonstrations.snapshots(of: replay, in: played, into: arena, from: next, name: name))
      next += replay.length
    }
    self.all = all
  }

  /// Steps through a replay and keeps what stands before each step.
  private static func snapshots(
    of replay: Replay, in recipe: EnvironmentRecipe, into arena: SnapshotArena, from first: Int, name: String
  ) throws -> Demonstration {
    guard replay.length > 0 else { throw UserError("\(name) has no step") }
    let walker = EpisodeWalker(recipe, fields: [])
    walker.start(seed: replay.seed)
    let isForeign = recipe.configuration != arena.recipe.configuration
    var rewards: [Float] = []
    var scores = [0.0]
    var succeeds = false
    for step in 0..<replay.length {
      walker.copy(to: first + step, of: arena)
      guard !isForeign || arena.adopt(first + step) else {
        throw UserError(
          "\(name) cannot go on under this run's configuration",
          fix: "Record it with the same layout and view as the run's; what may differ is noise")
      }
      let transition = try walker.step(replay.actions[(step * replay.width)..<((step + 1) * replay.width)])
      rewards.append(transition.reward)
      scores.append(scores[step] + Double(transition.reward))
      succeeds = succeeds || transition.success
    }
    guard succeeds || scores[replay.length] != 0 else {
      throw UserError(
        "\(name) neither succeeds nor scores", fix: "Name one that does (--set agent.demonstrations=)")
    }
    return Demonstration(replay: replay, first: first, rewards: rewards, scores: scores, succeeds: succeeds)
  }

  /// What rewards are multiplied by for the mean absolute return to be `wanted`; 1 when that is 0.
  public func rewardScale(to wanted: Double) -> Float {
    let mean = all.reduce(0) { $0 + abs($1.finalScore) } / Double(all.count)
    return wanted > 0 && mean > 0 ? Float(wanted / mean) : 1
  }
}
