import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Thrown by a call that waits for something outside of the program (a server's answer) when the program is asked to
/// stop: no error, and nothing that it would have brought is lost but the waiting.
public struct StopRequested: Error {
  /// Thrown where a signal came while something was waited for.
  public init() {}
}

/// SIGINT, SIGTERM and SIGHUP as a question that a loop can ask, so that work saves and stops and a terminal is put
/// right.
public enum Interruption {
  /// The last signal that came; 0 for none. Atomic, because a signal handler may touch nothing else.
  private static let received = Atomic<Int32>(0)

  /// When the first came, in seconds of the monotonic clock.
  private static let requested = Atomic<Int>(0)

  /// Seconds that work may take to stop after a signal, before the program ends at what was saved last.
  private static let patience = Atomic<Int>(10)
  /// How much is being written that must not be cut off.
  private static let writing = Atomic<Int>(0)

  /// Whether a signal came since `listen` or `withHandlers` began.
  public static var wasRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// What the program ends with: 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP, as shells have it.
  public static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

  /// Begins to listen for the rest of the program; call once, before long work. The first signal asks the work to
  /// stop; another one ends the program at once (what was saved so far stays whole), SIGTERM and SIGHUP when they come
  /// two seconds later: `timeout` and a closing terminal send theirs twice.
  ///
  /// Work that does not stop within ten seconds, or `FORAGE_STOP_SECONDS`, 1 to 3,600, is ended at what was saved last,
  /// as by another signal: an iteration, a search or a model may take any time. After a second a line says so.
  ///
  /// Without it the signals end the program as they always do. SIGHUP stays ignored where it was (`nohup`).
  public static func listen() {
    // A handler may not be the first to touch a global.
    requested.store(0, ordering: .relaxed)
    writing.store(0, ordering: .relaxed)
    let wanted = getenv("FORAGE_STOP_SECONDS").flatMap { Int(String(cString: $0)) } ?? 10
    patience.store(min(max(wanted, 1), 3600), ordering: .relaxed)
    signal(SIGALRM) { _ in Interruption.alarmRang() }
    // Whoever started the program may have blocked signals; a mask is inherited.
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !isIgnored(SIGHUP) {
      sigaddset(&numbers, number)
      signal(number) { number in
        let before = Interruption.received.exchange(number, ordering: .sequentiallyConsistent)
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        guard before != 0 else {
          Interruption.requested.store(now.tv_sec, ordering: .sequentiallyConsistent)
          alarm(1)
          return
        }
        let waited = now.tv_sec - Interruption.requested.load(ordering: .sequentiallyConsistent)
        if number == SIGINT || waited >= 2 { _exit(128 + number) }
      }
    }
    sigaddset(&numbers, SIGALRM)
    pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
  }

  /// Says after a second that work is still stopping, and ends the program where it takes too long.
  ///
  /// In a signal handler: nothing is allocated, nothing is waited for.
  private static func alarmRang() {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let waited = now.tv_sec - requested.load(ordering: .sequentiallyConsistent)
    let left = patience.load(ordering: .relaxed) - waited
    if left <= 0 && writing.load(ordering: .sequentiallyConsistent) == 0 {
      say("stopped at the last save: the work did not end in the time that it has after a signal")
      _exit(exitCode)
    }
    if waited <= 2 && left > 0 {
      say("stopping; work that takes long is given up at the last save, another signal does so at once")
    }
    alarm(left > 0 && waited > 0 ? UInt32(left) : 1)
  }

  private static func say(_ line: StaticString) {
    func put(_ text: StaticString) { _ = write(2, text.utf8Start, text.utf8CodeUnitCount) }
    // Wipes the line that a terminal may show.
    if isatty(2) != 0 { put("\r\u{1B}[K") }
    put(line)
    put("\n")
  }

  /// Does something that is not cut off where work takes too long to stop, such as writing a checkpoint.
  public static func withoutEnding<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    writing.add(1, ordering: .sequentiallyConsistent)
    defer { writing.subtract(1, ordering: .sequentiallyConsistent) }
    return try body()
  }

  /// Listens for as long as the body runs; the handlers that were there before come back afterwards. No signal ends the
  /// program meanwhile, a broken pipe neither: a window or a terminal must be put right first.
  ///
  /// A request from before is forgotten when it begins.
  public static func withHandlers<Result>(_ body: () throws -> Result) rethrows -> Result {
    // Also makes sure that the global exists before a handler needs it.
    received.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in Interruption.received.store(number, ordering: .relaxed) }
    let numbers = [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP])
    var before = numbers.map { _ in sigaction() }
    // A mask is inherited: whoever started the program may have blocked them.
    var (set, mask) = (sigset_t(), sigset_t())
    sigemptyset(&set)
    for (index, number) in numbers.enumerated() {
      sigaction(number, &action, &before[index])
      sigaddset(&set, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &set, &mask)
    let pipes = signal(SIGPIPE, SIG_IGN)
    defer {
      pthread_sigmask(SIG_SETMASK, &mask, nil)
      for (index, number) in numbers.enumerated() { sigaction(number, &before[index], nil) }
      signal(SIGPIPE, pipes)
    }
    return try body()
  }

  /// Makes a pipe that nobody reads any more an error of the write, not the end of the program: training goes on when
  /// its progress is not read. For the rest of the program.
  public static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
    // The same for a file that would grow beyond the shell's limit (`ulimit -f`): EFBIG, which has a line.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Ends the program as a broken pipe ends others: `forage list | head -1` says nothing more.
  public static func endByBrokenPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }

  /// Whether whoever started the program has it ignore a signal.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
