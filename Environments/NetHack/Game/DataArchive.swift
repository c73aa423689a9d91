#if NetHack && os(Linux) && arch(x86_64)
  /// A game's data archive (`nhdat`) in memory that never moves: every game of it reads from there.
  final class DataArchive: @unchecked Sendable {
    /// The whole archive, on a multiple of 64.
    let bytes: UnsafeRawBufferPointer

    /// Copies the bytes to a place of their own.
    init(_ contents: [UInt8]) {
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 64)
      copy.copyBytes(from: contents)
      bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
  }
#endif
