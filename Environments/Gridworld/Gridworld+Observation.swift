public import ReinforcementLearning

extension Gridworld {
  /// Writes image, direction and mission as the type's documentation shapes them, and those signals that the
  /// row has.
  ///
  /// - Complexity: O(viewSize²), or O(cells of the grid) for a full view; the signal `distance` adds O(cells *
  ///   stages). Allocates nothing.
  public func observe(into row: inout ObservationRow) {
    // The image first: its last store reaches one byte further, into the direction that is written next. Unsafe, as
    // `writeView` says.
    if let image = row.unsafeStart(of: FieldIndex.image) { writeImage(to: image) }
    row.write(UInt8(truncatingIfNeeded: direction), to: FieldIndex.direction)
    if let tokens = row.unsafeStart(of: FieldIndex.missionTokens) {
      if plan.longestMission == 64 {
        tokens.storeBytes(of: mission.words, as: SIMD64<UInt8>.self)
      } else {
        withUnsafeBytes(of: mission.words) { words in
          tokens.copyMemory(from: words.baseAddress!, byteCount: plan.longestMission)
        }
      }
    }
    writeSignals(into: &row)
  }

  /// Writes the image field; may store one byte past its end.
  @inline(__always) private func writeImage(to image: UnsafeMutableRawPointer) {
    if hasOtherImage || showsInitialObject {
      writeOtherImage(to: image)
    } else if viewSize == 7 {
      // The compiler unrolls the loops of the usual size.
      writeView(to: image, side: 7)
    } else {
      writeView(to: image, side: viewSize)
    }
  }

  /// The agent's view: a square of cells read with two strides, those that cannot be seen as zeros.
  ///
  /// Unsafe pointers: this is the hot loop of every environment here. All reads lie in `cells`, since the grid
  /// is surrounded by `viewSize - 1` cells of wall, and each cell is stored as four bytes of which the next
  /// store overwrites the fourth; see `observe`.
  @inline(__always) private func writeView(to image: UnsafeMutableRawPointer, side: Int) {
    let far = offset(direction)
    let right = offset((direction &+ 1) & 3)
    let corner = agent &+ far &* (side &- 1) &- right &* (side / 2)
    cells.withUnsafeBufferPointer { cells in
      let corner = cells.baseAddress! + corner
      switch viewKind {
      case .small:
        // Rows of the view are rows or columns of the world, in either order: the light is reckoned in the
        // world's order, and columns are turned round where they are written.
        let lit = litBoard(side: side)
        let isTurned = right &>> 63
        // A byte of zeros or ones for each cell, read back from memory: whatever else says "this or zero" the
        // compiler turns into branches, and the light is too irregular for those.
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { masks in
          let masks = masks.baseAddress!
          for column in 0..<side {
            let bytes = (lit &>> UInt64(truncatingIfNeeded: column) & 0x0101_0101_0101_0101) &* 255
            masks.storeBytes(of: bytes, toByteOffset: ((column ^ isTurned) &+ (side & isTurned)) &* 8, as: UInt64.self)
          }
          var target = image
          for column in 0..<side {
            var cell = corner + column &* right
            let mask = (masks + 8 &* column).assumingMemoryBound(to: Int8.self)
            for row in 0..<side {
              target.storeBytes(of: cell.pointee.bits & UInt32(bitPattern: Int32(mask[row])), as: UInt32.self)
              target += 3
              cell -= far
            }
          }
        }
      case .large:
        let lit = Gridworld.litRows(from: corner, right: right, far: far, side: side)
        Gridworld.write(from: corner, right: right, far: far, side: side, to: image) { column, row in
          lit[row] &>> UInt32(truncatingIfNeeded: column) & 1 != 0
        }
      case .seeThrough:
        Gridworld.write(from: corner, right: right, far: far, side: side, to: image) { _, _ in true }
      }
    }
    // The agent sees what it carries in its own place, or nothing: never what it stands on.
    let own = image + ((side / 2) &* side &+ side &- 1) &* 3
    let shown = carried.bits == 0 ? Cell.empty : carried
    own.storeBytes(of: UInt16(truncatingIfNeeded: shown.bits), as: UInt16.self)
    own.storeBytes(of: 0, toByteOffset: 2, as: UInt8.self)
  }

  /// Writes the cells column by column, those that are not lit as zeros.
  @inline(__always) private static func write(
    from corner: UnsafePointer<Cell>, right: Int, far: Int, side: Int, to image: UnsafeMutableRawPointer,
    lit: (_ column: Int, _ row: Int) -> Bool
  ) {
    var target = image
    for column in 0..<side {
      var cell = corner + column &* right
      for row in 0..<side {
        target.storeBytes(of: lit(column, row) ? cell.pointee.bits : 0, as: UInt32.self)
        target += 3
        cell -= far
      }
    }
  }

  /// Full views, one byte a code, and BabyAI's first look: the ways that need not be fast.
  private func writeOtherImage(to image: UnsafeMutableRawPointer) {
    var shown = self
    if showsInitialObject {
      shown.cells[otherPlace] = carried
      shown.carried = Cell(bits: 0)
    }
    shown.otherPlace = -1
    let side = viewSize
    let isFull = plan.configuration.view == .full
    let count = isFull ? plan.width * plan.height : side * side
    withUnsafeTemporaryAllocation(byteCount: count * 3 + 1, alignment: 4) { codes in
      let start = codes.baseAddress!
      if isFull { shown.writeGrid(to: start) } else { shown.writeView(to: start, side: side) }
      guard plan.configuration.oneHot else {
        image.copyMemory(from: start, byteCount: count * 3)
        return
      }
      for cell in 0..<count {
        let target = image + cell * 20
        target.initializeMemory(as: UInt8.self, repeating: 0, count: 20)
        target.storeBytes(of: 1, toByteOffset: Int(codes[cell * 3]), as: UInt8.self)
        target.storeBytes(of: 1, toByteOffset: 11 + Int(codes[cell * 3 + 1]), as: UInt8.self)
        // The agent's direction up (3) has no plane of its own among the three states.
        target.storeBytes(of: 1, toByteOffset: 17 + min(2, Int(codes[cell * 3 + 2])), as: UInt8.self)
      }
    }
  }

  /// The whole grid, column by column, with the agent in it; may store one byte past its end.
  private func writeGrid(to image: UnsafeMutableRawPointer) {
    var target = image
    for x in 0..<plan.width {
      for y in 0..<plan.height {
        let index = index(x, y)
        let shown = index == agent ? Cell(.agent, .red, state: UInt8(direction)) : cells[index]
        target.storeBytes(of: shown.bits, as: UInt32.self)
        target += 3
      }
    }
  }

  /// Adds what the agent sees now to what it has seen.
  mutating func markSeen() {
    let side = viewSize
    let far = offset(direction)
    let right = offset((direction + 1) & 3)
    let corner = agent + far * (side - 1) - right * (side / 2)
    let lit = litRows()
    for row in 0..<side {
      for column in 0..<side where lit[row] >> UInt32(column) & 1 != 0 {
        let index = corner + column * right - row * far
        let (x, y) = coordinates(index)
        guard x >= 0, x < width, y >= 0, y < height else { continue }
        seen[index >> 6] |= 1 << UInt64(index & 63)
      }
    }
  }

  /// Which cells of its view the agent can see, one row of bits for each row from far to near.
  func litRows() -> SIMD32<UInt32> {
    let side = viewSize
    guard !plan.seesThroughWalls else { return SIMD32(repeating: .max) }
    let far = offset(direction)
    let right = offset((direction + 1) & 3)
    let corner = agent + far * (side - 1) - right * (side / 2)
    return cells.withUnsafeBufferPointer {
      Gridworld.litRows(from: $0.baseAddress! + corner, right: right, far: far, side: side)
    }
  }
}
