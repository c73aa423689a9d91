import Groundwork

/// The slots of a batch behind one erased face; its only conformer is `SlotStorage`.
public protocol BatchStorage: AnyObject {
  /// Number of slots.
  var count: Int { get }
  /// Bytes of one environment's inline state; what its arrays hold comes on top.
  var inlineBytes: Int { get }
  /// Starts the episode of that number in every slot.
  func start(episode: Int)
  /// Starts the episode of that number in one slot, with the run's seed for it.
  func start(slot: Int, episode: Int)
  /// Starts an episode by hand; it counts as the slot's episode 0.
  func start(slot: Int, seed: UInt64)
  /// The run's seed for an episode of a slot.
  func seed(ofEpisode episode: Int, slot: Int) -> UInt64
  /// Writes every slot's present observation and legal actions to row 0.
  func observe(_ rollout: Rollout)
  /// Writes one slot's present observation and legal actions to the row of that time.
  func observe(slot: Int, _ rollout: Rollout, at time: Int)
  /// Steps every slot with the actions at `time`; where an episode ends the next one starts in the same step.
  func step(_ rollout: Rollout, at time: Int)
  /// Copies a slot of a storage of the same type over one of this: environment, seed, elapsed steps and time limit.
  func copy(slot source: Int, of other: any BatchStorage, to target: Int)
  /// Replaces what a slot will draw from here on.
  func reseed(slot: Int, _ seed: UInt64)
  /// What a slot looks like; the step count where the environment has no picture.
  func sketch(slot: Int) -> Sketch
  /// Writes an expert's action in a slot's present state to the buffer's element of that number.
  func expertAction(slot: Int, into actions: ActionBuffer, at index: Int)
}

/// The slots of a batch, of a known type.
public final class SlotStorage<E: Environment>: BatchStorage {
  /// For generic code that must be compiled where the type is known (`EnvironmentBatch.withStorage`).
  public var slots: [Slot<E>]
  let defaultLimit: Int
  private let can: Capabilities<E>

  init(_ type: E.Type, plan: E.Plan, specification: Specification, count: Int, firstSlot: Int, seed: UInt64) {
    slots = (0..<count).map { Slot(environment: E(plan: plan), index: firstSlot + $0, runSeed: seed) }
    can = Capabilities(type, plan: plan)
    defaultLimit = specification.timeLimit ?? .max
  }

  /// Number of slots.
  public var count: Int { slots.count }

  /// The type's stride.
  public var inlineBytes: Int { MemoryLayout<E>.stride }

  /// Starts the episode of that number in every slot.
  public func start(episode: Int) {
    for slot in slots.indices { start(slot: slot, episode: episode) }
  }

  /// Starts the episode of (run seed, slot, number), with the specification's time limit unless it sets its own.
  public func start(slot: Int, episode: Int) {
    slots[slot].start(episode: episode, defaultLimit: defaultLimit)
  }

  /// Starts an episode by hand; it counts as the slot's episode 0.
  public func start(slot: Int, seed: UInt64) {
    slots[slot].episode = 0
    slots[slot].start(seed: seed, defaultLimit: defaultLimit)
  }

  /// The run's seed for an episode of a slot, whether or not that episode was started by hand.
  public func seed(ofEpisode episode: Int, slot: Int) -> UInt64 {
    RandomSource.episodeSeed(run: slots[slot].runSeed, slot: slots[slot].index, episode: episode)
  }

  /// Writes every slot's present observation and legal actions to row 0.
  public func observe(_ rollout: Rollout) {
    for slot in slots.indices { observe(slot: slot, rollout, at: 0) }
  }

  /// Writes one slot's present observation and legal actions to the rollout's row of that time.
  public func observe(slot: Int, _ rollout: Rollout, at time: Int) {
    slots[slot].observe(into: rollout.row(time: time, slot: slot))
    guard rollout.hasMasks else { return }
    var mask = rollout.clearedMask(time: time, slot: slot).mutableSpan
    slots[slot].environment.legalActions(into: &mask)
  }

  /// Steps every slot in the loop of the concrete type. - Complexity: allocates nothing but final rows.
  public func step(_ rollout: Rollout, at time: Int) {
    E.step(&slots, rollout: rollout, at: time)
  }

  /// Copies a slot: a storage of another type stops the program. - Complexity: O(inline state) and a reference an
  /// array.
  public func copy(slot source: Int, of other: any BatchStorage, to target: Int) {
    // Comparing the types costs a few nanoseconds, a conditional cast a few hundred.
    precondition(type(of: other) == SlotStorage<E>.self, "a snapshot of another type of environment")
    let other = unsafeDowncast(other, to: SlotStorage<E>.self)
    guard other === self else { return E.copy(&other.slots[source], to: &slots[target]) }
    guard source != target else { return }
    slots.withUnsafeMutableBufferPointer { slots in
      // Two elements of one array: pointers, since the array itself can be handed over for writing only once.
      E.copy(&(slots.baseAddress! + source).pointee, to: &(slots.baseAddress! + target).pointee)
    }
  }

  /// Replaces what a slot will draw from here on; its present stays.
  public func reseed(slot: Int, _ seed: UInt64) { slots[slot].environment.reseed(seed) }

  /// What a slot looks like; a sketch of the step count where the environment is not `Drawable`.
  public func sketch(slot: Int) -> Sketch {
    can.sketch?(&slots[slot].environment) ?? Sketch.placeholder(step: slots[slot].elapsed)
  }

  /// Writes the expert's action; an environment that is not `Scripted` stops the program.
  public func expertAction(slot: Int, into actions: ActionBuffer, at index: Int) {
    guard let expert = can.expert else { preconditionFailure("\(E.self) has no expert") }
    expert(&slots[slot].environment, actions, index)
  }
}
