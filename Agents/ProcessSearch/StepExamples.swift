import Groundwork
import ReinforcementLearning

/// What a network learns from: observation rows, each with its target, the oldest forgotten first.
struct StepExamples: Sendable {
  /// Bytes of a stored row: the policy's fields.
  let rowBytes: Int
  private let copiedBytes: Int
  private let actionCount: Int
  private let capacity: Int
  /// `[count, rowBytes]`
  private(set) var rows: [UInt8] = []
  /// The value of a partial solution, or the number of the right action, `[count]`.
  private(set) var targets: [Float] = []
  /// Legal actions, 0 or 1, `[count, actions]`; empty for values.
  private(set) var legal: [UInt8] = []

  /// - Parameter actions: 0 where the targets are values.
  init(_ layout: ObservationLayout, actions: Int, capacity: Int) {
    copiedBytes = layout.policyBytes
    // As in a layout: at least four bytes behind the last field, and a multiple of eight.
    rowBytes = (layout.policyBytes + 4 + 7) / 8 * 8
    actionCount = actions
    self.capacity = capacity
  }

  var count: Int { targets.count }

  mutating func add(_ row: UnsafeRawPointer, target: Float, legal mask: UnsafeMutableBufferPointer<Bool>? = nil) {
    rows += UnsafeRawBufferPointer(start: row, count: copiedBytes)
    rows += repeatElement(0, count: rowBytes - copiedBytes)
    targets.append(target)
    if let mask { legal += mask.map { $0 ? 1 : 0 } }
  }

  /// Forgets all but the newest.
  mutating func trim() {
    let excess = max(0, count - capacity)
    guard excess > 0 else { return }
    rows.removeFirst(excess * rowBytes)
    targets.removeFirst(excess)
    legal.removeFirst(excess * actionCount)
  }

  func save(to state: inout SavedState, _ name: String) {
    state.set("\(name).rows", rows, shape: [count, rowBytes])
    state.set("\(name).targets", targets)
    if actionCount > 0 { state.set("\(name).legal", legal, shape: [count, actionCount]) }
  }

  mutating func restore(from state: SavedState, _ name: String) throws {
    targets = try state.get("\(name).targets")
    rows = try state.get("\(name).rows", count: targets.count * rowBytes)
    if actionCount > 0 { legal = try state.get("\(name).legal", count: targets.count * actionCount) }
  }
}
