public import Groundwork

/// The batches of one training run and the rollouts that they fill: the only place where training steps batches.
///
/// How many batches there are is part of the configuration, never of the machine: each has its own slots and its
/// own stream of random numbers, so any number of workers collects the same bits. With directors, one a batch, episodes
/// start, end and are shown as those say (`Director`); without, as the environment has it.
public final class Collector {
  /// The environment of all batches.
  public let recipe: EnvironmentRecipe
  /// Of `slots / batches` slots each, numbered through: batch `b` begins with slot `b * slots / batches`.
  public let batches: [EnvironmentBatch]
  /// One a batch. Their observations tile one slab, `[batches, steps + 1, slots of a batch, rowBytes]`, which they own
  /// together: minibatches pick rows out of it.
  public let rollouts: [Rollout]
  /// One a batch, or none.
  public let directors: [any Director]
  /// Environment steps of one collection: batches x slots x steps.
  public let stepsPerCollection: Int
  private var randoms: [RandomSource]
  private var hasStarted = false
  /// What each policy remembers of its slots after the last collection.
  private var memories: [SavedState] = []
  /// The same of the run that is resumed, until there are policies: an agent makes its own when it trains.
  private var resumedMemories: [SavedState] = []

  /// - Parameters:
  ///   - slots: Number of slots over all batches; must be a multiple of `batches`.
  ///   - signals: Signals to observe, for the reward model or the directors; those that measures read come on top.
  ///   - fields: Policy fields after the environment's own, which the directors write.
  ///   - directors: One a batch; empty for none.
  ///   - recording: What the records of episodes hold.
  /// - Throws: `UserError` when a number is below 1 or the slots cannot be shared out evenly.
  public init(
    recipe: EnvironmentRecipe, slots: Int, batches count: Int, steps: Int, signals: [String] = [], fields: [Field] = [],
    directors: [any Director] = [], recording: EpisodeRecording = .actions, seed: UInt64
  ) throws {
    let signals = signals + (recording == .none ? [] : recipe.specification.measuredSignals)
    guard count > 0, slots > 0, steps > 0, slots % count == 0 else {
      throw UserError(
        "\(slots) environments cannot be shared out to \(count) batches",
        fix: "Use a number that divides them (--set agent.batches=)")
    }
    precondition(directors.isEmpty || directors.count == count, "one director a batch, or none")
    precondition(fields.isEmpty || !directors.isEmpty, "appended fields are written by directors")
    let each = slots / count
    self.recipe = recipe
    self.directors = directors
    batches = (0..<count).map { recipe.makeBatch(slots: each, firstSlot: $0 * each, seed: seed) }
    for batch in batches { batch.recording = recording }
    var specification = recipe.specification
    specification.fields += fields
    let rowBytes = ObservationLayout(specification, signals: signals).rowBytes
    let slab = ObservationSlab(byteCount: (steps + 1) * each * rowBytes * count)
    rollouts = batches.indices.map {
      Rollout(
        specification: specification, signals: signals, slots: each, steps: steps,
        rules: directors.isEmpty ? [] : directors[$0].sampleRules, slab: slab, part: $0)
    }
    precondition(recipe.shows(rollouts[0].layout), "a row with signals that were not granted")
    randoms = (0..<count).map { RandomSource(seed: seed, purpose: .collection, index: $0) }
    stepsPerCollection = slots * steps
  }

  /// Steps every batch through a whole rollout, each with its own policy.
  ///
  /// - Returns: The episodes that ended, by batch, then time, then slot; without those that started from a snapshot.
  /// - Throws: What the first policy that failed threw.
  public func collect<P: Policy>(_ policies: inout [P], workers: Workers) throws -> [EpisodeRecord] {
    precondition(policies.count == batches.count, "one policy a batch")
    let isFirst = !hasStarted
    hasStarted = true
    for (policy, rollout) in zip(policies, rollouts) { rollout.reserveOutputs(policy.outputs) }
    for (index, memory) in resumedMemories.enumerated() { try policies[index].restore(from: memory) }
    resumedMemories = []
    var ended = [Result<[EpisodeRecord], any Error>](repeating: .success([]), count: batches.count)
    ended.withUnsafeMutableBufferPointer { ended in
      policies.withUnsafeMutableBufferPointer { policies in
        randoms.withUnsafeMutableBufferPointer { randoms in
          nonisolated(unsafe) let (ended, policies, randoms, directors) = (ended, policies, randoms, directors)
          workers.perform(batches.count) { index in
            let batch = batches[index]
            let view = batch.view
            let rollout = rollouts[index]
            ended[index] = Result {
              guard directors.isEmpty else {
                return try batch.collect(rollout, directedBy: directors[index], isFirst: isFirst) { time in
                  try policies[index].act(on: rollout, at: time, in: view, random: &randoms[index])
                }
              }
              if isFirst { batch.reset(rollout) } else { rollout.carry() }
              for time in 0..<rollout.steps {
                try policies[index].act(on: rollout, at: time, in: view, random: &randoms[index])
                batch.step(rollout, at: time)
              }
              return batch.absorb(rollout)
            }
          }
        }
      }
    }
    let records = try ended.flatMap { try $0.get() }
    memories = policies.map { policy in
      var memory = SavedState()
      policy.save(to: &memory)
      return memory
    }
    return records
  }

  /// Saves where every episode, every stream and every director stands; call between collections.
  public func save(to state: inout SavedState) {
    for (index, batch) in batches.enumerated() {
      var part = SavedState()
      batch.save(to: &part)
      part.set("random", randoms[index].words)
      if !directors.isEmpty {
        var directed = SavedState()
        directors[index].save(to: &directed)
        part.set(prefix: "director", directed)
      }
      if hasStarted { rollouts[index].saveLast(to: &part) }
      if !memories.isEmpty { part.set(prefix: "memory", memories[index]) }
      state.set(prefix: "batch\(index)", part)
    }
  }

  /// Puts episodes, streams, directors and, with the next `collect`, the policies' memories where they were saved; the
  /// episodes that run are stepped again from their starts.
  ///
  /// - Throws: `UserError` when the state is of other batches, slots or actions, or an episode does not replay.
  public func restore(from state: SavedState) throws {
    memories = []
    for (index, batch) in batches.enumerated() {
      let part = state.get(prefix: "batch\(index)")
      let rollout = rollouts[index]
      if directors.isEmpty {
        try batch.restore(from: part, rollout: rollout)
      } else {
        let director = directors[index]
        try director.restore(from: part.get(prefix: "director"))
        try batch.restore(from: part, rollout: rollout, starts: (0..<batch.slots).map { director.start(of: $0) })
        for slot in 0..<batch.slots { director.write(slot: slot, into: rollout.observation(time: 0, slot: slot)) }
      }
      randoms[index] = try RandomSource(words: try part.get("random", count: 5))
      // `collect` carries the last row over to row 0, so the present observations belong there.
      rollout.placeLast()
      try rollout.restoreLast(from: part)
      memories.append(part.get(prefix: "memory"))
    }
    resumedMemories = memories
    hasStarted = true
  }
}
