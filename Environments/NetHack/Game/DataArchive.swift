#if NetHack && os(Linux) && arch(x86_64)
  /// A game's data archive (`nhdat`) in memory that never moves: every game of it reads from there.
  final class DataArchive: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    init(_ contents: [UInt8]) {
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 64)
      copy.copyBytes(from: contents)
      bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
  }
#endif
