#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  public import ReinforcementLearning

  extension NetHack {
    /// Writes the policy's arrays and crops, then the signals that the row has.
    ///
    /// Reads the live game where there is one, else unpacks what is asked for: a snapshot is observed without
    /// taking a slot.
    public func observe(into row: inout ObservationRow) {
      plan.pool.withState(resident) { game, packed in
        if let game {
          write(into: &row) { array, body in body(nethack_game_field(game, Int32(array.rawValue))!) }
        } else if let packed {
          let base = plan.pool.base(of: packed.first)
          write(into: &row) { array, body in
            withUnsafeTemporaryAllocation(byteCount: array.count * array.elementBytes, alignment: 16) { room in
              nethack_snapshot_field(base, packed.bytes.baseAddress, Int32(array.rawValue), room.baseAddress)
              body(UnsafeRawPointer(room.baseAddress!))
            }
          }
        }
      }
    }

    /// Writes every wanted field.
    ///
    /// - Parameter read: Hands an array's bytes on.
    @inline(__always)
    private func write(
      into row: inout ObservationRow, _ read: (ObservedArray, (UnsafeRawPointer) -> Void) -> Void
    ) {
      for index in plan.sources.indices {
        guard let place = row.unsafeStart(of: index) else { continue }
        // Of an array as of its field: an array's own count is a product that is reckoned each time.
        let count = row.byteCount(of: index)
        switch plan.sources[index] {
        case .array(.blstats):
          // Numbers of the last moment in which there were any; the game's own are zero before its start and after its
          // end.
          withUnsafeBytes(of: progress.status) { numbers in
            for number in 0..<count / 4 {
              let value = Float(numbers.load(fromByteOffset: number * 4, as: Int32.self))
              place.storeBytes(of: value, toByteOffset: number * 4, as: Float.self)
            }
          }
        case .array(let array):
          read(array) { place.copyMemory(from: $0, byteCount: count) }
        case .crop(let array):
          read(array) { crop($0, elementBytes: array.elementBytes, to: place) }
        case .status(let status): place.storeBytes(of: progress[status], as: Int32.self)
        case .progress(.messageText):
          read(.message) { place.copyMemory(from: $0, byteCount: ObservedArray.messageBytes) }
        // The end clears the map, of which the last one was kept.
        case .progress(.squaresSeen) where progress.lastMap.isEmpty:
          read(.glyphs) { bytes in
            let glyphs = UnsafeBufferPointer(
              start: bytes.assumingMemoryBound(to: Int16.self), count: ObservedArray.glyphs.count)
            place.storeBytes(of: Int32(Glyph.shown(in: glyphs)), as: Int32.self)
          }
        case .progress(.events):
          read(.message) { bytes in
            let message = UnsafeBufferPointer(
              start: bytes.assumingMemoryBound(to: UInt8.self), count: ObservedArray.messageBytes)
            let events = progress.told | Event.events(in: message, picksUp: progress.picksUp)
            for index in 0..<Event.allCases.count {
              place.storeBytes(of: UInt8(events >> UInt32(index) & 1), toByteOffset: index, as: UInt8.self)
            }
          }
        case .progress(let measure): write(measure, to: place)
        }
      }
    }

    /// Writes a number that `Progress` keeps.
    private func write(_ measure: FieldSource.Measure, to place: UnsafeMutableRawPointer) {
      switch measure {
      case .deepest: place.storeBytes(of: progress.deepest, as: Int32.self)
      case .levelsSeen: place.storeBytes(of: progress.levelsSeen, as: Int32.self)
      case .newLevel: place.storeBytes(of: progress.isNewLevel ? 1 : 0, as: UInt8.self)
      case .kills: place.storeBytes(of: progress.kills, as: Int32.self)
      case .nutrition: place.storeBytes(of: progress.nutrition, as: Int32.self)
      case .squaresSeen: place.storeBytes(of: progress.squaresSeen, as: Int32.self)
      case .frozenSteps: place.storeBytes(of: progress.frozenSteps, as: Int32.self)
      case .onStairs: place.storeBytes(of: progress.onStairs ? 1 : 0, as: UInt8.self)
      case .fault: place.storeBytes(of: progress.fault, as: UInt8.self)
      case .cell:
        let cell = SIMD4<Int32>(progress[.dungeon], progress[.level], progress[.x] / 4, progress[.y] / 2)
        place.storeBytes(of: SIMD4<UInt8>(truncatingIfNeeded: cell), as: SIMD4<UInt8>.self)
      // Read from the game's arrays by the caller.
      case .events, .messageText: break
      }
    }

    /// The squares around the player, row by row; what lies outside the map is 0.
    ///
    /// - Complexity: O(cropSize²), a row at a time; the map is [21, 79].
    private func crop(_ map: UnsafeRawPointer, elementBytes: Int, to place: UnsafeMutableRawPointer) {
      let size = plan.configuration.cropSize
      let left = Int(progress[.x]) - size / 2
      let top = Int(progress[.y]) - size / 2
      place.initializeMemory(as: UInt8.self, repeating: 0, count: size * size * elementBytes)
      let first = max(0, -left)
      let last = min(size, ObservedArray.columns - left)
      guard first < last else { return }
      for row in 0..<size where (0..<ObservedArray.rows).contains(top + row) {
        let from = ((top + row) * ObservedArray.columns + left + first) * elementBytes
        (place + (row * size + first) * elementBytes).copyMemory(
          from: map + from, byteCount: (last - first) * elementBytes)
      }
    }
  }
#endif
