public import Groundwork

/// Steps an episode again from its seed and its actions: the one way in which replays, demonstrations, archives,
/// pictures and checkpoints come back to a state.
///
/// An episode is a pure function of (configuration, seed, actions), so these are all that has to be kept of it. The
/// walker stands at one state, which can be observed, drawn, and copied to an arena or a slot. Not a batch: it neither
/// resets itself nor counts episodes, and stays at the last state of an episode that has ended.
public final class EpisodeWalker {
  /// The environment whose episodes it steps.
  public let recipe: EnvironmentRecipe
  /// Steps taken since the start.
  public private(set) var steps = 0
  /// How the episode stands after the last step.
  public private(set) var outcome = Outcome.running
  /// One snapshot: the present state.
  private let arena: SnapshotArena
  private let scratch: SnapshotArena.Scratch
  private let bytes: UnsafeMutableRawPointer

  /// - Parameter signals: What rows hold beside the policy's fields.
  public convenience init(_ recipe: EnvironmentRecipe, signals: [String] = []) {
    self.init(recipe.makeArena(capacity: 1, signals: signals))
  }

  /// - Parameter fields: What rows hold, and nothing else.
  public convenience init(_ recipe: EnvironmentRecipe, fields: [String]) {
    self.init(recipe.makeArena(capacity: 1, fields: fields))
  }

  private init(_ arena: SnapshotArena) {
    self.arena = arena
    recipe = arena.recipe
    scratch = SnapshotArena.Scratch(recipe.specification)
    bytes = .allocate(byteCount: arena.layout.rowBytes, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: arena.layout.rowBytes)
  }

  deinit { bytes.deallocate() }

  /// Numbers of one action.
  public var width: Int { scratch.actions.width }

  // MARK: Starts

  /// Stands at the start of the episode of a seed.
  public func start(seed: UInt64) {
    arena.start(0, seed: seed)
    (steps, outcome) = (0, .running)
  }

  /// Stands where a snapshot does, whose episode goes on; steps are counted from here.
  public func start(from snapshot: Int, of other: SnapshotArena) {
    arena.copy(snapshot, of: other, to: 0)
    (steps, outcome) = (0, .running)
  }

  /// Stands where a slot does, whose episode goes on; steps are counted from here.
  public func start(from slot: Int, of batch: EnvironmentBatch) {
    arena.load(slot: slot, of: batch, to: 0)
    (steps, outcome) = (0, .running)
  }

  // MARK: Steps

  /// Takes a step.
  ///
  /// - Parameter action: `width` numbers, as replays record them.
  /// - Throws: `UserError` when it is none of the environment's actions, or the episode has ended.
  @discardableResult
  public func step(_ action: some Collection<Float>) throws(UserError) -> Transition {
    guard outcome == .running else { throw UserError("the episode has already ended at step \(steps)") }
    if case .discrete(let names) = recipe.specification.actions {
      guard let number = action.first.flatMap(Int32.init(exactly:)), names.indices.contains(Int(number)) else {
        throw UserError("action \(action.first ?? .nan) at step \(steps + 1) is not one of 0..<\(names.count)")
      }
    }
    scratch.set(action)
    let transition = arena.advance(0, to: 0, scratch)
    steps += 1
    outcome = transition.outcome
    return transition
  }

  /// Takes the actions in order, up to the step that ends the episode.
  ///
  /// - Parameters:
  ///   - actions: `[steps, width]`
  ///   - body: Called after each step, with the walker at the state that it led to.
  /// - Returns: Steps taken.
  @discardableResult
  public func walk(_ actions: [Float], _ body: (Transition) throws -> Void = { _ in }) throws -> Int {
    guard actions.count.isMultiple(of: width) else {
      throw UserError("\(actions.count) numbers are not a whole number of actions of \(width)")
    }
    var taken = 0
    while taken * width < actions.count, outcome == .running {
      try body(try step(actions[taken * width..<(taken + 1) * width]))
      taken += 1
    }
    return taken
  }

  /// Takes a step and writes it to a rollout of one slot: what reward designs are asked about.
  ///
  /// Rows, mask, action, reward, outcome and final row are as a batch writes them; but where the episode ends nothing
  /// starts anew, and the row after it is the last once more.
  ///
  /// - Parameter rollout: With rows of this walker's fields.
  @discardableResult
  public func step(
    _ action: some Collection<Float>, into rollout: Rollout, at time: Int
  ) throws(UserError) -> Transition {
    rollout.checkStep(time, slots: 1)
    precondition(rollout.layout == layout, "a rollout of other fields than the walker's")
    if time == 0 {
      rollout.finalCount = 0
      write(to: rollout, at: 0)
    }
    let transition = try step(action)
    rollout.setAction(action, time: time, slot: 0)
    rollout.rewards[time] = transition.reward
    rollout.outcomes[time] = transition.outcome.rawValue
    rollout.successes[time] = transition.success
    write(to: rollout, at: time + 1)
    if transition.outcome != .running {
      _ = rollout.appendFinalRow(time: time, slot: 0)
      rollout.finalObservation(time: time, slot: 0).copyMemory(
        from: rollout.observation(time: time + 1, slot: 0), byteCount: layout.rowBytes)
    }
    return transition
  }

  private func write(to rollout: Rollout, at time: Int) {
    arena.observe(0, into: rollout.observation(time: time, slot: 0))
    if let mask = rollout.mask(time: time, slot: 0) { arena.legalActions(0, into: mask) }
  }

  // MARK: The present state

  /// Where fields lie in rows.
  public var layout: ObservationLayout { arena.layout }

  /// The present observation, `[layout.rowBytes]`: valid until the next question or step.
  public var row: UnsafeRawPointer {
    arena.observe(0, into: bytes)
    return UnsafeRawPointer(bytes)
  }

  /// Legal actions by number; empty for vectors.
  public var legalActions: [Bool] {
    guard recipe.specification.actions.isDiscrete else { return [] }
    arena.legalActions(0, into: scratch.mask)
    return Array(scratch.mask)
  }

  /// What the present state looks like; the step count where the environment has no picture.
  public var sketch: Sketch { arena.sketch(0) }

  /// Which part of the picture stands for the state; nil where the picture is no map.
  public var place: Sketch.Area? { arena.place(0) }

  /// Copies the present state to an arena of the same environment.
  public func copy(to index: Int, of other: SnapshotArena) { other.copy(0, of: arena, to: index) }

  /// Copies the present state over a slot, which goes on from there; the record of its running episode is not replaced.
  public func store(to slot: Int, of batch: EnvironmentBatch) { arena.store(0, to: slot, of: batch) }
}
