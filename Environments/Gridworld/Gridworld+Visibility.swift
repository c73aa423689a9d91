extension Gridworld {
  /// What walls hide: MiniGrid's `process_vis`, by rows of bits.
  ///
  /// The rule sweeps each row from the nearest to the farthest, left to right and then right to left; a lit cell
  /// that is transparent lights its neighbour in the sweep's direction and, in the next row, the cell before it
  /// and the one beside that. Both sweeps together come to this: in each row, every run of transparent cells
  /// that holds a lit one is lit whole, with the cells at its two ends, and so are the cells before all these in
  /// the next row. (The sweeps leave out a row's last and first cell; what those would light, their neighbours'
  /// runs or their own other sweep light as well.)
  ///
  /// For up to seven columns the step from one row to the next is one look-up in a table of 16 KB.
  final class VisibilityTable: Sendable {
    static let shared = VisibilityTable()

    /// What a row lights, by 128 * transparent cells + lit cells.
    private let spread: [UInt8]

    private init() {
      spread = (0..<128 * 128).map { index in
        UInt8(VisibilityTable.spread(transparent: UInt32(index >> 7), lit: UInt32(index & 127)) & 127)
      }
    }

    /// Runs of transparent cells that hold a lit one, and the cells at their ends.
    static func spread(transparent: UInt32, lit: UInt32) -> UInt32 {
      var run = lit & transparent
      while true {
        let wider = run | (run << 1 | run >> 1) & transparent
        if wider == run { break }
        run = wider
      }
      return run | run << 1 | run >> 1
    }

    /// The lit cells of a view of at most seven columns: bit 8 * row + column, row 0 the farthest.
    ///
    /// - Parameters:
    ///   - corner: The view's far left cell.
    ///   - right: Cells from one column to the next; `far` from one row to the next farther one.
    @inline(__always) func lit(from corner: UnsafePointer<Cell>, right: Int, far: Int, side: Int) -> UInt64 {
      var opaque: UInt64 = 0
      for column in 0..<side {
        var cell = corner + column &* right
        var bits: UInt64 = 0
        for row in 0..<side {
          bits |= UInt64(cell.pointee.bits >> 31) << UInt64(8 &* row)
          cell -= far
        }
        opaque |= bits << UInt64(column)
      }
      let mask = UInt64(1) << UInt64(side) &- 1
      var lit: UInt64 = 0
      var row = UInt64(1) << UInt64(side / 2)
      spread.withUnsafeBufferPointer { spread in
        var shift = UInt64(8 &* (side &- 1))
        for _ in 0..<side {
          let transparent = ~(opaque >> shift) & mask
          let next = UInt64(spread[Int(truncatingIfNeeded: transparent << 7 | row)]) & mask
          lit |= (row | next) << shift
          row = next
          shift = shift &- 8
        }
      }
      return lit
    }

    /// The lit cells of a view of up to 31 columns, a row of bits each, row 0 the farthest.
    func rows(from corner: UnsafePointer<Cell>, right: Int, far: Int, side: Int) -> SIMD32<UInt32> {
      var lit = SIMD32<UInt32>(repeating: 0)
      let mask = UInt32(1) << UInt32(side) &- 1
      var row = UInt32(1) << UInt32(side / 2)
      for index in stride(from: side - 1, through: 0, by: -1) {
        var transparent: UInt32 = 0
        for column in 0..<side where !corner[column * right - index * far].isOpaque {
          transparent |= 1 << UInt32(column)
        }
        let next = VisibilityTable.spread(transparent: transparent, lit: row) & mask
        lit[index] = row | next
        row = next
      }
      return lit
    }
  }
}
