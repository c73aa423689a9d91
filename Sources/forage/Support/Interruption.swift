import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// SIGINT and SIGTERM: the first asks the work to save and stop, a second SIGINT ends the program at once (what
/// was saved so far stays whole).
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// Begins to listen; call once, before long work.
  static func listen() {
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

  static var wasRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// 130 after SIGINT, 143 after SIGTERM, as shells have it.
  static var exitStatus: ExitStatus { ExitStatus(code: 128 + received.load(ordering: .relaxed)) }
}
