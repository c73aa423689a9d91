#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An open file, pipe or terminal by its number, as the system has it.
///
/// It does not own what it names: who opened it closes it.
public struct Descriptor: Sendable {
  /// The system's number.
  public let number: Int32

  /// A name for what is open under that number; nothing is opened or checked.
  public init(_ number: Int32) { self.number = number }

  /// Where results go.
  public static let standardOutput = Descriptor(1)
  /// Where everything else goes that a person is told.
  public static let standardError = Descriptor(2)

  /// Writes until all is written: the one loop that does.
  ///
  /// A signal that interrupts a write does not count, and a pipe or terminal that can take no more now is waited for.
  /// What cannot be written because nobody reads any more is an error here and no signal, once the program ignores
  /// SIGPIPE (`Interruption.ignoreBrokenPipes`).
  ///
  /// - Returns: 0, or the system's number of the error.
  public func write(_ bytes: some Collection<UInt8>) -> Int32 {
    let result = bytes.withContiguousStorageIfAvailable { write(UnsafeRawBufferPointer($0)) }
    return result ?? Array(bytes).withUnsafeBytes { write($0) }
  }

  /// The same for a text, as UTF-8.
  public func write(_ text: String) -> Int32 { write(text.utf8) }

  private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    var done = 0
    while done < bytes.count {
      let count = systemWrite(number, bytes.baseAddress! + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        var wanted = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wanted, 1, 1000)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}

/// The system's `write`, which the name of `Descriptor.write` hides inside it.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
