import Groundwork
import ReinforcementLearning

/// What a network learns from: positions with the search's policy and the value that came of them, the newest
/// `capacity` of them.
///
/// Not a replay of transitions: a position's value target is fixed when it comes in.
final class PositionBuffer {
  let capacity: Int
  let rowBytes: Int
  let actions: Int
  let hasMasks: Bool
  private(set) var count = 0
  /// Where the next position goes.
  private(set) var next = 0
  /// Positions that ever came in.
  private(set) var total = 0
  /// Observations, `[capacity, rowBytes]`.
  let rows: UnsafeMutableRawPointer
  /// `[capacity, actions]`
  let policies: UnsafeMutablePointer<Float>
  /// Legal actions, `[capacity, actions]`.
  let masks: UnsafeMutablePointer<Bool>
  /// `[capacity]`
  let values: UnsafeMutablePointer<Float>

  init(capacity: Int, rowBytes: Int, actions: Int, hasMasks: Bool) {
    (self.capacity, self.rowBytes, self.actions, self.hasMasks) = (capacity, rowBytes, actions, hasMasks)
    rows = .allocate(byteCount: capacity * rowBytes + 64, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: capacity * rowBytes + 64)
    policies = .allocate(capacity: capacity * actions)
    policies.initialize(repeating: 0, count: capacity * actions)
    masks = .allocate(capacity: hasMasks ? capacity * actions : 1)
    masks.initialize(repeating: true, count: hasMasks ? capacity * actions : 1)
    values = .allocate(capacity: capacity)
    values.initialize(repeating: 0, count: capacity)
  }

  deinit {
    rows.deallocate()
    policies.deallocate()
    masks.deallocate()
    values.deallocate()
  }

  /// - Parameters:
  ///   - row: `[rowBytes]`
  ///   - policy: `[actions]`
  ///   - mask: `[actions]`; not read where all actions are legal.
  func add(row: UnsafeRawPointer, policy: UnsafePointer<Float>, mask: UnsafePointer<Bool>?, value: Float) {
    (rows + next * rowBytes).copyMemory(from: row, byteCount: rowBytes)
    (policies + next * actions).update(from: policy, count: actions)
    if hasMasks, let mask { (masks + next * actions).update(from: mask, count: actions) }
    values[next] = value
    next = (next + 1) % capacity
    count = min(capacity, count + 1)
    total += 1
  }

  func mask(_ index: Int) -> UnsafePointer<Bool>? { hasMasks ? UnsafePointer(masks + index * actions) : nil }

  func save(to state: inout SavedState) {
    state.set("count", scalar: Int64(count))
    state.set("next", scalar: Int64(next))
    state.set("total", scalar: Int64(total))
    state.set("rows", Array(UnsafeRawBufferPointer(start: rows, count: count * rowBytes)), shape: [count, rowBytes])
    state.set("policies", Array(UnsafeBufferPointer(start: policies, count: count * actions)), shape: [count, actions])
    state.set("values", Array(UnsafeBufferPointer(start: values, count: count)))
    if hasMasks {
      state.set(
        "masks", UnsafeBufferPointer(start: masks, count: count * actions).map { $0 ? 1 : 0 as UInt8 },
        shape: [count, actions])
    }
  }

  func restore(from state: SavedState) throws(UserError) {
    let count = Int(try state.scalar("count", as: Int64.self))
    let next = Int(try state.scalar("next", as: Int64.self))
    guard (0...capacity).contains(count), (0..<capacity).contains(next), count == capacity || next == count else {
      throw UserError(
        "the checkpoint's buffer of \(count) positions does not fit one of \(capacity)",
        fix: "Use the configuration that wrote it")
    }
    let rows: [UInt8] = try state.get("rows", count: count * rowBytes)
    let policies: [Float] = try state.get("policies", count: count * actions)
    let values: [Float] = try state.get("values", count: count)
    total = Int(try state.scalar("total", as: Int64.self))
    if hasMasks {
      let masks: [UInt8] = try state.get("masks", count: count * actions)
      for (index, mask) in masks.enumerated() { self.masks[index] = mask != 0 }
    }
    rows.withUnsafeBytes { if count > 0 { self.rows.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
    for (index, number) in policies.enumerated() { self.policies[index] = number }
    for (index, number) in values.enumerated() { self.values[index] = number }
    (self.count, self.next) = (count, next)
  }
}
