import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// SIGINT and SIGTERM as a question that a loop can ask, so that work saves and stops and a terminal is put right.
public enum Interruption {
  /// The last signal that came; 0 for none. Atomic, because a signal handler may touch nothing else.
  private static let received = Atomic<Int32>(0)

  /// Whether a signal came since `listen` or `withHandlers` began.
  public static var wasRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// What the program ends with: 130 after SIGINT, 143 after SIGTERM, as shells have it.
  public static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

  /// Begins to listen for the rest of the program; call once, before long work. The first signal asks the work to
  /// stop, a second SIGINT ends the program at once (what was saved so far stays whole).
  ///
  /// Without it the two signals end the program as they always do.
  public static func listen() {
    // Whoever started the program may have blocked signals; a mask is inherited.
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&numbers, number)
      signal(number) { number in
        let before = Interruption.received.exchange(number, ordering: .sequentiallyConsistent)
        if before != 0 && number == SIGINT { _exit(130) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
  }

  /// Listens for as long as the body runs; the handlers that were there before come back afterwards. No signal ends the
  /// program meanwhile: a window or a terminal must be put right first.
  ///
  /// A request from before is forgotten when it begins.
  public static func withHandlers<Result>(_ body: () throws -> Result) rethrows -> Result {
    // Also makes sure that the global exists before a handler needs it.
    received.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in Interruption.received.store(number, ordering: .relaxed) }
    var before = (sigaction(), sigaction())
    sigaction(SIGINT, &action, &before.0)
    sigaction(SIGTERM, &action, &before.1)
    defer {
      sigaction(SIGINT, &before.0, nil)
      sigaction(SIGTERM, &before.1, nil)
    }
    return try body()
  }
}
