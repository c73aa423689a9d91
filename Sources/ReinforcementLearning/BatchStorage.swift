import Groundwork

/// The slots of a batch behind one erased face; its only conformer is `SlotStorage`.
public protocol BatchStorage: AnyObject {
  var count: Int { get }
  var inlineBytes: Int { get }
  func start(episode: Int)
  func start(slot: Int, episode: Int)
  func start(slot: Int, seed: UInt64)
  func seed(ofEpisode episode: Int, slot: Int) -> UInt64
  func observe(_ rollout: Rollout)
  func observe(slot: Int, _ rollout: Rollout, at time: Int)
  func step(_ rollout: Rollout, at time: Int)
  func copy(slot source: Int, of other: any BatchStorage, to target: Int)
  func reseed(slot: Int, _ seed: UInt64)
  func sketch(slot: Int) -> Sketch
  func expertAction(slot: Int, into actions: ActionBuffer, at index: Int)
}

/// The slots of a batch, of a known type.
public final class SlotStorage<E: Environment>: BatchStorage {
  public var slots: [Slot<E>]
  let defaultLimit: Int
  private let can: Capabilities<E>

  init(_ type: E.Type, plan: E.Plan, specification: Specification, count: Int, firstSlot: Int, seed: UInt64) {
    slots = (0..<count).map { Slot(environment: E(plan: plan), index: firstSlot + $0, runSeed: seed) }
    can = Capabilities(type, plan: plan)
    defaultLimit = specification.timeLimit ?? .max
  }

  public var count: Int { slots.count }

  public var inlineBytes: Int { MemoryLayout<E>.stride }

  public func start(episode: Int) {
    for slot in slots.indices { start(slot: slot, episode: episode) }
  }

  public func start(slot: Int, episode: Int) {
    slots[slot].start(episode: episode, defaultLimit: defaultLimit)
  }

  /// Starts an episode by hand; it counts as the slot's episode 0.
  public func start(slot: Int, seed: UInt64) {
    slots[slot].episode = 0
    slots[slot].start(seed: seed, defaultLimit: defaultLimit)
  }

  public func seed(ofEpisode episode: Int, slot: Int) -> UInt64 {
    RandomSource.episodeSeed(run: slots[slot].runSeed, slot: slots[slot].index, episode: episode)
  }

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

  public func step(_ rollout: Rollout, at time: Int) {
    E.step(&slots, rollout: rollout, at: time)
  }

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

  public func reseed(slot: Int, _ seed: UInt64) { slots[slot].environment.reseed(seed) }

  public func sketch(slot: Int) -> Sketch {
    can.sketch?(&slots[slot].environment) ?? Sketch.placeholder(step: slots[slot].elapsed)
  }

  public func expertAction(slot: Int, into actions: ActionBuffer, at index: Int) {
    guard let expert = can.expert else { preconditionFailure("\(E.self) has no expert") }
    expert(&slots[slot].environment, actions, index)
  }
}
