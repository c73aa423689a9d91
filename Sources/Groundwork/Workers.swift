import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Threads that share out numbered pieces of work; the caller is one of them.
///
/// The pieces are fixed by the caller and each writes only its own results, so what comes out does not depend on
/// how many workers there are. Not a task system: a message to an actor costs more than the barrier here, which
/// a gradient needs a few times a millisecond (the threads spin some microseconds before they sleep).
public final class Workers: @unchecked Sendable {
  /// Number of threads, the caller's included.
  public let count: Int

  /// Counts calls of `perform`: a thread that sees another number has work.
  private let generation = Atomic<Int>(0)
  /// The first piece that nobody has taken.
  private let nextPiece = Atomic<Int>(0)
  /// Threads that have not finished the present call.
  private let running = Atomic<Int>(0)
  /// Threads that wait on the condition; nobody needs waking while it is 0.
  private let sleeping = Atomic<Int>(0)
  /// Pieces of the present call.
  private var pieces = 0
  /// What the present call does with each piece.
  private var body: ((Int) -> Void)?
  /// Set once, for the threads to end.
  private var isClosed = false
  /// All but the caller's.
  private var threads: [pthread_t] = []
  /// For sleeping threads only: nobody takes it while threads spin.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// Where threads sleep.
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// - Parameter count: Number of threads; 0 for one a core.
  /// - Precondition: The system can start that many threads.
  public init(count: Int = 0) {
    self.count = count > 0 ? count : Workers.cores
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    for _ in 1..<max(1, self.count) {
      var thread = pthread_t()
      // The thread holds no reference, or the pool could never end; `deinit` joins it.
      let pool = Unmanaged.passUnretained(self).toOpaque()
      let code = pthread_create(&thread, nil, { pool in
        Unmanaged<Workers>.fromOpaque(pool!).takeUnretainedValue().work()
        return nil
      }, pool)
      precondition(code == 0, "a worker thread cannot be started: error \(code)")
      threads.append(thread)
    }
  }

  deinit {
    pthread_mutex_lock(mutex)
    isClosed = true
    generation.add(1, ordering: .releasing)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    for thread in threads { pthread_join(thread, nil) }
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Number of processors that this process may run on.
  public static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Calls `body` once for each piece `0..<pieces`, spread over the workers, and returns when all are done.
  ///
  /// The body must not call `perform` of the same pool.
  ///
  /// - Parameter pieces: 0 does nothing; with one piece or one thread the caller does all, in order.
  /// - Complexity: a barrier costs about a microsecond while the threads still spin; allocates nothing.
  public func perform(_ pieces: Int, _ body: (Int) -> Void) {
    if threads.isEmpty || pieces <= 1 {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.body = body
      self.pieces = pieces
      nextPiece.store(0, ordering: .relaxed)
      running.store(threads.count, ordering: .relaxed)
      generation.add(1, ordering: .sequentiallyConsistent)
      if sleeping.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
      }
      takePieces()
      var spins = 0
      while running.load(ordering: .acquiring) > 0 {
        spins += 1
        if spins > 4096 { sched_yield() }
      }
      self.body = nil
    }
  }

  /// Takes pieces, one at a time, until there are none left.
  private func takePieces() {
    let body = body!
    while true {
      let piece = nextPiece.add(1, ordering: .relaxed).oldValue
      if piece >= pieces { return }
      body(piece)
    }
  }

  /// A thread's life: it spins some microseconds for the next call, then sleeps, and ends with the pool.
  private func work() {
    var seen = 0
    while true {
      var spins = 0
      while generation.load(ordering: .acquiring) == seen && spins < 100_000 { spins += 1 }
      if generation.load(ordering: .acquiring) == seen {
        pthread_mutex_lock(mutex)
        sleeping.add(1, ordering: .sequentiallyConsistent)
        while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(condition, mutex) }
        sleeping.subtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
      }
      seen += 1
      if isClosed { return }
      takePieces()
      running.subtract(1, ordering: .releasing)
    }
  }
}
