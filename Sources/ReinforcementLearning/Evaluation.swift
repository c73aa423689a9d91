public import Groundwork
import Synchronization

/// What a policy achieved, by the environment's own reward and measures.
public struct Evaluation: Sendable, Hashable {
  /// One record an episode, in order of slots.
  public var episodes: [EpisodeRecord]
  /// The specification's, of which each record has a value.
  public var measures: [Measure]

  /// By episode, the undiscounted sum of the environment's rewards.
  public var returns: [Double] { episodes.map(\.environmentReturn) }
  /// By episode, its steps.
  public var lengths: [Int] { episodes.map(\.length) }
  /// By episode, whether any transition was a success.
  public var successes: [Bool] { episodes.map(\.success) }
  /// The mean of the returns; 0 without episodes.
  public var meanReturn: Double { returns.reduce(0, +) / Double(max(1, episodes.count)) }
  /// The part of the episodes in which a transition was a success, whether or not that is a measure of the task.
  public var successRate: Double { Double(successes.count { $0 }) / Double(max(1, episodes.count)) }

  /// Episodes that somebody else ran; each record has a value for each measure.
  public init(episodes: [EpisodeRecord], measures: [Measure]) {
    self.episodes = episodes
    self.measures = measures
  }

  /// One value an episode, of the measure with that number.
  public func values(ofMeasure index: Int) -> [Double] { episodes.map { $0.measures[index] } }

  /// The mean of each measure over the episodes.
  public var means: [Double] {
    measures.indices.map { values(ofMeasure: $0).reduce(0, +) / Double(max(1, episodes.count)) }
  }

  /// The mean curve of a measure inside the episode, as far as any episode goes: at each step over the episodes that
  /// lasted so long. Empty for a measure without a curve.
  public func meanCurve(ofMeasure index: Int) -> [(step: Int, mean: Double)] {
    let curves = episodes.map { $0.curves.isEmpty ? [] : $0.curves[index] }
    let longest = curves.map(\.count).max() ?? 0
    return Measure.curveSteps(longest).enumerated().map { point, step in
      let values = curves.filter { $0.count > point }.map { $0[point] }
      return (step, values.reduce(0, +) / Double(values.count))
    }
  }

  /// The episodes by what the task is judged by, equal ones by their return, then by their slot; the worst first.
  public var ranked: [EpisodeRecord] {
    let sign = measures[0].direction == .higher ? 1.0 : -1.0
    let order = episodes.indices.sorted { first, second in
      let (a, b) = (episodes[first], episodes[second])
      return (sign * a.measures[0], a.environmentReturn, first) < (sign * b.measures[0], b.environmentReturn, second)
    }
    return order.map { episodes[$0] }
  }

  /// The episode in the middle (the lower of the two middle ones); nil when there is none.
  public var medianEpisode: EpisodeRecord? { ranked.isEmpty ? nil : ranked[(episodes.count - 1) / 2] }

  /// Runs exactly the first episode of `count` slots, so short episodes do not count more often than long ones.
  ///
  /// - Parameters:
  ///   - seed: Seed of the evaluation's episodes; no training run's unless they share a seed.
  ///   - signals: What the policies were granted to read beside the policy's fields (`AgentRecipe.signals(in:)`).
  ///   - recording: What the records hold; without actions memory does not grow with the episodes.
  ///   - slotsPerBatch: How many episodes are stepped side by side, at least 1.
  ///   - isSparing: Whether every decision costs time or money, a language model's for example: no episode is then
  ///     stepped beside another, and no policy decides a step that no episode has.
  ///   - makePolicy: A policy for a batch of that many slots.
  ///   - shouldStop: Asked now and then; when true, what has ended so far is returned.
  ///   - whenEnded: Told how many more episodes have ended, by any of the workers' threads.
  /// - Throws: What a policy threw.
  public static func run(
    _ recipe: EnvironmentRecipe, episodes count: Int, seed: UInt64, workers: Workers,
    signals: [String] = [], recording: EpisodeRecording = .actions, slotsPerBatch: Int = 25, isSparing: Bool = false,
    shouldStop: () -> Bool = { false }, whenEnded: (Int) -> Void = { _ in },
    makePolicy: (Int) throws -> any Policy
  ) throws -> Evaluation {
    precondition(recording != .none && slotsPerBatch > 0, "an evaluation records episodes of a slot or more")
    let slotsPerBatch = isSparing ? 1 : slotsPerBatch
    let sizes = stride(from: 0, to: count, by: slotsPerBatch).map { min(slotsPerBatch, count - $0) }
    var records = [Result<[EpisodeRecord], any Error>](repeating: .success([]), count: sizes.count)
    // A policy lives as long as its batch, so that memory does not grow with the episodes; one is made at a time.
    let making = Mutex(())
    records.withUnsafeMutableBufferPointer { records in
      nonisolated(unsafe) let records = records
      workers.perform(sizes.count) { index in
        // Starting episodes may take as long as playing them.
        guard !shouldStop() else { return }
        records[index] = Result {
          var made: (any Policy)?
          try making.withLock { _ in made = try makePolicy(sizes[index]) }
          let batch = recipe.makeBatch(slots: sizes[index], firstSlot: index * slotsPerBatch, seed: seed)
          batch.recording = recording
          return try firstEpisodes(
            of: batch, steps: isSparing ? 1 : 32, signals: signals, policy: &made!,
            random: RandomSource(seed: seed, purpose: .evaluation, index: index), shouldStop: shouldStop,
            whenEnded: whenEnded)
        }
      }
    }
    return Evaluation(episodes: try records.flatMap { try $0.get() }, measures: recipe.specification.measures)
  }

  private static func firstEpisodes(
    of batch: EnvironmentBatch, steps: Int, signals: [String], policy: inout any Policy, random: RandomSource,
    shouldStop: () -> Bool, whenEnded: (Int) -> Void
  ) throws -> [EpisodeRecord] {
    var random = random
    let view = batch.view
    let rollout = batch.makeRollout(steps: steps, signals: signals)
    var records = [EpisodeRecord?](repeating: nil, count: batch.slots)
    var missing = batch.slots
    batch.reset(rollout)
    while missing > 0 && !shouldStop() {
      let before = missing
      for time in 0..<rollout.steps {
        try policy.act(on: rollout, at: time, in: view, random: &random)
        batch.step(rollout, at: time)
      }
      for record in batch.absorb(rollout) where record.episode == 0 {
        records[record.slot - batch.firstSlot] = record
        missing -= 1
      }
      whenEnded(before - missing)
      rollout.carry()
    }
    return records.compactMap(\.self)
  }
}
