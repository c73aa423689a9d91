import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Whether SIGINT or SIGTERM asked to stop. Atomic, because a signal handler may touch nothing else.
private let stopRequested = Atomic<Bool>(false)

/// Turns SIGINT and SIGTERM into a question that a loop can ask, for as long as the body runs.
///
/// The handlers that were there before come back afterwards.
enum Interruption {
  /// Whether a signal came since `withHandlers` began.
  static var isRequested: Bool { stopRequested.load(ordering: .relaxed) }

  static func withHandlers<Result>(_ body: () throws -> Result) rethrows -> Result {
    // Also makes sure that the global exists before a handler needs it.
    stopRequested.store(false, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in stopRequested.store(true, ordering: .relaxed) }
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
