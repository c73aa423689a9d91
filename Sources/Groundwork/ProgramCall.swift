#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A program of the system that was run to its end, with what it printed.
///
/// For short calls whose answer is read: nothing is written to the program, and it has no time limit of its own. What
/// it prints is bounded.
public struct ProgramCall: Sendable {
  /// What it ended with; 128 and the signal's number after a signal, as shells have it.
  public let status: Int32
  /// What it printed on standard output.
  public let output: String
  /// What it printed on standard error.
  public let errors: String

  /// What a program may print on either stream.
  public static let mostBytes = 64 << 20

  /// Runs a program that is found on the PATH.
  ///
  /// - Parameters:
  ///   - name: Its name, without a path.
  ///   - arguments: Its words after the name; no shell reads them.
  ///   - missing: What to say where there is no such program.
  /// - Throws: `UserError` when it cannot be started, is missing, or prints more than `mostBytes`.
  public static func run(_ name: String, _ arguments: [String], missing: UserError) throws(UserError) -> ProgramCall {
    let output = try Pipe(of: name)
    let errors = try Pipe(of: name)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    // Signals that this program ignores are none of the other's business.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) } + [nil]
    var process: pid_t = 0
    let failure = posix_spawnp(&process, name, &actions, &attributes, &words, environ)
    for word in words { free(word) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    output.closeWriting()
    errors.closeWriting()
    guard failure == 0 else {
      if failure == ENOENT { throw missing }
      throw UserError("'\(name)' does not start: \(String(cString: strerror(failure)).lowercased())")
    }
    let isBounded = Pipe.drain(output, errors, limit: mostBytes)
    if !isBounded { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    guard isBounded else {
      throw UserError("'\(name)' prints more than \(byteCount(mostBytes))", fix: "Look at what it prints by hand")
    }
    return ProgramCall(
      status: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f, output: output.text, errors: errors.text)
  }
}

/// One stream of a program that is read.
private final class Pipe {
  private let reading: Int32
  private(set) var writing: Int32
  private var bytes: [UInt8] = []
  private var isAtEnd = false

  init(of name: String) throws(UserError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw UserError("cannot make a pipe to '\(name)': \(String(cString: strerror(errno)).lowercased())")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    closeWriting()
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The end is seen when nobody holds the other one.
  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  private func take() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(reading, &buffer, buffer.count)
    if count > 0 { bytes += buffer[..<count] }
    if count == 0 || count < 0 && errno != EINTR && errno != EAGAIN { isAtEnd = true }
  }

  /// Reads two streams to their ends, whichever has something: one that is not read would stop the program.
  ///
  /// - Returns: Whether both kept to the limit.
  static func drain(_ first: Pipe, _ second: Pipe, limit: Int) -> Bool {
    while true {
      let open = [first, second].filter { !$0.isAtEnd }
      if open.isEmpty { return true }
      var waiting = open.map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
      guard poll(&waiting, nfds_t(waiting.count), -1) > 0 else { continue }
      for (pipe, state) in zip(open, waiting) where state.revents != 0 {
        pipe.take()
        if pipe.bytes.count > limit { return false }
      }
    }
  }
}
