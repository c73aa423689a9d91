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
  func step(_ rollout: Rollout, at time: Int)
  func play(slot: Int, actions: [Float], width: Int) throws -> [Transition]
  func copy(slot source: Int, of other: any BatchStorage, to target: Int)
  func reseed(slot: Int, _ seed: UInt64)
  func sketch(slot: Int) -> Sketch
  func expertAction(slot: Int, into actions: ActionBuffer, at index: Int)
}

/// The slots of a batch, of a known type.
public final class SlotStorage<E: Environment>: BatchStorage {
  public var slots: [Slot<E>]
  let defaultLimit: Int
  let actionCount: Int
  let isDiscrete: Bool
  private let can: Capabilities<E>

  init(_ type: E.Type, plan: E.Plan, specification: Specification, count: Int, firstSlot: Int, seed: UInt64) {
    slots = (0..<count).map { Slot(environment: E(plan: plan), index: firstSlot + $0, runSeed: seed) }
    can = Capabilities(type, plan: plan)
    defaultLimit = specification.timeLimit ?? .max
    actionCount = specification.actions.count
    isDiscrete = specification.actions.isDiscrete
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
    for slot in slots.indices {
      var row = rollout.row(time: 0, slot: slot)
      slots[slot].environment.observe(into: &row)
      if rollout.hasMasks {
        var mask = rollout.clearedMask(time: 0, slot: slot).mutableSpan
        slots[slot].environment.legalActions(into: &mask)
      }
    }
  }

  public func step(_ rollout: Rollout, at time: Int) {
    E.step(&slots, rollout: rollout, at: time)
  }

  /// Steps one slot through the actions; stops after the step that ends the episode.
  public func play(slot: Int, actions: [Float], width: Int) throws -> [Transition] {
    var transitions: [Transition] = []
    let discrete = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    let continuous = UnsafeMutablePointer<Float>.allocate(capacity: max(1, width))
    defer {
      discrete.deallocate()
      continuous.deallocate()
    }
    let buffer = ActionBuffer(discrete: discrete, continuous: continuous, width: width)
    for start in stride(from: 0, to: actions.count, by: width) {
      for element in 0..<width { continuous[element] = actions[start + element] }
      if isDiscrete {
        guard actions[start] >= 0, actions[start] < Float(actionCount), let action = Int32(exactly: actions[start]) else {
          throw UserError("action \(actions[start]) at step \(start / width) is not one of 0..<\(actionCount)")
        }
        discrete[0] = action
      }
      var transition = slots[slot].environment.step(E.Action(from: buffer, at: 0))
      slots[slot].elapsed += 1
      if transition.outcome == .running && slots[slot].elapsed >= slots[slot].timeLimit { transition.outcome = .truncated }
      transitions.append(transition)
      if transition.outcome != .running { break }
    }
    return transitions
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
