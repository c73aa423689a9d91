public import Groundwork
import Labels

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Keeps two programs from writing the same directory; released when the value is, and by the system after a kill.
///
/// The lock is on a file of its own, which nobody replaces: one on a document would be lost with the document's inode.
/// It is taken before the directory is looked at, so what is found there holds for as long as the lock.
final class DirectoryLock: Sendable {
  /// The file's name in the directory.
  static let name = "lock"
  private let descriptor: Int32
  private let path: String

  /// - Parameters:
  ///   - directory: One that exists.
  ///   - isShared: Whether others that share it may have it at the same time: programs of which each writes its own
  ///     part, and nobody the whole.
  /// - Throws: `UserError` when another program holds it, or the file cannot be made.
  init(_ directory: String, isShared: Bool = false) throws(UserError) {
    path = directory + "/" + DirectoryLock.name
    // Who had the lock may have removed the directory with its file, while this program waited to open it.
    for _ in 0..<10 {
      let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw DirectoryLock.refusal(path, errno)
      }
      guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
        close(descriptor)
        throw UserError("'\(directory)' is in use by another process", fix: "Wait for it or stop it first")
      }
      if Files.identity(ofOpen: descriptor) == Files.identity(path) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
    throw UserError("'\(path)' is replaced again and again", fix: "Name another directory")
  }

  /// What stands where the lock belongs, and what to do about it.
  private static func refusal(_ path: String, _ code: Int32) -> UserError {
    switch code {
    case EISDIR:
      UserError("cannot lock '\(path)': it is a directory", fix: "Move it away or name another directory")
    case ELOOP:
      UserError(
        "cannot lock '\(path)': it is a link, which two programs might follow to two files",
        fix: "Remove the link or name another directory")
    case ENXIO:
      UserError("cannot lock '\(path)': it is no ordinary file", fix: "Remove it or name another directory")
    default:
      UserError(
        "cannot write '\(path)': \(String(cString: strerror(code)).lowercased())",
        fix: "Check the permissions or name another directory")
    }
  }

  /// Whether the file that is locked is still the directory's.
  var isInPlace: Bool { Files.identity(ofOpen: descriptor) == Files.identity(path) }

  deinit { close(descriptor) }

  /// Makes a directory for something new, or takes an empty one, and keeps everybody else from it.
  ///
  /// - Parameter check: Refuses a directory that is there and must not be used; asked before anything is laid into it,
  ///   and again when nobody else can.
  /// - Throws: `UserError` as the check does, when another program holds the directory, or it cannot be made.
  static func claim(
    _ directory: String, check: () throws(UserError) -> Void
  ) throws(UserError) -> DirectoryLock {
    try check()
    try Files.makeDirectory(directory)
    let lock = try DirectoryLock(directory)
    try check()
    return lock
  }

  /// Whether a directory holds nothing but what a kill may have left behind before anything was written, and a file of
  /// labels, with which a run is repeated.
  static func isFree(_ directory: String) -> Bool {
    Files.list(directory).allSatisfy { $0 == name || $0.hasSuffix(".tmp") || $0.hasPrefix(LabelDatabase.fileName) }
  }
}

/// A directory for what a program records, which was new or empty and which no other program takes meanwhile: what is
/// there already is neither written over nor mixed with.
public struct RecordingDirectory: Sendable {
  /// As it was given.
  public let path: String
  private let lock: DirectoryLock

  /// - Throws: `UserError` when something is there, another program has it, or it cannot be made.
  public init(_ path: String) throws(UserError) {
    func check() throws(UserError) {
      guard Files.exists(path) else { return }
      guard Files.isDirectory(path) else { throw UserError("'\(path)' is a file", fix: "Name a directory") }
      guard DirectoryLock.isFree(path) else {
        throw UserError(
          "'\(path)' is not empty, and what is there would be mixed with what is recorded",
          fix: "Name another directory")
      }
    }
    lock = try DirectoryLock.claim(path, check: check)
    self.path = path
  }
}
