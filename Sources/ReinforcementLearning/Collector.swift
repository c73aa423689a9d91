public import Groundwork

/// The batches of one training run and the rollouts that they fill.
///
/// How many batches there are is part of the configuration, never of the machine: each has its own slots and its
/// own stream of random numbers, so any number of workers collects the same bits.
public final class Collector {
  public let batches: [EnvironmentBatch]
  public let rollouts: [Rollout]
  /// All observations, `[batches, steps + 1, slots of a batch, rowBytes]`: minibatches pick rows out of it.
  public let observations: UnsafeMutableRawPointer
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
  ///   - signals: Signals to observe, for the reward model.
  public init(
    recipe: EnvironmentRecipe, slots: Int, batches count: Int, steps: Int, signals: [String], seed: UInt64
  ) throws {
    guard count > 0, slots > 0, steps > 0, slots % count == 0 else {
      throw UserError(
        "\(slots) environments cannot be shared out to \(count) batches", fix: "Use a number that divides them (--set batches=)")
    }
    let each = slots / count
    batches = (0..<count).map { recipe.makeBatch(slots: each, firstSlot: $0 * each, seed: seed) }
    let layout = ObservationLayout(recipe.specification, signals: signals)
    let bytes = (steps + 1) * each * layout.rowBytes
    let slab = UnsafeMutableRawPointer.allocate(byteCount: bytes * count, alignment: 64)
    slab.initializeMemory(as: UInt8.self, repeating: 0, count: bytes * count)
    observations = slab
    rollouts = batches.indices.map {
      Rollout(
        specification: recipe.specification, signals: signals, slots: each, steps: steps,
        observations: slab + $0 * bytes)
    }
    randoms = (0..<count).map { RandomSource(seed: seed, purpose: 1, index: $0) }
    stepsPerCollection = slots * steps
  }

  deinit { observations.deallocate() }

  /// Steps every batch through a whole rollout, each with its own policy.
  ///
  /// - Returns: The episodes that ended, by batch, then time, then slot.
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
          nonisolated(unsafe) let (ended, policies, randoms) = (ended, policies, randoms)
          workers.perform(batches.count) { index in
            let batch = batches[index]
            let view = batch.view
            let rollout = rollouts[index]
            ended[index] = Result {
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

  /// Saves where every episode and every stream stands; call between collections.
  public func save(to state: inout SavedState) {
    for (index, batch) in batches.enumerated() {
      var part = SavedState()
      batch.save(to: &part)
      part.set("random", randoms[index].words)
      if hasStarted { rollouts[index].saveLast(to: &part) }
      if !memories.isEmpty { part.set(prefix: "memory", memories[index]) }
      state.set(prefix: "batch\(index)", part)
    }
  }

  public func restore(from state: SavedState) throws {
    memories = []
    for (index, batch) in batches.enumerated() {
      let part = state.get(prefix: "batch\(index)")
      let rollout = rollouts[index]
      try batch.restore(from: part, rollout: rollout)
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
