/// How a batch fills a rollout.
extension Rollout {
  @inlinable func checkStep(_ time: Int, slots count: Int) {
    precondition(time >= 0 && time < steps && count == slots, "a rollout of other steps or slots than the batch")
  }

  @inlinable func clearedMask(time: Int, slot: Int) -> UnsafeMutableBufferPointer<Bool> {
    let mask = UnsafeMutableBufferPointer(
      start: masks + (time &* slots &+ slot) &* actionCount, count: actionCount)
    mask.update(repeating: true)
    return mask
  }

  /// A new final row for the episode that ends at `[time, slot]`.
  @inlinable public func appendFinalRow(time: Int, slot: Int) -> ObservationRow {
    if finalCount == finalCapacity { growFinalRows() }
    finalIndices[time &* slots &+ slot] = Int32(truncatingIfNeeded: finalCount)
    let row = ObservationRow(base: finalRows + finalCount &* layout.rowBytes, fields: fields)
    countFinalRow()
    return row
  }

  @usableFromInline func countFinalRow() { finalCount += 1 }

  @usableFromInline func growFinalRows() {
    precondition(finalCount < steps * slots, "a rollout is carried over or observed anew before it is filled again")
    let capacity = min(steps * slots, finalCapacity * 2 + slots)
    let bytes = capacity * layout.rowBytes
    let rows = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    rows.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    rows.copyMemory(from: finalRows, byteCount: finalCapacity * layout.rowBytes)
    finalRows.deallocate()
    finalRows = rows
    finalCapacity = capacity
  }

  /// Makes the last observations the first, for the next rollout of the same episodes.
  public func carry() {
    let bytes = slots * layout.rowBytes
    observations.copyMemory(from: observations + steps * bytes, byteCount: bytes)
    if hasMasks { masks.update(from: masks + steps * slots * actionCount, count: slots * actionCount) }
    before.keepLast(of: self)
    finalCount = 0
  }

  /// Makes the first observations the last, which `carry` undoes.
  func placeLast() {
    let bytes = slots * layout.rowBytes
    (observations + steps * bytes).copyMemory(from: observations, byteCount: bytes)
    if hasMasks { (masks + steps * slots * actionCount).update(from: masks, count: slots * actionCount) }
  }
}
