public import ReinforcementLearning

extension XLand {
  // Inlined into the batch loop, which otherwise copies the whole value, with four reference counts, for this call.
  /// Writes the image [viewSize, viewSize, 2], the direction, and those of goal, rules and signals that the row
  /// has.
  ///
  /// - Complexity: O(viewSize²); `goalDistance` adds O(cells). Allocates nothing.
  @inline(__always) public func observe(into row: inout ObservationRow) {
    // Unsafe, as `writeView` says.
    if let image = row.unsafeStart(of: FieldIndex.image) {
      if plan.configuration.viewSize == 5 {
        writeView(to: image, side: 5)
      } else {
        writeView(to: image, side: plan.configuration.viewSize)
      }
    }
    row.write(UInt8(truncatingIfNeeded: direction), to: FieldIndex.direction)
    if row.wants(FieldIndex.goal) {
      let code = ruleset.goal.code
      for byte in 0..<5 {
        row.write(UInt8(truncatingIfNeeded: code >> UInt64(8 * byte)), to: FieldIndex.goal, at: byte)
      }
    }
    // Asked first: what the closure holds on to is counted before the row is looked at.
    if row.wants(FieldIndex.rules) { row.withElements(of: FieldIndex.rules) { rules in writeRules(to: &rules) } }
    // Every signal is behind one test where none is wanted.
    for field in FieldIndex.position...FieldIndex.event where row.wants(field) {
      writeSignals(into: &row)
      break
    }
  }

  /// The square before the agent, turned so that it looks up: [side, side, 2] from far to near, the agent below in the
  /// middle. What it stands on is shown, what it carries is not.
  ///
  /// Unsafe pointers: all reads lie in `cells`, since the grid is surrounded by `viewSize - 1` cells of nothing.
  @inline(__always) private func writeView(to image: UnsafeMutableRawPointer, side: Int) {
    let ahead = offset(direction)
    let right = offset((direction &+ 1) & 3)
    let corner = agent &+ ahead &* (side &- 1) &- right &* (side / 2)
    cells.withUnsafeBufferPointer { cells in
      var target = image
      var start = cells.baseAddress! + corner
      for _ in 0..<side {
        var cell = start
        for _ in 0..<side {
          target.storeBytes(of: cell.pointee.bits, as: UInt16.self)
          target += 2
          cell += right
        }
        start -= ahead
      }
    }
  }

  /// [rules, 7] bytes, padded with empty rules.
  private func writeRules(to bytes: inout MutableSpan<UInt8>) {
    var code: UInt64 = 0
    for index in 0..<plan.rules {
      code = 0
      if index < ruleset.rules.count { ruleset.rules[index].write(into: &code) }
      for byte in 0..<7 {
        bytes[index * 7 + byte] = UInt8(truncatingIfNeeded: code >> UInt64(8 * byte))
      }
    }
  }
}
