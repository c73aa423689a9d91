import Groundwork

/// The snapshots of an arena behind one erased face; its only conformer is `TypedSnapshotStorage`.
protocol SnapshotStorage: AnyObject {
  var capacity: Int { get }
  func reserve(_ capacity: Int)
  func start(_ index: Int, seed: UInt64)
  func load(slot: Int, of batch: any BatchStorage, to index: Int)
  func store(_ index: Int, to slot: Int, of batch: any BatchStorage)
  func copy(_ source: Int, of other: any SnapshotStorage, to index: Int)
  func reseed(_ index: Int, _ seed: UInt64)
  func adopt(_ index: Int) -> Bool
  func advance(_ source: Int, to target: Int, actions: ActionBuffer) -> Transition
  func playout(
    _ index: Int, rules: PlayoutRules, actions: ActionBuffer, mask: UnsafeMutableBufferPointer<Bool>,
    random: inout RandomSource
  ) -> Double
  func legalActions(_ index: Int, into mask: UnsafeMutableBufferPointer<Bool>)
  func observe(_ index: Int, into row: ObservationRow)
  func digest(_ index: Int) -> UInt64?
  func sketch(_ index: Int) -> Sketch
  func place(_ index: Int) -> Sketch.Area?
  func elapsed(_ index: Int) -> Int
  func packed(_ index: Int) -> [UInt8]
  func unpack(_ bytes: [UInt8], to index: Int) throws(UserError)
  func expertAction(_ index: Int, into actions: ActionBuffer)
}

/// The snapshots of an arena, of a known type, in memory that only `reserve` moves.
final class TypedSnapshotStorage<E: Environment>: SnapshotStorage {
  private var snapshots: UnsafeMutablePointer<Snapshot<E>>
  private(set) var capacity: Int
  private let plan: E.Plan
  private let can: Capabilities<E>
  private let defaultLimit: Int

  init(_ type: E.Type, plan: E.Plan, specification: Specification, capacity: Int) {
    self.plan = plan
    can = Capabilities(type, plan: plan)
    self.capacity = max(1, capacity)
    defaultLimit = specification.timeLimit ?? .max
    snapshots = .allocate(capacity: self.capacity)
    snapshots.initialize(repeating: Snapshot(E(plan: plan)), count: self.capacity)
  }

  deinit {
    snapshots.deinitialize(count: capacity)
    snapshots.deallocate()
  }

  func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let count = max(wanted, capacity * 2)
    let larger = UnsafeMutablePointer<Snapshot<E>>.allocate(capacity: count)
    larger.moveInitialize(from: snapshots, count: capacity)
    (larger + capacity).initialize(repeating: Snapshot(E(plan: plan)), count: count - capacity)
    snapshots.deallocate()
    (snapshots, capacity) = (larger, count)
  }

  private func slots(of batch: any BatchStorage) -> SlotStorage<E> {
    // Comparing the types costs a few nanoseconds, a conditional cast a few hundred.
    precondition(type(of: batch) == SlotStorage<E>.self, "a snapshot of another type of environment")
    return unsafeDowncast(batch, to: SlotStorage<E>.self)
  }

  func start(_ index: Int, seed: UInt64) {
    snapshots[index].environment.reset(seed: seed)
    snapshots[index].elapsed = 0
    snapshots[index].timeLimit = snapshots[index].environment.timeLimit(default: defaultLimit)
  }

  func load(slot: Int, of batch: any BatchStorage, to index: Int) {
    let storage = slots(of: batch)
    storage.slots.withUnsafeMutableBufferPointer { slots in
      let target = snapshots + index
      target.pointee.environment = slots[slot].environment
      target.pointee.elapsed = slots[slot].elapsed
      target.pointee.timeLimit = slots[slot].timeLimit
    }
  }

  func store(_ index: Int, to slot: Int, of batch: any BatchStorage) {
    let storage = slots(of: batch)
    storage.slots.withUnsafeMutableBufferPointer { slots in
      slots[slot].environment = snapshots[index].environment
      slots[slot].elapsed = snapshots[index].elapsed
      slots[slot].timeLimit = snapshots[index].timeLimit
    }
  }

  func copy(_ source: Int, of other: any SnapshotStorage, to index: Int) {
    precondition(type(of: other) == TypedSnapshotStorage<E>.self, "a snapshot of another type of environment")
    let other = unsafeDowncast(other, to: TypedSnapshotStorage<E>.self)
    snapshots[index] = other.snapshots[source]
  }

  func reseed(_ index: Int, _ seed: UInt64) { snapshots[index].environment.reseed(seed) }

  func adopt(_ index: Int) -> Bool { can.adopt?(&snapshots[index].environment) ?? false }

  func advance(_ source: Int, to target: Int, actions: ActionBuffer) -> Transition {
    E.advance(snapshots + source, to: snapshots + target, actions: actions)
  }

  func playout(
    _ index: Int, rules: PlayoutRules, actions: ActionBuffer, mask: UnsafeMutableBufferPointer<Bool>,
    random: inout RandomSource
  ) -> Double {
    E.playout(snapshots + index, rules: rules, actions: actions, mask: mask, random: &random)
  }

  func legalActions(_ index: Int, into mask: UnsafeMutableBufferPointer<Bool>) {
    mask.update(repeating: true)
    var mask = mask.mutableSpan
    snapshots[index].environment.legalActions(into: &mask)
  }

  func observe(_ index: Int, into row: ObservationRow) { snapshots[index].observe(into: row) }

  func digest(_ index: Int) -> UInt64? { can.digest?(&snapshots[index].environment) }

  func sketch(_ index: Int) -> Sketch {
    can.sketch?(&snapshots[index].environment) ?? Sketch.placeholder(step: snapshots[index].elapsed)
  }

  func place(_ index: Int) -> Sketch.Area? { can.place?(&snapshots[index].environment) ?? nil }

  func expertAction(_ index: Int, into actions: ActionBuffer) {
    guard let expert = can.expert else { preconditionFailure("\(E.self) has no expert") }
    expert(&snapshots[index].environment, actions, 0)
  }

  func elapsed(_ index: Int) -> Int { snapshots[index].elapsed }

  /// Where the episode stands and its limit, two numbers of eight bytes, then the environment's own.
  func packed(_ index: Int) -> [UInt8] {
    guard let pack = can.pack else { preconditionFailure("\(E.self) does not pack its states") }
    let times = SIMD2(Int64(snapshots[index].elapsed), Int64(snapshots[index].timeLimit))
    return withUnsafeBytes(of: times) { Array($0) } + pack(&snapshots[index].environment)
  }

  func unpack(_ bytes: [UInt8], to index: Int) throws(UserError) {
    guard let unpack = can.unpack else { preconditionFailure("\(E.self) does not pack its states") }
    let timeBytes = MemoryLayout<SIMD2<Int64>>.size
    guard bytes.count >= timeBytes else { throw UserError("a packed state is cut off") }
    let times = bytes.withUnsafeBytes { $0.loadUnaligned(as: SIMD2<Int64>.self) }
    guard times[0] >= 0, times[1] >= 0 else { throw UserError("a packed state stands before its episode") }
    try unpack(&snapshots[index].environment, Array(bytes[timeBytes...]))
    (snapshots[index].elapsed, snapshots[index].timeLimit) = (Int(times[0]), Int(times[1]))
  }
}
