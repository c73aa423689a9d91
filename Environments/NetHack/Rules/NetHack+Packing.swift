#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  public import Groundwork
  public import ReinforcementLearning

  extension NetHack: Packable {
    /// Bytes that a packed game takes at most before it is compressed: its state, a bit a line, and what is told of it.
    private static let mostBytes = Int(NETHACK_GAME_BYTES) + 64 << 10
    /// Of what is remembered beside the game; bytes of another form are refused.
    private static let form: UInt64 = 2

    /// How the game began, what is remembered beside it, and the difference to its first state, compressed by zlib: 10
    /// to 40 KB.
    public func packedState() -> [UInt8] {
      let packed = plan.pool.packed(resident)
      var writer = ByteWriter()
      let start = packed.first.start
      let levels = start.levels
      for word in [Self.form, start.core, start.display, levels ?? 0, levels == nil ? 0 : 1] { writer.write(word) }
      progress.write(to: &writer)
      writer.write(UInt64(packed.bytes.count))
      let room = nethack_deflate_bound(packed.bytes.count)
      withUnsafeTemporaryAllocation(byteCount: room, alignment: 16) { buffer in
        let count = nethack_deflate(packed.bytes.baseAddress, packed.bytes.count, buffer.baseAddress, room)
        precondition(count > 0, "there is no memory to compress a game of NetHack")
        writer.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      return writer.bytes
    }

    /// The game lives in bytes until it is stepped.
    ///
    /// - Throws: `UserError` when the bytes are damaged or of a game of other settings.
    public mutating func restore(packedState bytes: [UInt8]) throws(UserError) {
      let damaged = PackedGame.damaged
      var reader = ByteReader(bytes)
      guard reader.read(UInt64.self) == Self.form, let core = reader.read(UInt64.self),
        let display = reader.read(UInt64.self), let levels = reader.read(UInt64.self),
        let usesLevels = reader.read(UInt64.self), let progress = Progress(reading: &reader),
        let count = reader.read(UInt64.self), count <= Self.mostBytes
      else { throw damaged }
      let start = GameStart(core: core, display: display, levels: usesLevels == 0 ? nil : levels)
      let size = Int(count)
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(size, 64), alignment: 64)
      defer { memory.deallocate() }
      let written = bytes[reader.place...].withUnsafeBytes {
        nethack_inflate($0.baseAddress, $0.count, memory.baseAddress, size)
      }
      guard written == size, size > 0 else { throw damaged }
      let resident = try plan.pool.resident(of: start, packed: UnsafeRawBufferPointer(rebasing: memory[..<size]))
      game = GameReference(plan.pool, resident)
      self.progress = progress
    }
  }

  extension Progress {
    /// Every number in the order of their declaration.
    func write(to writer: inout ByteWriter) {
      for index in 0..<status.scalarCount { writer.write(status[index]) }
      for number in [nutrition, frozenSteps, deepest, kills, levelsSeen, pits] { writer.write(number) }
      writer.write(happened)
      for index in 0..<visited.scalarCount { writer.write(visited[index]) }
      for flag in [onStairs, isNewLevel, picksUp, asksThing] { writer.write(flag ? 1 : 0 as UInt8) }
      writer.write(fault)
      writer.write(squaresSeen)
      writer.write(told)
      writer.write(UInt32(explored.count))
      for count in explored { writer.write(count) }
      writer.write(UInt32(lastMap.count))
      writer.bytes.append(contentsOf: lastMap)
    }

    /// What `write` wrote; nil when it is cut off.
    init?(reading reader: inout ByteReader) {
      self.init()
      for index in 0..<status.scalarCount {
        guard let number = reader.read(Int32.self) else { return nil }
        status[index] = number
      }
      guard let nutrition = reader.read(Int32.self), let frozenSteps = reader.read(Int32.self),
        let deepest = reader.read(Int32.self), let kills = reader.read(Int32.self),
        let levelsSeen = reader.read(Int32.self), let pits = reader.read(Int32.self),
        let happened = reader.read(UInt64.self)
      else { return nil }
      (self.nutrition, self.frozenSteps, self.deepest, self.kills) = (nutrition, frozenSteps, deepest, kills)
      (self.levelsSeen, self.pits, self.happened) = (levelsSeen, pits, happened)
      for index in 0..<visited.scalarCount {
        guard let bits = reader.read(UInt64.self) else { return nil }
        visited[index] = bits
      }
      guard let onStairs = reader.read(UInt8.self), let isNewLevel = reader.read(UInt8.self),
        let picksUp = reader.read(UInt8.self), let asksThing = reader.read(UInt8.self),
        let fault = reader.read(UInt8.self), let squaresSeen = reader.read(Int32.self),
        let told = reader.read(UInt32.self), let count = reader.read(UInt32.self), count <= 8 * 64
      else { return nil }
      (self.onStairs, self.isNewLevel, self.fault) = (onStairs != 0, isNewLevel != 0, fault)
      (self.picksUp, self.asksThing) = (picksUp != 0, asksThing != 0)
      (self.squaresSeen, self.told) = (squaresSeen, told)
      for _ in 0..<count {
        guard let squares = reader.read(UInt16.self) else { return nil }
        explored.append(squares)
      }
      let squares = 2 * ObservedArray.rows * ObservedArray.columns
      guard let size = reader.read(UInt32.self), size == 0 || size == squares, let map = reader.read(bytes: Int(size))
      else { return nil }
      lastMap = map
    }
  }

  /// Numbers as little-endian bytes, one after the other.
  struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func write(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  /// The way back.
  struct ByteReader {
    private let bytes: [UInt8]
    /// The first byte that was not read.
    private(set) var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil where the bytes end before.
    mutating func read<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
      let size = MemoryLayout<Number>.size
      guard size <= bytes.count - place else { return nil }
      let number = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
      place += size
      return Number(littleEndian: number)
    }

    /// The same of bytes as they are.
    mutating func read(bytes count: Int) -> [UInt8]? {
      guard count <= bytes.count - place else { return nil }
      defer { place += count }
      return Array(bytes[place..<place + count])
    }
  }
#endif
