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
  struct SpreadTable: @unchecked Sendable {
    /// Made once and never freed, so that copies of it cost nothing: the bytes are not written again.
    static let shared = SpreadTable()

    /// What a row lights, by 128 * transparent cells + lit cells.
    private let bytes: UnsafePointer<UInt8>

    private init() {
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 128 * 128)
      for index in 0..<128 * 128 {
        bytes[index] = UInt8(Gridworld.spread(transparent: UInt32(index >> 7), lit: UInt32(index & 127)) & 127)
      }
      self.bytes = UnsafePointer(bytes)
    }

    /// What the next row gets from a row; both of at most seven columns.
    @inline(__always) subscript(transparent: UInt64, lit: UInt64) -> UInt64 {
      UInt64(bytes[Int(truncatingIfNeeded: transparent &<< 7 | lit)])
    }
  }

  /// The lit cells of the agent's view: bit 8 * row + column, row 0 the farthest, columns in the world's order.
  ///
  /// - Precondition: `opaque` is kept.
  @inline(__always) func litBoard(side: Int) -> UInt64 {
    // Where the agent looks along a row, the view's rows are columns of the world.
    let row = agentRow
    let column = agent &- row &* rowStride
    let isAlongRow = 1 &- (direction & 1)
    let first = row &+ isAlongRow &* (rowCount &+ column &- row)
    let step = 1 &- (direction & 2)
    let shift = UInt64(truncatingIfNeeded: column &+ isAlongRow &* (row &- column) &- side / 2)
    let mask = 1 &<< UInt64(truncatingIfNeeded: side) &- 1
    var lit: UInt64 = 0
    var bits = 1 &<< UInt64(truncatingIfNeeded: side / 2)
    opaque.withUnsafeBufferPointer { opaque in
      var word = opaque.baseAddress! + first
      for distance in 0..<side {
        let transparent = ~(word.pointee &>> shift) & mask
        let next = spread[transparent, bits] & mask
        lit |= (bits | next) &<< UInt64(truncatingIfNeeded: 8 &* (side &- 1 &- distance))
        bits = next
        word += step
      }
    }
    return lit
  }

  /// Rows of `cells`.
  @inline(__always) private var rowCount: Int { opaque.count &- rowStride }

  /// Sets the bits of a cell in `opaque` by the cell.
  mutating func noteOpacity(of index: Int) {
    guard !opaque.isEmpty else { return }
    let row = index / rowStride
    let column = index - row * rowStride
    let bit: UInt64 = cells[index].isOpaque ? 1 : 0
    opaque[row] = opaque[row] & ~(1 << UInt64(column)) | bit << UInt64(column)
    let word = rowCount + column
    opaque[word] = opaque[word] & ~(1 << UInt64(row)) | bit << UInt64(row)
  }

  /// Writes all of `opaque` by the cells; whoever changes cells behind the back of `step` calls it.
  mutating func noteOpaqueCells() {
    guard !opaque.isEmpty else { return }
    let (rows, margin, width, height, first, pitch) = (
      rowCount, plan.margin, plan.width, plan.height, plan.first, rowStride
    )
    // Outside the grid all is wall.
    let outerColumns = ~((1 &<< UInt64(truncatingIfNeeded: width) &- 1) &<< UInt64(truncatingIfNeeded: margin))
    let outerRows = ~((1 &<< UInt64(truncatingIfNeeded: height) &- 1) &<< UInt64(truncatingIfNeeded: margin))
    cells.withUnsafeBufferPointer { cells in
      opaque.withUnsafeMutableBufferPointer { opaque in
        for word in opaque.indices { opaque[word] = .max }
        for column in rows &+ margin..<rows &+ margin &+ width { opaque[column] = outerRows }
        for y in 0..<height {
          let row = margin &+ y
          var bits = outerColumns
          for x in 0..<width {
            let bit = UInt64(cells[first &+ y &* pitch &+ x].bits &>> 31)
            bits |= bit &<< UInt64(truncatingIfNeeded: margin &+ x)
            opaque[rows &+ margin &+ x] |= bit &<< UInt64(truncatingIfNeeded: row)
          }
          opaque[row] = bits
        }
      }
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

  /// The lit cells of a view of up to 31 columns, a row of bits each, row 0 the farthest.
  static func litRows(from corner: UnsafePointer<Cell>, right: Int, far: Int, side: Int) -> SIMD32<UInt32> {
    var lit = SIMD32<UInt32>(repeating: 0)
    let mask = UInt32(1) << UInt32(side) &- 1
    var row = UInt32(1) << UInt32(side / 2)
    for index in stride(from: side - 1, through: 0, by: -1) {
      var transparent: UInt32 = 0
      for column in 0..<side where !corner[column * right - index * far].isOpaque {
        transparent |= 1 << UInt32(column)
      }
      let next = spread(transparent: transparent, lit: row) & mask
      lit[index] = row | next
      row = next
    }
    return lit
  }
}
