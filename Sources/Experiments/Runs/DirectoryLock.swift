internal import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Keeps two programs from writing the same directory; released when the value is, and by the system after a kill.
///
/// The lock is on a file of its own, which is never replaced: one on a document would be lost with the document's
/// inode.
final class DirectoryLock: Sendable {
  /// The file's name in the directory.
  static let name = "lock"
  private let descriptor: Int32

  /// - Parameter path: A directory that exists.
  /// - Throws: `UserError` when another program holds it, or the file cannot be made.
  init(_ path: String) throws(UserError) {
    let descriptor = open(path + "/" + DirectoryLock.name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw UserError("cannot write in '\(path)'", fix: "Check the permissions or name another directory (--out)")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw UserError("'\(path)' is in use by another process", fix: "Wait for it or stop it first")
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
