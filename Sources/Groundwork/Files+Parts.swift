#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Files of which only a part is read, and to whose end is added: those that are too large to be read or written whole.
extension Files {
  /// Bytes of a file from an offset on.
  ///
  /// - Returns: Nil when the file ends before.
  /// - Throws: `UserError` when the file is missing, not an ordinary one, or cannot be read.
  public static func part(of path: String, at offset: Int, count: Int) throws(UserError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw UserError("'\(path)' is not an ordinary file") }
    // Nothing is allocated that the file does not have.
    guard offset >= 0, count >= 0, offset <= Int(status.st_size), count <= Int(status.st_size) - offset else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, count - done, offset + done) }
      if read == 0 { return nil }
      if read < 0 {
        if errno == EINTR { continue }
        throw failure("cannot read", path)
      }
      done += read
    }
    return bytes
  }

  /// Adds parts to the end of a file, which is made when it is missing, and waits until they are on the disk.
  ///
  /// - Returns: Where each part begins.
  /// - Throws: `UserError` when the file is a link or not writable, or the disk is full; a part may then be at its end.
  public static func extend(_ path: String, by parts: [[UInt8]]) throws(UserError) -> [Int] {
    let descriptor = try openToWrite(path, O_CREAT | O_APPEND)
    defer { close(descriptor) }
    var end = Int(lseek(descriptor, 0, SEEK_END))
    var offsets: [Int] = []
    for part in parts {
      let code = Descriptor(descriptor).write(part)
      guard code == 0 else { throw failure("cannot write", path, code: code) }
      offsets.append(end)
      end += part.count
    }
    guard fsync(descriptor) == 0 else { throw failure("cannot write", path) }
    return offsets
  }

  /// The size of a file in bytes; nil when there is none.
  public static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Cuts a file off after so many bytes; one that is shorter stays as it is.
  ///
  /// - Throws: `UserError` when it is a link or not writable.
  public static func cut(_ path: String, to count: Int) throws(UserError) {
    guard let size = size(of: path), size > count else { return }
    let descriptor = try openToWrite(path)
    defer { close(descriptor) }
    guard ftruncate(descriptor, off_t(count)) == 0 else { throw failure("cannot write", path) }
  }
}
