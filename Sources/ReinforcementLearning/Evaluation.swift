public import Groundwork

/// What a policy achieved, by the environment's own reward and rule of success.
public struct Evaluation: Sendable, Hashable {
  /// One record an episode, in order of slots.
  public var episodes: [EpisodeRecord]

  public var returns: [Double] { episodes.map(\.environmentReturn) }
  public var lengths: [Int] { episodes.map(\.length) }
  public var successes: [Bool] { episodes.map(\.success) }
  public var meanReturn: Double { returns.reduce(0, +) / Double(max(1, episodes.count)) }
  public var successRate: Double { Double(successes.count { $0 }) / Double(max(1, episodes.count)) }

  public init(episodes: [EpisodeRecord]) { self.episodes = episodes }

  /// Runs exactly the first episode of `count` slots, so short episodes do not count more often than long ones.
  ///
  /// - Parameters:
  ///   - seed: Seed of the evaluation's episodes; no training run's unless they share a seed.
  ///   - makePolicy: A policy for a batch of that many slots.
  ///   - shouldStop: Asked now and then; when true, what has ended so far is returned.
  public static func run(
    _ recipe: EnvironmentRecipe, episodes count: Int, seed: UInt64, workers: Workers,
    shouldStop: () -> Bool = { false }, makePolicy: (Int) -> any Policy
  ) -> Evaluation {
    let slotsPerBatch = 25
    let sizes = stride(from: 0, to: count, by: slotsPerBatch).map { min(slotsPerBatch, count - $0) }
    var policies = sizes.map(makePolicy)
    var records = [[EpisodeRecord]](repeating: [], count: sizes.count)
    records.withUnsafeMutableBufferPointer { records in
      policies.withUnsafeMutableBufferPointer { policies in
        nonisolated(unsafe) let (records, policies) = (records, policies)
        workers.perform(sizes.count) { index in
          let first = index * slotsPerBatch
          records[index] = firstEpisodes(
            of: recipe.makeBatch(slots: sizes[index], firstSlot: first, seed: seed), policy: &policies[index],
            random: RandomSource(seed: seed, purpose: 3, index: index), shouldStop: shouldStop)
        }
      }
    }
    return Evaluation(episodes: records.flatMap(\.self))
  }

  private static func firstEpisodes(
    of batch: EnvironmentBatch, policy: inout any Policy, random: RandomSource, shouldStop: () -> Bool
  ) -> [EpisodeRecord] {
    var random = random
    let rollout = batch.makeRollout(steps: 32)
    var records = [EpisodeRecord?](repeating: nil, count: batch.slots)
    var missing = batch.slots
    batch.reset(rollout)
    while missing > 0 && !shouldStop() {
      for time in 0..<rollout.steps {
        policy.act(on: rollout, at: time, in: batch, random: &random)
        batch.step(rollout, at: time)
      }
      for record in batch.absorb(rollout) where record.episode == 0 {
        records[record.slot - batch.firstSlot] = record
        missing -= 1
      }
      rollout.carry()
    }
    return records.compactMap(\.self)
  }
}
