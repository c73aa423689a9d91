#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Files that are written whole or not at all, with errors that name the path, the reason and the fix.
///
/// Not a file-system library: only what runs, checkpoints and replays need.
///
/// Paths are relative to the working directory, bytes are read and written whole, and an interrupted call is
/// repeated. Whatever is written stays in the directory that was named: a link in a file's place is replaced, not
/// followed.
public enum Files {
  /// The bytes of a file: the one reader of what comes from outside.
  ///
  /// Only ordinary files are read, links to them included. What never ends or waits for somebody (a device, a pipe) is
  /// refused without waiting.
  ///
  /// - Throws: `UserError` when the file is missing, not an ordinary one, larger than its kind may be, or cannot be
  ///   read.
  public static func read(_ path: String, as kind: FileKind = .text) throws(UserError) -> [UInt8] {
    // A pipe without a writer would not open until one comes.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot read", path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw UserError("'\(path)' is a directory, not a file") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw UserError("'\(path)' is a device or a pipe, not an ordinary file", fix: "Save what it gives in a file")
    }
    let tooLarge = UserError(
      "'\(path)' is larger than \(byteCount(kind.bytes)), the most that \(kind.name) may have",
      fix: "Use a smaller one")
    guard Int(status.st_size) <= kind.bytes else { throw tooLarge }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while true {
      if done == bytes.count { bytes.append(contentsOf: repeatElement(0, count: done == 0 ? 65536 : 4096)) }
      let count = bytes.withUnsafeMutableBytes { buffer in
        readBytes(descriptor, buffer.baseAddress! + done, buffer.count - done)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("cannot read", path)
      }
      done += count
      // The system gives some files no size, or they grow.
      guard done <= kind.bytes else { throw tooLarge }
    }
    bytes.removeLast(bytes.count - done)
    return bytes
  }

  /// The text of a file; the byte order mark that some editors put before it is none of it.
  ///
  /// - Throws: `UserError` as `read` does, or when the bytes are not UTF-8.
  public static func readText(_ path: String, as kind: FileKind = .text) throws(UserError) -> String {
    let bytes = try read(path, as: kind)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UserError("'\(path)' is not UTF-8 text")
    }
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// Writes a file under another name, flushes it to the disk, then renames it: a reader sees the old bytes
  /// or the new ones, never a part.
  ///
  /// - Throws: `UserError` when the directory is missing or not writable, the disk is full, or a device or a pipe
  ///   stands there, which would be gone; what was there then still is.
  public static func writeAtomically(_ bytes: [UInt8], to path: String) throws(UserError) {
    var status = stat()
    if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
      throw UserError("'\(path)' is a device or a pipe, and a file is replaced as a whole", fix: "Name another file")
    }
    let temporary = path + ".\(getpid()).tmp"
    // A program of the same number may have been killed here; whoever laid a link there is not followed.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("cannot write", path) }
    var code = Descriptor(descriptor).write(bytes)
    if code == 0, fsync(descriptor) != 0 { code = errno }
    close(descriptor)
    if code != 0 {
      unlink(temporary)
      throw failure("cannot write", path, code: code)
    }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw failure("cannot write", path, code: code)
    }
  }

  /// The same for a text, as UTF-8.
  public static func writeAtomically(_ text: String, to path: String) throws(UserError) {
    try writeAtomically(Array(text.utf8), to: path)
  }

  /// Adds bytes to the end of a file that is there: one that was removed is not made again, since what it held is lost.
  ///
  /// Neither flushed nor atomic: a program that is killed may leave a part of the last line.
  ///
  /// - Throws: `UserError` when the file is missing or not writable, or the disk is full.
  public static func append(_ bytes: [UInt8], to path: String) throws(UserError) {
    let descriptor = try openToWrite(path, O_APPEND)
    defer { close(descriptor) }
    let code = Descriptor(descriptor).write(bytes)
    guard code == 0 else { throw failure("cannot write", path, code: code) }
  }

  /// Opens a file to write into it; whoever calls closes it.
  ///
  /// - Throws: `UserError` when it is missing (unless `flags` makes it), a link, a pipe, or not writable.
  static func openToWrite(_ path: String, _ flags: Int32 = 0) throws(UserError) -> Int32 {
    // A pipe without a reader would not open until one comes.
    let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags, 0o644)
    guard descriptor >= 0 else {
      // Nobody reads the pipe.
      throw errno == ENXIO ? isPipe(path) : failure("cannot write", path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFIFO else {
      close(descriptor)
      throw isPipe(path)
    }
    return descriptor
  }

  private static func isPipe(_ path: String) -> UserError {
    UserError("'\(path)' is a pipe, not an ordinary file", fix: "Remove it, or name another place")
  }

  /// Waits until what was added to a file is on the disk.
  ///
  /// - Throws: `UserError` when the file is missing or the disk is full.
  public static func sync(_ path: String) throws(UserError) {
    let descriptor = try openToWrite(path)
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("cannot write", path) }
  }

  /// A path without its last part: `/` of what lies at the root, `.` of a name alone.
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a directory and those above it.
  ///
  /// - Throws: `UserError` when a file or a link that leads nowhere stands in the way, or the permissions do not allow
  ///   it; one that exists is no error.
  public static func makeDirectory(_ path: String) throws(UserError) {
    if isDirectory(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeDirectory(String(path[..<slash]))
    }
    guard mkdir(path, 0o755) != 0 else { return }
    let code = errno
    // Somebody else may have made it in the meantime; a file in its place is an error.
    guard code == EEXIST else { throw failure("cannot make the directory", path, code: code) }
    guard !isDirectory(path) else { return }
    guard exists(path) else {
      throw UserError("'\(path)' is a link that leads nowhere", fix: "Remove it, or name another directory")
    }
    throw UserError("'\(path)' is a file, not a directory", fix: "Name another directory")
  }

  /// Whether there is a file or directory of that name; links are followed.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// What tells a file from every other one, whatever its name: a file that was replaced is another one.
  public struct Identity: Hashable, Sendable {
    fileprivate var device: UInt64
    fileprivate var number: UInt64

    fileprivate init(_ status: stat) {
      device = UInt64(status.st_dev)
      number = UInt64(status.st_ino)
    }
  }

  /// The file of that name, links followed; nil when there is none.
  public static func identity(_ path: String) -> Identity? {
    var status = stat()
    return stat(path, &status) == 0 ? Identity(status) : nil
  }

  /// The file that is open under that number of the system.
  public static func identity(ofOpen descriptor: Int32) -> Identity? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Identity(status) : nil
  }

  /// Whether there is a link of that name, wherever it leads.
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Refuses links on the way from a directory to something in it, since what is written there would land elsewhere.
  ///
  /// - Parameter relative: What is to be written, seen from the directory; nothing of it needs to exist.
  /// - Throws: `UserError` that names the link, or a part that leaves the directory (`..`, a path from the root).
  public static func refuseLinks(in directory: String, to relative: String) throws(UserError) {
    var path = directory
    for part in relative.split(separator: "/", omittingEmptySubsequences: false) {
      guard !part.isEmpty, part != ".", part != ".." else {
        throw UserError("'\(relative)' leaves the directory '\(directory)'", fix: "Use a file of this program's own")
      }
      path += "/" + part
      if isLink(path) {
        throw UserError(
          "'\(path)' is a link, and what is written there would land elsewhere",
          fix: "Replace it by what it leads to")
      }
    }
  }

  /// Whether this program may write there, as far as permissions and the kind of disk go.
  public static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// Whether there is a directory of that name; links are followed.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What there is of that name where it is no ordinary file, links followed, for example "a directory"; nil for a
  /// file, and for nothing.
  public static func unusualKind(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a directory"
    default: "a device or a pipe"
    }
  }

  /// The names in a directory, sorted; empty when there is no such directory.
  public static func list(_ path: String) -> [String] {
    guard let handle = opendir(path) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, or a directory with all that is in it. What is not there is no error.
  ///
  /// Links are removed, not what they lead to.
  ///
  /// - Throws: `UserError` when something in it cannot be removed; what was removed before stays removed.
  public static func remove(_ path: String) throws(UserError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in list(path) { try remove(path + "/" + name) }
      guard rmdir(path) == 0 else { throw failure("cannot remove", path) }
    } else {
      guard unlink(path) == 0 else { throw failure("cannot remove", path) }
    }
  }

  /// Renames a file or a directory; what stood under the new name is replaced (a directory must be empty).
  ///
  /// - Throws: `UserError` when the target lies on another disk or its directory is missing.
  public static func move(_ path: String, to target: String) throws(UserError) {
    guard rename(path, target) == 0 else { throw failure("cannot rename '\(path)' to", target) }
  }

  /// The error of a system call with a way to mend it where the code tells one.
  static func failure(_ action: String, _ path: String, code: Int32 = errno) -> UserError {
    let fix =
      switch code {
      case ENOSPC: "Free some space or name another directory"
      case EACCES, EPERM, EROFS: "Check the permissions or name another directory"
      case ENOENT: "Check the path"
      default: ""
      }
    return UserError("\(action) '\(path)': \(String(cString: strerror(code)).lowercased())", fix: fix)
  }
}

/// The system's `read`, which the name of `Files.read` hides inside it.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
