public import Groundwork

/// Snapshots of one environment by number, its type erased: where a planner keeps the states of its tree, and
/// Go-Explore those of its archive.
///
/// The numbers `0..<capacity` are the caller's to give out. Erasure costs a few nanoseconds a call. Calls on different
/// numbers may come from different threads, each with its own `Scratch`; `reserve` may not.
///
/// Steps taken here are not counted as the run's: an agent that uses an arena declares that it needs a `simulator`,
/// and reseeds what it loads, so that it cannot see the real slot's future.
public final class SnapshotArena: @unchecked Sendable {
  /// The environment of every snapshot, its configuration included.
  public let recipe: EnvironmentRecipe
  /// The row that `observe` writes.
  public let layout: ObservationLayout
  private let storage: any SnapshotStorage
  private let fields: UnsafeMutablePointer<ObservationLayout.Bytes>

  init(recipe: EnvironmentRecipe, layout: ObservationLayout, storage: any SnapshotStorage) {
    self.recipe = recipe
    self.storage = storage
    self.layout = layout
    fields = .allocate(capacity: max(1, layout.bytes.count))
    for (index, bytes) in layout.bytes.enumerated() { fields.advanced(by: index).initialize(to: bytes) }
  }

  deinit { fields.deallocate() }

  /// Snapshots that there is room for.
  public var capacity: Int { storage.capacity }

  /// Makes room for at least that many snapshots; those that exist keep their numbers.
  public func reserve(_ capacity: Int) { storage.reserve(capacity) }

  /// Starts the episode of a seed.
  public func start(_ index: Int, seed: UInt64) { storage.start(index, seed: seed) }

  /// Copies a slot of a batch of the same environment, its configuration included.
  public func load(slot: Int, of batch: EnvironmentBatch, to index: Int) {
    batch.withStorage { storage.load(slot: slot, of: $0, to: index) }
  }

  /// Copies a slot of the batch that a policy acts for.
  public func load(slot: Int, of view: BatchView, to index: Int) { load(slot: slot, of: view.batch, to: index) }

  /// Copies a snapshot over a slot, which goes on from there. As with `EnvironmentBatch.copy`, the record of the slot's
  /// running episode is not replaced.
  public func store(_ index: Int, to slot: Int, of batch: EnvironmentBatch) {
    batch.withStorage { storage.store(index, to: slot, of: $0) }
  }

  /// Copies a snapshot of this or another arena of the same environment, its configuration included.
  public func copy(_ source: Int, of other: SnapshotArena? = nil, to index: Int) {
    storage.copy(source, of: (other ?? self).storage, to: index)
  }

  /// Replaces what will be drawn from here on.
  public func reseed(_ index: Int, _ seed: UInt64) { storage.reseed(index, seed) }

  /// Makes a snapshot that was copied from an environment of another configuration go on under this arena's.
  ///
  /// - Returns: False when the environment cannot; nothing is changed then.
  public func adopt(_ index: Int) -> Bool { storage.adopt(index) }

  /// Steps a copy of `source`, which becomes `target` (the same number to step in place), with the action that
  /// `scratch` holds.
  public func advance(_ source: Int, to target: Int, _ scratch: Scratch) -> Transition {
    storage.advance(source, to: target, actions: scratch.actions)
  }

  /// Steps a copy of `source` with a discrete action.
  public func advance(_ source: Int, to target: Int, action: Int, _ scratch: Scratch) -> Transition {
    scratch.actions.discrete[0] = Int32(truncatingIfNeeded: action)
    return storage.advance(source, to: target, actions: scratch.actions)
  }

  /// Plays random legal actions from a snapshot, which is changed, to the end of its episode.
  ///
  /// - Returns: The sum of discounted rewards, seen by who moves first.
  public func playout(_ index: Int, rules: PlayoutRules, _ scratch: Scratch, random: inout RandomSource) -> Double {
    storage.playout(index, rules: rules, actions: scratch.actions, mask: scratch.mask, random: &random)
  }

  /// Writes the legal actions, `[actions]`: all `true` where every action is legal.
  public func legalActions(_ index: Int, into mask: UnsafeMutableBufferPointer<Bool>) {
    storage.legalActions(index, into: mask)
  }

  /// Writes the observation row, `[layout.rowBytes]`.
  public func observe(_ index: Int, into row: UnsafeMutableRawPointer) {
    storage.observe(index, into: ObservationRow(base: row, fields: fields))
  }

  /// What tells states apart; nil when the environment has no digest.
  public func digest(_ index: Int) -> UInt64? { storage.digest(index) }

  /// Writes an expert's action in the state into `scratch`, as `advance` takes it.
  ///
  /// - Precondition: `recipe.hasExpert`
  public func expertAction(_ index: Int, into scratch: Scratch) { storage.expertAction(index, into: scratch.actions) }

  /// Steps since the start of the snapshot's episode.
  public func elapsed(_ index: Int) -> Int { storage.elapsed(index) }

  /// What the state looks like; the step count where the environment has no picture.
  public func sketch(_ index: Int) -> Sketch { storage.sketch(index) }

  /// Which part of the picture stands for the state; nil where the picture is no map.
  public func place(_ index: Int) -> Sketch.Area? { storage.place(index) }

  /// A snapshot as bytes, for `unpack` here or in another process.
  ///
  /// - Precondition: `recipe.isPackable`
  public func packed(_ index: Int) -> [UInt8] { storage.packed(index) }

  /// Makes a snapshot of what `packed` gave for the same environment, its configuration included.
  ///
  /// - Precondition: `recipe.isPackable`
  /// - Throws: `UserError` when the bytes are no such state; the snapshot is as it was then.
  public func unpack(_ bytes: [UInt8], to index: Int) throws(UserError) { try storage.unpack(bytes, to: index) }

  /// What one thread needs to step snapshots: room for an action and a mask.
  public final class Scratch: @unchecked Sendable {
    /// One action: `discrete[0]`, or `continuous[0..<width]`.
    public let actions: ActionBuffer
    /// `[actions]`; a single element for vectors.
    public let mask: UnsafeMutableBufferPointer<Bool>
    private let isDiscrete: Bool

    /// Room for an action of that specification, action 0 or zeros, and a mask of `true`.
    public init(_ specification: Specification) {
      let count = specification.actions.count
      isDiscrete = specification.actions.isDiscrete
      let width = isDiscrete ? 1 : count
      let discrete = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
      discrete.initialize(to: 0)
      let continuous = UnsafeMutablePointer<Float>.allocate(capacity: max(1, width))
      continuous.initialize(repeating: 0, count: max(1, width))
      actions = ActionBuffer(discrete: discrete, continuous: continuous, width: width)
      mask = .allocate(capacity: specification.actions.isDiscrete ? count : 1)
      mask.initialize(repeating: true)
    }

    /// Sets the action from the numbers that a replay records: one, or a vector's elements.
    public func set(_ numbers: some Collection<Float>) {
      precondition(numbers.count == actions.width, "an action has \(actions.width) numbers, not \(numbers.count)")
      if isDiscrete {
        actions.discrete[0] = Int32(numbers.first!)
      } else {
        for (element, number) in numbers.enumerated() { actions.continuous[element] = number }
      }
    }

    deinit {
      actions.discrete.deallocate()
      actions.continuous.deallocate()
      mask.deallocate()
    }
  }
}
